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

  @Test(arguments: [1.0, 2.0, 1.5])
  func `A PNG has the scale that was asked for`(scale: Double) throws {
    let (width, height) = try #require(size(try Graphviz.png(pinnedGraph.text, scale: scale)))
    #expect(abs(Double(width) - 200 * scale) <= 2)
    #expect(abs(Double(height) - 100 * scale) <= 2)
  }

  @Test func `A PNG is not blank`() throws {
    #expect(try Graphviz.png(pinnedGraph.text).count > (try Graphviz.png(blankGraph.text)).count + 200)
  }

  @Test func `A picture beyond what an image can hold is an error, not a smaller picture`() {
    let wide = pinnedGraph.text.replacing("199.64,", with: "19999.64,")
    #expect(throws: GraphvizError.self) { try Graphviz.png(wide, scale: 2) }
    #expect((try? Graphviz.pdf(wide)) != nil)
  }

  @Test(arguments: [0.0, -1, .nan, .infinity, 1e300])
  func `A scale that is none is an error, not a trap`(scale: Double) {
    #expect(throws: GraphvizError.self) { try Graphviz.png(pinnedGraph.text, scale: scale) }
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
        let run = TextRun(text, size: size, color: Color(0), isBold: true)
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
    arguments: SVGStyle.Theme.allCases)
  func `librsvg draws the SVG`(theme: SVGStyle.Theme) throws {
    var style = plainStyle
    style.theme = theme
    style.tones = [
      "param": SVGStyle.Tone(light: "#bfe3f2", dark: "#174a5c", print: "#808080"),
      "gradient": SVGStyle.Tone(light: "#0b7a43", dark: "#5fe39a", print: "#808080"),
    ]
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
