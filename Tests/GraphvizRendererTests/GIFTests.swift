import GradvizDOT
import Testing

@testable import GraphvizRenderer

/// A reader of GIF files by the specification (GIF89a, appendix F), of its own.
struct GIFReader {
  struct Frame {
    /// Each 0xRRGGBB of the whole picture, nil where it is seen through.
    var pixels: [UInt32?]
    var hundredths: Int
    /// Of the part that the frame has.
    var part: [Int]
  }

  private(set) var width = 0
  private(set) var height = 0
  private(set) var colors: [UInt32] = []
  private(set) var repeats: Int?
  private(set) var frames: [Frame] = []

  private let bytes: [UInt8]
  private var place = 0

  private struct Fault: Error { var place: Int }

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    guard bytes.starts(with: Array("GIF89a".utf8)) else { throw Fault(place: 0) }
    place = 6
    (width, height) = (try short(), try short())
    let flags = try byte()
    _ = (try byte(), try byte())
    guard flags & 0x80 != 0 else { throw Fault(place: 10) }
    for _ in 0..<2 << (flags & 7) {
      colors.append(try UInt32(byte()) << 16 | UInt32(byte()) << 8 | UInt32(byte()))
    }
    var canvas = [UInt32?](repeating: nil, count: width * height)
    var (control, delay, transparent): (UInt8, Int, Int?) = (0, 0, nil)
    while true {
      switch try byte() {
      case 0x3B:
        guard place == bytes.count else { throw Fault(place: place) }
        return
      case 0x21:
        let label = try byte()
        let data = try blocks()
        if label == 0xF9 {
          control = data[0]
          delay = Int(data[1]) | Int(data[2]) << 8
          transparent = control & 1 == 1 ? Int(data[3]) : nil
        } else if label == 0xFF, data.starts(with: Array("NETSCAPE2.0".utf8)) {
          repeats = Int(data[12]) | Int(data[13]) << 8
        }
      case 0x2C:
        let part = [try short(), try short(), try short(), try short()]
        guard try byte() == 0 else { throw Fault(place: place) }
        let indices = try decoded()
        guard indices.count == part[2] * part[3], part[0] + part[2] <= width, part[1] + part[3] <= height else {
          throw Fault(place: place)
        }
        for (number, index) in indices.enumerated() where index != transparent {
          canvas[(part[1] + number / part[2]) * width + part[0] + number % part[2]] = colors[index]
        }
        frames.append(Frame(pixels: canvas, hundredths: delay, part: part))
        if control >> 2 & 7 == 2 { canvas = [UInt32?](repeating: nil, count: width * height) }
      default: throw Fault(place: place)
      }
    }
  }

  private mutating func byte() throws -> UInt8 {
    guard place < bytes.count else { throw Fault(place: place) }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func short() throws -> Int { Int(try byte()) | Int(try byte()) << 8 }

  private mutating func blocks() throws -> [UInt8] {
    var data: [UInt8] = []
    while true {
      let count = Int(try byte())
      if count == 0 { return data }
      for _ in 0..<count { data.append(try byte()) }
    }
  }

  private mutating func decoded() throws -> [Int] {
    let bits = Int(try byte())
    let data = try blocks()
    let (clear, end) = (1 << bits, 1 << bits + 1)
    var texts: [[Int]] = []
    func emptied() -> [[Int]] { (0..<clear).map { [$0] } + [[], []] }
    var (bit, length, last): (Int, Int, [Int]?) = (0, bits + 1, nil)
    var result: [Int] = []
    while true {
      guard bit + length <= 8 * data.count else { throw Fault(place: place) }
      let code = (0..<length).reduce(0) { $0 | Int(data[(bit + $1) >> 3] >> ((bit + $1) & 7) & 1) << $1 }
      bit += length
      if code == clear {
        (texts, length, last) = (emptied(), bits + 1, nil)
        continue
      }
      if code == end { return result }
      guard let before = last else {
        guard code < clear else { throw Fault(place: place) }
        last = texts[code]
        result.append(code)
        continue
      }
      guard code <= texts.count else { throw Fault(place: place) }
      let text = code < texts.count ? texts[code] : before + [before[0]]
      if texts.count < 4096 { texts.append(before + [text[0]]) }
      if texts.count == 1 << length, length < 12 { length += 1 }
      result += text
      last = text
    }
  }
}

