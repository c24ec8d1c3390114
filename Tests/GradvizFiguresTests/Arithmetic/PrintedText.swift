import Foundation

/// Evaluates printed text as a reader with a pocket calculator would, without using the package.
struct PrintedText {
  private let characters: [Character]
  private var place = 0
  private let names: [String: Double]
  private var largest = 0.0
  private var halfUnits = 0.0
  private var exactness = Exactness.exact
  private let precision: Int

  /// The value of a text; nil if it contains an unknown name, or is not a formula.
  ///
  /// - Parameter precision: the precision of the figure; an exact number stands for one with that many
  ///   digits.
  static func value(_ text: String, precision: Int, names: [String: Double] = [:]) -> Result? {
    let text = text.trimmingCharacters(in: .whitespaces)
    if let number = number(text, precision) { return number }
    var reader = PrintedText(text, precision, names)
    guard let value = reader.sum(), reader.place == reader.characters.count else { return nil }
    return Result(
      value: value.value, size: reader.largest, halfUnit: reader.halfUnits, isNumber: false,
      exactness: reader.exactness,
      decimal: value.decimal)
  }

  private init(_ text: String, _ precision: Int, _ names: [String: Double]) {
    self.precision = precision
    characters = Array(text.filter { $0 != " " })
    self.names = names
  }

  // MARK: Numbers

