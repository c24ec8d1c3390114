import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite("Random graphs")
struct RandomGraphTests {
  @Test(arguments: 0..<60)
  func `gradients agree with central differences`(seed: Int) {
    var program = RandomProgram(generator: SeededGenerator(state: UInt64(seed)))
    let tape = Tape()
    let loss = program.scalars(on: tape, count: 40)
    for check in tape.check(loss) {
      #expect(check.passes, "seed \(seed): \(check.parameter) \(check.analytic) \(check.numeric)")
    }
  }

  @Test(arguments: 0..<60)
  func `arrays agree with central differences and with their scalar expansion`(seed: Int) {
    var program = RandomProgram(generator: SeededGenerator(state: UInt64(1000 + seed)))
    let tape = Tape()
    let loss = program.arrays(on: tape)
    for check in tape.check(loss) {
      #expect(
        check.passes, "seed \(seed): \(check.parameter)[\(check.element)] \(check.analytic) \(check.numeric)")
    }
    let arrays = tape.graph(loss: loss, level: .tensor)
    let scalars = tape.graph(loss: loss, level: .scalar)
    #expect(scalars.nodes.allSatisfy { $0.shape.isEmpty })
    #expect(
      difference(arrays.nodes[arrays.loss ?? 0].value[0], scalars.nodes[scalars.loss ?? 0].value[0]) < 1e-12)
    for name in ["W", "b", "v", "x", "y"] {
      let array = arrays.nodes.first { $0.name == name }?.gradient ?? []
      let own = scalars.nodes.filter { $0.operation == nil && $0.name.hasPrefix(name) && $0.name != name }
      #expect(own.count == array.count)
      for (a, node) in zip(array, own) {
        #expect(difference(a, node.gradient?[0] ?? 0) < 1e-11, "\(node.name)")
      }
    }
  }

  @Test(arguments: 0..<40)
  func `replay gives what recording gave`(seed: Int) {
    var program = RandomProgram(generator: SeededGenerator(state: UInt64(seed)))
    let tape = Tape()
    let loss = seed % 2 == 0 ? program.scalars(on: tape, count: 60) : program.arrays(on: tape)
    let value = loss.data
    loss.backward()
    let gradients = tape.parameters.map { tape.gradient(of: $0) }
    let count = tape.count
    tape.update(learningRate: 0.1)
    tape.replay()
    #expect(loss.data != value)
    for (index, gradient) in zip(tape.parameters, gradients) {
      tape.setValues(zip(tape.values(of: index), gradient).map { $0 + 0.1 * $1 }, of: index)
    }
    tape.replay()
    #expect(difference(loss.data, value) < 1e-12)
    #expect(tape.count == count, "nothing is recorded again")
  }

  @Test(arguments: 0..<60)
  func `a formula has the value of its gradient`(seed: Int) throws {
    var program = RandomProgram(generator: SeededGenerator(state: UInt64(seed)))
    let tape = Tape()
    let loss = program.scalars(on: tape, count: 40)
    let graph = tape.graph(loss: loss, level: .scalar)
    let symbolic = Symbolic(graph)
    for (index, node) in graph.nodes.enumerated() {
      if node.operation != nil {
        let value = try #require(symbolic.definition(of: index).evaluate(in: graph))
        #expect(difference(value, node.value[0]) < 1e-9, "seed \(seed): \(node.name)")
        for position in node.operands.indices {
          let local = try #require(symbolic.localDerivative(of: index, operand: position).evaluate(in: graph))
          #expect(
            difference(local, node.localDerivatives?[position] ?? .nan) < 1e-9, "seed \(seed): \(node.name)")
        }
      }
      guard let gradient = node.gradient?[0] else {
        #expect(symbolic.gradient(of: index) == nil)
        continue
      }
      let formula = try #require(symbolic.gradient(of: index))
      #expect(formula.size <= 1000)
      #expect(
        difference(try #require(formula.evaluate(in: graph)), gradient) < 1e-9, "seed \(seed): \(node.name)")
    }
  }
}
