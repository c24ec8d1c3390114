/// Writes a derivation in Unicode, one equation a line: `∂L/∂w₁ = ∂L/∂n₁·x₁ = −0.4768 × 0.5 = −0.2384`.
struct PlainWriter {
  static func document(_ title: String, _ entries: [Derivation.Entry]) -> String {
    var lines = [title, String(repeating: "=", count: title.count)]
    for entry in entries {
      switch entry {
      case .heading(let words): lines += ["", words, String(repeating: "-", count: words.count), ""]
      case .note(let words): lines += ["", words, ""]
      case .line(let line): lines.append(text(line))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func text(_ line: MathLine) -> String {
    line.sides.reduce(text(line.subject)) { $0 + ($1.sign.isEmpty ? "" : " \($1.sign) ") + text($1.pieces) }
  }

  static func text(_ pieces: [MathPiece]) -> String {
    var result = ""
    for (place, piece) in pieces.enumerated() {
      switch piece {
      case .name(let text), .text(let text): result += text
      case .transposed: result += "ᵀ"
      case .gap: result += "   "
      case .below(let inner): result += small(inner, MathPiece.smallBelow) ?? "_" + text(inner)
      case .above(let inner): result += small(inner, MathPiece.smallAbove) ?? "^" + grouped(inner, by: allSigns)
      case .fraction(let top, let bottom):
        let isBound = place + 1 < pieces.count && binds(pieces[place + 1])
        let fraction =
          top.isPartial && bottom.isPartial
          ? text(top) + "/" + text(bottom) : grouped(top, by: sums) + "/" + grouped(bottom, by: allSigns)
        // What follows would be read as part of the name below.
        result += isBound ? "(\(fraction))" : fraction
      }
    }
    return result
  }

  private static let sums = [" + ", " − ", " @ ", " ⊗ ", " ← ", "Σ "]
  private static let allSigns = sums + ["·", "/", "−", "×", " "]

  private static func binds(_ piece: MathPiece) -> Bool {
    switch piece {
    case .transposed, .fraction: true
    case .text(let text): text.hasPrefix("[") || text.hasPrefix("/")
    default: false
    }
  }

  /// In small digits; nil for what has none.
  private static func small(_ pieces: [MathPiece], _ table: [Character: Character]) -> String? {
    let letters = pieces.plain.compactMap { table[$0] }
    return letters.count == pieces.plain.count ? String(letters) : nil
  }

  /// With brackets if one of the signs stands outside its brackets, or a product has no sign.
  private static func grouped(_ pieces: [MathPiece], by signs: [String]) -> String {
    let text = text(pieces)
    var depth = 0
    var outside = ""
    for character in text {
      if "([".contains(character) { depth += 1 }
      if depth == 0 { outside.append(character) }
      if ")]".contains(character) { depth -= 1 }
    }
    let isCoefficient = text.first?.isNumber == true && !outside.allSatisfy { $0.isNumber || $0 == "." }
    return isCoefficient || signs.contains { outside.contains($0) } ? "(\(text))" : text
  }
}
