import Foundation
import GradvizFigures
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

/// Very long texts are quoted briefly and drawn quickly.
@Suite("Long texts")
struct LongTextTests {
  private static let long = 1_000_000

  private static let pages: [(String, String)] = {
    let word = String(repeating: "x", count: long)
    let body = "\nparam a = 2\nloss L = a * a\n```\n"
    return [
      ("unknown option", "```grad \(word)\(body)"), ("unknown value", "```grad stage=\(word)\(body)"),
      ("many values", "```grad stage=loss,\(String(repeating: "loss,", count: long / 5))\(body)"),
      ("file", "```grad include=\(word)\(body)"), ("class", "```{.grad .\(word)}\(body)"),
      ("id", "```{.grad #\(word)}\(body)"), ("name", "```grad name=\(word)\(body)"),
      ("parameter", "```grad stage=derivative of=\(word)\(body)"),
      ("open quote", "```grad title=\"\(word)\(body)"),
      ("many options", "```grad \(String(repeating: "x ", count: long / 2))\(body)"),
      ("marks in one letter", "```grad e\(String(repeating: "\u{301}", count: long / 2))\(body)"),
      ("mark", "<!-- gradviz:begin \(word) -->\n"), ("program", "```grad\n\(word)\n```\n"),
      ("name in a program", "```grad\nparam \(word) = 2\n```\n"),
      ("number", "```grad\nparam a = \(word.replacing("x", with: "1"))\n```\n"),
      ("title that is open", "```grad\ntitle \"\(word)\n```\n"),
      ("optimizer", "```grad\noptimizer \(word)(rate: 1)\n```\n"),
      ("data file", "```grad\ninput x = csv(\"\(word)\")\n```\n"),
    ]
  }()

  @Test(arguments: pages.map(\.0))
  func `a message quotes a reasonable part of an input`(name: String) throws {
    let page = try #require(Self.pages.first { $0.0 == name }?.1)
    let folder = try TemporaryFolder()
    _ = try folder.write(page, to: "page.md")
    let result = try ProcessResult(Project.gradviz, ["document", "page.md"], in: folder.url)
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(
      result.errors.utf8.count < 3000 && result.errors.hasPrefix("page.md:1:")
        || result.errors.hasPrefix("page.md:2:"))
    let caret = result.errors.split(separator: "\n").first { $0.contains("| ") && $0.contains("^") }
    #expect(caret != nil, "the place is shown")
  }

