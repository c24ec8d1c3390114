import Foundation
import GradvizDOT
import GradvizDrawing
import GraphvizRenderer
import Testing

@Suite("PNG and PDF")
struct FormatTests {
  /// Width and height that a PNG's header gives, in pixels.
  private func size(_ png: [UInt8]) -> (Int, Int)? {
    guard png.count > 24, png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      return nil
    }
    func number(_ start: Int) -> Int { png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    return (number(16), number(20))
  }

  /// The chunks of a PNG: four letters, content and check sum.
  private func chunks(_ png: [UInt8]) -> [(type: String, content: [UInt8], checksum: UInt32)] {
    func number(_ start: Int) -> UInt32 { png[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) } }
    var chunks: [(String, [UInt8], UInt32)] = []
    var start = 8
    while start + 12 <= png.count {
      let end = start + 8 + Int(number(start))
      guard end + 4 <= png.count else { return [] }
      let type = String(decoding: png[start + 4..<start + 8], as: UTF8.self)
      chunks.append((type, Array(png[start + 8..<end]), number(end)))
      start = end + 4
    }
    return chunks
  }

  /// Polynomial division as PNG's annex D has it, bit by bit from a table of none.
  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      for bit in 0..<8 {
        let differs = (remainder ^ UInt32(byte >> UInt8(bit))) & 1 == 1
        remainder = differs ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
      }
    }
    return remainder ^ 0xFFFF_FFFF
  }

  @Test(arguments: [(1.0, 144.0), (1, 72), (1, 300), (2, 72), (0.5, 96), (1.5, 144)])
  func `A PNG has the scale and the resolution that were asked for, and says the latter`(
    scale: Double, dpi: Double
  ) throws {
    let png = try Graphviz.png(pinnedGraph.text, scale: scale, dpi: dpi)
    let (width, height) = try #require(size(png))
    #expect(abs(Double(width) - 200 * scale * dpi / 72) <= 2)
    #expect(abs(Double(height) - 100 * scale * dpi / 72) <= 2)
    let chunks = chunks(png)
    #expect(chunks.first?.type == "IHDR" && chunks.last?.type == "IEND")
    let place = try #require(chunks.firstIndex { $0.type == "pHYs" })
    #expect(place < (try #require(chunks.firstIndex { $0.type == "IDAT" })))
    let content = chunks[place].content
    func number(_ start: Int) -> Int { content[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    #expect(content.count == 9 && content[8] == 1)
    // Pixels a metre.
    #expect(abs(Double(number(0)) * 0.0254 - dpi) < 0.02 && number(4) == number(0))
    // libpng wrote those of the other chunks.
    for chunk in chunks { #expect(checksum(Array(chunk.type.utf8) + chunk.content) == chunk.checksum, "\(chunk.type)") }
  }

  @Test func `An animated PNG shows its frames in order, and the still picture where nothing moves`() throws {
    let frames = [(dot: blankGraph.text, seconds: 1.5), (dot: pinnedGraph.text, seconds: 4)]
    let moving = chunks(try Graphviz.apng(frames, still: pinnedGraph.text, dpi: 72))
    func content(_ type: String, of png: [UInt8]) -> [[UInt8]] {
      chunks(png).filter { $0.type == type }.map(\.content)
    }
    func number(_ bytes: some Collection<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
    for chunk in moving { #expect(checksum(Array(chunk.type.utf8) + chunk.content) == chunk.checksum, "\(chunk.type)") }
    let pictures = try frames.map { try Graphviz.png($0.dot, dpi: 72) }
    // The still picture comes before the first frame.
    let still = moving.prefix { $0.type != "fcTL" }
    #expect(still.filter { $0.type == "IDAT" }.map(\.content) == content("IDAT", of: pictures[1]))
    #expect(still.first { $0.type == "acTL" }?.content == [0, 0, 0, 2, 0, 0, 0, 0])
    var shown: [[[UInt8]]] = []
    var seconds: [Double] = []
    let parts = moving.filter { ["fcTL", "fdAT"].contains($0.type) }
    for (place, part) in parts.enumerated() {
      #expect(number(part.content.prefix(4)) == place, "the parts are numbered")
      if part.type == "fcTL" {
        shown.append([])
        seconds.append(Double(number(part.content[20..<22])) / Double(number(part.content[22..<24])))
        #expect(
          Array(part.content[4..<12]) == Array(moving[0].content.prefix(8))
            && part.content[12..<20].allSatisfy { $0 == 0 })
      } else {
        shown[shown.count - 1].append(Array(part.content.dropFirst(4)))
      }
    }
    #expect(shown == pictures.map { content("IDAT", of: $0) } && seconds == [1.5, 4])
    #expect(moving.last?.type == "IEND")
  }

  @Test func `Frames of several sizes, or none, are an error`() {
    let wide = pinnedGraph.text.replacing("199.64,", with: "299.64,")
    #expect(throws: GraphvizError.self) { try Graphviz.apng([(dot: wide, seconds: 1)], still: pinnedGraph.text) }
    #expect(throws: GraphvizError.self) { try Graphviz.apng([], still: pinnedGraph.text) }
    #expect(throws: GraphvizError.self) {
      try Graphviz.apng([(dot: pinnedGraph.text, seconds: -1)], still: pinnedGraph.text)
    }
  }

  @Test(arguments: [1.0, 2, 0.5])
  func `A PDF has the scale that was asked for`(scale: Double) throws {
    let text = String(decoding: try Graphviz.pdf(pinnedGraph.text, scale: scale), as: UTF8.self)
    let box = try #require(text.firstMatch(of: #/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]/#))
    #expect(abs((Double(box.1) ?? 0) - 200 * scale) <= 1)
    #expect(abs((Double(box.2) ?? 0) - 100 * scale) <= 1)
  }

  @Test func `An SVG of another scale is the same drawing, shown larger`() throws {
    var style = plainStyle
    style.scale = 2
    let large = try Graphviz.svg(pinned, style: style)
    let usual = try Graphviz.svg(pinned, style: plainStyle)
    #expect(large.contains(#"width="400" height="200" viewBox="0 0 200 100""#))
    #expect(large.replacing(#"width="400" height="200""#, with: #"width="200" height="100""#) == usual)
  }

  @Test func `A PNG is not blank`() throws {
    #expect(try Graphviz.png(pinnedGraph.text).count > (try Graphviz.png(blankGraph.text)).count + 200)
  }

  @Test func `A picture beyond what an image can hold is an error, not a smaller picture`() {
    let wide = pinnedGraph.text.replacing("199.64,", with: "19999.64,")
    #expect(throws: GraphvizError.self) { try Graphviz.png(wide) }
    #expect((try? Graphviz.pdf(wide)) != nil && (try? Graphviz.pdf(wide, scale: 2)) != nil)
  }

  @Test(arguments: [0.0, -1, .nan, .infinity, 1e300])
  func `An invalid scale is an error, not a trap`(scale: Double) {
    #expect(throws: GraphvizError.self) { try Graphviz.png(pinnedGraph.text, scale: scale) }
    #expect(throws: GraphvizError.self) { try Graphviz.png(pinnedGraph.text, dpi: scale) }
    #expect(throws: GraphvizError.self) { try Graphviz.pdf(pinnedGraph.text, scale: scale) }
    var style = plainStyle
    style.scale = scale
    #expect(throws: GraphvizError.self) { try Graphviz.svg(pinned, style: style) }
  }

  @Test func `A PDF begins and ends as one`() throws {
    let pdf = try Graphviz.pdf(pinnedGraph.text)
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
    #expect(String(decoding: pdf.suffix(16), as: UTF8.self).contains("%%EOF"))
    #expect(pdf.count > 800)
  }

  /// The machine's fonts may be wider than the measured one: the text is made to fit, and nothing fails.
  @Test func `Text that fills its cell is drawn with whatever fonts there are`() throws {
    let sizes = [8.0, 12, 24]
    let texts = ["−0.7616", "WWWW", "[0.02318]"]
    for size in sizes {
      for text in texts {
        let run = TextRun(text, size: size, color: Color(0), typeface: .bold)
        let width = Int(TextMetrics.width(of: text, size: size, bold: true).rounded(.up))
        let table = HTMLTable(
          border: .solid, color: Color(0),
          rows: [[.init(.runs([run]), width: width, height: Int(size * 1.3))]])
        let graph = Graph(
          name: "g", statements: [.node("n", [.label(.table(table)), .shape(.plain), .fontName])])
        #expect(try Graphviz.png(graph.text).count > 100)
      }
    }
  }
}

@Suite("Drawings by librsvg")
struct RasterTests {
  static let converter = [
    "/usr/bin/rsvg-convert", "/opt/homebrew/bin/rsvg-convert", "/usr/local/bin/rsvg-convert",
  ]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// A second implementation of SVG reads ours: it draws a picture, and says nothing.
  @Test(
    .enabled(if: converter != nil, "rsvg-convert (librsvg2-bin) is not installed"),
    arguments: [nil, "#174a5c"])
  func `librsvg draws the SVG`(dark: String?) throws {
    var style = plainStyle
    style.tones = ["param": .init("#bfe3f2", dark: dark), "gradient": .init("#0b7a43", dark: dark)]
    let folder = FileManager.default.temporaryDirectory.appending(path: "gradviz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (svg, png) = (folder.appending(path: "figure.svg"), folder.appending(path: "figure.png"))
    try Data(try Graphviz.svg(namedTints, style: style).utf8).write(to: svg)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.converter))
    process.arguments = [svg.path, "-o", png.path]
    let complaints = Pipe()
    process.standardError = complaints
    try process.run()
    let said = complaints.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(said.isEmpty)
    #expect(try Data(contentsOf: png).count > 600)
  }
}
