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
    // "%e" rounds once, correctly, to the digits asked for; the rest is moving the point.
    let scientific = String(format: "%.\(precision - 1)e", abs(value))
    let parts = scientific.split(separator: "e")
    let exponent = Int(parts.last ?? "0") ?? 0
    var digits = Array((parts.first ?? "0").filter { $0 != "." })
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    let sign = value < 0 ? "−" : ""
    if exponent < -4 || exponent >= max(precision, 6) {
      let mantissa = String(digits[0]) + (digits.count > 1 ? "." + String(digits[1...]) : "")
      return "\(sign)\(mantissa)×10\(Self.superscript(exponent))"
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits)
    }
    if digits.count <= exponent + 1 {
      return sign + String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return sign + String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
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
