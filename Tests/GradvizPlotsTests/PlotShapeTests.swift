import Autograd
import Foundation
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

@Suite("Plots and metrics of any shapes")
struct PlotShapeTests {
  private func plots(_ text: String) throws -> (decision: Bool, fit: Bool) {
    let training = try ProgramTraining(try Project.programText(text))
    _ = try training.next()
    let options = PlotOptions(title: "T")
    return (training.decisionPlot(options: options) != nil, training.fitPlot(options: options) != nil)
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
      try plots(
        x + y + "param w = [[1, 2, 0], [3, 4, 1]]\npredict p = x @ w\nloss L = cross_entropy(p, y)\nsteps 1")
        == (true, false))
    // A plot has one class for each sample.
    #expect(
      try plots(
        x + "target y = [[1, 1], [0, 1], [0, 0]]\nparam w = [[1, 2], [3, 4]]\npredict p = x @ w\n"
          + "loss L = cross_entropy(p, y)\nsteps 1") == (false, false))
    // Targets for samples other than the input's.
    #expect(
      try plots(
        x
          + "target y = [0, 1]\nparam w = [1, 2]\npredict p = sigmoid(x @ w)\nloss L = sum(p) + sum(y)\nsteps 1"
      )
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
    #expect(
      try plots(
        text.replacing("target y = [0, 1, 1, 0]", with: "target y = [0, 1, 1, 0]\ntarget q = [1, 1, 1, 1]"))
        == (false, false))
    let line =
      "input x = [1, 2, 3]\ntarget y = [2, 4.5, 6]\nparam w = 1\npredict h = x * w\npredict p = h + 1\nloss L = mse(p, y)\nsteps 1"
    #expect(try plots(line) == (false, true))
  }
}

@Suite("Plots and metrics take random shapes")
struct PlotShapeLaw {
  @Test func `no shape of input, target and prediction is too much`() throws {
    let seeds = 0..<Seeds.count(default: 80)
    let plotted = try seeds.count { try isPlotted($0) }
    // Programs that the language rejects cannot be plotted.
    #expect(plotted * 4 > seeds.count, "\(plotted) of \(seeds.count) programs")
  }

  /// Trains and plots a program; false for one that the language refuses.
  private func isPlotted(_ seed: Int) throws -> Bool {
    var random = SeededNumbers(seed: seed)
    func below(_ count: Int) -> Int { random.drawOrder(of: count)[0] }
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
    let prediction = ["x * w", "sigmoid(x * w)", "sum(x * w)", "x * w + one * w", "sum(x * w) * one"][
      below(5)]
    let text = """
      input x = \(input)
      target y = \(constant([0, rows, rows, rows + 1][below(4)], below(4), whole: below(2) == 0))
      one = \(constant(rows, below(2) == 0 ? 0 : max(features, 1), whole: false))
      param w = 0.5
      predict p = \(prediction)
      predict q = p * 2
      loss L = sum(p * p) + sum(y)
      metric a = \(["sum(y)", "accuracy(p, y)", "argmax(p)", "accuracy(x, y)", "accuracy(q, y)"][below(5)])
      steps 2
      \(below(3) == 0 ? "batch 2" : "")
      \(below(4) == 0 ? "holdout 0.4" : "")
      """
    guard let program = try? Project.programText(text) else { return false }
    let training = try ProgramTraining(program)
    while try training.next() != nil {}
    let options = PlotOptions(title: "T")
    let own = [
      training.decisionPlot(options: options), training.fitPlot(options: options),
      training.parameterPlot(options: options),
      try training.landscapePlot(options: options),
    ]
    for plot in own { if let plot { #expect(SVGDocument(plot.svg(theme: .light)).error == nil) } }
    for rows in [training.plan.trainingRows, training.plan.heldOutRows] where !rows.isEmpty {
      #expect(try training.evaluate(rows).metrics.count == 1, "seed \(seed)")
    }
    return true
  }
}
