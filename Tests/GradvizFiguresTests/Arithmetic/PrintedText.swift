import Foundation

/// Evaluates printed text as a reader with a pocket calculator would, without using the package.
struct PrintedText {
  struct Result {
    var value: Double
    /// The largest intermediate number: its rounding is the calculator's, not the figure's.
    var size: Double
    /// Half a unit of the last digit; for a formula, over all of its numbers.
    var halfUnit: Double
    var isNumber: Bool
  }

  private let characters: [Character]
  private var place = 0
  private let names: [String: Double]
  private var largest = 0.0
  private var halfUnits = 0.0
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
    return Result(value: value, size: reader.largest, halfUnit: reader.halfUnits, isNumber: false)
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

  /// `−0.4200`, `1.5×10⁻⁹`, `10⁶`, `∞`.
  private static func number(_ text: String, _ precision: Int) -> Result? {
    func result(_ value: Double, _ halfUnit: Double) -> Result {
      Result(value: value, size: value.isFinite ? abs(value) : 0, halfUnit: halfUnit, isNumber: true)
    }
    if text == "NaN" { return result(.nan, 0) }
    if text == "∞" || text == "−∞" { return result(text == "∞" ? .infinity : -.infinity, 0) }
    guard let match = text.wholeMatch(of: /(−?)([0-9]+(?:\.([0-9]+))?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/) else {
      guard let power = text.wholeMatch(of: /(−?)10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/),
        let exponent = Int(String(power.2.compactMap { superscripts[$0] }))
      else { return nil }
      let value = (power.1.isEmpty ? 1 : -1) * pow(10, Double(exponent))
      return result(value, 0.5 * pow(10, Double(exponent - precision + 1)))
    }
    let exponent = match.4.flatMap { Int(String($0.compactMap { superscripts[$0] })) } ?? 0
    guard let value = Double("\(match.1.isEmpty ? "" : "-")\(match.2)e\(exponent)") else { return nil }
    let last = exponent - (match.3?.count ?? 0)
    let first = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
    return result(value, value == 0 ? 0 : 0.5 * pow(10, Double(min(last, first - precision + 1))))
  }

  private mutating func number() -> Double? {
    let rest = String(characters[place...])
    guard let match = rest.prefixMatch(of: /([0-9]+(?:\.[0-9]+)?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/) else { return nil }
    place += match.0.count
    halfUnits += Self.number(String(match.0), precision)?.halfUnit ?? 0
    let exponent = match.2.flatMap { Int(String($0.compactMap { Self.superscripts[$0] })) } ?? 0
    return Double("\(match.1)e\(exponent)")
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

  private mutating func known(_ value: Double) -> Double {
    if value.isFinite { largest = max(largest, abs(value)) }
    return value
  }

  private mutating func sum() -> Double? {
    guard var total = product() else { return nil }
    while let sign = next, "+−-".contains(sign) {
      place += 1
      guard let term = product() else { return nil }
      total = known(sign == "+" ? total + term : total - term)
    }
    return total
  }

  private mutating func product() -> Double? {
    if take("−") || take("-") { return product().map { -$0 } }
    guard var total = power() else { return nil }
    while let sign = next, "×·*/".contains(sign) {
      place += 1
      // In its frame a negative factor has no parentheses.
      let isNegative = "×·".contains(sign) && take("−")
      guard let size = power() else { return nil }
      let factor = isNegative ? -size : size
      total = known(sign == "/" ? total / factor : total * factor)
    }
    return total
  }

  private mutating func power() -> Double? {
    guard let base = primary() else { return nil }
    if take("^{") {
      guard let exponent = sum(), take("}") else { return nil }
      return known(pow(base, exponent))
    }
    if take("^") { return primary().map { known(pow(base, $0)) } }
    let digits = characters[place...].prefix { Self.superscripts[$0] != nil }
    guard !digits.isEmpty else {
      if take("ᵗ") { return names["t"].map { known(pow(base, $0)) } }
      return base
    }
    place += digits.count
    return Double(String(digits.compactMap { Self.superscripts[$0] })).map { known(pow(base, $0)) }
  }

  private mutating func primary() -> Double? {
    if take("(") {
      guard let value = sum(), take(")") else { return nil }
      return value
    }
    if take("⟨") {
      guard let top = sum(), take("⁄"), let bottom = sum(), take("⟩") else { return nil }
      return known(top / bottom)
    }
    if take("|") {
      guard let value = sum(), take("|") else { return nil }
      return abs(value)
    }
    if take("[") {
      guard let value = sum(), take(">") || take("≥"), let other = sum(), take("]") else { return nil }
      return value > other ? 1 : 0
    }
    if take("∞") { return .infinity }
    if take("NaN") { return .nan }
    if take("√") { return primary().map { known($0.squareRoot()) } }
    if let number = number() { return known(number) }
    return word()
  }

  private mutating func word() -> Double? {
    let letters = characters[place...].prefix { $0.isLetter || $0 == "_" }
    guard !letters.isEmpty else { return nil }
    let word = String(letters)
    let start = place
    place += letters.count
    if take("("), var arguments = sum().map({ [$0] }) {
      while take(",") {
        guard let next = sum() else { return nil }
        arguments.append(next)
      }
      guard take(")") else { return nil }
      return Self.apply(word, arguments).map { known($0) }
    }
    place = start + letters.count
    return names[word].map { known($0) }
  }

  private static func apply(_ word: String, _ x: [Double]) -> Double? {
    switch word {
    case "exp": exp(x[0])
    case "log", "ln": log(x[0])
    case "tanh": tanh(x[0])
    case "σ", "sigmoid": 1 / (1 + exp(-x[0]))
    case "relu": x[0].isNaN ? x[0] : max(x[0], 0)
    case "sin": sin(x[0])
    case "cos": cos(x[0])
    case "sqrt": x[0].squareRoot()
    case "abs": abs(x[0])
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
