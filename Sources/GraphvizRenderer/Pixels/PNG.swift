/// What Cairo leaves out of a PNG file: its resolution, and movement.
enum PNG {
  /// The signature and the first chunk, `IHDR`, which all files begin with.
  private static let headerLength = 8 + 12 + 13

  /// What a file says of its size, and of how its pixels are written.
  static func header(of file: [UInt8]) -> ArraySlice<UInt8> { file.prefix(headerLength) }

  /// The file with a chunk that says how many pixels an inch has (PNG, third edition, 11.3.4.3), so that whatever
  /// prints it or sets it in a page knows its size.
  static func saying(dpi: Double, _ file: [UInt8]) -> [UInt8] {
    guard file.count >= headerLength else { return file }
    let pixelsOfMetre = UInt32((dpi / 0.0254).rounded())
    let metres: UInt8 = 1
    let content = bytes(pixelsOfMetre) + bytes(pixelsOfMetre) + [metres]
    return file[..<headerLength] + chunk("pHYs", content) + file[headerLength...]
  }

  /// One file that shows pictures of one size one after the other, again and again (PNG, third edition, 11.3.6); what
  /// does not move shows `still`, which is not one of them.
  ///
  /// - Parameter seconds: how long each is shown.
  static func animated(_ frames: [[UInt8]], seconds: [Double], still: [UInt8]) -> [UInt8] {
    let parts = chunks(of: still)
    let size = parts.first?.content.prefix(8) ?? []
    var number: UInt32 = 0
    func next() -> [UInt8] {
      defer { number += 1 }
      return bytes(number)
    }
    var moving: [UInt8] = []
    for (frame, seconds) in zip(frames, seconds) {
      let place = [UInt8](repeating: 0, count: 8)
      let milliseconds = UInt16((seconds * 1000).rounded())
      let delay = [UInt8(milliseconds >> 8), UInt8(milliseconds & 255), UInt8(1000 >> 8), UInt8(1000 & 255)]
      // Each replaces the one before.
      moving += chunk("fcTL", next() + size + place + delay + [0, 0])
      for part in chunks(of: frame) where part.type == "IDAT" { moving += chunk("fdAT", next() + part.content) }
    }
    let forever = bytes(0)
    let control = chunk("acTL", bytes(UInt32(frames.count)) + forever)
    return parts.reduce(into: Array(still.prefix(8))) { file, part in
      if part.type == "IEND" { file += moving }
      file += chunk(part.type, Array(part.content))
      if part.type == "IHDR" { file += control }
    }
  }

  private static func chunks(of file: [UInt8]) -> [(type: String, content: ArraySlice<UInt8>)] {
    var parts: [(type: String, content: ArraySlice<UInt8>)] = []
    var place = 8
    while place + 12 <= file.count {
      let count = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + count <= file.count else { break }
      let type = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
      parts.append((type, file[place + 8..<place + 8 + count]))
      place += 12 + count
    }
    return parts
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return bytes(UInt32(content.count)) + body + bytes(checksum(body))
  }

  private static func bytes(_ number: UInt32) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
  }

  /// The cyclic redundancy check of a chunk's type and content (annex D).
  private static func checksum(_ chunk: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in chunk { remainder = remainders[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ remainder >> 8 }
    return ~remainder
  }

  /// By the byte that is divided.
  private static let remainders: [UInt32] = (0..<256).map { (byte: UInt32) -> UInt32 in
    var remainder = byte
    for _ in 0..<8 { remainder = remainder & 1 == 0 ? remainder >> 1 : 0xEDB8_8320 ^ remainder >> 1 }
    return remainder
  }
}
