import Autograd
import GradvizGraph

/// The lines of arrays in the backward panel.
extension ChainRuleLine {
  /// `‖∂L/∂h.θ‖ = 1.33` in the overview, as its update's table has it, of an array without a formula.
  func norm(_ entry: ChainRulePlan.Entry) -> PanelContent.Line? {
    let node = entry.nodes[0]
    guard isBrief, graph.level == .tensor, !graph.nodes[node].shape.isEmpty, entry.source == nil,
      entry.nodes.count == 1, let gradient = graph.nodes[node].gradient, wholeFormula(node) == nil
    else { return nil }
    if let formula = notation.symbolic.gradient(of: node), formula != .gradient(of: node) { return nil }
    let size = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return .init(
      parts: [
        [text("‖"), target(node), text("‖ = "), text(notation.format.text(size), tint: .gradientInk, isBold: true)]
      ], indent: 24, isFree: true)
  }

  /// `= xᵀ @ ∂L/∂z`, and the shape.
  func array(_ node: Int, isPassedOn: Bool) -> [[Inline]] {
    let value = graph.nodes[node]
    var parts: [[Inline]] = []
    if !isPassedOn, let formula = notation.symbolic.gradient(of: node), formula != .gradient(of: node) {
      parts += equation(formula, notation)
    } else if !isPassedOn, let whole = wholeFormula(node) {
      parts += equation(whole.formula, whole.notation)
    }
    if value.shape.isEmpty {
      parts.append(result(node, of: [node]))
    } else if !isBrief || parts.isEmpty {
      parts.append([.space(14), text(context.words.shape(Shapes.text(value.shape)), tint: .muted)])
    }
    return parts
  }

  /// `∂L/∂h.w = xᵀ @ ∂L/∂h` of a parameter in a layer's box.
  func line(ofMember member: Int, in box: Int) -> PanelContent.Line? {
    guard let whole = context.text.whole, let loss = whole.graph.loss, let formula = whole.gradient(of: member)
    else { return nil }
    let value = whole.graph.nodes[member]
    let target = Inline.token([whole.partial(loss, by: member, size: size)], value.role.tint)
    let shape = [
      Inline.space(14),
      value.shape.isEmpty
        ? text("= " + whole.format.text(value.gradient?.first ?? .nan))
        : text(context.words.shape(Shapes.text(value.shape)), tint: .muted),
    ]
    return .init(
      parts: [[target]] + equation(formula, whole) + [shape], badge: badge([box]),
      remark: context.text.insideBoxes(formula, size: size - 1), indent: 24, isFree: true)
  }

  /// A parameter's formula in the graph before it was folded, where the drawn graph has none.
  func wholeFormula(_ node: Int) -> (formula: Formula, notation: Notation)? {
    let value = graph.nodes[node]
    if let own = notation.symbolic.gradient(of: node), own != .gradient(of: node) { return nil }
    guard graph.level == .tensor, value.fold == nil, value.role == .parameter, let whole = context.text.whole,
      let index = whole.graph.nodes.firstIndex(where: { $0.id == value.id }),
      let formula = whole.symbolic.gradient(of: index), formula != .gradient(of: index)
    else { return nil }
    return (formula, whole)
  }
}
