import GradvizSystem

/// The at most 256 colors of an indexed picture: its own if they are so few, otherwise those of a median cut.
///
/// Each part of the cut is shown in its most frequent color, so that areas keep theirs; what differs is between letters
/// or wires and what is behind them.
struct ColorTable {
  /// Each 0xRRGGBB.
  private(set) var colors: [UInt32] = []
  /// The index of what is seen through; nil if there is nothing.
  private(set) var transparent: Int?
  private var indexByColor: [UInt32: UInt8] = [:]

  static let maxColors = 256

  /// The colors of pictures that share a table.
  init(_ frames: [Pixels]) {
    var pixelsByColor: [UInt32: Int] = [:]
    for frame in frames { for run in frame.runs { pixelsByColor[run.color, default: 0] += run.count } }
    if pixelsByColor.removeValue(forKey: 0) != nil {
      transparent = 0
      colors.append(0xFFFFFF)
      indexByColor[0] = 0
    }
    // In the order of their numbers, so that a picture always gives the same table.
    let all = pixelsByColor.keys.sorted().map { Weighed(color: $0, count: pixelsByColor[$0] ?? 0) }
    for part in Self.parts(of: all, most: Self.maxColors - colors.count) {
      let index = UInt8(colors.count)
      colors.append((part.max { $0.count < $1.count }?.color ?? 0) & 0xFFFFFF)
      for one in part { indexByColor[one.color] = index }
    }
  }

  /// How long an index is.
  var bits: Int {
    var bits = 1
    while 1 << bits < colors.count { bits += 1 }
    return bits
  }

  /// Red, green and blue of each, and black up to a power of two.
  var bytes: [UInt8] {
    (colors + [UInt32](repeating: 0, count: 1 << bits - colors.count)).flatMap { color in
      [16, 8, 0].map { UInt8(truncatingIfNeeded: color >> $0) }
    }
  }

  /// A picture of those from which the table was made, as an index for each pixel.
  func indices(of frame: Pixels) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(frame.width * frame.height)
    for run in frame.runs { result += repeatElement(indexByColor[run.color] ?? 0, count: run.count) }
    return result
  }

  // MARK: Median cut

  private struct Weighed {
    var color: UInt32
    var count: Int

    func part(_ axis: Int) -> Int { Int(color >> UInt32(8 * axis) & 255) }
  }

  /// How wide a part is: the axis of the greatest spread, its mean, and the spread of all its pixels.
  private struct Spread {
    var axis = 0
    var mean = 0.0
    var amount = 0.0

    init(_ part: ArraySlice<Weighed>) {
      guard part.count > 1 else { return }
      for axis in 0..<3 {
        var (weight, sum, squares) = (0.0, 0.0, 0.0)
        for one in part {
          // An area of a color pixelsByColor for more than a letter's edge, but not by its size.
          let (own, value) = (Double(one.count).squareRoot(), Double(one.part(axis)))
          weight += own
          sum += own * value
          squares += own * value * value
        }
        let own = squares - sum * sum / weight
        if own > amount { (self.axis, mean, amount) = (axis, sum / weight, own) }
      }
    }
  }

  /// Cuts what is spread most at its mean, again and again.
  private static func parts(of colors: [Weighed], most: Int) -> [ArraySlice<Weighed>] {
    guard colors.count > most else { return colors.indices.map { colors[$0...$0] } }
    var parts = [(slice: colors[...], spread: Spread(colors[...]))]
    while parts.count < most {
      guard let widest = parts.indices.max(by: { parts[$0].spread.amount < parts[$1].spread.amount }) else { break }
      let (slice, spread) = parts[widest]
      guard spread.amount > 0 else { break }
      let low = slice.filter { Double($0.part(spread.axis)) <= spread.mean }
      let high = slice.filter { Double($0.part(spread.axis)) > spread.mean }
      guard !low.isEmpty, !high.isEmpty else { break }
      parts[widest] = (low[...], Spread(low[...]))
      parts.append((high[...], Spread(high[...])))
    }
    return parts.map(\.slice)
  }
}
