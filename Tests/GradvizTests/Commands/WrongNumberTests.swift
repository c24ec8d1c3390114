import Foundation
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("Where a number went wrong, on the command line")
struct WrongNumberTests {
  private static let programs: [(text: String, pass: Stage, step: Int, operation: String)] = [
    ("param a = 0\nb = max(a, 0)\nc = sqrt(b)\nloss L = c + a\n", .backward, 0, "`sqrt(b)` passes back ∞"),
    ("param a = 0\nloss L = a**0.5\n", .backward, 0, "`a**0.5` passes back ∞"),
    (
      "param w = 1\nparam u = 0\nloss L = w**2 + u**2\noptimizer adam(rate: 0.1, eps: 0)\n", .update, 0,
      "`u` becomes NaN"
    ),
    ("param w = 1\ninner = log(w)\nloss L = inner + w\nrate 3\n", .forward, 1, "`inner` = `log(w)` is NaN"),
    ("param w = 4\nloss L = sqrt(w) * 0 + w\nrate 1\n", .backward, 4, "`sqrt(w)` passes back NaN"),
  ]

  @Test(arguments: programs.indices, ["en", "fr"])
  func `train names operation, pass and step, and draws that pass`(_ index: Int, _ language: String) throws {
    let (text, pass, step, operation) = Self.programs[index]
    let folder = try TemporaryFolder()
    _ = try folder.write("title \"Going wrong\"\n" + text, to: "net.grad")
    let result = try ProcessResult(
      Project.gradviz, ["train", "net.grad", "-q", "-o", "out", "--lang", language], in: folder.url)
    #expect(result.status == 1)
    let isFrench = language == "fr"
    let passes = ["forward": "propagation avant", "backward": "rétropropagation", "update": "mise à jour"]
    let expected =
      isFrench
      ? ["gradviz: erreur\u{A0}: à l’itération \(step), \(passes[pass.rawValue] ?? "?")\u{A0}: ", "`"]
      : ["gradviz: error: in step \(step), \(pass.rawValue)", operation]
    #expect(
      result.errors.hasSuffix(isFrench ? "\u{A0}; voir out/diverged.svg\n" : "; see out/diverged.svg\n")
        && expected.allSatisfy(result.errors.contains), "\(result.errors)")
    #expect(!result.errors.contains("inf") && !result.errors.contains("nan"))
    let svg = SVGDocument(try String(contentsOf: folder.file("out/diverged.svg"), encoding: .utf8))
    #expect(svg.error == nil)
    let texts = svg.texts.map(\.text)
    #expect(texts.contains { $0.hasPrefix("Going wrong, ") && $0.hasSuffix(" \(step)") }, "\(texts)")
    #expect(svg.elements.contains { $0.groups.contains { $0.classes.contains("stage-\(pass.rawValue)") } })
  }

  @Test func `draw says it with place and caret`() throws {
    let folder = try TemporaryFolder()
    for (text, pass, _, operation) in Self.programs where pass != .forward && !text.contains("* 0") {
      let path = try folder.write(text, to: "net.grad")
      let result = try ProcessResult(
        Project.gradviz, ["draw", path, "--stage", "backward", "-o", folder.file("x.svg").path])
      #expect(result.status == 0)
      #expect(result.errors.contains(": warning: \(pass.rawValue)") && result.errors.contains(operation))
      #expect(result.errors.contains("^"), "\(result.errors)")
    }
  }

  @Test func `a loss that is not finite after the last step is an error`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("param w = 1\nloss L = log(w) + w\nrate 3\nsteps 1\n", to: "net.grad")
    let result = try ProcessResult(Project.gradviz, ["train", path, "-q", "-o", folder.file("out").path])
    #expect(result.status == 1 && result.errors.contains("in step 1, forward pass"), "\(result.errors)")
  }

  @Test func `values that nothing uses are warned of by every command`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("lr = 0.5\nparam w = 2\nloss L = w**2\nsteps 2\n", to: "net.grad")
    let page = try folder.write("# T\n\n```grad\nlr = 0.5\nparam w = 2\nloss L = w**2\n```\n", to: "page.md")
    for arguments in [
      ["draw", path, "--stage", "loss", "-o", folder.file("x.svg").path], ["check", path],
      ["train", path, "-q", "-o", folder.file("out").path], ["document", page],
    ] {
      let result = try ProcessResult(Project.gradviz, arguments)
      #expect(result.status == 0, "\(arguments)")
      #expect(
        result.errors.contains("warning: nothing uses `lr`; did you mean `rate 0.5`?"),
        "\(arguments): \(result.errors)")
    }
  }

  @Test(arguments: Project.samples)
  func `samples are drawn without a word`(_ sample: String) throws {
    let folder = try TemporaryFolder()
    let result = try ProcessResult(
      Project.gradviz, ["draw", "-q", "Samples/\(sample).grad", "-T", "json", "-o", folder.file("x.json").path])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
  }
}
