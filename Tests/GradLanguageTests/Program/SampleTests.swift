import Autograd
import Foundation
import GradvizGraph
import Testing

@testable import GradLanguage

@Suite struct SampleTests {
  @Test func everySampleIsListed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Samples.folder.path)
    let found = files.filter { $0.hasSuffix(".grad") }.map { String($0.dropLast(5)) }.sorted()
    #expect(found == Samples.names)
  }

  @Test(arguments: Samples.names) func gradientsAgreeWithCentralDifferences(name: String) throws {
    let recording = try Samples.program(name).record()
    let loss = try #require(recording.loss)
    #expect(recording.warnings.isEmpty)
    let checks = recording.tape.check(loss)
    #expect(!checks.isEmpty)
    for check in checks { #expect(check.passes, "\(name): \(check)") }
  }

  /// Those that say a rate themselves; an optimizer's first step may go too far.
  private static let withRate = Samples.names.filter { (try? Samples.program($0))?.settings.rate != nil }

  @Test func mostSamplesHaveARate() { #expect(Self.withRate.count * 2 > Samples.names.count) }

  @Test(arguments: withRate) func oneStepLowersTheLoss(name: String) throws {
    let program = try Samples.program(name)
    let graph = program.graph()
    let loss = try #require(graph.loss)
    let after = try #require(graph.lossAfterUpdate)
    #expect(after < graph.nodes[loss].value[0], "\(name)")
  }

  @Test(arguments: Samples.names) func startsWithWhatItTeaches(name: String) throws {
    #expect(try Samples.text(name).hasPrefix("# What it teaches: "))
    #expect(try Samples.program(name).settings.presentation.title != nil)
  }

  private func gradient(_ name: String, in graph: ComputationGraph) throws -> Double {
    let node = try #require(
      graph.nodes.first { $0.name == name }, "no \(name) among \(graph.nodes.map(\.name))")
    return try #require(node.gradient)[0]
  }

  @Test func chainHasTheArticlesNumbers() throws {
    let graph = try Samples.program("chain").graph()
    let expected = ["a": 6.0, "b": -4, "c": -2, "d": -2, "e": -2, "f": 4, "L": 1]
    for (name, number) in expected { #expect(try gradient(name, in: graph) == number, "\(name)") }
  }

  @Test func neuronHasTheReferenceFiguresNumbers() throws {
    let graph = try Samples.program("neuron").graph()
    #expect(abs(try gradient("w[1]", in: graph) + 0.84) < 0.001)
    let updated = graph.nodes.reduce(into: [String: Double]()) { $0[$1.name] = $1.updated?[0] }
    #expect(abs(try #require(updated["w[1]"]) - 2.084) < 0.0005)
    #expect(abs(try #require(updated["b"]) - 2.958) < 0.0005)
  }

  @Test func minibatchSumsOverTheSamples() throws {
    let graph = try Samples.program("minibatch").graph()
    #expect(graph.laneCount == 2)
    #expect(abs(try gradient("b", in: graph) + 0.1768) < 0.0005)
  }

  @Test func gradientDescentHasFourLanes() throws {
    let graph = try Samples.program("gradient-descent").graph()
    #expect(graph.level == .scalar)
    #expect(graph.laneCount == 4)
  }

  @Test func lectureNeuronHasTheLecturesGradients() throws {
    let graph = try Samples.program("lecture-neuron").graph()
    for (name, number) in ["x1": -1.5, "w1": 1, "x2": 0.5, "w2": 0] {
      #expect(abs(try gradient(name, in: graph) - number) < 1e-9, "\(name)")
    }
  }

  @Test func reuseCollectsBothUses() throws {
    let graph = try Samples.program("reuse").graph()
    #expect(try gradient("b", in: graph) == 12)
    #expect(try gradient("a", in: graph) == 24)
  }

  @Test func softmaxGradientIsProbabilityMinusTarget() throws {
    let program = try Samples.program("softmax")
    let recording = program.record()
    let z = try #require(recording.names["z"])
    let loss = try #require(recording.loss)
    loss.backward()
    let powers = z.data.map { Foundation.exp($0) }
    let total = powers.reduce(0, +)
    for (element, gradient) in z.gradient.enumerated() {
      // The last class is the correct one.
      let target = element == z.data.count - 1 ? 1.0 : 0
      #expect(abs(gradient - (powers[element] / total - target)) < 1e-12)
    }
  }

  @Test func irisLearns() throws {
    let recording = try Samples.program("iris").record()
    let loss = try #require(recording.loss)
    let before = loss.data
    for _ in 0..<200 {
      loss.backward()
      recording.tape.update(learningRate: 0.1)
      recording.tape.replay()
    }
    #expect(loss.data < before / 2)
    #expect(loss.data < 0.5)
  }
}
