import GradvizSystem

/// Writes a derivation for LaTeX: the equations of a part in an `align*`, as a fragment for a document with amsmath, or
/// as formulas in Markdown.
struct TeXWriter {
  /// - Parameter heading: the first line, a comment.
  static func document(_ heading: String, _ entries: [Derivation.Entry]) -> String {
    var lines = ["% \(comment(heading))"]
    var equations: [String] = []
    func end() {
      if equations.isEmpty { return }
      // An array has colons, and French semicolons: commands where babel is French.
      lines += ["\\begingroup\\catcode`\\:=12\\catcode`\\;=12\\relax\\allowdisplaybreaks", "\\begin{align*}"]
      lines += [equations.joined(separator: " \\\\[1ex]\n"), "\\end{align*}", "\\endgroup"]
      equations = []
    }
    for entry in entries {
      if case .line(let line) = entry {
        if equations.count == equationsTogether { end() }
        equations.append(aligned(line))
        continue
      }
      end()
      switch entry {
      case .heading(let words): lines += ["", "\\subsection*{\(escaped(words))}"]
      case .note(let words): lines += ["", "\\noindent \(escaped(words))"]
      case .line: break
      }
    }
    end()
    return lines.joined(separator: "\n") + "\n"
  }

  /// TeX holds an `align*` in memory as a whole.
  private static let equationsTogether = 60

  static func markdown(_ title: String, _ entries: [Derivation.Entry]) -> String {
    var lines = ["# \(markdown(title))", ""]
    for entry in entries {
      switch entry {
      case .heading(let words): lines += ["", "## \(markdown(words))", ""]
      case .note(let words): lines += ["", markdown(words), ""]
      case .line(let line): lines.append("- $\(inline(line))$")
      }
    }
    var text = lines.joined(separator: "\n") + "\n"
    while text.contains("\n\n\n") { text = text.replacing("\n\n\n", with: "\n\n") }
    return text
  }

  /// Each side on a row of its own, under the first; a long one on several.
  private static func aligned(_ line: MathLine) -> String {
    var rows: [String] = []
    for (place, side) in line.sides.enumerated() {
      let own = MathRows.divided(side.pieces).map { formula($0) }
      rows.append(
        (place == 0 ? formula(line.subject) + " " : "  ") + "&" + (side.sign.isEmpty ? "" : sign(side.sign) + " ")
          + (own.first ?? ""))
      rows += own.dropFirst().map { "  &\\qquad{} \($0)" }
    }
    return rows.isEmpty ? "&" + formula(line.subject) : rows.joined(separator: " \\\\\n")
  }

  private static func inline(_ line: MathLine) -> String {
    line.sides.reduce(formula(line.subject)) {
      $0 + ($1.sign.isEmpty ? "" : " \(sign($1.sign)) ") + formula($1.pieces)
    }
  }

  private static func sign(_ sign: String) -> String { sign == "≈" ? "\\approx" : sign }

  // MARK: Formulas

