import Autograd

/// Checks recurrent layers.
extension Checker {
  /// Steps of a recurrent layer.
  static let maxSteps = 1000

  /// `rnn(x, W, U, b)`, and `gru` and `lstm` alike.
  mutating func recurrence(
    _ function: Vocabulary.Function, _ call: CallSyntax, _ arguments: Arguments, _ node: Int
  ) throws(Issue) -> Fact {
    let (values, span) = (arguments.values, tree.nodes[node].span)
    try require(values, 3...4, call, node)
    let gates = function == .rnn ? 1 : function == .gru ? 3 : 4
    let (x, weight, state) = (facts[values[0]].shape, facts[values[1]].shape, facts[values[2]].shape)
    guard (2...3).contains(x.count) else {
      throw Issue(
        tree.nodes[values[0]].span, "`\(call.name)` takes steps × inputs, or samples × steps × inputs",
        hint: "`reshape` gives an array these axes")
    }
    guard state.count == 2, state[1] == gates * state[0] else {
      throw Issue(
        tree.nodes[values[2]].span,
        "the weight of the state \(Shapes.phrase(state)), but is width × \(gates == 1 ? "width" : "\(gates) · width")")
    }
    let (steps, inputs, width) = (x[x.count - 2], x[x.count - 1], state[0])
    guard weight == [inputs, gates * width] else {
      throw Issue(
        tree.nodes[values[1]].span,
        "the weight of the inputs \(Shapes.phrase(weight)), but is \(inputs)×\(gates * width) here")
    }
    if values.count > 3, facts[values[3]].shape != [gates * width] {
      throw Issue(tree.nodes[values[3]].span, "the bias has \(gates * width) entries")
    }
    guard steps <= Self.maxSteps else { throw Issue(span, "`\(call.name)` runs over at most \(Self.maxSteps) steps") }
    return try composed(
      call.name, values, Array(x.dropLast()) + [width], steps: (inputs + width + 8) * gates + 8, isScope: true, node
    ) {
      let bias = $0.count > 3 ? $0[3] : nil
      return switch function {
      case .rnn: rnn($0[0], $0[1], $0[2], bias: bias)
      case .gru: gru($0[0], $0[1], $0[2], bias: bias)
      default: lstm($0[0], $0[1], $0[2], bias: bias)
      }
    }
  }
}
