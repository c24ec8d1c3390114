/// An opaque color, written as `#rrggbb`, or by name if the renderer knows it.
package struct Color: Hashable, Sendable {
  package let red, green, blue: UInt8
  package var name: String?

  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Creates a color from 24 bits, as in `Color(0xFFF0B3)`.
  package init(_ rgb: UInt32) {
    red = UInt8(truncatingIfNeeded: rgb >> 16)
    green = UInt8(truncatingIfNeeded: rgb >> 8)
    blue = UInt8(truncatingIfNeeded: rgb)
  }

  /// The color in DOT text.
  var word: String { name ?? hex }

  package var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
