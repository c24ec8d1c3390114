import Autograd
import Foundation
import GradLanguage
import GradvizTestSupport
import Testing

@testable import GradvizKit
@testable import GradvizPlots

/// The gradients of layers over a training, against passes of their own.
@Suite("Gradients by depth")
struct DepthPlotTests {
  private static let options = PlotOptions(title: "Depth", id: "d")

  /// The tooltips of the curves: a layer's name, and its first and last number.
  private func tooltips(_ plot: Plot) -> [String] {
    plot.items.compactMap { item in
      if case .begin(let id, _, let tooltip) = item, id.hasPrefix("layer-") { tooltip } else { nil }
    }
  }

  private func texts(_ plot: Plot) -> [String] {
    plot.items.compactMap { item in
      if case .text(let text, _, _, _, _, _) = item { text } else { nil }
    }
  }

  @Test func `two layers of one neuron by hand`() throws {
    let program = try Project.programText(
      "input x = 2\ntarget y = 1\nparam w = 0.5\nparam v = 1.5\nh = sigmoid(w * x)\nyhat = tanh(v * h)\n"
        + "loss L = (yhat - y)**2\nrate 0.1\nsteps 2\n")
    let plot = try #require(ProgramTraining(program).depthPlot(options: Self.options))
    var (w, v) = (0.5, 1.5)
    var numbers: [(h: Double, yhat: Double)] = []
    for _ in 0...2 {
      let h = 1 / (1 + exp(-w * 2))
      let yhat = tanh(v * h)
      let ofOutput = 2 * (yhat - 1)
      let ofSum = ofOutput * (1 - yhat * yhat)
      numbers.append((abs(ofSum * v), abs(ofOutput)))
      let ofHidden = ofSum * v * h * (1 - h)
      (w, v) = (w - 0.1 * ofHidden * 2, v - 0.1 * ofSum * h)
    }
    func line(_ name: String, _ first: Double, _ last: Double) -> String {
      let full = Self.options.words.numbers(12)
      return "\(name): \(full.text(first)) → \(full.text(last))"
    }
    #expect(
      tooltips(plot) == [
        line("h (σ)", numbers[0].h, numbers[2].h), line("yhat (tanh)", numbers[0].yhat, numbers[2].yhat),
      ])
    #expect(texts(plot).contains("h (σ) \(Self.options.words.numbers(4).text(numbers[2].h))"))
  }

  @Test(arguments: ["mlp", "xor", "moons", "mazur"])
  func `means are those of the engine's gradients before each step`(_ sample: String) throws {
    let path = Project.folder.appending(path: "Samples/\(sample).grad").path
    let program = try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path, steps: 3)
    let plot = try #require(ProgramTraining(program).depthPlot(options: Self.options))
    let training = try ProgramTraining(program)
    let tape = training.recording.tape
    let layers = Layers(tape, loss: training.loss, Self.options.words).layers
    #expect(!layers.isEmpty)
    func means() -> [Double] {
      training.prepareStep()
      return layers.map { layer in
        let numbers = layer.places.flatMap { tape.gradient(of: $0).map(abs) }
        return numbers.reduce(0, +) / Double(numbers.count)
      }
    }
    let first = means()
    while try training.next() != nil {}
    let last = means()
    let full = Self.options.words.numbers(12)
    for (number, tooltip) in tooltips(plot).enumerated() {
      #expect(tooltip.hasSuffix(": \(full.text(first[number])) → \(full.text(last[number]))"), "\(tooltip)")
    }
  }

  @Test func `dead and saturated shares by hand`() throws {
    // Units of ReLU: the first dead, the second alive for one sample; a σ at 6, and a tanh at 0.
    let program = try Project.programText(
      "input X = [[1, 1], [2, -1]]\ntarget y = [0, 0]\nparam W = [[-1, 0], [0, 1]]\nparam a = 6\nparam b = 0\n"
        + "h = relu(X @ W)\nz = sigmoid(a)\nt = tanh(b)\nloss L = sum((h.sum(axis=1) - y)**2) + z**2 + t**2\nsteps 1\nrate 0.1\n"
    )
    let training = try ProgramTraining(program)
    training.prepareStep()
    let layers = Layers(training.recording.tape, loss: training.loss, Self.options.words)
    #expect(layers.count == 1)
    // Of four numbers of ReLU two, of σ the one, of tanh none.
    #expect(layers.closedShare(layers.layers[0]) == 3.0 / 6)
  }

  @Test func `a decade is the same height everywhere, and what is 0 has no place`() throws {
    let curve = LayerCurve(
      name: "h", gradients: [(0, 1), (1, 0.1), (2, 0.01), (3, 0), (4, 0.01)], closed: [(0, 0), (4, 0.25)])
    let plot = Plot.depth([curve], options: Self.options)
    let start = try #require(
      plot.items.firstIndex { item in
        if case .begin("layer-1", _, _) = item { true } else { false }
      })
    guard case .line(let points, _) = plot.items[start + 1] else {
      Issue.record("no curve")
      return
    }
    #expect(points.count == 3)
    #expect(abs((points[1].y - points[0].y) - (points[2].y - points[1].y)) < 1e-6)
    #expect(texts(plot).contains("h 0.01") && texts(plot).contains("h 25 %"))
  }

  @Test func `of many layers some are shown, and without one there is no plot`() throws {
    let lines = (1...20).map { "h\($0) = tanh(\($0 == 1 ? "w * x" : "h\($0 - 1)"))\n" }.joined()
    let deep = try Project.programText("input x = 1\nparam w = 1\n" + lines + "loss L = h20**2\nsteps 1\n")
    let plot = try #require(ProgramTraining(deep).depthPlot(options: Self.options))
    #expect(tooltips(plot).map { $0.prefix { $0 != " " } } == ["h₁", "h₃", "h₆", "h₉", "h₁₁", "h₁₄", "h₁₇", "h₂₀"])
    #expect(texts(plot).contains { $0.contains("8 of 20 layers") })
    let linear = try Project.programText("input x = 1\nparam w = 1\nloss L = (w * x)**2\nsteps 1\n")
    #expect(try ProgramTraining(linear).depthPlot(options: Self.options) == nil)
    // A function of the target is of the loss.
    let hinge = try Project.programText(
      "input x = 1\ntarget y = 1\nparam w = 1\nloss L = relu(1 - w * x * y)\nsteps 1\n")
    #expect(try ProgramTraining(hinge).depthPlot(options: Self.options) == nil)
  }

  @Test func `a training that fails ends the curves`() throws {
    let program = try Project.programText(
      "input x = 1\nparam w = 3\nparam u = 3\nh = tanh(w * x)\nloss L = (h * u)**4\nrate 1000\nsteps 50\n")
    let training = try ProgramTraining(program)
    let plot = try #require(training.depthPlot(options: Self.options))
    #expect(training.error != nil && plot.svg().contains("layer-1"))
  }
}