  /// The same for input of other commands, on one line and on a million lines.
  @Test(arguments: ["x", "x\n", "e\u{301}", "`"])
  func `messages of other commands stay short, too`(part: String) throws {
    let word = String(repeating: part, count: Self.long / part.utf8.count)
    func json(_ object: Any) throws -> Data { try JSONSerialization.data(withJSONObject: object) }
    let node: [String: Any] = ["id": "a", "name": "a", "role": "parameter", "value": [1]]
    let files: [(name: String, content: Data, arguments: [String])] = [
      (
        "name.json", try json(["version": 1, "nodes": [node.merging(["id": word]) { $1 }]]),
        ["draw", "name.json"]
      ),
      (
        "role.json", try json(["version": 1, "nodes": [node.merging(["role": word]) { $1 }]]),
        ["draw", "role.json"]
      ),
      (
        "operands.json",
        try json(["version": 1, "nodes": [node.merging(["operation": "exp", "operands": [word]]) { $1 }]]),
        ["draw", "operands.json"]
      ),
      (
        "operation.json",
        try json(["version": 1, "nodes": [node.merging(["operation": word, "operands": ["a"]]) { $1 }]]),
        ["draw", "operation.json"]
      ),
      ("key.json", try json(["version": 1, word: 1, "nodes": [node]]), ["draw", "key.json"]),
      ("text.json", Data("{\(word)".utf8), ["draw", "text.json"]),
      (
        "p.json", try json(["version": 1, "parameters": [word: [1]]]),
        ["train", "p.grad", "--load", "p.json"]
      ),
      ("x.csv", Data("\(word)\n1\n".utf8), ["draw", "csv.grad"]),
      ("y.csv", Data("a\n\(word)\n".utf8), ["draw", "csv2.grad"]),
      ("z.grad", Data(word.utf8), ["check", "z.grad"]),
      ("v.grad", Data("param \(word)".utf8), ["train", "v.grad"]),
      ("page.md", Data("```grad\n\(word)\n```\n".utf8), ["document", "--check", "page.md"]),
    ]
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 1\nloss L = a * a\nsteps 2\n", to: "p.grad")
    _ = try folder.write("input x = csv(\"x.csv\", \"q\")\n", to: "csv.grad")
    _ = try folder.write("input x = csv(\"y.csv\")\n", to: "csv2.grad")
    for file in files {
      try file.content.write(to: folder.file(file.name))
      let result = try ProcessResult(Project.gradviz, file.arguments, in: folder.url)
      #expect(result.status == 1, "\(file.name): \(result.errors.prefix(300))")
      #expect(
        result.errors.utf8.count < 40_000,
        "\(file.name): \(result.errors.utf8.count), \(result.errors.prefix(300))")
    }
  }

  @Test func `ten thousand blocks with errors are not ten thousand messages`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(String(repeating: "```grad x\n```\n", count: 10_000), to: "page.md")
    let result = try ProcessResult(Project.gradviz, ["document", "page.md"], in: folder.url)
    #expect(result.status == 1 && result.errors.split(separator: "\n").count < 70)
    #expect(result.errors.contains("\n… and 9980 more\n"))
  }

  @Test(arguments: [
    ["draw", "--WORD"], ["draw", "WORD"], ["document", "WORD.md"], ["document", "--figures", "WORD", "a.md"],
    ["WORD"],
  ])
  func `a command line does not come back whole`(arguments: [String]) throws {
    let word = String(repeating: "x", count: 100_000)
    let result = try ProcessResult(Project.gradviz, arguments.map { $0.replacing("WORD", with: word) })
    #expect(result.status > 0 && result.errors.utf8.count < 12_000, "\(result.errors.utf8.count)")
  }

  @Test(arguments: ["a", "i", "W", "神", "e\u{301}", "\u{301}", "🙂", " ", "𝐀"])
  func `a title of 99 KB costs what its file costs`(letter: String) throws {
    let title = String(repeating: letter, count: 99_000 / letter.utf8.count)
    let begin = ContinuousClock.now
    let options = PlotOptions(title: title, id: FigureSet.identifier(title))
    let plot = Plot.descent([LossCurve(name: "sgd", losses: [4, 2, 1])], lossName: "L", options: options)
    let document = SVGDocument(plot.svg())
    #expect(document.error == nil)
    let shown = document.texts.map { $0.text.unicodeScalars.count }.max() ?? 0
    #expect(shown < 700, "what is shown has an end")
    let figure = try FigureSet(
      try Project.graph(program: "param a = 2\nloss L = a * a\n"), options: .init())
    #expect(figure.stages.count > 1)
    // Used to take minutes; a debug build on a busy machine needs a second.
    #expect(ContinuousClock.now - begin < .seconds(20))
  }

  @Test func `a title is cut where its line ends`() {
    func shown(_ title: String) -> [String] {
      let plot = Plot.descent(
        [LossCurve(name: "sgd", losses: [4, 2, 1])], lossName: "L", options: PlotOptions(title: title))
      return SVGDocument(plot.svg()).texts.map(\.text)
    }
    #expect(shown("A short one").contains("A short one"))
    let long = String(repeating: "word ", count: 60)
    let cut = shown(long).first { $0.hasPrefix("word word") && $0.hasSuffix("…") }
    #expect((cut?.count ?? 0) > 60 && (cut?.count ?? 0) < 140)
  }
}
