/// Networks over several samples, their losses, and how they are trained.
extension RandomProgramBuilder {
  /// What the targets are, which decides the losses that fit.
  private enum Task: CaseIterable { case numbers, probabilities, sides, classes, classRows }

  mutating func network() {
    samples = kind == .training ? 4 + numbers.below(5) : 1 + numbers.below(4)
    let features = 1 + numbers.below(3)
    let task = numbers.pick(Task.allCases)
    let isMatrix = features > 1 || numbers.below(2) == 0 || task == .classes || task == .classRows
    let shape = isMatrix ? [samples, features] : [samples]
    var x = data(shape)
    x.hasSamples = true
    if isMatrix, samples > 2, numbers.below(4) == 0 {
      x.text = "standardize(\(x.text))"
      x.bounds = -3...3
    }
    let input = declare("input", "x", x)
    let classes = 2 + numbers.below(2)
    declare("target", "y", target(task, classes))
    if numbers.below(4) == 0 { declare("param", freshName(), start([])) }
    var h = input
    if isMatrix {
      for _ in 0..<numbers.below(3) { h = layer(h, width: 1 + numbers.below(samples > 2 ? 2 : 3)) }
    }
    if numbers.below(3) == 0 { metricOrDead(h) }
    let scores = output(h, classes: task == .classes || task == .classRows ? classes : nil)
    loss(task, scores)
  }

  private mutating func target(_ task: Task, _ classes: Int) -> RandomTerm {
    func list(_ choices: [String]) -> String {
      "[" + (0..<samples).map { _ in numbers.pick(choices) }.joined(separator: ", ") + "]"
    }
    switch task {
    case .numbers: return data([samples])
    case .probabilities: return RandomTerm(text: list(["0", "1"]), shape: [samples], bounds: 0...1)
    case .sides: return RandomTerm(text: list(["-1", "1"]), shape: [samples], bounds: -1...1)
    case .classes:
      return RandomTerm(text: list((0..<classes).map(String.init)), shape: [samples], bounds: 0...2)
    case .classRows:
      return RandomTerm(
        text: "one_hot(\(list((0..<classes).map(String.init))), \(classes))", shape: [samples, classes],
        bounds: 0...1)
    }
  }

  /// By `dense`, or by hand; at times with a way round it, a residual.
  private mutating func layer(_ h: RandomTerm, width: Int) -> RandomTerm {
    let inputs = h.shape[h.shape.count - 1]
    let name = freshName()
    let shape = Array(h.shape.dropLast()) + [width]
    if numbers.below(3) == 0 {
      let activation = numbers.pick([
        "", ", tanh", ", relu", ", sigmoid", ", none", ", activation: tanh, seed: 4",
      ])
      let scheme = numbers.pick(["", "", ", scheme: xavier_uniform"])
      return declare(
        "layer", name,
        RandomTerm(
          text: "dense(\(h.text), \(width)\(activation)\(scheme))", shape: shape, bounds: -20...20,
          hasSamples: true))
    }
    let w = declare("param", freshName(), data([inputs, width], from: -1, to: 1))
    let bias =
      numbers.below(2) == 0 ? declare("param", freshName(), start(numbers.below(2) == 0 ? [width] : [])) : nil
    let sum = "\(h.text) @ \(w.text)" + (bias.map { " + \($0.text)" } ?? "")
    let activation = numbers.pick(["tanh", "relu", "sigmoid", "sin", ""])
    var text = activation.isEmpty ? sum : "\(activation)(\(sum))"
    if inputs == width, numbers.below(2) == 0 { text = "\(h.text) + \(text)" }
    return declare("", name, RandomTerm(text: text, shape: shape, bounds: -20...20, hasSamples: true))
  }

  /// A value that no loss uses, over a parameter of its own at times.
  private mutating func metricOrDead(_ h: RandomTerm) {
    let name = freshName()
    switch numbers.below(3) {
    case 0: lines.append("metric \(name) = mean(abs(\(h.text)))")
    case 1: lines.append("\(name) = sum(\(h.text)) * 2")
    default:
      let p = declare("param", freshName(), start([]))
      lines.append("\(name) = \(h.text) * \(p.text)")
    }
  }

