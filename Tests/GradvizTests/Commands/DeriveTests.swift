import Foundation
import GradvizFigures
import GradvizKit
import GradvizTestSupport
import Testing

/// What is typed, and where the derivation is afterwards; its lines have a law of their own.
@Suite("gradviz derive")
struct DeriveTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write("param w = 3\nloss L = w**2\nrate 0.1\nsteps 3\n", to: "net.grad")
  }

  private func gradviz(_ arguments: String...) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, arguments, in: folder.url)
  }

  private func text(_ path: String) throws -> String { try String(contentsOf: folder.file(path), encoding: .utf8) }

  private static let plain = """
    net
    ===

    Forward pass
    ------------

    w = 3

    Loss
    ----

    L = w² = 3² = 9

    Backward pass
    -------------

    ∂L/∂L = 1
    ∂L/∂w = 2w = 2 × 3 = 6

    """

  @Test func `the text is printed, or in the notation of the file's ending`() throws {
    let printed = try gradviz("derive", "net.grad")
    #expect(printed.status == 0 && printed.errors.isEmpty && printed.text == Self.plain, "\(printed.text)")
    for (path, beginning) in [
      ("a.txt", "net\n==="), ("a.md", "# net\n\n## Forward pass\n\n- $w = 3$\n"),
      ("a.tex", "% net; needs \\usepackage{amsmath}\n"),
      ("a.html", "<section>\n<h1>net</h1>\n"), ("b.MD", "# net\n"),
    ] {
      #expect(try gradviz("derive", "net.grad", "-o", path).status == 0)
      let written = try text(path)
      #expect(written.hasPrefix(beginning), "\(path): \(written)")
    }
    let (html, tex) = (try text("a.html"), try text("a.tex"))
    #expect(try gradviz("derive", "net.grad", "-T", "MathML").text == html)
    #expect(try gradviz("derive", "net.grad", "-Ttex", "-o", "-").text == tex)
  }

  @Test func `stages, digits, language and level are those that are asked for`() throws {
    let loss = try gradviz("derive", "net.grad", "--stage", "loss").text
    #expect(loss == "net\n===\n\nLoss\n----\n\nL = w² = 3² = 9\n")
    #expect(try gradviz("derive", "net.grad", "--stage", "backward,forward").text.contains("Forward pass"))
    #expect(try !gradviz("derive", "net.grad", "--stage", "backward,forward").text.contains("Loss"))
    #expect(try gradviz("derive", "net.grad", "--lang", "fr").text.contains("Fonction de perte"))
    // A comma before decimals is not that of a list.
    _ = try folder.write("lang fr\nparam w = 0.5\nloss L = w**2\n", to: "french.grad")
    let french = try gradviz("derive", "french.grad", "-T", "tex").text
    #expect(french.contains("0{,}5") && french.hasPrefix("% french\u{A0}; demande \\usepackage{amsmath}\n"))
    #expect(try gradviz("derive", "french.grad", "-T", "mathml").text.contains("<mn>0,25</mn>"))
    #expect(try gradviz("derive", "french.grad").text.contains("0,25"))
    _ = try folder.write("param w = [1, 2]\nloss L = sum(w / 3)\n", to: "two.grad")
    #expect(try gradviz("derive", "two.grad", "--level", "tensor").text.contains("w = [1, 2]"))
    #expect(
      try gradviz("derive", "two.grad", "--level", "scalar", "--precision", "7").text.contains("w₁ = 1\nw₂ = 2\n"))
    #expect(try gradviz("derive", "two.grad", "--level", "scalar", "--precision", "7").text.contains("0.3333333"))
  }

  @Test func `a trained program is derived with its parameters, and a graph as the program it is of`() throws {
    #expect(try gradviz("train", "net.grad", "--save", "trained.json", "-q").status == 0)
    let saved = try TrainedParameters.decodeJSON(Data(contentsOf: folder.file("trained.json")))
    let number = try #require(saved.parameters.first?.values.first)
    _ = try folder.write("title \"net\"\nparam w = \(number)\nloss L = w**2\nrate 0.1\n", to: "same.grad")
    let loaded = try gradviz("derive", "net.grad", "--load", "trained.json")
    let same = try gradviz("derive", "same.grad").text
    #expect(loaded.status == 0 && loaded.text == same)
    #expect(loaded.text != Self.plain)
    #expect(try gradviz("draw", "net.grad", "-T", "json", "-o", "net.json").status == 0)
    #expect(try gradviz("derive", "net.json").text == Self.plain)
    #expect(try gradviz("derive", "net.json", "--load", "trained.json").status == 1)
  }

  @Test(arguments: [
    (["--stage", "update"], "`--stage` takes forward, loss or backward, not `update`"),
    (["-T", "pdf"], "`-T` takes md, tex, mathml or txt, not `pdf`"),
    (["-o", "x.pdf"], "`-o x.pdf` has the ending of no format"), (["-o", ""], "`-o` needs a path"),
    (["-o", "none/here/x.tex"], "folder `none` does not exist"), (["--precision", "0"], "`--precision` takes 1 to 12"),
  ])
  func `what cannot be done is said`(_ arguments: [String], _ message: String) throws {
    let result = try ProcessResult(Project.gradviz, ["derive", "net.grad"] + arguments, in: folder.url)
    #expect(result.status == 2 && result.output.isEmpty && result.errors.contains(message), "\(result.errors)")
  }

  @Test func `an error in the program is shown where it is`() throws {
    _ = try folder.write("param w = 3\nloss L = v**2\n", to: "wrong.grad")
    let result = try gradviz("derive", "wrong.grad", "-o", "x.txt")
    #expect(result.status == 1 && result.errors.hasPrefix("wrong.grad:2:10: error:"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.txt").path))
  }
}
