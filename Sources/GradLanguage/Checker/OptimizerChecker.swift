import Autograd
import GradvizSystem

/// Checks `optimizer`, `schedule` and `rate`.
struct OptimizerChecker {
  static let optimizers: [String: [String]] = [
    "sgd": ["rate", "momentum", "dampening", "weight_decay"],
    "nesterov": ["rate", "momentum", "weight_decay"],
    "rmsprop": ["rate", "alpha", "eps", "weight_decay", "momentum"],
    "adagrad": ["rate", "lr_decay", "weight_decay", "initial_accumulator", "eps"],
    "adam": ["rate", "beta1", "beta2", "eps", "weight_decay"],
    "adamw": ["rate", "beta1", "beta2", "eps", "weight_decay"],
  ]
  static let schedules: [String: [String]] = [
    "constant": [], "step": ["size", "gamma"], "exponential": ["gamma"], "cosine": ["steps", "minimum"],
  ]

  let scope: NameScope
  let expressions: ExpressionChecker
  /// Where an optimizer has a rate of its own.
  private(set) var rateSpan: Span?
  private var scheduleSpan: Span?

  init(scope: NameScope, expressions: ExpressionChecker) {
    self.scope = scope
    self.expressions = expressions
  }

  // MARK: Rates

  /// Accepts a number or an expression of `step`, evaluated for all steps at once.
  func checkRate(_ statement: Statement, _ settings: inout ProgramSettings) throws(Issue) {
    let steps = settings.steps ?? ProgramSettings.defaultSteps
    scope.stepCount = steps
    let fact = expressions.check(statement)
    scope.stepCount = nil
    guard let root = statement.root else { return }
    guard let rate = try rate(fact, root, steps: steps) else { return }
    settings.rate = rate.value(at: 0)
    settings.rates = rate
  }

  private func rate(_ fact: Fact, _ node: Int, steps: Int) throws(Issue) -> LearningRate? {
    guard fact.category != .poisoned else { return nil }
    guard let constant = fact.constant,
      constant.shape.isEmpty || constant.shape == [steps],
      let first = constant.numbers.first
    else {
      throw Issue(
        scope.span(node), "the rate must be a positive constant",
        hint: "0.1 is a common choice; `step` is the step number, starting at 0")
    }
    guard constant.numbers.allSatisfy({ $0.isFinite && $0 >= 0 }), first > 0 else {
      let at = constant.numbers.firstIndex { !($0.isFinite && $0 >= 0) } ?? 0
      throw Issue(
        scope.span(node), "the rate must be a positive constant",
        hint: constant.shape.isEmpty
          ? "0.1 is a common choice"
          : "in step \(at), it is "
            + (constant.numbers[at].isFinite
              ? constant.numbers[at].general(digits: 4) : NumberText.plain(constant.numbers[at]))
      )
    }
    return constant.shape.isEmpty ? .constant(first) : .listed(constant.numbers)
  }

  // MARK: Optimizers

  mutating func checkOptimizer(_ statement: Statement, _ settings: inout ProgramSettings) throws(Issue) {
    let steps = settings.steps ?? ProgramSettings.defaultSteps
    guard let options = try options(statement, Self.optimizers, "optimizer", example: "sgd(rate: 0.1)", steps: steps)
    else {
      return
    }
    let number = options.given
    let rate = options.rate ?? nil
    rateSpan = options.rateSpan
    func value(_ name: String, _ fallback: Double, _ range: ClosedRange<Double> = 0...1e300) throws(Issue)
      -> Double
    {
      guard let own = number[name] else { return fallback }
      guard range.contains(own.value) else {
        throw Issue(
          own.span,
          "`\(name)` must be \(NumberText.plain(range.lowerBound)) "
            + (range.upperBound > 1e200 ? "or more" : "to \(NumberText.plain(range.upperBound))"))
      }
      return own.value
    }
    let unit = 0.0...1
    let decay = try value("weight_decay", options.name == "adamw" ? 0.01 : 0)
    let method: Optimizer.Method
    switch options.name {
    case "sgd":
      method = .sgd(
        momentum: try value("momentum", 0, unit), dampening: try value("dampening", 0, unit),
        weightDecay: decay,
        isNesterov: false)
    case "nesterov":
      method = .sgd(
        momentum: try value("momentum", 0.9, unit), dampening: 0, weightDecay: decay, isNesterov: true)
    case "rmsprop":
      method = .rmsprop(
        alpha: try value("alpha", 0.99, unit), epsilon: try value("eps", 1e-8), weightDecay: decay,
        momentum: try value("momentum", 0, unit))
    case "adagrad":
      method = .adagrad(
        rateDecay: try value("lr_decay", 0), weightDecay: decay,
        initialAccumulator: try value("initial_accumulator", 0), epsilon: try value("eps", 1e-10))
    default:
      method = .adam(
        beta1: try value("beta1", 0.9, 0...0.999999), beta2: try value("beta2", 0.999, 0...0.999999999),
        epsilon: try value("eps", 1e-8), weightDecay: decay, isDecoupled: options.name == "adamw")
    }
    let fallback = ["rmsprop", "adagrad"].contains(options.name) ? 0.01 : 0.001
    settings.optimizer = Optimizer(method, rate: rate ?? .constant(fallback))
  }

