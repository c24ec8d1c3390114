import Foundation
import GradLanguage
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizExplorer

/// The page's script computes what the engine computes, and writes what Swift writes.
@Suite("The explorer's script", .enabled(if: Script.node != nil, "node is not installed"))
struct ScriptTests {
  @Test func `numbers have the digits of the figures`() throws {
    var choices = RandomChoices(seed: 3)
    var numbers: [(Double, Int)] = []
    for value in [
      0, -0.0, 1, 0.15625, 0.03125, 2.5, 12345.5, 20164, 20164.4, 1e15, 1e-5, 999_999.5, 0.1, 1.0 / 3, .nan, .infinity,
    ] {
      for precision in 1...12 { numbers += [(value, precision), (-value, precision)] }
    }
    while numbers.count < 10_000 {
      let size = pow(10, choices.between(-8, 12).rounded())
      let digits = pow(10, Double(choices.below(7)))
      let value = choices.between(-1, 1) * size
      numbers.append((choices.below(2) == 0 ? value : (value * digits).rounded() / digits, 1 + choices.below(12)))
    }
    let rows = numbers.map { value, precision -> JSONText in
      let text = NumberFormat(precision: precision).text(value)
      return .list([.text("\(Int64(bitPattern: value.bitPattern))"), .whole(precision), .text(text)])
    }
    let verdict = try Script.check(.object([("numbers", .list(rows))]))
    #expect(verdict.failed == 0, "\(verdict.problems)")
    #expect(verdict.count == rows.count)
  }

  @Test func `every sample has the engine's numbers, after edits too, and Swift's lines`() throws {
    let programs = try Project.samples.compactMap { name in
      try Subject.sample(name)?.program(name, edits: 5, hasChains: true)
    }
    #expect(programs.count >= 16)
    let verdict = try Script.check(.object([("programs", .list(programs))]))
    #expect(verdict.failed == 0, "\(verdict.problems)")
    #expect(verdict.count > 10_000)
  }

  @Test func `random programs have the engine's numbers after edits`() throws {
    var programs: [JSONText] = []
    for program in Seeds.programs(default: 24, [.scalar, .batch]) {
      let loaded = try ComputationGraph.load(text: program.source, path: "program.grad", level: .scalar)
      guard let subject = try Subject(loaded) else { continue }
      programs.append(subject.program("\(program.seed)", edits: 5, seed: program.seed))
    }
    #expect(programs.count > 12)
    let verdict = try Script.check(.object([("programs", .list(programs))]))
    #expect(verdict.failed == 0, "\(verdict.problems)")
  }

  /// Operations that samples use little: ties, limits, both sides of a kink.
  @Test func `every operation has the engine's value and derivative`() throws {
    let numbers = [-3.0, -1, -0.5, 0, 0.25, 0.5, 1, 2, 3.5, 40, -800]
    var programs: [JSONText] = []
    for operation in Tape.Operation.allCases where Templates.of(operation) != nil {
      for (place, x) in numbers.enumerated() {
        let tape = Tape()
        let leaves = [x, numbers[(place + 3) % numbers.count], x].map { tape.parameter($0) }
        guard let subject = try Self.subject(operation, leaves, tape) else { continue }
        programs.append(subject.program("\(operation) at \(x)", edits: 3, seed: UInt64(place)))
      }
    }
    #expect(programs.count > 300)
    let verdict = try Script.check(.object([("programs", .list(programs))]))
    #expect(verdict.failed == 0, "\(verdict.problems)")
  }

  private static func subject(_ operation: Tape.Operation, _ leaves: [Value], _ tape: Tape) throws -> Subject? {
    var graph = tape.graph(loss: leaves.dropFirst().reduce(leaves[0], +), level: .scalar)
    guard let loss = graph.loss, let first = graph.nodes.indices.first(where: { !graph.nodes[$0].isLeaf }) else {
      return nil
    }
    // The first sum becomes the operation, on as many of the leaves as it takes.
    let operands = operation.isElementFunction ? [0] : operation.isElementPair ? [0, 1] : [0, 1, 2]
    graph.nodes[first].operation = operation
    graph.nodes[first].operands = operands
    graph.nodes[first].localDerivatives = operands.map { _ in 1 }
    return loss == first ? nil : try Subject(graph)
  }

  @Test func `parameters follow every optimizer as they do in the engine`() throws {
    let rules = [
      "rate 0.1", "optimizer sgd(rate: 0.1, momentum: 0.9, dampening: 0.2, weight_decay: 0.01)",
      "optimizer nesterov(rate: 0.05)", "optimizer rmsprop(rate: 0.02, momentum: 0.5)", "optimizer adagrad(rate: 0.1)",
      "optimizer adam(rate: 0.1, weight_decay: 0.1)", "optimizer adamw(rate: 0.1)\nschedule cosine(steps: 8)",
    ]
    var programs: [JSONText] = []
    for rule in rules {
      let source = "\(rule)\nparam a = 2\nparam b = -3\nloss L = (tanh(a) * b - 1)**2 + a * a * 0.1\n"
      let program = try Program.load(text: source, path: "program.grad")
      let recording = program.record()
      let loaded = try ComputationGraph.load(text: source, path: "program.grad", level: .scalar)
      let subject = try #require(try Subject(loaded))
      let parameters = subject.graph.nodes.indices.filter { subject.graph.nodes[$0].role == .parameter }
      let tape = recording.tape
      let loss = try #require(recording.loss)
      var steps: [JSONText] = []
      for _ in 0..<20 {
        loss.backward()
        if tape.optimizer == nil { tape.update(learningRate: 0.1) } else { tape.update() }
        tape.replay()
        steps.append(.numbers(tape.parameters.map { tape.values(of: $0)[0] }))
      }
      programs.append(
        .object([
          ("name", .text(rule)), ("graph", subject.json), ("runs", .list([subject.run()])),
          (
            "training",
            .object([("parameters", .list(parameters.map(JSONText.whole))), ("steps", .list(steps))])
          ),
        ]))
    }
    let verdict = try Script.check(.object([("programs", .list(programs))]))
    #expect(verdict.failed == 0, "\(verdict.problems)")
  }
}
