import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// What the program says of hostile input, what it refuses, and what it does not read.
extension HostileInputTests {
  // MARK: The terminal

  /// Programs, data and graphs that are rejected with a message that contains the text.
  private func refusals(_ text: String, in folder: TemporaryFolder) throws -> [[String]] {
    let literal = Hostile.literal(text) ?? "\"\""
    _ = try folder.write("\(text),b\n\(text),1\n", to: "data.csv")
    let field = text.replacing("\"", with: "\"\"")
    _ = try folder.write("\"\(field)\",b\n\"\(field)\",1\n", to: "quoted.csv")
    let quoted = try Hostile.json(text)
    let node = { (fields: String) in
      "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"a\",\"value\":[1],\(fields)}]}"
    }
    return [
      ["draw", try folder.write("param w = \(text)\nloss L = w\n", to: "a.grad")],
      ["draw", try folder.write("\(text) = 1\n", to: "b.grad")],
      ["draw", try folder.write("input x = csv(\(literal))\n", to: "c.grad")],
      ["draw", try folder.write("input x = csv(\"data.csv\")\n", to: "d.grad")],
      ["draw", try folder.write("input x = csv(\"quoted.csv\", columns: [nothing])\n", to: "e.grad")],
      [
        "train",
        try folder.write("param w = 1\nloss L = w * w\ntitle \(text) title \(literal)\n", to: "f.grad"),
      ],
      ["check", try folder.write("level \(text)\n", to: "g.grad")],
      ["draw", try folder.write(node("\"role\":\(quoted)"), to: "a.json")],
      ["draw", try folder.write(node("\"operands\":[\(quoted)]"), to: "b.json")],
      ["draw", try folder.write(node("\"loss\":1,\"operation\":\(quoted)"), to: "c.json")],
      ["draw", try folder.write("{\"version\":1,\"level\":\(quoted),\"nodes\":[]}", to: "d.json")],
      [
        "draw",
        try folder.write(
          "{\"version\":1,\"level\":\"scalar\",\"loss\":\(quoted),\"nodes\":[{\"id\":\"a\",\"value\":[1]}]}",
          to: "e.json"),
      ],
      ["draw", text.contains("\0") || text.isEmpty ? "nothing" : folder.file(text).path + "!"],
      ["draw", "--stage", text.replacing("\0", with: "")],
      ["train", "--compare", text.replacing("\0", with: ""), "x.grad"],
    ]
  }

