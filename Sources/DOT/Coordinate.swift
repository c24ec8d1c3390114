/// Coordinates and sizes as text.
public enum Coordinate {
  /// A number with at most `decimals` decimals, without trailing zeros, `-0` or a locale.
  public static func text(_ value: Double, decimals: Int = 2) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (value * scale).rounded()
    // Coordinates stay far below this; anything beyond is no drawing.
    guard rounded.isFinite, abs(rounded) < 1e15 else { return "0" }
    let whole = Int64(rounded)
    let divisor = Int64(scale)
    let magnitude = whole.magnitude
    var result = (whole < 0 ? "-" : "") + String(magnitude / UInt64(divisor))
    let fraction = magnitude % UInt64(divisor)
    if fraction != 0 {
      var digits = String(fraction)
      digits = String(repeating: "0", count: decimals - digits.count) + digits
      while digits.last == "0" { digits.removeLast() }
      result += "." + digits
    }
    return result
  }
}
