import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizTestSupport
import Testing

/// `--help`, `gradviz help TOPIC` and the manual page.
@Suite("Help")
struct HelpTests {
  private static let commands = [
    [], ["draw"], ["train"], ["check"], ["derive"], ["exercise"], ["serve"], ["document"], ["mdbook"],
    ["mdbook", "supports"],
  ]

  private func gradviz(_ arguments: [String], environment: [String: String]? = nil) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, arguments, environment: environment)
  }

  @Test(arguments: commands + [["limits"]])
  func `a page of help fits into 80 columns and begins with examples`(_ command: [String]) throws {
    // A wide terminal makes no wide page.
    let result = try gradviz(["help"] + command, environment: ["COLUMNS": "200"])
    #expect(result.status == 0 && result.errors.isEmpty)
    for line in result.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let paragraphs = result.text.components(separatedBy: "\n\n")
    #expect(paragraphs[1].hasPrefix("Example"), "\(paragraphs[1])")
    #expect(
      try #require(result.text.range(of: "Example")).upperBound
        < (result.text.range(of: "USAGE:")?.lowerBound ?? result.text.endIndex))
  }

  @Test func `examples are commands that are understood`() throws {
    let folder = try TemporaryFolder()
    for command in Self.commands {
      let lines = try gradviz(["help"] + command).text.split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      for line in lines where line.hasPrefix("gradviz ") && !line.contains("--watch") && !line.contains("mdbook") {
        let text = line.components(separatedBy: "  ")[0].components(separatedBy: " | ")[0]
        let words = text.components(separatedBy: " > ")[0].split(separator: " ").dropFirst().map(String.init)
        let result = try ProcessResult(Project.gradviz, Array(words), in: folder.url)
        // The files are missing; the words are right.
        #expect(result.status != 2, "\(text): \(result.errors)")
      }
    }
  }

  @Test func `every value that help offers is accepted`() throws {
    struct Tool: Decodable { var command: Command }
    struct Command: Decodable {
      var commandName: String
      var arguments: [Argument]?
      var subcommands: [Command]?
    }
    struct Argument: Decodable {
      struct Name: Decodable { var name: String, kind: String }
      var names: [Name]?
      var allValues: [String]?
    }
    let dump = try gradviz(["--experimental-dump-help"])
    let tool = try JSONDecoder().decode(Tool.self, from: dump.output)
    let extra = [
      "derivative": ["--of", "w"], "ancestors": ["--only", "w"], "descendants": ["--only", "w"], "apng": ["--steps"],
      "gif": ["--steps"],
    ]
    var count = 0
    for command in tool.command.subcommands ?? [] {
      for argument in command.arguments ?? [] {
        guard let name = argument.names?.first(where: { $0.kind == "long" })?.name else { continue }
        for value in argument.allValues ?? [] {
          let more = name == "with" ? ["--only", "w"] : extra[value] ?? []
          let result = try gradviz([command.commandName, "missing.grad", "--\(name)", value] + more)
          #expect(result.status == 1 && result.errors.contains("no such file"), "\(name) \(value): \(result.errors)")
          count += 1
        }
      }
    }
    #expect(count > 40)
  }

  @Test func `limits are those of the constants, on the page and in the reference`() throws {
    let text = try gradviz(["help", "limits"]).text
    let limits = Limits()
    let numbers = [
      limits.programBytes >> 20, limits.dataBytes >> 20, limits.nesting, limits.values, limits.operands, limits.entries,
      limits.operations, limits.steps, FigureSet.maxBoxes, FigureSet.maxArrows,
    ]
    let reference = try String(
      contentsOf: Project.folder.appendingPathComponent("Sources/gradviz/README.md"), encoding: .utf8)
    let table = reference.components(separatedBy: "| limit | default | flag |")[1]
      .replacing(" 000", with: "000").replacing(" 000", with: "000")
    for number in numbers {
      #expect(text.contains(" \(number)"), "\(number)")
      #expect(table.contains("\(number)"), "\(number)")
    }
    for option in text.matches(of: /--[a-z-]+/) { #expect(try gradviz(["help", "draw"]).text.contains(option.output)) }
  }

  @Test func `a word that is neither command nor topic gets an answer`() throws {
    let near = try gradviz(["help", "limit"])
    #expect(
      near.status == 2 && near.errors == "gradviz: error: unknown command or topic `limit`; did you mean `limits`?\n")
    #expect(try gradviz(["help", "moons"]).errors.contains("expected one of draw, train"))
  }

  @Test func `the manual page has every command and option`() throws {
    let page = try gradviz(["help", "manual"])
    #expect(page.status == 0 && page.text.hasPrefix(".TH GRADVIZ 1"))
    for word in [
      ".SH NAME", ".SH EXIT STATUS", ".SS gradviz draw", ".SS gradviz derive", ".SS gradviz exercise", "\\-\\-blank",
      "\\-\\-hide", "\\-\\-load",
      "\\-\\-stage", "\\-\\-landscape", "\\-\\-json",
    ] {
      #expect(page.text.contains(word), "\(word)")
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/groff"), "groff is not installed"))
  func `troff finds no fault in the manual page`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(gradviz(["help", "manual"]).text, to: "gradviz.1")
    let groff = try ProcessResult("/usr/bin/groff", ["-man", "-ww", "-Kutf8", "-Tutf8", "gradviz.1"], in: folder.url)
    #expect(groff.status == 0 && groff.errors.isEmpty, "\(groff.errors)")
    #expect(groff.text.contains("gradviz draw net.grad --stage backward > backward.svg"))
  }

  @Test(arguments: [
    (["draw", "--lang", "de", "x.grad"], "`--lang` takes en or fr, not `de`"),
    (["train", "-T", "gif", "x.grad"], "`-T` takes svg, png, pdf or tikz, not `gif`"),
    (["draw", "--precision", "x", "x.grad"], "`--precision` takes a whole number, not `x`"),
    (["draw", "--scale", "0", "x.grad"], "`--scale` takes 0.1 to 20, not 0"),
    (["draw", "--scale", "1,5", "x.grad"], "`--scale` takes a number, not `1,5`; a decimal has a point: `1.5`"),
    (["train", "--steps", "abc", "x.grad"], "`--steps` takes a whole number, not `abc`"),
    (["draw", "--collapse", "foo", "x.grad"], "layers, scopes or a number of boxes, not `foo`"),
    (["draw", "--stage", "loss,bakward", "x.grad"], "derivative or depth, not `bakward`; did you mean `backward`?"),
    (["train", "-o", "a.svg", "x.grad"], "a training run is several files, and `-o a.svg` names one"),
    (["document", "--figures", "a/b", "x.md"], "folder `a` does not exist; create it, or correct `--figures`"),
    (
      ["draw", "--steps", "-o", "anim.html", "x.grad"],
      "`--steps` draws a picture for each step, but `-o anim.html` is a page that steps through the backward pass by itself"
    ),
    (
      ["draw", "--steps", "-o", "anim.png", "x.grad"],
      "name a folder, as in `-o anim/`, or one picture that moves, as in `-o anim.gif`"
    ),
    (
      ["draw", "-o", "anim.apng", "x.grad"],
      "an animated PNG has the steps of the backward pass as its frames; add `--steps`"
    ),
    (
      ["draw", "-o", "anim.gif", "x.grad"],
      "an animated GIF has the steps of the backward pass as its frames; add `--steps`"
    ),
    (["draw", "--steps", "--stage", "forward", "-T", "gif", "x.grad"], "leave out `--stage forward`"),
    (["draw", "--steps", "--stage", "loss,backward", "-T", "apng", "x.grad"], "leave out `--stage loss`"),
    (["draw", "--steps", "-T", "json", "x.grad"], "`-T json` is the graph as data; leave out `--steps`"),
    (["draw", "--steps", "--stage", "loss", "x.grad"], "add `--stage backward`"),
    (["draw", "--no-positions", "x.grad"], "`--no-positions` is for DOT; add `-T dot`"),
    (["draw", "x.grad", "--sage", "loss"], "unknown option `--sage`; did you mean `--stage`?"),
    (["draw"], "a file is missing; `gradviz help draw` has examples"),
    (["document"], "a path is missing; `gradviz help document` has examples"),
    (["train", "x.grad", "--save", "none/here/x.json"], "folder `none` does not exist"),
    (["train", "x.grad", "-o", "none/here"], "folder `none` does not exist"),
  ])
  func `what cannot be done is said in one line`(_ arguments: [String], _ message: String) throws {
    let folder = try TemporaryFolder()
    let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("gradviz: error: ") && result.errors.contains(message), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }
}
