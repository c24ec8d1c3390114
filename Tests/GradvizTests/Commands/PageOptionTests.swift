import Foundation
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import Testing

/// `--scale`, `--dpi` and `--background`, and the settings of the same names.
@Suite("Pages: scale, resolution, background")
struct PageOptionTests {
  private static let program = "param a = 2\nloss L = a * a"

  /// Runs `gradviz draw - …` on a program.
  private func draw(_ arguments: [String], settings: String = "", status: Int32 = 0) throws -> ProcessResult {
    let stage = arguments.contains("--stage") ? [] : ["--stage", "forward"]
    let result = try ProcessResult(
      Project.gradviz, ["draw", "-"] + stage + arguments,
      input: Data((settings + "\n" + Self.program).utf8))
    #expect(result.status == status, "\(arguments) \(settings): \(result.errors)")
    return result
  }

  /// Width and pixels an inch of a PNG.
  private func measures(_ png: Data) throws -> (width: Int, dpi: Double) {
    let bytes = [UInt8](png)
    func number(_ start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
    let place = try #require(png.firstRange(of: Data("pHYs".utf8))).upperBound
    return (number(16), Double(number(place)) * 0.0254)
  }

  private func width(_ settings: String = "") throws -> Double {
    let root = try SVGDocument(draw([], settings: settings).text).elements.first
    return try #require(root?.number("width"))
  }

  @Test func `a PNG has two pixels a point, and what is asked for`() throws {
    let points = try width()
    for (arguments, pixels, dpi) in [
      ([], 2, 144), (["--scale", "2"], 4, 144), (["--dpi", "72"], 1, 72), (["--dpi", "300"], 300.0 / 72, 300),
      (["--scale", "0.5", "--dpi", "288"], 2, 288),
    ] as [([String], Double, Double)] {
      let found = try measures(draw(["-T", "png"] + arguments).output)
      #expect(abs(Double(found.width) - points * pixels) <= 1, "\(arguments)")
      #expect(abs(found.dpi - dpi) < 0.02, "\(arguments)")
    }
  }

  @Test func `what a flag sets the file can set, and the flag wins`() throws {
    for format in ["svg", "png", "dot"] {
      for (flags, settings) in [
        (["--scale", "2"], "scale 2"), (["--dpi", "96"], "dpi 96"),
        (["--background", "transparent"], "background transparent"),
        (["--background", "white"], "background white"),
      ] {
        let own = try draw(["-T", format], settings: settings).output
        #expect(try draw(["-T", format] + flags).output == own, "\(format) \(settings)")
        let others = "scale 3\ndpi 50\nbackground \(settings.hasSuffix("white") ? "transparent" : "white")"
        let rest = ["--scale", "1", "--dpi", "144", "--background", "page"].chunked(2).filter { $0[0] != flags[0] }
        #expect(
          try draw(["-T", format] + flags + rest.flatMap { $0 }, settings: others).output == own,
          "\(format) \(settings)")
      }
    }
  }

  @Test func `the settings travel with the exported graph`() throws {
    let settings = "scale 1.5\ndpi 96\nbackground transparent"
    let json = try draw(["-T", "json"], settings: settings)
    let again = try ProcessResult(
      Project.gradviz, ["draw", "-", "--stage", "forward", "-T", "png"], input: json.output)
    #expect(try again.output == draw(["-T", "png"], settings: settings).output)
  }

  @Test func `a PDF is as large as its scale says, whatever the resolution`() throws {
    func box(_ arguments: [String]) throws -> Double {
      let text = String(decoding: try draw(["-T", "pdf"] + arguments).output, as: UTF8.self)
      let match = try #require(text.firstMatch(of: #/MediaBox \[ 0 0 ([0-9.]+) /#))
      return try #require(Double(match.1))
    }
    let points = try width()
    #expect(abs(try box([]) - points) <= 1)
    #expect(abs(try box(["--scale", "2"]) - 2 * points) <= 1)
    #expect(abs(try box(["--dpi", "300"]) - points) <= 1)
  }

  @Test func `an SVG says its size, and keeps its coordinates`() throws {
    let (usual, large) = (try draw([]).text, try draw(["--scale", "2"]).text)
    #expect(abs(try width("scale 2") - 2 * (try width())) < 0.1)
    func drawing(_ text: String) -> Substring { text.drop { $0 != "\n" } }
    #expect(drawing(usual) == drawing(large))
  }

  @Test func `nothing is behind a transparent figure`() throws {
    func sheets(_ text: String) -> Int {
      SVGDocument(text).elements.count { $0.attributes["class"]?.split(separator: " ").contains("f-page") == true }
    }
    #expect(sheets(try draw([]).text) == 1)
    #expect(sheets(try draw(["--background", "transparent"]).text) == 0)
    #expect(try draw(["-T", "dot", "--background", "transparent"]).text.contains("bgcolor=transparent"))
    let plot = ["--stage", "derivative", "--of", "a"]
    #expect(sheets(try draw(plot).text) > sheets(try draw(plot + ["--background", "transparent"]).text))
  }

