import Foundation
import Testing

@testable import Autograd

/// Large scalar recordings are replayed in a different order: values must be equal to the last bit, gradients
/// up to rounding.
@Suite("Schedule")
struct ScheduleTests {
  /// What the tape computes without a schedule.
  private static func plain(_ tape: Tape, _ loss: Value) -> (values: [Double], gradients: [Double]) {
    tape.schedule = nil
    for index in 0..<tape.count { tape.evaluate(index) }
    loss.backward()
    return numbers(tape)
  }

  private static func numbers(_ tape: Tape) -> (values: [Double], gradients: [Double]) {
    ((0..<tape.count).map(tape.number), (0..<tape.count).map(tape.gradientNumber))
  }

  private static func expectSame(
    _ found: (values: [Double], gradients: [Double]), _ expected: (values: [Double], gradients: [Double])
  ) {
    #expect(found.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
    for (index, (a, b)) in zip(found.gradients, expected.gradients).enumerated() {
      #expect(difference(a, b) < 1e-10, "node \(index): \(a), not \(b)")
    }
  }

  /// Two layers of neurons over some samples: weighted sums, as in training.
  private static func network(on tape: Tape, samples: Int, numbers: inout SeededNumbers) -> Value {
    func draw() -> Double { numbers.drawUniform() * 2 - 1 }
    func parameters(_ count: Int) -> [Value] { (0..<count).map { _ in tape.parameter(draw(), name: nil) } }
    let first = (0..<12).map { _ in parameters(4) }
    let second = (0..<6).map { _ in parameters(13) }
    var losses: [Value] = []
    for _ in 0..<samples {
      let inputs = (0..<3).map { _ in tape.constant(draw()) }
      func neuron(_ weights: [Value], _ inputs: [Value]) -> Value {
        inputs.indices.reduce(weights[inputs.count]) { $0 + weights[$1] * inputs[$1] }
      }
      let hidden = first.map { relu(neuron($0, inputs)) }
      let outputs = second.map { tanh(neuron($0, hidden)) }
      losses.append(outputs.dropFirst().reduce(outputs[0]) { $0 + exp($1 - 1) })
    }
    return sum(losses) / Double(samples)
  }

  @Test("random graphs of all operations", arguments: 0..<12)
  func randomGraphs(seed: Int) throws {
    var program = RandomProgram(generator: SeededGenerator(state: UInt64(7000 + seed)))
    let tape = Tape()
    let loss = program.scalars(on: tape, count: seed % 2 == 0 ? 1500 : 9000)
    loss.backward()
    for _ in 0..<3 {
      for parameter in tape.parameters { tape.setValues([tape.number(parameter) * 0.9], of: parameter) }
      tape.replay()
      loss.backward()
    }
    #expect(tape.schedule != nil)
    Self.expectSame(Self.numbers(tape), Self.plain(tape, loss))
  }

  @Test("networks of neurons, and windows that end between a product and its sum", arguments: 2...25)
  func networks(samples: Int) throws {
    var numbers = SeededNumbers(seed: samples)
    let tape = Tape()
    // Shifts everything that follows by one.
    for _ in 0..<samples { _ = tape.constant(1) }
    let loss = Self.network(on: tape, samples: samples * 3, numbers: &numbers)
    tape.makeSchedule(loss: loss.index)
    let schedule = try #require(tape.schedule)
    #expect(schedule.runs.contains { $0.group == .productSum })
    for index in 0..<tape.count where !tape.isLeaf(index) { tape.storage.pointee.values[index] = .nan }
    tape.replay()
    loss.backward()
    #expect(tape.schedule === schedule)
    Self.expectSame(Self.numbers(tape), Self.plain(tape, loss))
  }

