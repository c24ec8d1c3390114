import Autograd
import GradvizGraph

/// Writes a formula on one line.
struct FormulaLine {
  enum Style {
    /// Names as in the program: `f*w2`.
    case plain
    /// `f·w₂`.
    case typeset
    /// The same without the samples that values belong to.
    case ofEverySample
  }

  let notation: Notation
  let style: Style
  // The pending texts: a numerator, a denominator or a base may need parentheses.
  private var parts: [MathText] = [""]

  init(notation: Notation, style: Style) {
    self.notation = notation
    self.style = style
  }

  private var graph: ComputationGraph { notation.graph }

  private mutating func add(_ text: MathText) { parts[parts.count - 1] += text }
  private mutating func add(_ text: String) { add(MathText(text)) }

  mutating func line(_ tokens: [MathToken]) -> MathText {
    let tokens = style == .typeset ? notation.withBracketedPowers(tokens) : tokens
    let literals = notation.literals(among: tokens)
    for (place, token) in tokens.enumerated() {
      switch token {
      case .fractionStart, .fractionMiddle, .superscriptStart: parts.append("")
      case .fractionEnd:
        let bottom = parts.removeLast()
        let top = parts.removeLast()
        let sums = [" + ", " − ", " @ ", " ⊗ ", " ← ", "Σ "]
        add(Self.grouped(top, by: sums) + "/" + Self.grouped(bottom, by: sums + ["·", "*", "/", "−", "×"]))
      case .superscriptEnd:
        let exponent = parts.removeLast()
        add(Self.raised(exponent) ?? "^" + Self.grouped(exponent, by: [" ", "·", "*", "/", "−"]))
      case .gradientName(let node):
        let name = sign + (graph.loss.map(self.name) ?? "L") + "/" + sign + self.name(node)
        // A suffix after the name would be read as part of it.
        var isBound = false
        if place + 1 < tokens.count, case .text(let next) = tokens[place + 1] {
          isBound = next.hasPrefix("[") || next == "ᵀ" || next == "/"
        }
        add(isBound ? "(" + name + ")" : name)
      case .name(let node): add(name(node))
      // In a quotient on one line, 1/2x could be read in two ways.
      case .text("·") where style != .plain && parts.count == 1 && notation.isCoefficient(tokens, before: place): break
      case .text(", "): add(notation.words.separator)
      case .text(let text): add(text == "·" && style == .plain ? "*" : notation.symbols.function(text))
      case .number(let number): add(literals.text(number))
      case .constant(_, let text): add(notation.symbols.constant(text))
      case .axis(let axis): add(notation.words.axis(axis))
      }
    }
    return parts.joined("")
  }

  private var sign: MathText { style == .plain ? "∂" : MathText(TypesetName(asWritten: "∂")) }

  private func name(_ node: Int) -> MathText {
    let value = graph.nodes[node]
    if value.role == .constant, !value.isNamed, value.shape.isEmpty {
      return MathText(notation.source(node) ?? notation.exact.text(value.value[0]))
    }
    switch style {
    case .plain: return MathText(value.name)
    case .typeset: return MathText(notation.typesetName(node))
    case .ofEverySample: return MathText(notation.typesetName(node, ofEverySample: true))
    }
  }

  /// `²` for 2; nil if it is not an integer.
  private static func raised(_ exponent: MathText) -> MathText? {
    let text = exponent.plain
    guard text.count <= 4, let number = Int(text.replacing("−", with: "-")) else { return nil }
    return MathText(NumberFormat.superscript(number))
  }

  /// Adds parentheses if one of the signs is outside all parentheses.
  static func grouped(_ text: MathText, by signs: [String]) -> MathText {
    var depth = 0
    var outside = ""
    for character in text.plain {
      if "([".contains(character) { depth += 1 }
      if depth == 0 { outside.append(character) }
      if ")]".contains(character) { depth -= 1 }
    }
    return signs.contains { outside.contains($0) } ? "(" + text + ")" : text
  }
}
