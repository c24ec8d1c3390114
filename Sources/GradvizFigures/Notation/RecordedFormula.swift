import Autograd
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
      parts.append(named(operand) + [text(isLast ? ")" : context.words.separator)])
    }
    return parts
  }

  /// A value that is made of folded ones: as before they were folded, or its numbers.
  func folded(_ node: Int) -> [[Inline]] {
    let value = graph.nodes[node]
    let begin = named(node) + [text(" = ")]
    if value.fold == nil, let whole = context.text.whole,
      let index = whole.graph.nodes.firstIndex(where: { $0.id == value.id })
    {
      return [begin]
        + Typesetter.breakable(whole.formula(whole.symbolic.definition(of: index, inlining: false), size: size))
    }
    let numbers =
      value.fold == nil && !value.shape.isEmpty
      ? context.words.shape(Shapes.text(value.shape)) : context.text.value(node)
    return [begin + [text(numbers)]]
  }

  /// Whether a panel has a line for a value: it has a formula, or is a call.
  func hasLine(_ node: Int) -> Bool { !graph.nodes[node].hidesOperands || call(node) != nil }
}
