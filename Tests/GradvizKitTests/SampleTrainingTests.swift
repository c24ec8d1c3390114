import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizKit

/// Samples learn what their comments say.
@Suite("Samples that learn")
struct SampleTrainingTests {
  struct Lesson: Sendable, CustomTestStringConvertible {
    var sample: String
    /// The loss over the training samples after training is below it.
    var loss: Double
    /// The metric is at least this in training, and for the samples held out.
    var training = 0.0
    var heldOut = 0.0
    var testDescription: String { sample }
  }

  @Test(arguments: [
    Lesson(sample: "autoencoder", loss: 0.01, training: 1),
    Lesson(sample: "conv", loss: 0.05, training: 0.99, heldOut: 0.95),
    Lesson(sample: "dropout", loss: 0.2, training: 0.9, heldOut: 0.9),
    Lesson(sample: "lstm", loss: 0.001, training: 1),
    Lesson(sample: "residual", loss: 0.001, training: 1),
    Lesson(sample: "transformer", loss: 1e-5, training: 1, heldOut: 1),
  ])
  func `a network learns what its comment says`(lesson: Lesson) throws {
    let training = try training(of: lesson.sample)
    #expect(try training.run() < lesson.loss)
    let metrics = training.metrics.map { ($0.isHeldOut, $0.points.last?.value ?? 0) }
    #expect(metrics.count == (lesson.heldOut > 0 ? 2 : 1))
    for (isHeldOut, value) in metrics { #expect(value >= (isHeldOut ? lesson.heldOut : lesson.training)) }
  }

  /// Counting the pairs gives the best table of probabilities, and its loss.
  @Test func `bigrams approach what counting gives`() throws {
    let text = try String(
      contentsOf: Project.folder.appendingPathComponent("Samples/data/names.txt"), encoding: .utf8)
    var (pairs, firsts): ([String: Double], [Character: Double]) = ([:], [:])
    for line in text.split(separator: "\n") {
      let whole = "." + line + "."
      for (a, b) in zip(whole, whole.dropFirst()) {
        pairs["\(a)\(b)", default: 0] += 1
        firsts[a, default: 0] += 1
      }
    }
    let count = pairs.values.reduce(0, +)
    let best = -pairs.reduce(0) { $0 + $1.value * log($1.value / firsts[$1.key.first ?? ".", default: 1]) } / count
    let loss = try training(of: "bigram").run()
    #expect(loss > best && loss < best + 0.01)
  }

  @Test func `three characters say more than one`() throws {
    let training = try training(of: "names")
    try training.run()
    let heldOut = try #require(training.heldOut.last?.loss)
    let atFirst = try #require(training.heldOut.first?.loss)
    #expect(abs(atFirst - log(27.0)) < 0.3)
    #expect(heldOut < 2.3, "\(heldOut)")
  }

  @Test func `a residual network passes the gradient on, and one without sums does not`() throws {
    let path = Project.folder.appendingPathComponent("Samples/residual.grad").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    func length(_ text: String) throws -> Double {
      let recording = try Program.load(text: text, path: path).record()
      try #require(recording.loss).backward()
      let gradient = try #require(recording.names["A"]).gradient
      return gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let plain = text.replacing("h = h + tanh", with: "h = tanh")
    #expect(plain != text)
    #expect(try length(text) > 0.1 && length(plain) < 1e-3)
  }

  @Test(arguments: ["w**2", "-w**2"])
  func `a step that diverges is shown as it was`(loss: String) throws {
    let training = try ProgramTraining(Project.programText("param w = 3\nloss L = \(loss)\nrate 30\nsteps 900"))
    let error = #expect(throws: TrainingError.self) { try training.run() }
    let graph = training.graph()
    #expect(error?.step == training.step && error?.loss == graph.loss.map { graph.nodes[$0].value[0] })
    let w = try #require(graph.nodes.first { $0.name == "w" })
    #expect(w.value[0] * w.value[0] == error?.loss.magnitude && training.losses.last?.value == error?.loss)
  }

  @Test func `training in batches begins with the loss of all samples`() throws {
    let program = "input x = [1, 2, 3, 9]\nparam w = 2\nloss L = mean(x * w)\nbatch 2\nsteps 3\nrate 0.01"
    let training = try ProgramTraining(Project.programText(program))
    #expect(training.initialLoss == 7.5)
    #expect(try ProgramTraining(Project.programText(program.replacing("batch 2\n", with: ""))).initialLoss == nil)
  }

  private func training(of sample: String) throws -> ProgramTraining {
    let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
    return try ProgramTraining(Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path))
  }
}
