import GradvizGraph

/// An operation of another framework as a call: `ŷ = linear(h, W, b)`.
extension FormulaLines {
  /// The call that made a value; nil for any other.
  func call(_ node: Int) -> [[Inline]]? {
    let value = graph.nodes[node]
    guard let operation = value.facts?.operation, value.fold == nil, !value.operands.isEmpty else { return nil }
    var parts: [[Inline]] = [[text(operation + "(")]]
    for (place, operand) in value.operands.enumerated() {
      let isLast = place == value.operands.count - 1
      parts.append(named(operand) + [text(isLast ? ")" : ", ")])
    }
    return parts
  }

  /// Whether a panel has a line for a value: it has a formula, or is a call.
  func hasLine(_ node: Int) -> Bool { !graph.nodes[node].hidesOperands || call(node) != nil }
}