@Suite("GIF")
struct GIFTests {
  /// Numbers that differ from run to run of the loop only.
  private struct Numbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }

  private func opaque(_ colors: [UInt32]) -> [UInt32] { colors.map { 0xFF00_0000 | $0 } }

  /// Noise fills the table of codes many times, an area of one color has texts of any length.
  @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 128, 200, 256], [1, 7, 40])
  func `a picture of few colors is read as it was`(count: Int, run: Int) throws {
    var numbers = Numbers(state: UInt64(1000 * count + run))
    let palette = (0..<count).map { UInt32($0 * 65_793 % 0x100_0000) ^ UInt32(numbers.below(256)) << 8 }
    let (width, height) = (181, 97)
    let frames = (0..<3).map { _ -> [UInt32] in
      var picture: [UInt32] = []
      while picture.count < width * height {
        let color = palette[numbers.below(count)]
        picture += repeatElement(color, count: 1 + numbers.below(2 * run - 1))
      }
      return Array(picture.prefix(width * height))
    }
    let file = GIF.animated(
      frames.map { Pixels(width: width, height: height, opaque($0)) }, seconds: [0, 1.5, 4])
    let read = try GIFReader(file)
    #expect(read.width == width && read.height == height && read.repeats == 0)
    #expect(read.frames.map(\.hundredths) == [0, 150, 400])
    #expect(read.frames.map(\.pixels) == frames)
  }

  @Test func `only what has changed is written again`() throws {
    var picture = [UInt32](repeating: 0xFFFFFF, count: 50 * 30)
    let first = picture
    for row in 10..<14 { for column in 20..<29 { picture[row * 50 + column] = 0x0B7A43 } }
    let frames = [first, picture, picture, first].map { Pixels(width: 50, height: 30, opaque($0)) }
    let read = try GIFReader(GIF.animated(frames, seconds: [1, 1, 1, 1]))
    #expect(read.frames.map(\.part) == [[0, 0, 50, 30], [20, 10, 9, 4], [0, 0, 1, 1], [20, 10, 9, 4]])
    #expect(read.frames.map(\.pixels) == [first, picture, picture, first])
  }

  @Test func `what is seen through stays so, and each frame replaces the one before`() throws {
    let color: UInt32 = 0xFF17_4A5C
    // Half of the opacity is a color, less is nothing: Cairo's colors are multiplied by it.
    let (faint, half): (UInt32, UInt32) = (0x7F0B_252E, 0x800C_252E)
    let frames = [[color, 0, 0, 0], [0, color, faint, half]].map { Pixels(width: 2, height: 2, $0) }
    let read = try GIFReader(GIF.animated(frames, seconds: [1, 1]))
    #expect(read.frames[0].pixels == [0x174A5C, nil, nil, nil])
    #expect(Array(read.frames[1].pixels.prefix(3)) == [nil, 0x174A5C, nil])
    let last = try #require(read.frames[1].pixels[3])
    #expect(distance(last, 0x184A5C) <= 1)
  }

  private func distance(_ one: UInt32, _ other: UInt32) -> Int {
    [16, 8, 0].map { abs(Int(one >> $0 & 255) - Int(other >> $0 & 255)) }.max() ?? 0
  }

  @Test func `of many colors the areas keep theirs, and the others have one near by`() throws {
    let fills: [UInt32] = [0xFFFFFF, 0xBFE3F2, 0xFDE9C4, 0x0B7A43, 0x333A45]
    var picture = fills.flatMap { [UInt32](repeating: $0, count: 4000) }
    // The edges of letters: all shades between each pair.
    for one in fills {
      for other in fills {
        for step in 0..<200 {
          picture.append(
            [16, 8, 0].reduce(UInt32(0)) { color, shift in
              let (a, b) = (Int(one >> UInt32(shift) & 255), Int(other >> UInt32(shift) & 255))
              return color | UInt32(a + (b - a) * step / 200) << UInt32(shift)
            })
        }
      }
    }
    let read = try GIFReader(
      GIF.animated([Pixels(width: picture.count / 100, height: 100, opaque(picture))], seconds: [1]))
    #expect(Set(picture).count > 1500 && read.colors.count == 256)
    let shown = read.frames[0].pixels.map { $0 ?? 0 }
    #expect(Array(shown.prefix(20_000)) == Array(picture.prefix(20_000)))
    let distances = zip(shown, picture).map(distance)
    #expect(distances.max() ?? 0 <= 24, "\(distances.max() ?? 0)")
  }

  @Test func `the frames of drawings are shown in order`() throws {
    let file = try Graphviz.gif([(dot: blankGraph.text, seconds: 1.5), (dot: pinnedGraph.text, seconds: 4)], dpi: 72)
    let read = try GIFReader(file)
    #expect(read.width == 200 && read.height == 100 && read.frames.map(\.hundredths) == [150, 400])
    #expect(read.frames[0].pixels.allSatisfy { $0 == 0xFFFFFF })
    // Inside the first box, whose lower left corner is nearer to the origin.
    #expect(read.frames[1].pixels[74 * 200 + 35] == 0xBFE3F2 && read.frames[1].pixels[0] == 0xFFFFFF)
  }

  @Test func `frames of several sizes, or none, are an error`() {
    let wide = pinnedGraph.text.replacing("199.64,", with: "299.64,")
    #expect(throws: GraphvizError.self) {
      try Graphviz.gif([(dot: pinnedGraph.text, seconds: 1), (dot: wide, seconds: 1)])
    }
    #expect(throws: GraphvizError.self) { try Graphviz.gif([]) }
    #expect(throws: GraphvizError.self) { try Graphviz.gif([(dot: pinnedGraph.text, seconds: 66)]) }
    #expect(throws: GraphvizError.self) { try Graphviz.gif([(dot: pinnedGraph.text, seconds: 1)], dpi: 5) }
  }
}