  mutating func checkSchedule(_ statement: Statement, _ settings: inout ProgramSettings) throws(Issue) {
    let steps = settings.steps ?? ProgramSettings.defaultSteps
    guard
      let options = try options(
        statement, Self.schedules, "schedule", example: "step(size: 30, gamma: 0.1)", steps: steps)
    else { return }
    func value(_ name: String, _ range: ClosedRange<Double>, fallback: Double? = nil) throws(Issue) -> Double {
      guard let own = options.given[name] else {
        guard let fallback else {
          throw Issue(statement.span, "the schedule `\(options.name)` needs `\(name)`")
        }
        return fallback
      }
      guard range.contains(own.value) else { throw Issue(own.span, "`\(name)` is out of range") }
      return own.value
    }
    switch options.name {
    case "step":
      let size = try value("size", 1...1e9).rounded()
      settings.schedule = .step(1, size: Int(size), factor: try value("gamma", 0...1e6, fallback: 0.1))
    case "exponential": settings.schedule = .exponential(1, factor: try value("gamma", 0...1e6))
    case "cosine":
      let length = try value("steps", 1...1e9, fallback: Double(steps)).rounded()
      settings.schedule = .cosine(1, steps: Int(length), minimum: try value("minimum", 0...1e6, fallback: 0))
    default: settings.schedule = .constant(1)
    }
    scheduleSpan = statement.span
  }

  private struct Options {
    var name: String
    /// The numbers by label.
    var given: [String: (value: Double, span: Span)] = [:]
    var rate: LearningRate??
    var rateSpan: Span?
  }

  /// Reads `name(label: number, …)` or a name alone.
  private func options(
    _ statement: Statement, _ known: [String: [String]], _ what: String, example: String, steps: Int
  ) throws(Issue) -> Options? {
    guard let root = statement.root else { return nil }
    let names = known.keys.sorted()
    var call = CallSyntax(name: "", nameSpan: scope.span(root), labels: [])
    switch scope.tree.nodes[root].kind {
    case .name(let name): call.name = name
    case .call(let index): call = scope.tree.calls[index]
    default: break
    }
    guard let labels = known[call.name] else {
      throw Issue(
        call.nameSpan,
        call.name.isEmpty ? "expected the name of a \(what)" : "unknown \(what) `\(call.name.prefix(40))`",
        hint: Spelling.suggestion(for: call.name, among: names)
          ?? "one of " + names.joined(separator: ", ") + ", as in `\(what) \(example)`")
    }
    scope.stepCount = steps
    for node in statement.nodes where node != root { expressions.check(node: node) }
    scope.stepCount = nil
    var options = Options(name: call.name)
    for (position, operand) in scope.tree.operands(of: root).map(Int.init).enumerated() {
      guard let name = call.labels[position].map(\.name) ?? (position == 0 ? labels.first : nil) else {
        throw Issue(scope.span(operand), "expected a label", hint: "as in `\(what) \(example)`")
      }
      let label = name == "lr" ? "rate" : name
      guard labels.contains(label) else {
        throw Issue(
          call.labels[position]?.span ?? scope.span(operand),
          "`\(call.name)` has no option `\(name.prefix(40))`",
          hint: Spelling.suggestion(for: name, among: labels)
            ?? "expected " + labels.map { "`\($0)`" }.joined(separator: ", "))
      }
      let span = scope.span(operand)
      guard scope[operand].category != .poisoned else { return nil }
      guard options.given[label] == nil, label != "rate" || options.rate == nil else {
        throw Issue(span, "`\(label)` is given twice")
      }
      if label == "rate" {
        options.rate = .some(try rate(scope[operand], operand, steps: steps))
        options.rateSpan = span
        continue
      }
      guard let number = scope[operand].constant?.scalar, number.isFinite else {
        throw Issue(span, "`\(label)` must be a constant")
      }
      options.given[label] = (number, span)
    }
    return options
  }

  /// Checks that need all lines to have been read.
  ///
  /// - Parameter rateLine: the line of `rate`, if there is one.
  func finish(_ settings: inout ProgramSettings, rateLine: String?) {
    if settings.optimizer != nil, rateSpan != nil, let line = rateLine {
      if let span = rateSpan {
        scope.log.add(Issue(span, "the rate is given twice, here and on line \(line)", hint: "remove one"))
      }
    } else if let rates = settings.rates {
      settings.optimizer?.rate = rates
    }
    guard let schedule = settings.schedule, let span = scheduleSpan else { return }
    let base = settings.optimizer?.rate ?? settings.rates ?? .constant(Program.defaultRate)
    guard case .constant(let rate) = base else {
      return scope.log.add(
        Issue(span, "the rate already depends on `step`", hint: "remove the schedule"))
    }
    let scheduled: LearningRate =
      switch schedule {
      case .step(_, let size, let factor): .step(rate, size: size, factor: factor)
      case .exponential(_, let factor): .exponential(rate, factor: factor)
      case .cosine(_, let steps, let minimum): .cosine(rate, steps: steps, minimum: minimum)
      default: base
      }
    settings.rates = scheduled
    settings.optimizer?.rate = scheduled
  }
}