  @Test("every operation is in it once")
  func complete() throws {
    var numbers = SeededNumbers(seed: 1)
    let tape = Tape()
    let loss = Self.network(on: tape, samples: 50, numbers: &numbers)
    tape.makeSchedule(loss: loss.index)
    let schedule = try #require(tape.schedule)
    var found: [Int] = []
    for run in schedule.runs {
      let sums = schedule.chains[run.chains].map { Int($0.first)..<Int($0.first + 2 * $0.count) }
      found += run.group == .productSum ? sums.flatMap { $0 } : run.entries.map { schedule.node($0, run) }
    }
    // A neuron's weighted sum is one.
    #expect(schedule.chains.contains { $0.count > 8 })
    #expect(schedule.windows.flatMap(\.runs) == Array(schedule.runs.indices))
    #expect(found.sorted() == (0..<tape.count).filter { !tape.isLeaf($0) })
  }

  @Test("what the loss does not depend on has the gradient 0; a gradient of 0 times ∞ is NaN where it does")
  func infiniteDerivatives() throws {
    var numbers = SeededNumbers(seed: 2)
    let tape = Tape()
    let zero = tape.parameter(0, name: "zero")
    let other = tape.parameter(0, name: "other")
    _ = sqrt(other) * zero + tape.constant(.infinity) * other
    let dead = tape.constant(1) + sqrt(zero) * 0.0
    let loss = Self.network(on: tape, samples: 40, numbers: &numbers) * dead
    _ = zero * tape.constant(.infinity)
    for _ in 0..<3 {
      tape.replay()
      loss.backward()
    }
    #expect(tape.schedule != nil)
    #expect(other.gradient == 0)
    #expect(zero.gradient.isNaN)
    Self.expectSame(Self.numbers(tape), Self.plain(tape, loss))
  }

  @Test("a chain, arrays and small graphs have none")
  func none() {
    let chain = Tape()
    var value = chain.parameter(0.5, name: "x")
    for _ in 0..<5000 { value = tanh(value) }
    chain.makeSchedule(loss: value.index)
    #expect(chain.schedule == nil)
    chain.replay()
    value.backward()
    let small = Tape()
    let loss = small.parameter(2, name: "x") * 3
    small.makeSchedule(loss: loss.index)
    #expect(small.schedule == nil)
    let arrays = Tape()
    let x = arrays.parameter([1, 2], name: "x")
    var sum = (x * x).sum().value
    for _ in 0..<2000 { sum = sum + 1 }
    arrays.makeSchedule(loss: sum.index)
    #expect(arrays.schedule == nil)
  }

  @Test("a tape that grows, is emptied, or is asked for another loss goes on")
  func changes() {
    var numbers = SeededNumbers(seed: 3)
    let tape = Tape()
    let loss = Self.network(on: tape, samples: 30, numbers: &numbers)
    loss.backward()
    for _ in 0..<3 { tape.replay() }
    #expect(tape.schedule != nil)
    let more = loss * loss + tanh(loss)
    more.backward()
    Self.expectSame(Self.numbers(tape), Self.plain(tape, more))
    for _ in 0..<3 {
      tape.replay()
      more.backward()
    }
    #expect(tape.schedule?.loss == more.index)
    loss.backward()
    Self.expectSame(Self.numbers(tape), Self.plain(tape, loss))

    tape.removeAll(keepingCapacity: true)
    #expect(tape.schedule == nil)
    let again = tape.parameter(3, name: "a") * 2.0
    for _ in 0..<3 { tape.replay() }
    again.backward()
    #expect(again.data == 6)
  }

  @Test("training goes the same way with it and without it")
  func training() throws {
    func train(scheduled: Bool) throws -> [Double] {
      var numbers = SeededNumbers(seed: 4)
      let tape = Tape()
      let loss = Self.network(on: tape, samples: 30, numbers: &numbers)
      if scheduled {
        let training = Training(loss, optimizer: .adam(rate: 0.01))
        for _ in 0..<20 { _ = try training.next() }
        #expect(tape.schedule != nil)
      } else {
        tape.optimizer = .adam(rate: 0.01)
        for _ in 0..<20 {
          tape.replay()
          tape.schedule = nil
          loss.backward()
          tape.update()
        }
      }
      return tape.parameters.map(tape.number)
    }
    for (a, b) in zip(try train(scheduled: true), try train(scheduled: false)) {
      #expect(difference(a, b) < 1e-9)
    }
  }
}
