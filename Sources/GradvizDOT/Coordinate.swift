/// Formats coordinates and sizes.
package enum Coordinate {
  /// Formats a number with at most `decimals` decimals, without trailing zeros, `-0` or a locale.
  package static func text(_ value: Double, decimals: Int = 2) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (value * scale).rounded()
    // Coordinates stay far below this; anything larger cannot be drawn.
    guard rounded.isFinite, abs(rounded) < 1e15 else { return "0" }
    let whole = Int64(rounded)
    let divisor = UInt64(scale)
    let magnitude = whole.magnitude
    // Written backwards into a buffer on the stack, since a figure has a hundred thousand of them.
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { room in
      var place = 24
      func write(_ byte: UInt8) {
        place -= 1
        room[place] = byte
      }
      var fraction = magnitude % divisor
      if fraction != 0 {
        var digits = decimals
        while fraction % 10 == 0 {
          fraction /= 10
          digits -= 1
        }
        for _ in 0..<digits {
          write(UInt8(ascii: "0") + UInt8(fraction % 10))
          fraction /= 10
        }
        write(UInt8(ascii: "."))
      }
      var rest = magnitude / divisor
      repeat {
        write(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      if whole < 0 { write(UInt8(ascii: "-")) }
      return String(decoding: room[place...], as: UTF8.self)
    }
  }
}
