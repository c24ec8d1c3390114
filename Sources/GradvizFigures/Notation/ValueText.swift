import Autograd
import GradvizDOT
import GradvizGraph

/// The texts in the boxes of a graph, in all stages; the widest determines the width of the boxes.
struct ValueText {
  let graph: ComputationGraph
  let notation: Notation
  let gradients: ComputationGraph.Presentation.Gradients
  /// The notation of the graph before values were folded, in which a parameter's gradient has its formula even if it comes
  /// through a box of several values; nil where nothing is folded.
  var whole: Notation?
  /// Whether tooltips omit the formulas of gradients, as with many thousands of boxes.
  var isBrief = false
  /// Whether numbers may change after the figure was drawn; see `FigureOptions/isLive`.
  var isLive = false
  /// How fast each value changes with one leaf, which boxes then show as well; empty where they do not.
  var tangents: [Double?] = []
  /// The rows of a box of a number.
  var rowCount: Int { tangents.isEmpty ? 2 : 3 }

  /// Longer formulas appear only in the panel and in the tooltip.
  static let longestFormula = 26

  func value(_ node: Int) -> String {
    if let facts = graph.nodes[node].facts, !facts.hasValue {
      return facts.error == nil ? notation.words.unknownValue : "⚠ \(notation.words.errorHere)"
    }
    if let fold = graph.nodes[node].fold { return range(fold.lowest, fold.highest) }
    let format = notation.format(ofValue: node)
    let number = format.text(graph.nodes[node].value[0])
    guard let source = notation.source(node), graph.nodes[node].isLeaf else { return number }
    // A constant keeps its source expression.
    return "\(source) \(format.relation(to: graph.nodes[node].value[0]).rawValue) \(number)"
  }

  /// `−1.2…0.8`, or one number if both are equal.
  func range(_ lowest: Double, _ highest: Double, digits: Int = 3) -> String {
    let format = notation.format.with(min(notation.format.precision, digits))
    let (low, high) = (format.text(lowest), format.text(highest))
    return low == high ? low : "\(low)…\(high)"
  }

  /// `[−0.84]` or `[f·b = −0.84]`, of an array its formula, or the least and the greatest, `[−0.2…0.35]`; nil if
  /// there is no gradient.
  func gradient(_ node: Int) -> MathText? {
    guard let gradients = graph.nodes[node].gradient, let gradient = gradients.first else { return nil }
    if gradients.count > 1 {
      let formula = gradients.allSatisfy(\.isFinite) ? formula(node) : nil
      return formula.map { "[" + $0 + "]" }
        ?? MathText(list(gradients.without(graph.nodes[node].fold?.blanks ?? [])))
    }
    if let fold = graph.nodes[node].fold, let lowest = fold.lowestGradient, let highest = fold.highestGradient {
      return MathText("[\(range(lowest, highest))]")
    }
    let number = notation.format(ofGradient: node).text(gradient)
    guard self.gradients != .numeric, let formula = formula(node), formula.plain != number else {
      return MathText("[\(number)]")
    }
    return "[" + formula + MathText(" = \(number)]")
  }

  /// The tangent, 0 of a value that does not depend on the leaf; nil where boxes show none.
  func tangent(_ node: Int) -> String? {
    tangents.isEmpty ? nil : notation.format.text(tangents[node] ?? 0)
  }

  private func formula(_ node: Int) -> MathText? {
    guard let formula = notation.symbolic.gradient(of: node), formula != .gradient(of: node) else { return nil }
    let text = notation.line(formula)
    return text.count <= Self.longestFormula ? text : nil
  }

  /// `2 → 2.084`, with enough digits to show the change; nil if it is not updated.
  func update(_ node: Int) -> String? {
    let parameter = graph.nodes[node]
    guard let updated = parameter.updated else { return nil }
    if let fold = parameter.fold { return range(fold.lowest, fold.highest) }
    return PrintedChange(parameter.value[0], updated[0], notation.format).text(notation.words)
  }

  /// The tooltip of the box: name, full-precision value, gradient and how they came about.
  func tooltip(_ node: Int) -> String {
    let value = graph.nodes[node]
    let notation = self.notation.precise
    let full = notation.format
    func text(_ numbers: [Double], _ full: NumberFormat) -> String {
      numbers.count == 1
        ? full.text(numbers[0])
        : "[" + numbers.prefix(8).map(full.text).joined(separator: notation.words.separator)
          + (numbers.count > 8 ? notation.words.separator + "\(notation.words.more(numbers.count - 8))]" : "]")
    }
    // Of all digits the last may be 0, which says nothing: whether a number looks exact is for fewer to say.
    func relation(to numbers: [Double]) -> Relation {
      numbers.count == 1 ? self.notation.format.relation(to: numbers[0]) : .equal
    }
    var parts: [String] = []
    if let fold = value.fold {
      parts.append(
        notation.words.foldedValues(value.name, fold.count, full.text(fold.lowest), full.text(fold.highest)))
    } else if !value.isLeaf, !value.hidesOperands {
      let formula = notation.plain(notation.symbolic.definition(of: node, inlining: false))
      let relation = relation(to: value.value)
      parts.append(
        "\(value.name) = \(formula) \(relation.rawValue) \(text(value.value, notation.format(ofValue: node)))")
    } else {
      let relation = relation(to: value.value)
      parts.append("\(value.name) \(relation.rawValue) \(text(value.value, notation.format(ofValue: node)))")
    }
    if let fold = value.fold {
      if let lowest = fold.lowestGradient, let highest = fold.highestGradient {
        parts.append(notation.words.foldedGradients(full.text(lowest), full.text(highest)))
      }
    } else if let gradient = value.gradient, let loss = graph.loss {
      let name = graph.nodes[loss].name
      var line = "∂\(name)/∂\(value.name)"
      // A formula of its own would be the way to a gradient that the reader is to find.
      if !isBrief, notation.blanks == nil, let formula = notation.symbolic.gradient(of: node),
        formula != .gradient(of: node)
      {
        let formula = notation.plain(formula)
        if formula != full.text(gradient.first ?? 0) { line += " = \(formula)" }
      }
      parts.append(line + " = \(text(gradient, notation.format(ofGradient: node)))")
    }
    if let updated = value.updated { parts.append(notation.words.afterUpdate(text(updated, full))) }
    if let facts = notation.words.facts(value) { parts.append(facts) }
    return parts.joined(separator: notation.words.semicolon)
  }
}