  @Test func `on white a figure has the colors of a light page, or of print`() throws {
    let white = ["--background", "white"]
    #expect(try draw(white).text == draw(["--theme", "light"]).text.replacing("-light", with: ""))
    #expect(try draw(white, settings: "theme dark").text.contains(Palette.entry(.ink).light.hex))
    #expect(try draw(white + ["--theme", "print"]).text == draw(["--theme", "print"]).text)
    let refused = try draw(white + ["--theme", "dark"], status: 2)
    #expect(refused.errors.contains("light letters"))
  }

  /// The first pixel of a PNG, which no filter changes, as Python's zlib unpacks it.
  @Test(.enabled(if: Project.tool("python3") != nil, "python3 is not installed"))
  func `the corner of a PNG is its background`() throws {
    let script = """
      import struct, sys, zlib
      data, start, pixels = sys.stdin.buffer.read(), 8, b""
      while start < len(data):
          length, kind = struct.unpack(">I4s", data[start:start + 8])
          if kind == b"IHDR": channels = {2: 3, 6: 4}[data[start + 17]]
          if kind == b"IDAT": pixels += data[start + 8:start + 8 + length]
          start += length + 12
      print(*zlib.decompress(pixels)[1:1 + channels])
      """
    func corner(_ arguments: [String], settings: String = "") throws -> String {
      let png = try draw(["-T", "png"] + arguments, settings: settings).output
      let python = try #require(Project.tool("python3"))
      let result = try ProcessResult(python, ["-c", script], input: png)
      #expect(result.status == 0, "\(result.errors)")
      return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    for plot in [[], ["--stage", "derivative", "--of", "a"]] {
      #expect(try corner(plot) == "255 255 255")
      #expect(try corner(plot + ["--background", "transparent"]) == "0 0 0 0")
      #expect(try corner(plot + ["--background", "white"], settings: "theme dark") == "255 255 255")
      let dark = Palette.entry(.page).dark
      #expect(try corner(plot + ["--theme", "dark"]) == "\(dark.red) \(dark.green) \(dark.blue)")
    }
  }

  @Test func `a training's plots have them, too`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("param w = 3\nloss L = w**2\nrate 0.1\nsteps 3\ndpi 72", to: "w.grad")
    func plot(_ arguments: [String]) throws -> Data {
      let result = try ProcessResult(
        Project.gradviz, ["train", file, "--quiet", "-T", "png", "-o", folder.file("out").path] + arguments)
      #expect(result.status == 0, "\(result.errors)")
      return try Data(contentsOf: folder.file("out/descent.png"))
    }
    let (own, fine) = (try measures(plot([])), try measures(plot(["--dpi", "144"])))
    #expect(abs(own.dpi - 72) < 0.02 && abs(fine.dpi - 144) < 0.02)
    #expect(abs(fine.width - 2 * own.width) <= 2)
    #expect(try plot(["--background", "transparent"]) != plot([]))
  }

  @Test(arguments: [
    ["--scale", "0"], ["--scale", "21"], ["--scale", "nan"], ["--dpi", "9"], ["--dpi", "2401"],
    ["--background", "blue"],
  ])
  func `what is out of range is said`(arguments: [String]) throws {
    #expect(try draw(arguments, status: 2).errors.contains(arguments[0]))
  }

  @Test(arguments: [
    ("scale 0", "the scale of a figure is 0.1 to 20"), ("dpi 5", "the dpi of a PNG is 10 to 2400"),
    ("background blue", "`page`, `transparent` or `white`"), ("dpi 96\ndpi 97", "is already set"),
  ])
  func `so it is in a file, with its place`(settings: String, words: String) throws {
    let errors = try draw([], settings: settings, status: 1).errors
    #expect(errors.contains(words) && errors.contains("error:"), "\(errors)")
  }

  /// Programs had values of these names before the settings came.
  @Test func `the settings' names are names of values as well`() throws {
    let fine = try Project.graph(
      program: "scale 2\nparam scale = 2\ndpi = scale * 3\nbackground white\nloss background = dpi**2")
    #expect(fine.presentation.scale == 2 && fine.presentation.background == .white)
    #expect(fine.nodes.contains { $0.name == "dpi" } && fine.nodes.contains { $0.name == "background" })
    #expect(throws: (any Error).self) { try Project.graph(program: "scale\nloss L = 2") }
  }
}

extension Array {
  fileprivate func chunked(_ count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
  }
}
