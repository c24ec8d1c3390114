import Foundation
import GradvizKit
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
    #expect(
      result.errors.hasSuffix("; see out/diverged.svg\n")
        && result.errors.contains("in step \(step), \(pass.rawValue)") && result.errors.contains(operation),
      "\(result.errors)")
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
        result.errors.contains("warning: nothing uses `lr`; did you mean `rate 0.5`?"), "\(arguments): \(result.errors)")
    }
  }

  @Test(arguments: Project.samples)
  func `samples are drawn without a word`(_ sample: String) throws {
    let folder = try TemporaryFolder()
    let result = try ProcessResult(
      Project.gradviz, ["draw", "Samples/\(sample).grad", "-T", "json", "-o", folder.file("x.json").path])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
  }
}

@Suite("Plots and metrics of any shapes")
struct PlotShapeTests {
  private func plots(_ text: String) throws -> (decision: Bool, fit: Bool) {
    let trainer = try ProgramTrainer(try Project.programText(text))
    _ = try trainer.advance()
    let options = PlotOptions(title: "T")
    return (trainer.decisionPlot(options: options) != nil, trainer.fitPlot(options: options) != nil)
  }

  @Test func `a classifier whose targets are wider than its prediction has no decision plot`() throws {
    let x = "input x = [[0, 1], [1, 0], [1, 1]]\n"
    let y = "target y = one_hot([0, 1, 2], 3)\n"
    #expect(
      try plots(x + y + "param w = [[1, 2], [3, 4]]\npredict p = x @ w\nloss L = sum(p) + sum(y)\nsteps 1")
        == (false, false))
    #expect(
      try plots(x + y + "param w = [1, 2]\npredict p = sigmoid(x @ w)\nloss L = sum(p) + sum(y)\nsteps 1")
        == (false, false))
    #expect(
      try plots(x + y + "param w = [[1, 2, 0], [3, 4, 1]]\npredict p = x @ w\nloss L = cross_entropy(p, y)\nsteps 1")
        == (true, false))
    // Several classes at once are no classes of a plot.
    #expect(
      try plots(
        x + "target y = [[1, 1], [0, 1], [0, 0]]\nparam w = [[1, 2], [3, 4]]\npredict p = x @ w\n"
          + "loss L = cross_entropy(p, y)\nsteps 1") == (false, false))
    // Targets of other samples than the input's.
    #expect(
      try plots(x + "target y = [0, 1]\nparam w = [1, 2]\npredict p = sigmoid(x @ w)\nloss L = sum(p) + sum(y)\nsteps 1")
        == (false, false))
  }

  @Test func `of several predictions the last one that the target fits is plotted`() throws {
    let text = """
      input x = [[0, 1], [1, 0], [1, 1], [0, 0]]
      target y = [0, 1, 1, 0]
      param w = [1, 2]
      predict z = x @ w
      predict p = sigmoid(z)
      loss L = bce(p, y)
      steps 1
      """
    #expect(try plots(text) == (true, false))
    #expect(try plots(text.replacing("target y = [0, 1, 1, 0]", with: "target y = [0, 1, 1, 0]\ntarget q = [1, 1, 1, 1]")) == (false, false))
    let line = "input x = [1, 2, 3]\ntarget y = [2, 4.5, 6]\nparam w = 1\npredict h = x * w\npredict p = h + 1\nloss L = mse(p, y)\nsteps 1"
    #expect(try plots(line) == (false, true))
  }

  @Test(arguments: 0..<80)
  func `no shape of input, target and prediction is too much`(_ seed: Int) throws {
    var random = SeededNumbers(seed: seed)
    func below(_ count: Int) -> Int { random.shuffled(count)[0] }
    func constant(_ rows: Int, _ columns: Int, whole: Bool) -> String {
      func number() -> String { whole ? "\(below(3))" : "\(Double(below(200)) / 100 - 1)" }
      if rows == 0 { return number() }
      if columns == 0 { return "[" + (0..<rows).map { _ in number() }.joined(separator: ", ") + "]" }
      return "[" + (0..<rows).map { _ in constant(columns, 0, whole: whole) }.joined(separator: ", ") + "]"
    }
    let rows = 2 + below(3)
    let features = below(4)
    let inputRank = below(5)
    let input =
      inputRank == 0
      ? constant(0, 0, whole: false) : constant(rows, inputRank == 1 ? 0 : max(features, 1), whole: false)
    let prediction = ["x * w", "sigmoid(x * w)", "sum(x * w)", "x * w + one * w", "sum(x * w) * one"][below(5)]
    let text = """
      input x = \(input)
      target y = \(constant([0, rows, rows, rows + 1][below(4)], below(4), whole: below(2) == 0))
      one = \(constant(rows, below(2) == 0 ? 0 : max(features, 1), whole: false))
      param w = 0.5
      predict p = \(prediction)
      predict q = p * 2
      loss L = sum(p * p) + sum(y)
      metric a = sum(y)
      steps 2
      \(below(3) == 0 ? "batch 2" : "")
      \(below(4) == 0 ? "holdout 0.4" : "")
      """
    // What the language refuses cannot be plotted.
    guard let program = try? Project.programText(text) else { return }
    let trainer = try ProgramTrainer(program)
    while !trainer.isDone { _ = try trainer.advance() }
    let options = PlotOptions(title: "T")
    let own = [
      trainer.decisionPlot(options: options), trainer.fitPlot(options: options), trainer.parameterPlot(options: options),
      try trainer.landscapePlot(options: options),
    ]
    for plot in own { if let plot { #expect(SVGDocument(plot.svg(theme: .light)).error == nil) } }
    for rows in [trainer.plan.trainingRows, trainer.plan.heldOutRows] where !rows.isEmpty {
      #expect(try trainer.evaluate(rows).metrics.count == 1)
    }
  }
}
