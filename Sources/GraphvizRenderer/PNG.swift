/// What Cairo leaves out of a PNG file.
enum PNG {
  /// The signature and the first chunk, `IHDR`, which all files begin with.
  private static let headerLength = 8 + 12 + 13

  /// The file with a chunk that says how many pixels an inch has (PNG, third edition, 11.3.4.3), so that whatever
  /// prints it or sets it in a page knows its size.
  static func saying(dpi: Double, _ file: [UInt8]) -> [UInt8] {
    guard file.count >= headerLength else { return file }
    let pixelsOfMetre = UInt32((dpi / 0.0254).rounded())
    let metres: UInt8 = 1
    let chunk = Array("pHYs".utf8) + bytes(pixelsOfMetre) + bytes(pixelsOfMetre) + [metres]
    return file[..<headerLength] + bytes(UInt32(chunk.count - 4)) + chunk + bytes(checksum(chunk))
      + file[headerLength...]
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
  }

  /// The cyclic redundancy check of a chunk's type and content (annex D).
  private static func checksum(_ chunk: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in chunk {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder & 1 == 0 ? remainder >> 1 : 0xEDB8_8320 ^ remainder >> 1 }
    }
    return ~remainder
  }
}
