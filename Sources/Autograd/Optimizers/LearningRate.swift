import GradvizSystem

/// The learning rate of each step, counted from 0; the schedules are those of `torch.optim.lr_scheduler`.
public enum LearningRate: Sendable, Equatable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The same rate in every step.
  case constant(Double)
  /// `StepLR`: multiplied by `factor` every `size` steps.
  case step(Double, size: Int, factor: Double)
  /// `ExponentialLR`: multiplied by `factor` every step.
  case exponential(Double, factor: Double)
  /// `CosineAnnealingLR`: from the rate down to `minimum` in `steps` steps along half a cosine (Loshchilov &
  /// Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017), then up again in as many.
  case cosine(Double, steps: Int, minimum: Double)
  /// The rate of every step; the last one applies to all further steps.
  case listed([Double])

  /// The same rate in every step.
  public init(floatLiteral value: Double) { self = .constant(value) }
  /// The same rate in every step.
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }

  /// The rate of a step, counted from 0.
  public func value(at step: Int) -> Double {
    switch self {
    case .constant(let rate): return rate
    case .step(let rate, let size, let factor): return rate * Self.power(factor, step / Swift.max(size, 1))
    case .exponential(let rate, let factor): return rate * Self.power(factor, step)
    case .cosine(let rate, let steps, let minimum):
      // The cosine repeats after twice the steps, and is exact at its extremes.
      let half = Swift.max(steps, 1)
      let part = Double(step % (2 * half)) / Double(half)
      return minimum + (rate - minimum) * (1 + cos(Double.pi * part)) / 2
    case .listed(let rates): return rates.isEmpty ? 0 : rates[Swift.min(step, rates.count - 1)]
    }
  }

  /// Whether the rate is the same in every step.
  public var isConstant: Bool {
    switch self {
    case .constant: true
    case .listed(let rates): rates.allSatisfy { $0 == rates.first }
    case .step, .exponential, .cosine: false
    }
  }

  /// By repeated squaring: the same on every machine, unlike `pow`.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
