import Foundation
import GradvizFigures
import GradvizTestSupport

/// The equations of a derivation in each notation, as the reader of figures has them: fractions as `⟨top⁄bottom⟩`,
/// exponents as `^{2}`, indices as small digits.
enum DerivationReader {
  static func lines(_ text: String, _ format: Derivation.Format) throws -> [String] {
    let rows = text.split(separator: "\n").map(String.init)
    switch format {
    case .plain: return rows.filter { $0.contains(" = ") || $0.contains(#/ (shape|forme) /#) }
    case .markdown:
      let formulas = rows.filter { $0.hasPrefix("- $") && $0.hasSuffix("$") }
      return try formulas.map { try tex($0.dropFirst(3).dropLast()) }
    case .tex:
      return try text.components(separatedBy: "\\begin{align*}\n").dropFirst().flatMap { block in
        guard let end = block.range(of: "\n\\end{align*}") else { throw UnreadableFormula(description: block) }
        return try block[..<end.lowerBound].components(separatedBy: " \\\\[1ex]\n").map { equation in
          try tex(
            equation.replacing(" \\\\\n", with: " ").replacing("&\\qquad{}", with: " ").replacing("&", with: " "))
        }
      }
    case .mathML: return try rows.filter { $0.contains("<math") }.map(mathML)
    }
  }

  private static let signs: [String: String] = [
    "cdot": "·", "times": "×", "approx": " ≈ ", "sum": "Σ ", "otimes": " ⊗ ", "leftarrow": " ← ", "ge": " ≥ ",
    "le": " ≤ ", "ne": " ≠ ", "infty": "∞", "ldots": "…", "partial": "∂", "surd": "√", "quad": "   ", "sigma": "σ",
    "alpha": "α", "beta": "β", "gamma": "γ", "theta": "θ", "lambda": "λ", "mu": "μ", "pi": "π", "eta": "η",
    "varepsilon": "ε", "delta": "δ", "zeta": "ζ", "iota": "ι", "kappa": "κ", "nu": "ν", "xi": "ξ", "rho": "ρ",
    "tau": "τ",
    "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "backslash": "\\",
  ]
  private static let accents = [
    "hat": "\u{302}", "bar": "\u{304}", "tilde": "\u{303}", "dot": "\u{307}", "ddot": "\u{308}", "acute": "\u{301}",
    "grave": "\u{300}", "check": "\u{30C}",
  ]

  private static func small(_ text: String, _ digits: String) -> String {
    let usual = Array("0123456789-()")
    let small = Array(digits)
    return String(
      text.replacing("−", with: "-").map { letter in usual.firstIndex(of: letter).map { small[$0] } ?? letter })
  }
  private static func below(_ text: String) -> String { small(text.replacing(" ", with: ""), "₀₁₂₃₄₅₆₇₈₉-()") }
  private static func raised(_ text: String) -> String { small(text, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁽⁾") }

  /// An exponent: a sample's in brackets, that of a power of ten, or any other.
  private static func above(_ text: String, after before: String) -> String {
    if text.hasPrefix("("), text.wholeMatch(of: /\([0-9]+\)/) != nil { return raised(text) }
    if before.hasSuffix("10"), before.firstMatch(of: /(^|[^0-9.])10$/) != nil, text.wholeMatch(of: /[-−]?[0-9]+/) != nil
    {
      return raised(text)
    }
    return "^{\(text)}"
  }

  // MARK: TeX

  static func tex(_ text: some StringProtocol) throws -> String {
    var rest = Array(text)[...]
    let result = try tex(&rest)
    guard rest.isEmpty else { throw UnreadableFormula(description: String(text)) }
    return result.replacing(#/ +/#, with: " ").trimmingCharacters(in: .whitespaces)
      .precomposedStringWithCanonicalMapping
  }

  private static func group(_ rest: inout ArraySlice<Character>) throws -> String {
    guard rest.popFirst() == "{" else { throw UnreadableFormula(description: "no group before \(String(rest))") }
    let inner = try tex(&rest)
    guard rest.popFirst() == "}" else { throw UnreadableFormula(description: "no } before \(String(rest))") }
    return inner
  }

  private static func tex(_ rest: inout ArraySlice<Character>) throws -> String {
    var result = ""
    while let letter = rest.first, letter != "}" {
      rest = rest.dropFirst()
      switch letter {
      case "-": result += "−"
      case "=": result += ["axis", "+"].contains(where: result.hasSuffix) ? "=" : " = "
      case "'": result += "′"
      case "_": result += below(try group(&rest))
      case "^":
        let exponent = try group(&rest)
        result += exponent == "⊤" ? "ᵀ" : above(exponent, after: result)
      case "\\": result += try command(&rest)
      case "$", "#", "%", "&", "~": throw UnreadableFormula(description: "\(letter) without a backslash")
      default: result.append(letter)
      }
    }
    return result
  }

  private static func command(_ rest: inout ArraySlice<Character>) throws -> String {
    guard let first = rest.first, first.isLetter else { return rest.popFirst().map(String.init) ?? "" }
    let name = String(rest.prefix { $0.isASCII && $0.isLetter })
    rest = rest.dropFirst(name.count)
    // A space ends a command.
    if rest.first == " " { rest = rest.dropFirst() }
    switch name {
    case "frac": return "⟨\(try group(&rest))⁄\(try group(&rest))⟩"
    case "top": return "⊤"
    case "operatorname", "mathit", "mathrm", "text", "mathbin", "mathord": return try group(&rest)
    default:
      if let accent = accents[name] { return try group(&rest) + accent }
      return signs[name] ?? name
    }
  }

  // MARK: MathML

  private static func mathML(_ row: String) throws -> String {
    guard let start = row.range(of: "<math"), let end = row.range(of: "</math>") else {
      throw UnreadableFormula(description: row)
    }
    var rest = row[start.lowerBound..<end.upperBound]
    return try element(&rest).text.replacing(#/ +/#, with: " ").trimmingCharacters(in: .whitespaces)
      .precomposedStringWithCanonicalMapping
  }

  // Made once: a literal is compiled wherever it is evaluated.
  nonisolated(unsafe) private static let begin = /<(\w+)((?: [^>]*?)?)(\/?)>/

  private static func element(_ rest: inout Substring) throws -> (tag: String, text: String) {
    guard let match = rest.prefixMatch(of: begin) else {
      throw UnreadableFormula(description: "no element before \(rest.prefix(40))")
    }
    let tag = String(match.1)
    rest = rest[match.range.upperBound...]
    if match.3 == "/" { return (tag, tag == "mspace" ? "   " : "") }
    var children: [(tag: String, text: String)] = []
    var text = ""
    while !rest.hasPrefix("</") {
      if rest.hasPrefix("<") {
        children.append(try element(&rest))
      } else {
        let part = rest.prefix { $0 != "<" }
        text += part
        rest = rest.dropFirst(part.count)
      }
    }
    guard rest.hasPrefix("</\(tag)>") else {
      throw UnreadableFormula(description: "</\(tag)> before \(rest.prefix(40))")
    }
    rest = rest.dropFirst(tag.count + 3)
    let parts = children.map(\.text)
    switch tag {
    case "mfrac": return (tag, "⟨\(parts[0])⁄\(parts[1])⟩")
    case "msub": return (tag, parts[0] + below(parts[1]))
    case "msubsup": return (tag, parts[0] + below(parts[1]) + above(parts[2], after: parts[0]))
    case "msup": return (tag, parts[0] + (parts[1] == "T" ? "ᵀ" : above(parts[1], after: parts[0])))
    case "mi", "mn", "mo":
      let plain = text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
        .replacing("&amp;", with: "&")
      let isApart = ["=", "≈", "@", "⊗", "←"].contains(plain)
      return (tag, isApart ? " \(plain) " : plain == "," ? ", " : plain)
    default:
      var joined = ""
      for (place, child) in children.enumerated() {
        joined +=
          child.tag == "mo" && (joined.hasSuffix("axis") || joined.hasSuffix("+"))
          ? child.text.trimmingCharacters(in: .whitespaces) : child.text
        let next = place + 1 < children.count ? children[place + 1] : ("", "")
        // Two words, a word and a name, or the axis of a sum.
        let begins = ["mi", "msub", "msup", "msubsup", "mn", "mfrac"].contains(next.0)
        let isAxis = ["rows", "columns", "lignes", "colonnes"].contains(child.text)
        if child.tag == "mi", child.text.count > 1, isAxis && next.0 != "" || begins {
          joined += " "
        }
      }
      return (tag, joined)
    }
  }
}
