import Foundation

/// Sums, products and powers.
extension PrintedFormula {
  mutating func sum() throws -> PrintedArray {
    var value = try term()
    while true {
      if take("+ ") || take("+") {
        value = try require(.zip2(value, try term(), +), "+")
      } else if take("−") || take("- ") {
        value = try require(.zip2(value, try term(), -), "−")
      } else {
        return value
      }
    }
  }

  private mutating func term() throws -> PrintedArray {
    if take("Σ") {
      skip()
      var axis = take("axis=") ? readDigits() : nil
      let isNumbered = axis != nil
      for (word, own) in [("rows", 0), ("columns", 1), ("lignes", 0), ("colonnes", 1)] {
        // If a value follows, the word specifies the axis of the sum; otherwise it is a value with that name.
        let start = at
        if take(word + " "), let next = next(), !"+−·/@⊗^=<>)]|,".unicodeScalars.contains(next) {
          axis = own
          break
        }
        at = start
      }
      let part = try product()
      if axis != nil, !isNumbered, part.shape.count != 2 { throw problem("rows and columns are those of a matrix") }
      return try require(part.reduced(axis: axis) { $0.reduce(0, +) }, "Σ")
    }
    if take("−") { return try product().map { -$0 } }
    return try product()
  }

  mutating func product() throws -> PrintedArray {
    var value = try coefficient()
    var signs = ""
    while true {
      skip()
      guard let scalar = next(), "·*/@⊗×".unicodeScalars.contains(scalar) else { return value }
      let sign = Character(scalar)
      at += 1
      // In its frame a negative factor has no parentheses.
      let isNegative = "×·".contains(sign) && take("−")
      let other = isNegative ? try coefficient().map { -$0 } : try coefficient()
      signs.append(sign)
      let isMixed = signs.contains { "@⊗".contains($0) } && signs.contains { "·*/".contains($0) }
      if isMixed || signs.contains("⊗") && signs.count > 1 { throw problem("`\(signs)` can be read in two ways") }
      if signs.dropLast().contains("/"), "·*".contains(sign) { throw problem("a product behind a quotient") }
      switch sign {
      case "/": value = try require(.zip2(value, other, /), "/")
      case "@": value = try require(value.times(other), "\(value.shape) @ \(other.shape)")
      case "⊗": value = try require(value.outer(other), "⊗")
      default: value = try require(.zip2(value, other, *), "\(value.shape) · \(other.shape)")
      }
    }
  }

  /// `2x₁`, `2(x − y)`: a number in front of a name or a bracket multiplies it.
  private mutating func coefficient() throws -> PrintedArray {
    skip()
    let startsWithDigit = at < text.count && Self.isDigit(text[at])
    let value = try factor()
    let last = text[..<at].last { $0 != " " }
    guard startsWithDigit, last.map(Self.isDigit) == true, next() != nil else { return value }
    guard text[at] == "(" || names[text[at]]?.contains(where: { stands($0.text) }) == true else { return value }
    return try require(.zip2(value, try factor(), *), "2x")
  }

  private mutating func factor() throws -> PrintedArray {
    var value = try postfix()
    if take("^{") {
      let exponent = try sum()
      try expect("}")
      value = try require(.zip2(value, exponent, pow), "power")
    } else if take("**") || take("^") {
      value = try require(.zip2(value, try postfix(), pow), "power")
    } else if let exponent = raised() {
      value = try require(.zip2(value, PrintedArray(exponent), pow), "power")
    }
    if at < text.count, "^ᵀ[".unicodeScalars.contains(text[at]) || Self.raisedDigits.contains(text[at]) {
      throw problem("a sign behind a power")
    }
    return value
  }

  static let raisedDigits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹⁻".unicodeScalars)

  mutating func raised() -> Double? {
    var digits = ""
    while at < text.count, let digit = Self.raisedDigits.firstIndex(of: text[at]) {
      digits += digit == 10 ? "-" : String(digit)
      at += 1
    }
    return Double(digits)
  }
}