  private static let superscripts: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    "⁻": "-",
  ]

  // Made once: a literal is compiled wherever it is evaluated.
  nonisolated(unsafe) private static let whole = /(−?)(?:([0-9]+)(?:\.([0-9]+))?)?(×?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/
  nonisolated(unsafe) private static let unsigned =
    /[0-9]+(?:\.[0-9]+)?×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[0-9]+(?:\.[0-9]+)?/

  /// `−0.4200`, `1.5×10⁻⁹`, `10⁶`, `∞`.
  private static func number(_ text: String, _ precision: Int) -> Result? {
    if let value = ["NaN": Double.nan, "∞": .infinity, "−∞": -.infinity][text] {
      return Result(value: value, size: 0, halfUnit: 0, isNumber: true, exactness: .exact)
    }
    guard
      let match = text.wholeMatch(of: whole),
      match.2 != nil || match.4?.hasPrefix("10") == true
    else { return nil }
    let exponent = match.5.flatMap { Int(String($0.compactMap { superscripts[$0] })) } ?? 0
    let sign = match.1.isEmpty ? "" : "-"
    let digits = "\(match.2 ?? "1")" + (match.3.map { ".\($0)" } ?? "")
    guard let value = Double("\(sign)\(digits)e\(exponent)") else { return nil }
    let last = exponent - (match.3?.count ?? 0)
    let first = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
    let halfUnit = value == 0 ? 0 : 0.5 * pow(10, Double(min(last, first - precision + 1)))
    // A rounded number has as many digits as the figure's, or more, and from three on a point.
    let significant = digits.filter { $0 != "." }.drop { $0 == "0" }.count
    let isWhole = match.3 == nil && match.4 == nil
    let exactness: Exactness =
      significant < precision || isWhole && precision > 2
      ? .exact : significant == precision || isWhole ? .unknown : .rounded
    let decimal = Decimal(string: "\(sign)\(digits)e\(exponent)", locale: Locale(identifier: "en_US_POSIX"))
    return Result(
      value: value, size: abs(value), halfUnit: halfUnit, isNumber: true, exactness: exactness, decimal: decimal)
  }

  private mutating func number() -> Number? {
    guard let next, next.isASCII, next.isNumber else { return nil }
    let rest = String(characters[place...])
    guard
      let match = rest.prefixMatch(of: Self.unsigned),
      let number = Self.number(String(match.0), precision)
    else { return nil }
    place += match.0.count
    halfUnits += number.halfUnit
    exactness = min(exactness, number.exactness)
    return Number(number.value, number.decimal)
  }

  // MARK: Grammar

  private var next: Character? { place < characters.count ? characters[place] : nil }

  private mutating func take(_ text: String) -> Bool {
    let letters = Array(text)
    guard place + letters.count <= characters.count, Array(characters[place..<place + letters.count]) == letters
    else { return false }
    place += letters.count
    return true
  }

  private mutating func known(_ number: Number) -> Number {
    if number.value.isFinite { largest = max(largest, abs(number.value)) }
    return number
  }

  private mutating func sum() -> Number? {
    guard var total = product() else { return nil }
    while let sign = next, "+−-".contains(sign) {
      place += 1
      guard let term = product() else { return nil }
      total = known(sign == "+" ? total.with(term, +, +) : total.with(term, -, -))
    }
    return total
  }

  private mutating func product() -> Number? {
    if take("−") || take("-") { return product().map(\.negated) }
    guard var total = power() else { return nil }
    while let sign = next, "×·*/".contains(sign) {
      place += 1
      // In its frame a negative factor has no parentheses.
      let isNegative = "×·".contains(sign) && take("−")
      guard let size = power() else { return nil }
      let factor = isNegative ? size.negated : size
      total = known(sign == "/" ? total.dividedBy(factor) : total.with(factor, *, *))
    }
    return total
  }

  private mutating func power() -> Number? {
    guard let base = primary() else { return nil }
    if take("^{") {
      guard let exponent = sum(), take("}") else { return nil }
      return known(base.raised(to: exponent))
    }
    if take("^") { return primary().map { known(base.raised(to: $0)) } }
    let digits = characters[place...].prefix { Self.superscripts[$0] != nil }
    guard !digits.isEmpty else {
      if take("ᵗ") { return names["t"].map { known(base.raised(to: Number($0))) } }
      return base
    }
    place += digits.count
    return Int(String(digits.compactMap { Self.superscripts[$0] })).map { known(base.raised(to: Number(whole: $0))) }
  }

  private mutating func primary() -> Number? {
    if take("(") {
      guard let value = sum(), take(")") else { return nil }
      return value
    }
    if take("⟨") {
      guard let top = sum(), take("⁄"), let bottom = sum(), take("⟩") else { return nil }
      return known(top.dividedBy(bottom))
    }
    if take("|") {
      guard let value = sum(), take("|") else { return nil }
      return value.magnitude
    }
    if take("[") {
      guard let holds = condition(), take("]") else { return nil }
      return Number(whole: holds ? 1 : 0)
    }
    if take("∞") { return Number(.infinity) }
    if take("NaN") { return Number(.nan) }
    if take("√") { return primary().map { known(Number($0.value.squareRoot())) } }
    if let number = number() { return known(number) }
    return word()
  }

  /// `n > 0`.
  private mutating func condition() -> Bool? {
    guard let value = sum(), let sign = next else { return nil }
    place += 1
    guard let other = sum() else { return nil }
    switch sign {
    case ">": return value.value > other.value
    case "<": return value.value < other.value
    case "=": return value.value == other.value
    case "≥": return value.value >= other.value
    case "≤": return value.value <= other.value
    case "≠": return value.value != other.value
    default: return nil
    }
  }

  private mutating func word() -> Number? {
    let letters = characters[place...].prefix { $0.isLetter || $0 == "_" || $0.isASCII && $0.isNumber }
    guard !letters.isEmpty else { return nil }
    let word = String(letters)
    let start = place
    place += letters.count
    if word == "where", take("(") {
      guard let holds = condition(), take(","), let value = sum(), take(","), let other = sum(), take(")")
      else { return nil }
      return holds ? value : other
    }
    if take("("), var arguments = sum().map({ [$0] }) {
      while take(",") {
        guard let next = sum() else { return nil }
        arguments.append(next)
      }
      guard take(")") else { return nil }
      return Self.apply(word, arguments.map(\.value)).map { known(Number($0)) }
    }
    place = start + letters.count
    return names[word].map { known(Number($0)) }
  }

  private static func apply(_ word: String, _ x: [Double]) -> Double? {
    switch word {
    case "exp": exp(x[0])
    case "log", "ln": log(x[0])
    case "log2": log2(x[0])
    case "log10": log10(x[0])
    case "log1p": log1p(x[0])
    case "expm1": expm1(x[0])
    case "erf": erf(x[0])
    case "tanh": tanh(x[0])
    case "sinh": sinh(x[0])
    case "cosh": cosh(x[0])
    case "σ", "sigmoid": 1 / (1 + exp(-x[0]))
    case "relu": x[0].isNaN ? x[0] : max(x[0], 0)
    case "sin": sin(x[0])
    case "cos": cos(x[0])
    case "tan": tan(x[0])
    case "asin": asin(x[0])
    case "acos": acos(x[0])
    case "atan": atan(x[0])
    case "sqrt": x[0].squareRoot()
    case "abs": abs(x[0])
    case "sign": x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0]
    case "floor": x[0].rounded(.down)
    case "ceil": x[0].rounded(.up)
    case "round": x[0].rounded(.toNearestOrEven)
    case "stop_gradient": x[0]
    case "max": x.contains(where: \.isNaN) ? .nan : x.max()
    case "min": x.contains(where: \.isNaN) ? .nan : x.min()
    case "sum": x.reduce(0, +)
    case "mean": x.reduce(0, +) / Double(x.count)
    case "logsumexp":
      x.max().map { greatest in greatest + log(x.reduce(0) { $0 + exp($1 - greatest) }) }
    default: nil
    }
  }
}
