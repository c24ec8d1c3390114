import Foundation
import GradvizTestSupport
import Testing

/// What is typed, what is said, and where the figures are afterwards.
@Suite("gradviz draw")
struct DrawCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write("param a = 3\nloss L = a * a\n", to: "net.grad")
    try FileManager.default.createDirectory(at: folder.file("more"), withIntermediateDirectories: false)
    _ = try folder.write("param b = 2\nloss L = b + 1\n", to: "more/two.grad")
  }

  /// Its standard output is not a file, which would have to hold the figures.
  private func gradviz(_ arguments: String...) throws -> ProcessResult {
    try ProcessResult("/bin/sh", ["-c", "exec \"$@\" > /dev/null", "sh", Project.gradviz] + arguments, in: folder.url)
  }

  private func shell(_ line: String) throws -> ProcessResult {
    try ProcessResult("/bin/sh", ["-c", line.replacing("$G", with: Project.gradviz)], in: folder.url)
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(path).path) }

  /// Whether there is the tool that runs a command in a terminal of its own.
  private static let hasTerminal = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  private static let stages = ["forward", "loss", "backward", "update", "overview"]

  @Test func `each file that is written is said in one line, unless it is to be quiet`() throws {
    func told(_ flag: String = "") throws -> [Substring] {
      let result = try shell("$G draw net.grad \(flag) > /dev/null")
      #expect(result.status == 0)
      return result.errors.split(whereSeparator: \.isNewline)
    }
    let lines = try told()
    #expect(lines.count == 5)
    for (line, stage) in zip(lines, Self.stages) {
      #expect(line.firstMatch(of: try Regex("wrote Output/net/\(stage)\\.svg, [0-9]+ ms")) != nil, "\(line)")
      #expect(exists("Output/net/\(stage).svg"))
    }
    for flag in ["-q", "--quiet"] { #expect(try told(flag).isEmpty) }
    #expect(try shell("$G draw net.grad --stage loss").errors == "", "a figure on standard output")
  }

  @Test func `a file alone is drawn, and a command with a slip is answered`() throws {
    #expect(try gradviz("net.grad").status == 0 && exists("Output/net/update.svg"))
    for (word, meant) in [("daw", "draw"), ("darw", "draw"), ("chek", "check"), ("trian", "train"), ("DRAW", "draw")] {
      let result = try gradviz(word, "net.grad")
      #expect(result.status == 2)
      #expect(result.errors == "gradviz: error: unknown command `\(word)`; did you mean `\(meant)`?\n")
    }
    #expect(
      try gradviz("paint").errors.contains("expected one of draw, train, check, derive, exercise, serve, document"))
  }

  @Test func `several files and folders, each into a folder of its own`() throws {
    #expect(try gradviz("draw", "net.grad", "more", "-o", "figures/").status == 0)
    for stage in Self.stages { #expect(exists("figures/net/\(stage).svg") && exists("figures/two/\(stage).svg")) }
    #expect(try gradviz("draw", "net.grad", "more/two.grad", "--stage", "loss").status == 0)
    #expect(exists("Output/net/loss.svg") && exists("Output/two/loss.svg") && !exists("Output/two/update.svg"))
    _ = try folder.write("param c = 2\nloss L = c\n", to: "more/net.grad")
    let same = try gradviz("draw", "net.grad", "more/net.grad", "-o", "figures/")
    #expect(same.status == 2 && same.errors.contains("net.grad and more/net.grad would both be drawn into `net/`"))
    #expect(try gradviz("draw", "net.grad", "more", "-o", "-").status == 2)
  }

  @Test func `one file at fault does not keep the others from being drawn`() throws {
    _ = try folder.write("param = \n", to: "bad.grad")
    let result = try gradviz("draw", "bad.grad", "nosuch.grad", "net.grad")
    #expect(result.status == 1 && exists("Output/net/update.svg") && !exists("Output/bad"))
    #expect(result.errors.contains("bad.grad:1:") && result.errors.contains("nosuch.grad: error: no such file"))
    #expect(result.errors.hasSuffix("gradviz: error: 2 of 3 files could not be drawn\n"))
  }

  @Test(arguments: [
    ["draw", "net.grad", "-Tpng", "-oout.png", "--stage", "loss"],
    ["draw", "net.grad", "-T", "PNG", "--stage", "LOSS", "-o", "out.png"],
    ["net.grad", "--stage=loss", "--format=png", "--output=out.png"],
  ])
  func `options as other tools write them`(_ arguments: [String]) throws {
    #expect(try ProcessResult(Project.gradviz, arguments, in: folder.url).status == 0)
    #expect(try Data(contentsOf: folder.file("out.png")).starts(with: [0x89, 0x50]))
  }

  @Test func `several stages, with commas or repeated, each once and in that order`() throws {
    #expect(try gradviz("draw", "net.grad", "--stage", "backward,loss", "--stage", "loss", "-o", "two").status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("two").path).sorted() == [
        "backward.svg", "loss.svg",
      ])
    #expect(try gradviz("draw", "net.grad", "--stage", "loss,los").status == 2)
    let french = try shell("$G draw net.grad --stage loss --lang FR")
    #expect(french.text.contains("Fonction de perte"))
  }

  @Test(arguments: [
    ("$G draw net.grad > x.svg", "x.svg"), ("$G draw net.grad -o out.png", "out.png"),
    ("$G draw net.grad --steps -o anim.jpg", "anim.jpg"), ("$G draw net.grad more -o two.svg", "two.svg"),
    ("$G draw net.grad -o -", ""), ("$G draw net.grad -o a/b/c/", "a"),
    ("$G draw net.grad -o a/b/c.svg --stage loss", "a"),
  ])
  func `a place that cannot hold the figures is refused, and how it is done is said`(_ line: String, _ place: String)
    throws
  {
    let result = try shell(line)
    #expect(result.status == 2 && result.errors.hasPrefix("gradviz: error: "), "\(result.errors)")
    #expect(result.errors.contains("-o") || result.errors.contains("--stage"))
    #expect(line.contains(">") || place.isEmpty || !exists(place))
    #expect(!exists("Output"))
  }

  @Test func `the steps as one picture have a frame for each, and the whole figure at the end and for print`() throws {
    #expect(try gradviz("draw", "net.grad", "--steps", "-o", "steps.apng").status == 0)
    #expect(
      try gradviz("draw", "net.grad", "--steps", "-T", "apng", "-T", "png", "--stage", "backward", "-o", "all/").status
        == 0)
    let moving = try Data(contentsOf: folder.file("steps.apng"))
    #expect(try Data(contentsOf: folder.file("all/backward.apng")) == moving)
    let still = try Data(contentsOf: folder.file("all/backward.png"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("all").path)
    let frames = names.count { $0.hasPrefix("backward-") }
    func count(_ type: String) -> Int {
      var (count, place) = (0, moving.startIndex)
      while let found = moving[place...].firstRange(of: Data(type.utf8)) {
        (count, place) = (count + 1, found.upperBound)
      }
      return count
    }
    #expect(frames > 1 && count("fcTL") == frames + 1)
    // The picture that programs without movement show.
    let picture = try #require(still.firstRange(of: Data("IDAT".utf8)))
    #expect(moving.firstRange(of: still[picture.lowerBound..<picture.lowerBound + 1000]) != nil)
  }

  /// ImageMagick reads GIF and PNG by code that is not ours.
  @Test(.enabled(if: Project.tool("identify") != nil && Project.tool("convert") != nil, "ImageMagick is not installed"))
  func `the steps as a GIF have the frames and times of the animated PNG, and its last picture`() throws {
    let (identify, convert) = (try #require(Project.tool("identify")), try #require(Project.tool("convert")))
    func tool(_ path: String, _ arguments: [String]) throws -> ProcessResult {
      try ProcessResult(path, arguments, in: folder.url)
    }
    #expect(try gradviz("draw", "net.grad", "--steps", "-o", "steps.gif").status == 0)
    #expect(
      try gradviz("draw", "net.grad", "--steps", "-T", "GIF", "-T", "png", "--stage", "backward", "-o", "all/").status
        == 0)
    #expect(try Data(contentsOf: folder.file("steps.gif")) == Data(contentsOf: folder.file("all/backward.gif")))
    let frames = try FileManager.default.contentsOfDirectory(atPath: folder.file("all").path)
      .count { $0.hasPrefix("backward-") }
    let size = try tool(identify, ["-format", "%wx%h", "all/backward.png"]).text
    let lines = try tool(identify, ["-format", "%m %W %H %T\n", "steps.gif"]).text.split(separator: "\n")
    let (width, height) = (size.split(separator: "x")[0], size.split(separator: "x")[1])
    let usual = [Substring](repeating: "GIF \(width) \(height) 150", count: frames)
    #expect(frames > 1 && lines == usual + ["GIF \(width) \(height) 400"])
    func pixels(_ arguments: [String]) throws -> [UInt8] { Array(try tool(convert, arguments + ["rgb:-"]).output) }
    for (number, picture) in [(0, "all/backward-1.png"), (frames, "all/backward.png")] {
      let shown = try pixels(["steps.gif", "-coalesce", "-delete", number == 0 ? "1--1" : "0--2"])
      let whole = try pixels([picture])
      #expect(shown.count == whole.count && shown.count > 1_000_000)
      let differences = zip(shown, whole).map { abs(Int($0) - Int($1)) }
      // Areas have their colors, and the edges of letters near ones.
      #expect(differences.max() ?? 0 <= 40, "\(differences.max() ?? 0)")
      #expect(differences.count { $0 == 0 } * 100 >= differences.count * 95)
    }
  }

  @Test func `a page goes to standard output where that is a file, and otherwise into a folder`() throws {
    let result = try shell("$G draw net.grad -T html > page.html")
    #expect(result.status == 0 && !exists("Output"), "\(result.errors)")
    #expect(try String(contentsOf: folder.file("page.html"), encoding: .utf8).hasPrefix("<!doctype html>"))
    #expect(try shell("$G draw net.grad -T html > /dev/null").status == 0 && exists("Output/net/explorer.html"))
  }

  @Test(.enabled(if: hasTerminal, "script is not installed"))
  func `a terminal is not shown a picture, but is told where it is`() throws {
    let result = try shell("script -qec '$G draw net.grad --stage loss' /dev/null")
    #expect(result.text.contains("wrote Output/net/loss.svg") && !result.text.contains("<svg"))
    #expect(
      try shell("script -qec '$G draw net.grad --stage loss -o -' /dev/null").text.contains(
        "standard output is a terminal"))
    let colored = try shell("env -u NO_COLOR script -qec '$G draw nosuch.grad' /dev/null").text
    #expect(colored.contains("\u{1B}[1;31merror:\u{1B}[0m no such file"))
    #expect(!(try shell("NO_COLOR=1 script -qec '$G draw nosuch.grad' /dev/null").text.contains("\u{1B}")))
  }

  @Test func `a save is drawn again, an error waits for the next save`() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Project.gradviz)
    process.arguments = ["draw", "net.grad", "--watch", "-q", "--stage", "loss", "-o", "loss.svg"]
    process.currentDirectoryURL = folder.url
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      process.interrupt()
      process.waitUntilExit()
    }
    func waits(for text: String) -> Bool {
      for _ in 0..<600 {
        if let now = try? String(contentsOf: folder.file("loss.svg"), encoding: .utf8), now.contains(text) {
          return true
        }
        usleep(50_000)
      }
      return false
    }
    #expect(waits(for: ">9<"))
    _ = try folder.write("param a = \n", to: "net.grad")
    usleep(300_000)
    _ = try folder.write("param a = 5\nloss L = a * a\n", to: "net.grad")
    #expect(waits(for: ">25<"))
  }
}
