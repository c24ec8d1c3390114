import Autograd
import GradvizGraph

/// An operation of another framework as a call: `ŷ = linear(h, W, b)`.
extension FormulaLines {
  /// The call that made a value, or one that was recovered; nil for any other.
  func call(_ node: Int) -> [[Inline]]? {
    let value = graph.nodes[node]
    guard let operation = value.facts?.operation, value.fold.map({ !$0.members.isEmpty }) ?? true,
      !value.operands.isEmpty
    else { return nil }
    if value.fold != nil, value.operands.count == 2, let sign = Self.signs[operation] {
      return [named(value.operands[0]) + [text(" \(sign) ")], named(value.operands[1])]
    }
    var parts: [[Inline]] = [[text(operation + "(")]]
    for (place, operand) in value.operands.enumerated() {
      let isLast = place == value.operands.count - 1
      parts.append(named(operand) + [text(isLast ? ")" : context.words.separator)])
    }
    guard !isBrief, let definition = context.text.notation.symbolic.recordedDefinition(of: node) else { return parts }
    return parts + [[text(" = ")]] + Typesetter.breakable(context.text.notation.formula(definition, size: size))
  }

  /// What stands between two operands that were recovered.
  private static let signs = ["+": "+", "−": "−", "×": "×", "÷": "÷", "q·k": "·", "Σ p·v": "·"]

  /// A value that is made of folded ones: as before they were folded, or its numbers.
  func folded(_ node: Int) -> PanelContent.Line {
    let value = graph.nodes[node]
    let begin = named(node) + [text(" = ")]
    if let (definition, whole) = context.text.definition(ofBox: node) {
      return .init(
        parts: [begin] + Typesetter.breakable(whole.formula(definition, size: size)), indent: 26, gap: 3)
    }
    if let (definition, whole) = definitionBeforeFolding(node) {
      return .init(
        parts: [begin] + Typesetter.breakable(whole.formula(definition, size: size)),
        remark: context.text.insideBoxes(definition, size: size - 1), indent: 26, gap: 3)
    }
    let numbers =
      value.fold == nil && !value.shape.isEmpty
      ? context.words.shape(Shapes.text(value.shape)) : context.text.value(node)
    return .init(parts: [begin + [text(numbers)]], indent: 26, gap: 3)
  }

  /// What a value with a box of its own is that takes boxes of several values, by the names of what is inside them.
  private func definitionBeforeFolding(_ node: Int) -> (formula: Formula, notation: Notation)? {
    guard graph.nodes[node].fold == nil, let whole = context.text.whole,
      let index = whole.graph.nodes.firstIndex(where: { $0.id == graph.nodes[node].id }),
      !whole.graph.nodes[index].hidesOperands
    else { return nil }
    return (whole.symbolic.definition(of: index, inlining: false), whole)
  }

  /// Whether a panel has a line for a value: it has a formula, or is a call.
  func hasLine(_ node: Int) -> Bool {
    guard graph.nodes[node].hidesOperands, call(node) == nil else { return true }
    guard let (definition, whole) = context.text.definition(ofBox: node) else {
      return definitionBeforeFolding(node) != nil
    }
    let widest = isBrief ? Self.widestBriefDefinition : Self.widestDefinition
    return Typesetter.extent(whole.formula(definition, size: size)).width < widest
  }

  /// Whether a box of several values is computed here, but no formula says how.
  func isUnwritten(_ node: Int) -> Bool {
    let value = graph.nodes[node]
    return value.fold != nil && !value.isLeaf && !context.lossMembers.contains(node)
      && (context.showsAllFormulas || value.lane ?? 0 == 0) && !hasLine(node)
  }
}