  /// - Parameter isIndex: whether a comma between digits stands between two indices.
  static func formula(_ pieces: [MathPiece], isIndex: Bool = false) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .name(let name): result += self.name(name)
      case .text(let text): result += signs(isIndex ? text : MathPiece.markingDecimals(text))
      case .above(let inner): result = trimmed(result) + "^{\(formula(inner))}"
      case .below(let inner): result = trimmed(result) + "_{\(formula(inner, isIndex: true))}"
      case .fraction(let top, let bottom): result += "\\frac{\(formula(top))}{\(formula(bottom))}"
      case .transposed: result = trimmed(result) + "^{\\top}"
      case .gap: result += "\\quad "
      }
    }
    return trimmed(result)
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(" ") ? trimmed(String(text.dropLast())) : text
  }

  /// One letter as it is, more of them as a word.
  private static func name(_ name: String) -> String {
    if name == "∂" { return "\\partial " }
    guard let letter = name.first else { return "" }
    if name.count == 1 { return self.letter(letter) }
    guard !name.allSatisfy(\.isASCII) else { return "\\mathit{\(escaped(name))}" }
    // Accents stand outside \mathit: in a font with the encoding T1 they would be other signs.
    var parts: [String] = []
    var plain = ""
    for letter in name {
      if letter.isASCII {
        plain.append(letter)
        continue
      }
      if !plain.isEmpty { parts.append("\\mathit{\(escaped(plain))}") }
      plain = ""
      parts.append(self.letter(letter, in: "mathit"))
    }
    if !plain.isEmpty { parts.append("\\mathit{\(escaped(plain))}") }
    return "\\mathord{\(parts.joined())}"
  }

  /// A letter with its accent.
  ///
  /// - Parameter font: the command that sets it, within a word.
  private static func letter(_ letter: Character, in font: String? = nil) -> String {
    if let symbol = symbols[letter] { return symbol }
    let scalars = String(letter).decomposedScalars
    guard let first = scalars.first else { return "" }
    let base = greek[Character(first)].map { "\\\($0) " } ?? escaped(String(first))
    guard scalars.count == 2, let accent = accents[scalars[1]] else {
      let isPlain = scalars.count == 1 && (first.isASCII || greek[Character(first)] != nil)
      return isPlain ? base : "\\text{\(letter)}"
    }
    return "\\\(accent){\(font.map { "\\\($0){\(trimmed(base))}" } ?? trimmed(base))}"
  }

  private static let accents: [Unicode.Scalar: String] = [
    "\u{302}": "hat", "\u{304}": "bar", "\u{303}": "tilde", "\u{307}": "dot", "\u{308}": "ddot", "\u{301}": "acute",
    "\u{300}": "grave", "\u{30C}": "check",
  ]

  private static let greek: [Character: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
  ]

  private static let symbols: [Character: String] = [
    "·": "\\cdot ", "×": "\\times ", "−": "-", "≈": "\\approx ", "Σ": "\\sum ", "⊗": "\\otimes ", "⊙": "\\odot ",
    "←": "\\leftarrow ",
    "@": "\\mathbin{@}", "≥": "\\ge ", "≤": "\\le ", "≠": "\\ne ", "∞": "\\infty ", "…": "\\ldots ", "∂": "\\partial ",
    "√": "\\surd ", "→": "\\to ", "‖": "\\Vert ", "÷": "\\div ", "±": "\\pm ", "∇": "\\nabla ", "•": "\\bullet ",
    "–": "\\text{--}", "’": "\\text{'}", "°": "^{\\circ}", "⚠": "", " ": " ", "′": "'", "∝": "\\propto ",
    "⌊": "\\lfloor ", "⌋": "\\rfloor ", "⌈": "\\lceil ", "⌉": "\\rceil ", "\u{A0}": "~", "\u{202F}": "\\,",
    MathPiece.decimalMark: "{,}",
  ]

  /// Whether a letter or sign is one of mathematics, not of words.
  static func isSign(_ letter: Character) -> Bool { symbols[letter] != nil || greek[letter] != nil }

  private static let functions: Set<String> = ["tanh", "sin", "cos", "log", "exp", "max", "min"]

  /// Numbers, signs and words; a word is a function or an operator.
  private static func signs(_ text: String) -> String {
    var result = ""
    var word = ""
    func end(_ next: Character? = nil) {
      if word.isEmpty { return }
      if result.hasSuffix("\\sum "), next != "(" {
        // The axis of a sum.
        result = trimmed(result) + "_{\\mathrm{\(escaped(word))}}"
      } else {
        result += functions.contains(word) ? "\\\(word)" : "\\operatorname{\(escaped(word))}"
      }
      word = ""
    }
    for letter in text {
      let isWord = letter.isASCII && letter.isLetter || letter == "_"
      if isWord {
        word.append(letter)
        continue
      }
      let hadWord = !word.isEmpty
      end(letter)
      if letter == " ", hadWord {
        result += "\\ "
      } else {
        if letter == " ", result.last == " " { continue }
        result += symbols[letter] ?? (letter.isLetter ? self.letter(letter) : escaped(String(letter)))
      }
    }
    end()
    return result
  }

  // MARK: Text

  /// Text in which no character is a command.
  private static func escaped(_ text: String) -> String {
    text.map { letter in
      switch letter {
      case "\\": "\\backslash "
      case "#", "$", "%", "&", "_", "{", "}": "\\\(letter)"
      case "~": "\\sim "
      case "^": "\\wedge "
      default: String(letter)
      }
    }.joined()
  }

  private static func comment(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private static func markdown(_ text: String) -> String {
    comment(text).map { "\\`*_{}[]<>#$|".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
