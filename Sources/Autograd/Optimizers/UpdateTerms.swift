/// What an optimizer works out on the way from a parameter's gradient to its step, such as Adam's m̂.
public struct UpdateTerm: Equatable, Sendable {
  /// As ``Optimizer/rule`` writes it: `m`, `m̂`, `√v̂`; `g` for the gradient with weight decay.
  public var name: String
  /// Whether it is what the steps before have left, which the rule reads.
  public var isBefore: Bool
  /// As many numbers as the parameter has.
  public var value: [Double]

  /// Creates a term by its name in the rule.
  public init(name: String, isBefore: Bool = false, value: [Double]) {
    self.name = name
    self.isBefore = isBefore
    self.value = value
  }
}

extension OptimizerState {
  /// The terms of the last step for one parameter; none for plain gradient descent.
  ///
  /// - Parameters:
  ///   - before: the state before the step.
  ///   - values: the parameter's numbers before the step, with their `gradients`.
  ///   - parameter: its index, with `offset` numbers in the parameters before it.
  func terms(
    _ method: Optimizer.Method, before: OptimizerState, values: [Double], gradients: [Double],
    parameter: Int, offset: Int
  ) -> [UpdateTerm] {
    let range = offset..<offset + values.count
    func old(_ name: String, _ numbers: [Double], initial: Double = 0) -> UpdateTerm {
      let isThere = numbers.count >= range.upperBound
      return .init(
        name: name, isBefore: true,
        value: isThere ? Array(numbers[range]) : [Double](repeating: initial, count: values.count))
    }
    func new(_ name: String, _ numbers: [Double]) -> UpdateTerm {
      .init(name: name, value: numbers)
    }
    func decayed(_ decay: Double) -> [UpdateTerm] {
      decay == 0 ? [] : [new("g", zip(gradients, values).map { $0 + decay * $1 })]
    }
    guard first.count >= range.upperBound, second.count >= range.upperBound else { return [] }
    let powers = powers(of: parameter)
    let (m, v) = (Array(first[range]), Array(second[range]))
    switch method {
    case .sgd(let momentum, _, let decay, _):
      return decayed(decay) + (momentum == 0 ? [] : [old("m", before.first), new("m", m)])
    case .rmsprop(_, _, let decay, let momentum):
      let mean = [old("v", before.second), new("√v", v.map { $0.squareRoot() })]
      return decayed(decay) + mean + (momentum == 0 ? [] : [old("m", before.first), new("m", m)])
    case .adagrad(_, let decay, let initial, _):
      return decayed(decay)
        + [old("s", before.second, initial: initial), new("√s", v.map { $0.squareRoot() })]
    case .adam(_, _, _, let decay, let isDecoupled):
      return (isDecoupled ? [] : decayed(decay)) + [
        old("m", before.first), old("v", before.second), new("m̂", m.map { $0 / (1 - powers.0) }),
        new("√v̂", v.map { ($0 / (1 - powers.1)).squareRoot() }),
      ]
    }
  }
}
