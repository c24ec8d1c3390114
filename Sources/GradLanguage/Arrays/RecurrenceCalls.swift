import Autograd

/// Checks recurrent layers.
struct RecurrenceCalls {
  let scope: NameScope

  /// Steps of a recurrent layer.
  static let maxSteps = 1000

  /// `rnn(x, W, U, b)`, and `gru` and `lstm` alike.
  func check(_ call: Call) throws(Issue) -> Fact {
    let (values, function) = (call.values, call.function)
    try call.require(3...4)
    let gates = function.gateCount
    let (x, weight, state) = (scope[values[0]].shape, scope[values[1]].shape, scope[values[2]].shape)
    let (_, inputs) = try requireSteps(x, call, values[0])
    guard state.count == 2, state[1] == gates * state[0] else {
      throw Issue(
        scope.span(values[2]),
        "the weight of the state \(Shapes.phrase(state)), but is width × \(gates == 1 ? "width" : "\(gates) · width")")
    }
    let width = state[0]
    guard weight == [inputs, gates * width] else {
      throw Issue(
        scope.span(values[1]),
        "the weight of the inputs \(Shapes.phrase(weight)), but is \(inputs)×\(gates * width) here")
    }
    if values.count > 3, scope[values[3]].shape != [gates * width] {
      throw Issue(scope.span(values[3]), "the bias has \(gates * width) entries")
    }
    let (start, cell) = (try start(call, "h0", x, width), try start(call, "c0", x, width))
    let operands = values + [start, cell].compactMap { $0 }
    let hasBias = values.count > 3
    return try Results(scope: scope).composed(
      call.name, operands, Array(x.dropLast()) + [width], steps: (inputs + width + 8) * gates + 8, isScope: true,
      call.node
    ) {
      let first = hasBias ? 4 : 3
      return Self.unrolled(
        function, $0[0], $0[1], $0[2], bias: hasBias ? $0[3] : nil, start: start == nil ? nil : $0[first],
        cell: cell == nil ? nil : $0[first + (start == nil ? 0 : 1)])
    }
  }

  /// The numbers of steps and of inputs.
  func requireSteps(_ x: [Int], _ call: Call, _ operand: Int) throws(Issue)
    -> (steps: Int, inputs: Int)
  {
    guard (2...3).contains(x.count) else {
      throw Issue(
        scope.span(operand), "`\(call.name)` takes steps × inputs, or samples × steps × inputs",
        hint: "`reshape` gives an array these axes")
    }
    let steps = x[x.count - 2]
    guard steps <= Self.maxSteps else {
      throw Issue(call.span, "`\(call.name)` runs over at most \(Self.maxSteps) steps")
    }
    return (steps, x[x.count - 1])
  }

  /// A state before the first step: one for all samples, or one for each.
  private func start(_ call: Call, _ label: String, _ x: [Int], _ width: Int) throws(Issue) -> Int? {
    guard let operand = call.label(label)?.operand else { return nil }
    let shape = scope[operand].shape
    guard scope[operand].category == .value, shape == [width] || shape == Array(x.dropLast(2)) + [width] else {
      let each = x.count > 2 ? ", or is \(x[0])×\(width)" : ""
      throw Issue(
        scope.span(operand), "`\(label)` must have \(width) entries\(each), but this \(Shapes.phrase(shape))")
    }
    return operand
  }

  static func unrolled(
    _ function: Vocabulary.Function, _ x: Tensor, _ weight: Tensor, _ state: Tensor, bias: Tensor?,
    start: Tensor? = nil, cell: Tensor? = nil
  ) -> Tensor {
    switch function {
    case .rnn: rnn(x, weight, state, bias: bias, start: start)
    case .gru: gru(x, weight, state, bias: bias, start: start)
    default: lstm(x, weight, state, bias: bias, start: start, startCell: cell)
    }
  }
}

extension Vocabulary.Function {
  /// The gates of a recurrent layer.
  var gateCount: Int { self == .rnn ? 1 : self == .gru ? 3 : 4 }
}