  @Test func `no message makes a terminal do anything`() throws {
    let folder = try TemporaryFolder()
    for text in [
      "\u{1B}[31mred", "\u{1B}]0;t\u{7}\u{9B}2J", "\u{202E}gnp\u{2066}", "a\u{0}b\u{8}\u{7F}",
      "\r\u{85}\u{2028}x", "<&\"\\%s",
    ] {
      for arguments in try refusals(text, in: folder) {
        let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
        #expect(result.status == 1 || result.status == 2, "\(arguments) \(result.errors)")
        #expect(!result.errors.isEmpty)
        #expect(
          Hostile.obeyed(result.errors + result.text) == [], "\(arguments) \(result.errors.debugDescription)")
      }
    }
  }

  @Test func `what is said when all is well is text, too`() throws {
    let folder = try TemporaryFolder()
    let name = "a\u{1B}[31m\u{202E}\nb"
    let file = try folder.write(
      "param w = 2\ninput x = [[1.0], [2.0]]\nloss L = sum((x * w)**2)\nmetric size = mean(x)\nrate 0.01\nsteps 5\n",
      to: "\(name).grad")
    for arguments in [
      ["draw", file, "-o", folder.file("\(name)/").path], ["train", file, "-o", folder.file(name).path],
      ["check", file],
    ] {
      let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
      #expect(result.status == 0, "\(result.errors)")
      // Tabs separate the columns of a check that is read by another program.
      let text = arguments[0] == "check" ? result.text.replacing("\t", with: " ") : result.text
      #expect(Hostile.obeyed(result.errors + text) == [], "\(arguments)")
    }
    // A graph whose parameter's name is an escape sequence, compared with a program.
    let program = try folder.write("param w = 2\nloss L = w * w\n", to: "p.grad")
    let graph = try folder.write(
      "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"w\",\"name\":\"\\u001b[2Jw\",\"value\":[1],\"gradient\":[1]}]}",
      to: "\u{1B}[31m.json")
    let result = try ProcessResult(Project.gradviz, ["check", program, "--against", graph])
    #expect(result.status == 1 && Hostile.obeyed(result.errors + result.text) == [])
  }

  // MARK: Bytes

  @Test func `bytes that are not UTF-8 are rejected with their line`() throws {
    let folder = try TemporaryFolder()
    for (bytes, line) in [
      ([0xFF, 0xFE, 0x00], 1), ([0x61, 0x0A, 0xC3, 0x28], 2), ([0xED, 0xA0, 0x80], 1),
      ([0xF5, 0x80, 0x80, 0x80], 1), ([0xC0, 0x80], 1),
    ]
      as [([UInt8], Int)]
    {
      try Data(bytes).write(to: folder.file("x.grad"))
      let result = try ProcessResult(Project.gradviz, ["draw", "x.grad"], in: folder.url)
      #expect(
        result.status == 1 && result.errors == "x.grad: error: this is not UTF-8 text (line \(line))\n",
        "\(result.errors)")
      try Data(bytes).write(to: folder.file("x.csv"))
      let program = try folder.write("input x = csv(\"x.csv\")\n", to: "csv.grad")
      let data = try ProcessResult(Project.gradviz, ["draw", program], in: folder.url)
      #expect(
        data.status == 1 && data.errors.contains("`x.csv` cannot be read: it is not UTF-8 text"),
        "\(data.errors)")
    }
  }

  @Test func `a megabyte of name is refused, of title drawn`() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 1_000_000)
    for (text, message) in [
      ("\(long) = 1\n", "a name has at most 256 bytes"),
      ("title \"\(long)\"\nparam w = 1\n", "a title can have at most 100000 bytes"),
      (
        "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"a\",\"name\":\"\(long)\",\"value\":[1]}]}",
        "nodes[0].name: expected at most 256 bytes"
      ),
      (
        "{\"version\":1,\"level\":\"scalar\",\"nodes\":[{\"id\":\"\(long)\",\"value\":[1]}]}",
        "nodes[0].id: expected a letter or `_`"
      ),
      ("{\"version\":1,\"level\":\"\(long)\",\"nodes\":[]}", "level: `\(long.prefix(60))…` is not one of"),
      ("input x = csv(\"\(long)\")\n", "data files must be in the program's folder or below it"),
    ] {
      let result = try ProcessResult(Project.gradviz, ["draw", folder.write(text, to: "x.grad")])
      #expect(result.status == 1 && result.errors.contains(message), "\(result.errors.prefix(300))")
      #expect(result.errors.utf8.count < 2000)
    }
    let title = String(repeating: "é<&\\ ", count: 14_000)
    let graph = try ComputationGraph.load(
      text: "title \(Hostile.literal(title) ?? "")\nparam w = 2\nloss L = w * w\n", path: "x.grad"
    ).graph
    #expect(try complaints(graph) == [])
  }

  // MARK: What is read

  @Test func `a program reads the data it names and nothing else`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("secret\n314159265\n", to: "secret.csv")
    try FileManager.default.createDirectory(at: folder.file("inside"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("inside/link.csv").path, withDestinationPath: "../secret.csv")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("inside/up").path, withDestinationPath: "..")
    for path in [
      "../secret.csv", "/etc/passwd", "link.csv", "up/secret.csv", "~/secret.csv", "file:///etc/passwd",
      "http://example.org/x.csv", "./../secret.csv", "a/../../secret.csv",
    ] {
      let program = try folder.write("input x = csv(\"\(path)\")\n", to: "inside/p.grad")
      let result = try ProcessResult(Project.gradviz, ["draw", program])
      #expect(result.status == 1 && !result.errors.contains("314159265"), "\(path): \(result.errors)")
    }
  }
}
