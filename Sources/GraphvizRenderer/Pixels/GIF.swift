/// A picture as runs of pixels of one color, row by row: figures have few colors, and large areas of one.
struct Pixels: Sendable {
  let width: Int
  let height: Int
  /// Each 0xAARRGGBB, with the colors not multiplied by the opacity.
  private(set) var runs: [(color: UInt32, count: Int)] = []

  /// - Parameter pixels: row by row, each 0xAARRGGBB with the colors multiplied by the opacity.
  init(width: Int, height: Int, _ pixels: some Collection<UInt32>) {
    self.width = width
    self.height = height
    var (last, count): (UInt32?, Int) = (nil, 0)
    for pixel in pixels {
      if pixel == last {
        count += 1
        continue
      }
      if let last { runs.append((Self.plain(last), count)) }
      (last, count) = (pixel, 1)
    }
    if let last { runs.append((Self.plain(last), count)) }
  }

  /// What a file without degrees of opacity shows: the color itself, or nothing, which is 0.
  private static func plain(_ pixel: UInt32) -> UInt32 {
    let opacity = pixel >> 24
    guard opacity < 255 else { return pixel }
    guard opacity >= 128 else { return 0 }
    let parts = [16, 8, 0].map { min(255, ((pixel >> $0 & 255) * 255 + opacity / 2) / opacity) << $0 }
    return parts.reduce(0xFF00_0000, |)
  }
}

/// Pictures of one size as one file that shows them one after the other, again and again (GIF89a).
enum GIF {
  /// The file; a picture replaces the one before, of which only what differs is written.
  ///
  /// - Parameters:
  ///   - frames: at least one.
  ///   - seconds: how long each is shown.
  static func animated(_ frames: [Pixels], seconds: [Double]) -> [UInt8] {
    let table = ColorTable(frames)
    let (width, height) = (frames[0].width, frames[0].height)
    let sizeCode = UInt8(table.bits - 1)
    let hasGlobalTableOf8Bits: UInt8 = 0b1111_0000
    var file = Array("GIF89a".utf8) + short(width) + short(height) + [hasGlobalTableOf8Bits | sizeCode, 0, 0]
    file += table.bytes
    // Without an end.
    file += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    var shown: [UInt8]?
    for (frame, seconds) in zip(frames, seconds) {
      let indices = table.indices(of: frame)
      let part =
        shown.flatMap { table.transparent == nil ? Part(from: $0, to: indices, width: width) : nil }
        ?? Part(x: 0, y: 0, width: width, height: height)
      // What is left to be seen through shows what was before, unless that is removed.
      let (keeps, removes): (UInt8, UInt8) = (1 << 2, 2 << 2)
      let (disposal, mark) = table.transparent.map { (removes | 1, UInt8($0)) } ?? (keeps, 0)
      file += [0x21, 0xF9, 4, disposal] + short(Int((seconds * 100).rounded())) + [mark, 0]
      file += [0x2C] + short(part.x) + short(part.y) + short(part.width) + short(part.height) + [0]
      file += LZW.compressed(part.cut(from: indices, width: width), bits: max(2, table.bits))
      shown = indices
    }
    return file + [0x3B]
  }

  private static func short(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }

  /// A rectangle of a picture.
  private struct Part {
    var (x, y, width, height): (Int, Int, Int, Int)

    init(x: Int, y: Int, width: Int, height: Int) { (self.x, self.y, self.width, self.height) = (x, y, width, height) }

    /// What has changed; one pixel where nothing has, as a frame is never empty.
    init(from old: [UInt8], to new: [UInt8], width count: Int) {
      var (left, right, top, bottom) = (Int.max, 0, Int.max, 0)
      for row in 0..<new.count / count {
        let places = row * count..<(row + 1) * count
        guard old[places] != new[places] else { continue }
        (top, bottom) = (min(top, row), row)
        let first = places.first { old[$0] != new[$0] } ?? places.lowerBound
        let last = places.last { old[$0] != new[$0] } ?? first
        (left, right) = (min(left, first - places.lowerBound), max(right, last - places.lowerBound))
      }
      self =
        top == .max
        ? Part(x: 0, y: 0, width: 1, height: 1)
        : Part(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }

    func cut(from pixels: [UInt8], width count: Int) -> [UInt8] {
      var result: [UInt8] = []
      result.reserveCapacity(width * height)
      for row in y..<y + height { result += pixels[row * count + x..<row * count + x + width] }
      return result
    }
  }
}

/// The compression of a GIF: codes of growing length for texts that were there before (appendix F).
private struct LZW {
  private static let maxCodes = 4096

  private let bits: Int
  /// The code of a text and one more index, by the text's code and the index; of the table's number, so that a new
  /// table is empty at once.
  private var codes: [UInt32]
  private var number: UInt32 = 1
  private var next = 0
  private var length = 0
  private var (waiting, count): (UInt32, Int) = (0, 0)
  private var output: [UInt8] = []

  /// The data of a frame: the length of its first codes, and blocks of at most 255 bytes.
  static func compressed(_ indices: [UInt8], bits: Int) -> [UInt8] {
    var encoder = LZW(bits: bits)
    encoder.encode(indices)
    var result = [UInt8(bits)]
    for start in stride(from: 0, to: encoder.output.count, by: 255) {
      let block = encoder.output[start..<min(start + 255, encoder.output.count)]
      result.append(UInt8(block.count))
      result += block
    }
    return result + [0]
  }

  private init(bits: Int) {
    self.bits = bits
    codes = [UInt32](repeating: 0, count: Self.maxCodes << bits)
    next = (1 << bits) + 2
    length = bits + 1
  }

  private var clear: Int { 1 << bits }

  private mutating func encode(_ indices: [UInt8]) {
    write(clear)
    var text: Int?
    for index in indices {
      guard let begun = text else {
        text = Int(index)
        continue
      }
      let place = begun << bits | Int(index)
      let known = codes[place]
      if known >> 12 == number {
        text = Int(known & 4095)
        continue
      }
      write(begun)
      text = Int(index)
      if next == Self.maxCodes {
        write(clear)
        (number, next, length) = (number + 1, clear + 2, bits + 1)
      } else {
        codes[place] = number << 12 | UInt32(next)
        // The reader knows this code one later.
        if next == 1 << length { length += 1 }
        next += 1
      }
    }
    if let text { write(text) }
    // The reader may take the next code to be longer by now.
    if next == 1 << length, length < 12 { length += 1 }
    write(clear + 1)
    if count > 0 { output.append(UInt8(truncatingIfNeeded: waiting)) }
  }

  private mutating func write(_ code: Int) {
    waiting |= UInt32(code) << UInt32(count)
    count += length
    while count >= 8 {
      output.append(UInt8(truncatingIfNeeded: waiting))
      (waiting, count) = (waiting >> 8, count - 8)
    }
  }
}
