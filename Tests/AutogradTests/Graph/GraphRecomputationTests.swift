import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite("A graph's numbers against each other")
struct GraphRecomputationTests {
  @Test func `gradients of what nothing uses, updates and the loss after them`() throws {
    let tape = Tape()
    let (w, unused) = (tape.parameter(2, name: "w"), tape.parameter(3, name: "u"))
    let loss = (w * w).label("L", role: .loss)
    _ = unused
    tape.learningRate = 0.1
    let right = tape.graph(loss: loss, level: .scalar)
    func index(_ name: String) throws -> Int { try #require(right.nodes.firstIndex { $0.name == name }) }
    var wrong = right
    wrong.nodes[try index("u")].gradient = [0.5]
    #expect(
      wrong.recomputed().problems.map(\.description) == ["the gradient of `u` is 0.5, but its uses give 0"])
    wrong = right
    wrong.nodes[try index("w")].updated = [1.7]
    #expect(
      wrong.recomputed().problems.map(\.description) == [
        "`w` after the update is 1.7, but the step along its gradient gives 1.6"
      ])
    wrong = right
    wrong.lossAfterUpdate = 2
    #expect(wrong.recomputed().problems.map(\.kind) == [.update])
    wrong = right
    wrong.nodes[try index("L")].localDerivatives = [2, 3]
    #expect(
      wrong.recomputed().problems.map(\.description) == [
        "the derivative of `L` by `w` is 3, but `w * w` gives 2"
      ])
  }

  @Test func `rounded numbers are right to their digits`() {
    let tape = Tape()
    let w = tape.parameter(0.8814, name: "w")
    var graph = tape.graph(loss: (tanh(w) ** 2).label("L", role: .loss), level: .scalar)
    func rounded(_ x: Double) -> Double { (x * 1e4).rounded() / 1e4 }
    for index in graph.nodes.indices {
      graph.nodes[index].value = graph.nodes[index].value.map(rounded)
      graph.nodes[index].gradient = graph.nodes[index].gradient?.map(rounded)
      graph.nodes[index].localDerivatives = graph.nodes[index].localDerivatives?.map(rounded)
    }
    let problems = graph.recomputed().problems
    #expect(problems.isEmpty, "\(problems.map(\.description))")
  }
}

@Suite("Graphs of random programs are right by themselves, and a wrong number is found")
struct GraphRecomputationLaw {
  private func graph(_ seed: Int, _ level: ComputationGraph.Level) -> ComputationGraph {
    let tape = Tape()
    var random = AutogradTests.RandomProgram(generator: SeededGenerator(state: UInt64(seed)))
    let loss = seed.isMultiple(of: 2) ? random.arrays(on: tape) : random.scalars(on: tape, count: 25)
    tape.learningRate = 0.05
    return tape.graph(loss: loss, level: level)
  }

  @Test(arguments: 0..<Seeds.count(default: 30), ComputationGraph.Level.allCases)
  func `an exported graph has no problems, in single precision neither`(
    _ seed: Int, _ level: ComputationGraph.Level
  ) {
    var graph = graph(seed, level)
    let report = graph.recomputed()
    #expect(report.problems.isEmpty, "\(report.problems.map(\.description))")
    #expect(report.values > 5 && report.gradients > 5 && report.updates > 0)
    for index in graph.nodes.indices {
      graph.nodes[index].value = graph.nodes[index].value.map { Double(Float($0)) }
      graph.nodes[index].gradient = graph.nodes[index].gradient?.map { Double(Float($0)) }
      graph.nodes[index].updated = graph.nodes[index].updated?.map { Double(Float($0)) }
    }
    let single = graph.recomputed().problems
    #expect(single.isEmpty, "\(single.map(\.description))")
  }

  @Test(arguments: 0..<Seeds.count(default: 30), ComputationGraph.Level.allCases)
  func `one wrong number is one problem, at its place`(_ seed: Int, _ level: ComputationGraph.Level) throws {
    var random = SeededGenerator(state: UInt64(seed) &+ 7)
    let right = graph(seed, level)
    let computed = right.nodes.indices.filter {
      right.nodes[$0].operation != nil && right.nodes[$0].gradient != nil
    }
    let index = try #require(computed.randomElement(using: &random))
    let place = Int.random(in: 0..<right.nodes[index].value.count, using: &random)
    let name = right.nodes[index].name

    var wrong = right
    wrong.nodes[index].value[place] = wrong.nodes[index].value[place] * 1.5 + 1
    let values = wrong.recomputed().problems
    #expect(values.filter { $0.kind == .value }.count == 1 && values.contains { $0.subject.contains(name) })

    wrong = right
    let before = wrong.nodes[index].gradient?[place] ?? 0
    wrong.nodes[index].gradient?[place] = before * 1.37 + 1
    let gradients = wrong.recomputed().problems
    #expect(gradients.count == 1, "\(gradients.map(\.description))")
    #expect(gradients.first?.kind == .gradient && gradients.first?.subject.contains(name) == true)
  }

  @Test(arguments: 0..<Seeds.count(default: 30), [2, 3])
  func `gradients that were not cleared are told apart`(_ seed: Int, _ times: Int) throws {
    var graph = graph(seed, .tensor)
    graph.learningRate = nil
    // As in PyTorch: gradients of leaves accumulate.
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].role == .parameter && (graph.nodes[$0].gradient ?? []).contains { $0.magnitude > 1e-3 }
    }
    for index in parameters {
      graph.nodes[index].gradient = graph.nodes[index].gradient?.map { $0 * Double(times) }
    }
    let problems = graph.recomputed().problems
    #expect(problems.count == parameters.count)
    #expect(problems.allSatisfy { $0.kind == .accumulated(times: times) }, "\(problems.map(\.description))")
    // All of them, including the loss's own: reported once, where it starts.
    for index in graph.nodes.indices where !parameters.contains(index) {
      graph.nodes[index].gradient = graph.nodes[index].gradient?.map { $0 * Double(times) }
    }
    let whole = graph.recomputed().problems
    #expect(whole.map(\.kind) == [.accumulated(times: times)] && whole[0].subject == "the gradient of `L`")
  }
}
