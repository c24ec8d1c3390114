import Foundation
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
  private func gradviz(_ arguments: String..., input: String? = nil, in folder: URL = Project.folder) throws
    -> ProcessResult
  {
    try ProcessResult(Project.gradviz, arguments, input: input.map { Data($0.utf8) }, in: folder)
  }

  @Test func `one figure goes to standard output`() throws {
    let result = try gradviz("draw", "Samples/neuron.grad", "--stage", "backward")
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.text.hasPrefix("<svg"))
    #expect(result.text.hasSuffix("</svg>\n"))
  }

  @Test func `several figures go to Output, or into the folder asked for`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 3\nloss L = a * a\n", to: "net.grad")
    // Standard output is a file here, which five figures do not fit in.
    #expect(
      try ProcessResult("/bin/sh", ["-c", "'\(Project.gradviz)' draw net.grad > /dev/null"], in: folder.url).status == 0
    )
    for stage in ["forward", "loss", "backward", "update", "overview"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("Output/net/\(stage).svg").path), "\(stage)")
    }
    #expect(
      try gradviz("draw", "net.grad", "-T", "svg", "-T", "dot", "-o", "here/", in: folder.url).status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.file("here/overview.dot").path))
  }

  @Test(arguments: [
    ("x.svg", "<svg"), ("x.dot", "digraph"), ("x.pdf", "%PDF"), ("x.tex", "% net: Loss\n% A"), ("x.png", "\u{FFFD}PNG"),
    ("x.json", "{"),
  ])
  func `the ending picks the format`(file: String, start: String) throws {
    let folder = try TemporaryFolder()
    let program = try folder.write("param a = 3\nloss L = a * a\n", to: "net.grad")
    #expect(try gradviz("draw", program, "--stage", "loss", "-o", folder.file(file).path).status == 0)
    let data = try Data(contentsOf: folder.file(file))
    #expect(String(decoding: data.prefix(20), as: UTF8.self).hasPrefix(start))
  }

  /// Found by `make attack`: the first run created a folder of PDF files, the second added SVG files to it.
  @Test func `a folder that is there already does not change the format its ending picks`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param a = 3\nloss L = a * a\n", to: "net.grad")
    // The name of a file is refused, unless a folder bears it.
    #expect(try gradviz("draw", "net.grad", "-o", "one.dot", in: folder.url).status == 2)
    try FileManager.default.createDirectory(at: folder.file("one.dot"), withIntermediateDirectories: false)
    for _ in 0..<2 {
      #expect(try gradviz("draw", "net.grad", "-o", "one.dot", in: folder.url).status == 0)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.file("one.dot").path).sorted()
          == ["backward.dot", "forward.dot", "loss.dot", "overview.dot", "update.dot"])
    }
  }

  @Test func `standard input and output with a hyphen, program or graph`() throws {
    let program = "title \"T\"\nparam a = 3\nloss L = a * a\n"
    let svg = try gradviz("draw", "-", "--stage", "backward", "-o", "-", input: program)
    #expect(svg.status == 0)
    let json = try gradviz("draw", "-", "-T", "json", input: program)
    #expect(json.status == 0)
    let again = try gradviz("draw", "-", "--stage", "backward", input: json.text)
    #expect(again.output == svg.output)
  }

  @Test func `a flag wins over the program and travels with the graph`() throws {
    let json = try gradviz("draw", "Samples/chain.grad", "--gradients", "numeric", "-T", "json")
    let svg = try gradviz("draw", "-", "--stage", "backward", input: json.text)
    #expect(svg.text.contains("[6]") && !svg.text.contains("[f·b]"))
  }

  @Test func `the input is at fault: status 1, one clear line`() throws {
    let folder = try TemporaryFolder()
    let broken = try folder.write("loss L = tnh(2)\n", to: "broken.grad")
    let empty = try folder.write(" \n", to: "empty.grad")
    let bytes = folder.file("bytes.grad")
    try Data([0xFF, 0xFE, 0x00]).write(to: bytes)
    let noLoss = try folder.write("param a = 3\n", to: "forward.grad")
    let recorded = "Samples/python/mlp.json"
    let forward = try folder.write(
      #"{"version": 2, "level": "tensor", "producer": "torch", "nodes": [{"id": "w", "role": "parameter", "value": [3]}]}"#,
      to: "forward.json")
    let none = folder.file("none").path
    try FileManager.default.createDirectory(atPath: none, withIntermediateDirectories: false)
    for (arguments, message) in [
      (["draw", "missing.grad"], "missing.grad: error: no such file\n"),
      (["draw", none], "\(none): error: the folder has no programs (`.grad`)\n"),
      (["check", folder.url.path], "\(folder.url.path): error: this is a folder, not a file\n"),
      (["draw", bytes.path], "\(bytes.path): error: this is not UTF-8 text (line 1)\n"),
      (
        ["draw", empty],
        "\(empty): error: the file is empty; a program declares at least one value, as in `param a = 2`\n"
      ),
      (
        ["draw", noLoss, "--stage", "loss"],
        "\(noLoss): error: there is no loss figure: the program has no `loss`\n"
      ),
      (
        ["draw", "Samples/neuron.grad", "--stage", "loss", "-o", "/dev/null/x.svg"],
        "/dev/null/x.svg: error: the file cannot be written"
      ),
      (["check", noLoss], "\(noLoss): error: the program has no `loss`"),
      (
        ["draw", recorded, "--open", "fc3"],
        "\(recorded): error: there is no module `fc3`; expected one of `fc1`, `fc2`\n"
      ),
      (
        ["draw", forward, "--stage", "loss"],
        "\(forward): error: there is no loss figure: the step has no loss: no backward pass was recorded\n"
      ),
    ] {
      let result = try ProcessResult(Project.gradviz, arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(result.errors.hasPrefix(message), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      #expect(result.output.isEmpty)
    }
    let diagnosed = try gradviz("draw", broken)
    #expect(diagnosed.status == 1)
    #expect(
      diagnosed.errors == """
        \(broken):1:10: error: unknown function `tnh`; did you mean `tanh`?
        1 | loss L = tnh(2)
          |          ^~~

        """)
  }

  @Test(arguments: [
    ["draw"], ["draw", "Samples/neuron.grad", "--stage", "sideways"],
    ["draw", "Samples/neuron.grad", "-T", "gif"],
    ["draw", "Samples/neuron.grad", "--precision", "13"], ["draw", "Samples/neuron.grad", "-o", "-"],
    ["draw", "Samples/neuron.grad", "--stage", "loss", "-o", "x.gif"], ["paint"], ["draw", "a", "b", "-o", "-"],
  ])
  func `the command line is at fault: status 2`(arguments: [String]) throws {
    let result = try ProcessResult(Project.gradviz, arguments)
    #expect(result.status == 2)
    #expect(!result.errors.isEmpty && result.output.isEmpty)
  }

  @Test func `an error leaves the former figure as it was`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write("loss L = nope\n", to: "net.grad")
    _ = try folder.write("former", to: "net.svg")
    #expect(try gradviz("draw", program, "--stage", "loss", "-o", folder.file("net.svg").path).status == 1)
    #expect(try String(contentsOf: folder.file("net.svg"), encoding: .utf8) == "former")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [
        "net.grad", "net.svg",
      ])
  }

  @Test func `check agrees on every sample`() throws {
    let result = try ProcessResult(Project.gradviz, ["check"] + Project.samples.map { "Samples/\($0).grad" })
    #expect(result.status == 0)
    #expect(!result.text.contains("DIFFERS"))
    #expect(result.text.contains("w[1]"))
  }

  @Test func `help shows examples`() throws {
    let result = try gradviz("draw", "--help")
    #expect(result.status == 0)
    #expect(result.text.contains("gradviz draw net.grad --stage backward > backward.svg"))
  }
}
