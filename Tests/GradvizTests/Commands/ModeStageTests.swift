import Foundation
import GradvizTestSupport
import Testing

/// The stages that are drawn when they are asked for: what is typed, and what is written or refused.
@Suite("gradviz draw --stage forward-mode, second-order, depth")
struct ModeStageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(
      "input x = 2\ntarget y = 1\nparam w = [0.5, 1]\nh = tanh(w[0]*x)\nloss L = (w[1]*h - y)**2\nrate 0.1\nsteps 5\n",
      to: "net.grad")
  }

  private func draw(_ arguments: String...) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, ["draw", "net.grad"] + arguments, in: folder.url)
  }

  @Test func `one figure each on standard output`() throws {
    for (stage, word) in [("forward-mode", "Reverse mode"), ("second-order", "H·v"), ("depth", "Gradients by depth")] {
      let result = try draw("--stage", stage, "-o", "-")
      #expect(result.status == 0 && result.text.contains(word), "\(stage): \(result.errors)")
    }
    let named = try draw("--stage", "forward-mode", "--of", "w[1]", "--lang", "fr", "-o", "-")
    #expect(named.status == 0 && named.text.contains("Mode inverse"), "\(named.errors)")
  }

  @Test(arguments: [
    (["--stage", "forward-mode", "--of", "q"], 1, "unknown parameter or input `q`"),
    (["--stage", "backward", "--of", "w[1]"], 2, "`--of NAME` belongs to `--stage derivative`"),
    (["--stage", "depth,loss"], 2, "draw it without other stages"),
    (["--stage", "depth", "-T", "dot"], 2, "a plot is written as svg, png, pdf or tikz"),
  ])
  func `what does not go together is refused`(_ arguments: [String], _ status: Int, _ words: String) throws {
    let result = try ProcessResult(Project.gradviz, ["draw", "net.grad", "-o", "-"] + arguments, in: folder.url)
    #expect(Int(result.status) == status && result.errors.contains(words), "\(result.errors)")
  }

  @Test func `a program without layers has no depth`() throws {
    _ = try folder.write("param w = 1\nloss L = w**2\nsteps 2\n", to: "line.grad")
    let result = try ProcessResult(
      Project.gradviz, ["draw", "line.grad", "--stage", "depth", "-o", "-"], in: folder.url)
    #expect(result.status == 1 && result.errors.contains("it needs a layer with relu, tanh or sigmoid"))
  }

  @Test func `a page's block takes them, with of`() throws {
    _ = try folder.write(
      "# A page\n\n```grad include=net.grad stage=forward-mode,second-order of=w[1] level=scalar\n```\n\n"
        + "```grad include=net.grad stage=depth\n```\n", to: "page.md")
    let result = try ProcessResult(Project.gradviz, ["document", "page.md"], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    let page = try String(contentsOf: folder.file("page.md"), encoding: .utf8)
    for name in ["forward-mode", "second-order", "depth"] { #expect(page.contains("\(name).svg"), "\(page)") }
  }
}
