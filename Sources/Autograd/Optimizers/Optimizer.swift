/// How parameters follow their gradients: the methods of `torch.optim`, with its definitions and defaults.
///
/// ```swift
/// tape.optimizer = .adam(rate: 0.01)
/// loss.backward()
/// tape.update()
/// ```
public struct Optimizer: Sendable, Equatable {
  /// A rule with the constants it needs.
  public enum Method: Sendable, Equatable {
    /// Gradient descent, with momentum where that is not 0.
    case sgd(momentum: Double, dampening: Double, weightDecay: Double, isNesterov: Bool)
    /// Gradients divided by the root of a running mean of their squares.
    case rmsprop(alpha: Double, epsilon: Double, weightDecay: Double, momentum: Double)
    /// Gradients divided by the root of the sum of all their squares.
    case adagrad(rateDecay: Double, weightDecay: Double, initialAccumulator: Double, epsilon: Double)
    /// With `isDecoupled`, weight decay applies to the parameter itself, not to its gradient: AdamW.
    case adam(beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, isDecoupled: Bool)
  }

  /// How a gradient becomes a change of its parameter.
  public var method: Method
  /// The learning rate of each step.
  public var rate: LearningRate

  /// Creates an optimizer from a rule and a learning rate.
  public init(_ method: Method, rate: LearningRate) {
    self.method = method
    self.rate = rate
  }

  /// Gradient descent with optional momentum (Sutskever et al., "On the importance of initialization and
  /// momentum in deep learning", 2013, in PyTorch's form: m ← µ·m + g, w ← w − rate·m).
  public static func sgd(
    rate: LearningRate = 0.001, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0
  ) -> Optimizer {
    Optimizer(
      .sgd(momentum: momentum, dampening: dampening, weightDecay: weightDecay, isNesterov: false), rate: rate)
  }

  /// Gradient descent with Nesterov's momentum: w ← w − rate·(g + µ·m).
  public static func nesterov(
    rate: LearningRate = 0.001, momentum: Double = 0.9, weightDecay: Double = 0
  ) -> Optimizer {
    Optimizer(.sgd(momentum: momentum, dampening: 0, weightDecay: weightDecay, isNesterov: true), rate: rate)
  }

  /// Gradients divided by the root of a running mean of their squares (Hinton, lecture 6e of "Neural networks
  /// for machine learning", 2012).
  public static func rmsprop(
    rate: LearningRate = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentum: Double = 0
  ) -> Optimizer {
    Optimizer(
      .rmsprop(alpha: alpha, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum), rate: rate)
  }

  /// Gradients divided by the root of the sum of all their squares (Duchi, Hazan & Singer, "Adaptive subgradient
  /// methods", 2011).
  public static func adagrad(
    rate: LearningRate = 0.01, rateDecay: Double = 0, weightDecay: Double = 0, initialAccumulator: Double = 0,
    epsilon: Double = 1e-10
  ) -> Optimizer {
    Optimizer(
      .adagrad(
        rateDecay: rateDecay, weightDecay: weightDecay, initialAccumulator: initialAccumulator,
        epsilon: epsilon), rate: rate)
  }

  /// Running means of gradients and of their squares, corrected for their start at 0 (Kingma & Ba, "Adam: a
  /// method for stochastic optimization", 2015).
  public static func adam(
    rate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) -> Optimizer {
    Optimizer(
      .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: false),
      rate: rate)
  }

  /// Adam with decoupled weight decay (Loshchilov & Hutter, "Decoupled weight decay regularization", 2019).
  public static func adamw(
    rate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01
  ) -> Optimizer {
    Optimizer(
      .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, isDecoupled: true),
      rate: rate)
  }

  /// The update rule in mathematical notation, with one line per assignment and `g` for ∂L/∂w; nil for plain
  /// gradient descent, w ← w − lr·g.
  public var rule: [String]? {
    func number(_ value: Double) -> String {
      guard value.magnitude < 1e-3, value > 0 else {
        let text = "\((value * 1e6).rounded() / 1e6)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
      }
      // 1e-08 as 10⁻⁸, 2.5e-07 as 2.5·10⁻⁷.
      let parts = (value < 1e-4 ? "\(value)" : "\(value * 1e4)e-04").split(separator: "e")
      let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
      let power = parts.count > 1 ? -(Int(parts[1]) ?? 0) : 0
      let raised = "10⁻" + String("\(power)".compactMap { $0.wholeNumberValue.map { digits[$0] } })
      return ["1", "1.0"].contains(parts[0]) ? raised : "\(parts[0])·\(raised)"
    }
    func gradient(_ decay: Double) -> [String] { decay == 0 ? [] : ["g ← g + \(number(decay))·w"] }
    switch method {
    case .sgd(let momentum, let dampening, let decay, let isNesterov):
      if momentum == 0 { return decay == 0 ? nil : gradient(decay) + ["w ← w − lr·g"] }
      let own = dampening == 0 ? "g" : "\(number(1 - dampening))·g"
      return gradient(decay) + [
        "m ← \(number(momentum))·m + \(own)" + (dampening == 0 ? "" : "  (t > 1; else m ← g)"),
        isNesterov ? "w ← w − lr·(g + \(number(momentum))·m)" : "w ← w − lr·m",
      ]
    case .rmsprop(let alpha, let epsilon, let decay, let momentum):
      let step = "g/(√v + \(number(epsilon)))"
      let mean = "v ← \(number(alpha))·v + \(number(1 - alpha))·g²"
      return gradient(decay) + [mean]
        + (momentum == 0
          ? ["w ← w − lr·\(step)"] : ["m ← \(number(momentum))·m + \(step)", "w ← w − lr·m"])
    case .adagrad(let rateDecay, let decay, _, let epsilon):
      let rate = rateDecay == 0 ? "lr" : "lr/(1 + \(number(rateDecay))·(t − 1))"
      return gradient(decay) + ["s ← s + g²", "w ← w − \(rate)·g/(√s + \(number(epsilon)))"]
    case .adam(let beta1, let beta2, let epsilon, let decay, let isDecoupled):
      return (isDecoupled ? (decay == 0 ? [] : ["w ← w − lr·\(number(decay))·w"]) : gradient(decay)) + [
        "m ← \(number(beta1))·m + \(number(1 - beta1))·g",
        "v ← \(number(beta2))·v + \(number(1 - beta2))·g²",
        "m̂ = m/(1 − \(number(beta1))ᵗ),  v̂ = v/(1 − \(number(beta2))ᵗ)",
        "w ← w − lr·m̂/(√v̂ + \(number(epsilon)))",
      ]
    }
  }
}
