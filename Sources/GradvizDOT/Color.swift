/// An opaque colour, written `#rrggbb`, or by its name where whoever draws the text knows it.
public struct Color: Hashable, Sendable {
  public let red, green, blue: UInt8
  public var name: String?

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from 24 bits, as in `Color(0xFFF0B3)`.
  public init(_ rgb: UInt32) {
    red = UInt8(truncatingIfNeeded: rgb >> 16)
    green = UInt8(truncatingIfNeeded: rgb >> 8)
    blue = UInt8(truncatingIfNeeded: rgb)
  }

  /// What a DOT text says for it.
  var word: String { name ?? hex }

  public var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