  /// Scores: one a sample, or a row of one a class.
  private mutating func output(_ h: RandomTerm, classes: Int?) -> RandomTerm {
    if let classes { return layer(h, width: classes) }
    if h.shape.count == 1 {
      let w = declare("param", freshName(), start([]))
      let b = declare("param", freshName(), start([]))
      return declare(
        "", freshName(),
        RandomTerm(
          text: "\(w.text) * \(h.text) + \(b.text)", shape: [samples], bounds: -20...20, hasSamples: true))
    }
    if numbers.below(3) == 0 {
      let column = layer(h, width: 1)
      return declare(
        "", freshName(),
        RandomTerm(
          text: "\(column.text)[:, 0]", shape: [samples], bounds: -20...20, hasSamples: true))
    }
    let w = declare("param", freshName(), data([h.shape[1]], from: -1, to: 1))
    let b = declare("param", freshName(), start([]))
    return declare(
      "", freshName(),
      RandomTerm(
        text: "\(h.text) @ \(w.text) + \(b.text)", shape: [samples], bounds: -20...20, hasSamples: true))
  }

  private mutating func loss(_ task: Task, _ scores: RandomTerm) {
    let s = scores.text
    let name = numbers.pick(["ŷ", "p", "prediction"])
    let text: String
    switch task {
    case .numbers:
      declare(
        "predict", name,
        RandomTerm(
          text: numbers.pick(["tanh(\(s))", "2 * \(s) + 1", "\(s) - 0.5"]), shape: scores.shape,
          bounds: -40...40,
          hasSamples: true))
      text = numbers.pick([
        "sum((\(name) - y)**2)", "mean((\(name) - y)**2)", "mse(\(name), y)", "mae(\(name), y)",
        "huber(\(name), y)", "huber(\(name), y, delta: 0.5)", "mean(abs(\(name) - y)) + 0.1 * sum(\(s)**2)",
      ])
    case .probabilities:
      declare(
        "predict", name,
        RandomTerm(
          text: "sigmoid(\(s))", shape: scores.shape, bounds: 0...1, hasSamples: true))
      text = numbers.pick([
        "bce(\(name), y)", "bce_with_logits(\(s), y)", "-mean(y * log(\(name)) + (1 - y) * log(1 - \(name)))",
      ])
    case .sides:
      declare(
        "predict", name, RandomTerm(text: "1 * \(s)", shape: scores.shape, bounds: -40...40, hasSamples: true)
      )
      text = numbers.pick(["hinge(\(name), y)", "mean(relu(1 - y * \(name)))", "sum(max(0, 1 - y * \(s)))"])
    case .classes, .classRows:
      declare(
        "predict", name,
        RandomTerm(
          text: "softmax(\(s)\(numbers.pick(["", ", axis=1"])))", shape: scores.shape, bounds: 0...1,
          hasSamples: true))
      text =
        task == .classRows && numbers.below(2) == 0
        ? "-mean(sum(y * log(\(name)), axis=1))" : "cross_entropy(\(s), y)"
    }
    lines.append("loss L = \(text)")
    let isScored = task != .numbers && numbers.below(3) == 0
    if isScored, task != .classRows { lines.append("metric accuracy_ = accuracy(\(name), y)") }
  }

  // MARK: Training

  mutating func training() {
    let steps = 2 + numbers.below(6)
    lines.append("steps \(steps)")
    let optimizers = [
      "sgd(rate: 0.05, momentum: 0.9, dampening: 0.1)", "sgd(rate: 0.1)",
      "nesterov(rate: 0.02, momentum: 0.8)",
      "rmsprop(rate: 0.01, alpha: 0.9)", "adagrad(rate: 0.05, lr_decay: 0.1)", "adam(rate: 0.05)",
      "adam(rate: 0.01, beta1: 0.8, beta2: 0.99, weight_decay: 0.01)", "adamw(rate: 0.02)",
    ]
    switch numbers.below(4) {
    case 0: lines.append("rate 0.5 - 0.4 * step / \(steps)")
    case 1: lines.append("rate 0.05")
    default:
      lines.append("optimizer \(numbers.pick(optimizers))")
      if numbers.below(2) == 0 {
        lines.append(
          "schedule "
            + numbers.pick([
              "step(size: 2, gamma: 0.5)", "exponential(gamma: 0.9)", "cosine(steps: 4)", "cosine",
              "constant",
            ]))
      }
    }
    if numbers.below(2) == 0 {
      let shuffle = numbers.pick(["", " shuffle", " shuffle seed 3"])
      lines.append("batch \(1 + numbers.below(samples / 2))\(shuffle)")
    }
    if numbers.below(3) == 0 { lines.append("holdout 1/4 seed \(numbers.below(5))") }
  }
}
