import GradvizDrawing
import GradvizFigures

/// What the marks of the drawing mean, below it: of those that it has.
struct PageLegend {
  private let svg: String
  private let words: Words

  init(of svg: String, _ words: Words) {
    self.svg = svg
    self.words = words
  }

  var html: String {
    let items = [numbers] + roles + [flow, rule, unchanged, negated, share, order, turn].compactMap(\.self)
    return "<figcaption class=\"key\">\(items.map { "<span>\($0)</span>" }.joined(separator: " "))</figcaption>"
  }

  /// Whether the drawing has an element of this class.
  private func has(_ name: String) -> Bool {
    ["\"\(name)\"", "\"\(name) ", " \(name)\"", " \(name) "].contains { svg.contains($0) }
  }

  private func mark(_ width: Int, _ content: String) -> String {
    "<svg width=\"\(width)\" viewBox=\"0 0 \(width) 14\" aria-hidden=\"true\">\(content)</svg> "
  }

  /// A box with the classes of a part of the drawing.
  private func box(_ classes: String, radius: Int = 0, words: String) -> String {
    mark(20, "<rect class=\"\(classes)\" x=\"1\" y=\"1\" width=\"18\" height=\"12\" rx=\"\(radius)\"/>")
      + XML.escaped(words)
  }

  private var numbers: String {
    "\(XML.escaped(words.value)) <b class=\"g\">\(XML.escaped(words.bracketedGradient))</b>"
  }

  private var roles: [String] {
    [
      ("data", words.data), ("parameter", words.parameter), ("prediction", words.prediction), ("loss", words.loss),
    ].filter { has("f-\($0.0)") }.map { box("f-\($0.0) s-line", words: $0.1) }
  }

  private var flow: String? {
    guard has("back") else { return nil }
    return mark(
      30,
      "<path class=\"s-gradient-ink\" d=\"M30 7H8\" fill=\"none\" stroke-dasharray=\"1.5 2.5\"/>"
        + "<path class=\"f-gradient-ink\" d=\"M1 7l8-3.5v7z\"/>") + XML.escaped(words.gradientFlow)
  }

  private var rule: String? {
    // Dots are local derivatives, too.
    guard svg.contains("local-derivative\"><rect") else { return nil }
    return "<b class=\"pill\">\(XML.escaped(words.localDerivativeMark))</b> \(XML.escaped(words.localDerivative))"
  }

  private var unchanged: String? {
    guard count("r=\"4\" class=\"f-page s-gradient-ink\"") > count(Self.minus) else { return nil }
    return mark(12, Self.dot) + XML.escaped(words.passedOn)
  }

  private var negated: String? {
    guard count(Self.minus) > 0 else { return nil }
    return mark(12, Self.dot + "<path class=\"s-gradient-ink\" d=\"M4 7h4\"/>") + XML.escaped(words.passedOnNegated)
  }

  private static let dot = "<circle class=\"f-page s-gradient-ink\" cx=\"6\" cy=\"7\" r=\"4\"/>"
  private static let minus = "class=\"minus "

  private func count(_ text: String) -> Int { svg.ranges(of: text).count }

  private var share: String? {
    guard has("share") else { return nil }
    return "<b class=\"g\">\(XML.escaped(words.shareMark))</b> \(XML.escaped(words.ofUse))"
  }

  private var order: String? {
    guard has("order") else { return nil }
    return box("f-backward-badge s-gradient-ink", radius: 4, words: words.order)
  }

  /// The letter of a wire that leaves its row.
  private var turn: String? {
    guard has("turn") else { return nil }
    return box("f-circle s-line", radius: 4, words: words.continuedAtLetter)
  }
}
