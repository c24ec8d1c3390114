import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// What is typed, and which files are there afterwards; what stands in the sheets has a law of its own.
@Suite("gradviz exercise")
struct ExerciseTests {
  private let folder: TemporaryFolder

  private static let network = """
    input x1 = 1
    input x2 = -2
    target y = 1
    param a1 = 2
    param a2 = -1
    param b = 3
    param v = 2
    h = relu(a1*x1 + a2*x2 + b)
    predict o = v*h
    loss L = (o - y)**2

    """

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(Self.network, to: "net.grad")
  }

  private func gradviz(_ arguments: String...) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, ["exercise"] + arguments, in: folder.url)
  }

  private func text(_ path: String) throws -> String { try String(contentsOf: folder.file(path), encoding: .utf8) }

  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file(path).path).sorted()
  }

  @Test func `a sheet, its solution and its answers go where draw's figures go`() throws {
    let result = try gradviz("net.grad")
    #expect(result.status == 0 && result.text.isEmpty)
    let told = result.errors.matches(of: /wrote Output\/net\/[a-z]+\.(?:svg|csv), [0-9]+ ms\n/)
    #expect(told.count == 3, "\(result.errors)")
    #expect(try names("Output/net") == ["answers.csv", "sheet.svg", "solution.svg"])
    // o = 2·(2 + 2 + 3) = 14, so that ∂L/∂o = 26, ∂L/∂v = 26·7, ∂L/∂h = 26·2, ∂L/∂a₂ = 52·(−2).
    let answers = try text("Output/net/answers.csv").split(separator: "\n").map(String.init)
    #expect(answers[0] == "name,kind,answer,variant")
    for line in [
      "o,gradient,26,", "v,gradient,182,", "h,gradient,52,", "a2,gradient,-104,", "b,gradient,52,", "y,gradient,-26,",
    ] {
      #expect(answers.contains(line), "\(line)")
    }
    #expect(!answers.contains { $0.contains("value") })
    #expect(try text("Output/net/sheet.svg") != text("Output/net/solution.svg"))
    #expect(!(try text("Output/net/sheet.svg").contains("182")))
    #expect(try text("Output/net/solution.svg").contains(">182<"))
  }

  @Test func `values, or some names, are left out instead`() throws {
    #expect(try gradviz("net.grad", "--blank", "values", "-o", "a/").status == 0)
    #expect(try text("a/answers.csv").hasSuffix("L,value,169,\n"))
    #expect(try gradviz("net.grad", "--blank", "v,h", "--blank", "b", "-o", "b/").status == 0)
    #expect(
      try text("b/answers.csv")
        == "name,kind,answer,variant\nb,gradient,52,\nv,gradient,182,\nh,value,7,\nh,gradient,52,\n")
  }

  @Test func `variants are numbered files, or the pages of one`() throws {
    #expect(try gradviz("net.grad", "--variants", "10", "--seed", "7", "-o", "a/").status == 0)
    #expect(try names("a").count == 21 && names("a").contains("sheet-03.svg") && names("a").contains("solution-10.svg"))
    #expect(try gradviz("net.grad", "--variants", "10", "--seed", "7", "-o", "b/").status == 0)
    for name in try names("a") { #expect(try text("a/\(name)") == text("b/\(name)"), "\(name)") }
    let result = try gradviz("net.grad", "--variants", "4", "-T", "pdf", "-Tpng", "-o", "c/")
    #expect(result.status == 0, "\(result.errors)")
    let pages = try Data(contentsOf: folder.file("c/sheet.pdf"))
    #expect(pages.starts(with: Data("%PDF".utf8)))
    #expect(try names("c").filter { $0.hasSuffix("png") }.count == 8)
    if let count = try? ProcessResult("/usr/bin/pdfinfo", [folder.file("c/solution.pdf").path]) {
      #expect(count.text.contains(/Pages: +4/))
    }
    let rows = try text("c/answers.csv").split(separator: "\n").dropFirst()
    #expect(Set(rows.compactMap { $0.split(separator: ",").last }) == ["1", "2", "3", "4"])
  }

  @Test(.enabled(if: Project.tool("pdftotext") != nil, "pdftotext is not installed"))
  func `a PDF's text has no answer on the sheet and all in the solution`() throws {
    let tool = try #require(Project.tool("pdftotext"))
    #expect(try gradviz("net.grad", "-T", "pdf", "-o", "a/").status == 0)
    func words(_ name: String) throws -> [Substring] {
      try ProcessResult(tool, [folder.file("a/\(name).pdf").path, "-"]).text.split { " \n[]".contains($0) }
    }
    let (sheet, solution) = (try words("sheet"), try words("solution"))
    for answer in ["182", "−104", "52", "26"] {
      #expect(!sheet.contains(Substring(answer)) && solution.contains(Substring(answer)), "\(answer)")
    }
  }

  @Test func `functions whose results are long are named in one line`() throws {
    _ = try folder.write("param w = 3\ninput x = 2\npredict o = tanh(w*x)\nloss L = (o - 1)**2\n", to: "t.grad")
    let result = try gradviz("t.grad", "--variants", "2", "-q")
    #expect(result.status == 0)
    #expect(
      result.errors == "t.grad: note: the results of tanh are not short decimals: the numbers are rounded to 3 digits\n"
    )
    let french = try gradviz("t.grad", "--variants", "2", "--lang", "fr")
    #expect(french.errors.contains("arrondis à 3 chiffres"), "\(french.errors)")
    #expect(try text("Output/t/sheet-1.svg").contains("variante 1"))
  }

  @Test func `a page that takes answers stands for each sheet, beside the answers`() throws {
    #expect(try gradviz("net.grad", "-T", "html", "-o", "a/").status == 0)
    #expect(try names("a") == ["answers.csv", "sheet.html"])
    #expect(try text("a/sheet.html").hasPrefix("<!doctype html>") && !text("a/sheet.html").contains("182"))
    #expect(
      try gradviz("net.grad", "-T", "html", "-T", "pdf", "--variants", "2", "--lang", "fr", "-o", "b/").status == 0)
    #expect(try names("b") == ["answers.csv", "sheet-1.html", "sheet-2.html", "sheet.pdf", "solution.pdf"])
    #expect(try text("b/sheet-2.html").contains("variante 2"))
  }

  @Test func `a graph is an exercise as well, without variants`() throws {
    let json = try ProcessResult(
      Project.gradviz, ["draw", "net.grad", "-T", "json", "--level", "scalar"], in: folder.url)
    _ = try folder.write(json.text, to: "net.json")
    #expect(try gradviz("net.json", "-o", "a/").status == 0)
    #expect(try gradviz("net.grad", "-o", "b/").status == 0)
    #expect(try text("a/answers.csv") == text("b/answers.csv"))
    let refused = try gradviz("net.json", "--variants", "2")
    #expect(refused.status == 1 && refused.errors.contains("`--variants` needs a program"), "\(refused.errors)")
  }

  static let mistakes: [(arguments: [String], message: String)] = [
    (["--blank", "gradient"], "unknown value in `--blank`: `gradient`; did you mean `gradients`?"),
    (["--blank", "weights"], "unknown value in `--blank`: `weights`; expected one of gradients, values"),
    (["--blank", "a3"], "did you mean `a"),
    (["--blank", "a1,,b"], "`--blank` takes gradients, values, or names"),
    (["--variants", "0"], "`--variants` takes 1 to 1000, not 0"),
    (["--variants", "two"], "`--variants` takes a whole number, not `two`"),
    (["-o", "-"], "an exercise is several files"),
    (["-o", "sheet.svg"], "name a folder, as in `-o sheet/`"),
    (["-T", "dot"], "`-T` takes svg, png, pdf, tikz or html, not `dot`"),
    (["--precision", "13"], "`--precision` takes 1 to 12, not 13"),
  ]

  @Test(arguments: mistakes)
  func `a mistake on the command line says what would be right`(_ mistake: (arguments: [String], message: String))
    throws
  {
    let result = try ProcessResult(Project.gradviz, ["exercise", "net.grad"] + mistake.arguments, in: folder.url)
    #expect(result.status == 2 && result.errors.contains(mistake.message), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("Output").path))
  }

  @Test func `a program with nothing to fill in is an input error`() throws {
    _ = try folder.write("input x = 2\ny = x * 3\n", to: "forward.grad")
    let result = try gradviz("forward.grad")
    #expect(result.status == 1 && result.errors.contains("no gradients to fill in"), "\(result.errors)")
    #expect(try gradviz("forward.grad", "--blank", "values").status == 0)
    let given = try gradviz("forward.grad", "--blank", "x")
    #expect(given.status == 1 && given.errors.contains("`x` is given"), "\(given.errors)")
  }

  @Test func `what a figure does not show is not left out of it`() throws {
    _ = try folder.write(
      "input x = [1, 2, 3]\ntarget y = [2, 4, 7]\nparam a = 1\npredict p = a*x\nloss L = mean((p - y)**2)\n",
      to: "line.grad")
    for name in ["x", "y"] {
      let result = try gradviz("line.grad", "--blank", name, "-o", "sheets/")
      #expect(
        result.status == 1 && result.errors.contains("`\(name)` is given and has no gradient"), "\(result.errors)")
    }
    #expect(try gradviz("line.grad", "--blank", "a", "-o", "sheets/").status == 0)
  }
}
