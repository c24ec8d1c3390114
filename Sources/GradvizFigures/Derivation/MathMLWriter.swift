import GradvizDrawing

/// Writes a derivation as HTML with MathML, which browsers, EPUB and word processors read.
struct MathMLWriter {
  static func document(_ title: String, _ entries: [Derivation.Entry]) -> String {
    var lines = ["<section>", "<h1>\(XML.escaped(title))</h1>"]
    for entry in entries {
      switch entry {
      case .heading(let words): lines.append("<h2>\(XML.escaped(words))</h2>")
      case .note(let words): lines.append("<p>\(XML.escaped(words))</p>")
      case .line(let line):
        let sides = line.sides.map { ($0.sign.isEmpty ? "" : "<mo>\($0.sign)</mo>") + row($0.pieces) }
        lines.append(
          "<p><math xmlns=\"http://www.w3.org/1998/Math/MathML\">\(row(line.subject))\(sides.joined())</math></p>")
      }
    }
    return (lines + ["</section>"]).joined(separator: "\n") + "\n"
  }

  private static func row(_ pieces: [MathPiece], isIndex: Bool = false) -> String {
    "<mrow>\(elements(pieces, isIndex: isIndex).joined())</mrow>"
  }

  private static func elements(_ pieces: [MathPiece], isIndex: Bool) -> [String] {
    var elements: [String] = []
    var rest = pieces[...]
    while let piece = rest.popFirst() {
      switch piece {
      case .name(let name): elements.append("<mi>\(XML.escaped(name))</mi>")
      case .text(let text): elements += words(isIndex ? text : MathPiece.markingDecimals(text))
      case .fraction(let top, let bottom): elements.append("<mfrac>\(row(top))\(row(bottom))</mfrac>")
      case .gap: elements.append("<mspace width=\"1em\"/>")
      case .transposed: raise(&elements, "<mi mathvariant=\"normal\">T</mi>")
      case .above(let inner): raise(&elements, row(inner))
      case .below(let inner):
        let base = elements.popLast() ?? "<mrow/>"
        if case .above(let above)? = rest.first {
          rest = rest.dropFirst()
          elements.append("<msubsup>\(base)\(row(inner, isIndex: true))\(row(above))</msubsup>")
        } else {
          elements.append("<msub>\(base)\(row(inner, isIndex: true))</msub>")
        }
      }
    }
    return elements
  }

  private static func raise(_ elements: inout [String], _ exponent: String) {
    elements.append("<msup>\(elements.popLast() ?? "<mrow/>")\(exponent)</msup>")
  }

  /// Numbers, words and signs.
  private static func words(_ text: String) -> [String] {
    enum Kind { case number, word, sign, space }
    func kind(_ letter: Character) -> Kind {
      if letter.isNumber || letter == "." || letter == MathPiece.decimalMark { return .number }
      if letter == " " { return .space }
      return letter.isLetter || letter == "_" ? .word : .sign
    }
    var elements: [String] = []
    var rest = text[...]
    while let first = rest.first {
      let own = kind(first)
      let part = own == .sign ? rest.prefix(1) : rest.prefix { kind($0) == own }
      rest = rest.dropFirst(part.count)
      let escaped = XML.escaped(String(part).replacing(String(MathPiece.decimalMark), with: ","))
      switch own {
      case .number: elements.append("<mn>\(escaped)</mn>")
      case .word: elements.append("<mi mathvariant=\"normal\">\(escaped)</mi>")
      case .sign: elements.append("<mo>\(escaped)</mo>")
      case .space: break
      }
    }
    return elements
  }
}
