import Foundation

/// Numbers as a figure shows them: so many significant digits, a true minus sign, ×10ⁿ for the very
/// large and the very small, and no `-0`.
public struct NumberFormat: Sendable {
  /// Significant digits, 1 to 12: libm's last bits differ between machines, and a figure must not.
  public let precision: Int

  public init(precision: Int) { self.precision = min(max(precision, 1), 12) }

  public func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    if value == 0 { return "0" }
    var (digits, exponent) = significant(abs(value))
    var count = precision
    while count > 1, digits % 10 == 0 {
      digits /= 10
      count -= 1
    }
    if exponent < -4 || exponent >= max(precision, 6) {
      let mantissa = Self.decimal(digits, count, before: 1)
      return "\(value < 0 ? "−" : "")\(mantissa)×10\(Self.superscript(exponent))"
    }
    return (value < 0 ? "−" : "") + Self.decimal(digits, count, before: exponent + 1)
  }

  /// So many digits with a point after the first `before` of them; zeros where there are none.
  private static func decimal(_ digits: Int, _ count: Int, before: Int) -> String {
    String(unsafeUninitializedCapacity: 40) { buffer in
      let zero = UInt8(ascii: "0")
      let leading = max(1 - before, 0)
      // With the zeros in front there is at least one digit before the point.
      let (all, whole) = (count + leading, before + leading)
      let hasPoint = all > whole
      let length = max(all, whole) + (hasPoint ? 1 : 0)
      var rest = digits
      for place in (0..<max(all, whole)).reversed() {
        let at = hasPoint && place >= whole ? place + 1 : place
        if place >= leading && place < all {
          buffer[at] = zero + UInt8(rest % 10)
          rest /= 10
        } else {
          buffer[at] = zero
        }
      }
      if hasPoint { buffer[whole] = UInt8(ascii: ".") }
      return length
    }
  }

  private static let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

  /// The significant digits as one number, and the exponent of the first: 0.0421 to three digits is 421, −2.
  private func significant(_ value: Double) -> (digits: Int, exponent: Int) {
    var exponent = Int(log10(value).rounded(.down))
    // A power of ten up to 22 is exact, so that one rounding precedes ours; it matters only right beside a half.
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
    let parts = String(format: "%.\(precision - 1)e", value).split(separator: "e")
    return (
      Int((parts.first ?? "0").filter { $0 != "." }) ?? 0, Int(parts.last ?? "0") ?? 0
    )
  }

  /// A value's name on one line, its indices as the small figures below the line: `w₂`, `x₁,₂`.
  public static func name(_ name: String) -> String { TypesetName(name).flat }

  /// A factor inside a product or a difference: negative numbers in parentheses.
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
