import GradvizGraph
import GradvizSystem

/// Formats numbers in figures: a number of significant digits, a true minus sign, ×10ⁿ for very large and
/// very small numbers, and no `-0`.
///
/// A rounded number keeps its zeros (`0.4200`), an exact one has none (`0.5`); digits before the decimal point are never
/// rounded away (`20164`, even with four digits), and from three digits on a rounded number has one after it (`20164.4`).
package struct NumberFormat: Sendable {
  /// Significant digits, 1 to ``maxDigits``.
  package let precision: Int
  /// Whether a rounded number has a digit after its point even with two digits or one.
  private let keepsPoint: Bool
  /// What stands before the decimals.
  package let mark: Mark
  /// Whether its numbers are blanks: each stands between the marks of one.
  package private(set) var isHidden = false

  package typealias Mark = ComputationGraph.Presentation.DecimalMark

  /// The maximum precision.
  ///
  /// The last bits of libm differ between machines, and figures must not: a number whose further digits are zeros
  /// counts as exact.
  package static let maxDigits = 12
  /// Integers with more digits are written with ×10ⁿ.
  private static let longestWhole = 9
  /// With fewer digits, as somebody asked for, a rounded number may look whole.
  private static let minWithPoint = 3

  package init(precision: Int, mark: Mark = .point) {
    self.init(precision: precision, keepsPoint: false, mark: mark)
  }

  private init(precision: Int, keepsPoint: Bool, mark: Mark) {
    self.mark = mark
    self.precision = min(max(precision, 1), Self.maxDigits)
    self.keepsPoint = keepsPoint || precision >= Self.minWithPoint
  }

  /// One more digit, for a factor whose printed product would otherwise miss its result.
  var finer: NumberFormat { with(precision + 1) }

  /// The same with all digits that are ever shown.
  var full: NumberFormat { with(Self.maxDigits) }

  /// The same with so many digits.
  package func with(_ precision: Int) -> NumberFormat {
    var format = NumberFormat(precision: precision, mark: mark)
    format.isHidden = isHidden
    return format
  }

  /// The same for numbers that a reader is to fill in, and for those that are given.
  var hidden: NumberFormat { with(isHidden: true) }
  var open: NumberFormat { with(isHidden: false) }
  private func with(isHidden: Bool) -> NumberFormat {
    var format = self
    format.isHidden = isHidden
    return format
  }

  /// Two digits at the most, where there is little room, not because they were asked for: 28.5 is not 28.
  var dense: NumberFormat { atMost(2) }

  /// At most so many digits, with a rounded number's point where this has one.
  func atMost(_ precision: Int) -> NumberFormat {
    var format = NumberFormat(precision: min(self.precision, precision), keepsPoint: keepsPoint, mark: mark)
    format.isHidden = isHidden
    return format
  }

  package func text(_ value: Double) -> String { printed(value).text }

  /// What stands between a value and its printed form.
  ///
  /// It is `≈` where that looks like a number with all its digits and is another one, as 10¹⁵ for 10¹⁵ + 0.5, not for the
  /// last bits of a sum, as in 0.1 + 0.2 = 0.3.
  func relation(to value: Double) -> Relation {
    let shown = shown(value)
    guard value.isFinite, shown.value.exactness == .exact else { return .equal }
    return (WideNumber(value) - shown.value).magnitude.high > 3 * value.ulp ? .about : .equal
  }

  /// The printed form of a number.
  func printed(_ value: Double) -> PrintedNumber { isHidden ? shown(value).hidden : shown(value) }

  private func shown(_ value: Double) -> PrintedNumber {
    guard value.isFinite, value != 0 else { return PrintedNumber(unrounded: value) }
    var (digits, exponent) = Self.significant(abs(value), Self.maxDigits)
    var count = Self.maxDigits
    while count > 1, digits % 10 == 0 {
      digits /= 10
      count -= 1
    }
    let maxBeforePoint = max(precision, 6)
    let isWhole = count <= exponent + 1
    let isExact = count <= precision || isWhole && exponent < max(precision, Self.longestWhole)
    if !isExact {
      (digits, exponent) = Self.significant(abs(value), precision)
      count = precision
      let hasPoint = keepsPoint
      if exponent >= (hasPoint ? precision - 1 : precision), exponent < maxBeforePoint {
        let shown = Int((abs(value) * (hasPoint ? 10 : 1)).rounded(.toNearestOrEven))
        let places = String(shown).count
        let first = places - (hasPoint ? 2 : 1)
        if first < maxBeforePoint { (digits, count, exponent) = (shown, places, first) }
      }
    }
    let isPositional =
      (-4..<maxBeforePoint).contains(exponent) || isExact && isWhole && count > precision
    return PrintedNumber(
      isNegative: value < 0, digits: digits, count: count, exponent: exponent, isExact: isExact,
      isPositional: isPositional, precision: precision, mark: mark)
  }

  private static let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The significant digits as one number, and the exponent of the first: 0.0421 with three digits is 421,
  /// −2.
  private static func significant(_ value: Double, _ precision: Int) -> (digits: Int, exponent: Int) {
    var exponent = Int(log10(value).rounded(.down))
    // A power of ten up to 22 is exact, so that only one rounding precedes ours; it matters only next to a
    // half.
    for _ in 0..<2 {
      let shift = precision - 1 - exponent
      guard abs(shift) < Self.powersOfTen.count else { break }
      let scaled = shift >= 0 ? value * Self.powersOfTen[shift] : value / Self.powersOfTen[-shift]
      if scaled < Self.powersOfTen[precision - 1] {
        exponent -= 1
        continue
      }
      let digits = scaled.rounded()
      guard digits < Self.powersOfTen[precision] else {
        exponent += 1
        continue
      }
      guard abs(scaled - scaled.rounded(.down) - 0.5) > 1e-3 else { break }
      return (Int(digits), exponent)
    }
    // "%e" rounds once, correctly.
    let parts = value.scientific(decimals: precision - 1).split(separator: "e")
    return (
      Int((parts.first ?? "0").filter { $0 != "." }) ?? 0, Int(parts.last ?? "0") ?? 0
    )
  }

  /// A value's name on one line of plain text, with its indices and its sample as small digits: `w₂`, `W₁,₂`, `x₁⁽³⁾`.
  ///
  /// - Parameters:
  ///   - name: the name in the graph: `w2`, `W[0, 1]`, `x[2, 0]`.
  ///   - lane: the sample that the value belongs to, from 0; nil if it belongs to none.
  package static func name(_ name: String, lane: Int? = nil) -> String { TypesetName(name, lane: lane).flat }

  /// A factor, or a term after a sign: negative numbers are in parentheses.
  func factor(_ value: Double) -> String {
    let text = text(value)
    return text.hasPrefix("−") ? "(\(text))" : text
  }

  static func superscript(_ number: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(
      String(number).map { character in
        character == "-" ? "⁻" : digits[character.wholeNumberValue ?? 0]
      })
  }
}
