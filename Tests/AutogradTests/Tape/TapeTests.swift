import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite("Tape")
struct TapeTests {
  @Test func `the lecture's neuron has the lecture's gradients`() {
    let tape = Tape()
    let x1 = tape.input(2, name: "x1")
    let x2 = tape.input(0, name: "x2")
    let w1 = tape.parameter(-3, name: "w1")
    let w2 = tape.parameter(1, name: "w2")
    let b = tape.parameter(6.8813735870195432, name: "b")
    let o = tanh(x1 * w1 + x2 * w2 + b)
    o.backward()
    #expect(abs(o.data - 0.7071067811865476) < 1e-12)
    for (value, gradient) in [(x1, -1.5), (w1, 1.0), (x2, 0.5), (w2, 0.0)] {
      #expect(abs(value.gradient - gradient) < 1e-12)
    }
  }

  @Test func `gradients accumulate over every use, and a second sweep starts from zero`() {
    let tape = Tape()
    let a = tape.parameter(3, name: "a")
    let b = a + a
    let c = b * b
    c.backward()
    #expect(b.gradient == 12 && a.gradient == 24)
    c.backward()
    #expect(a.gradient == 24)
  }

  @Test func `the update moves all parameters at once`() {
    let tape = Tape()
    let a = tape.parameter(2, name: "a")
    let b = tape.parameter(5, name: "b")
    let loss = a * b
    loss.backward()
    tape.update(learningRate: 0.1)
    #expect(a.data == 1.5 && b.data == 4.8)
    #expect(loss.data == 10, "values are as before until replay")
    tape.replay()
    #expect(abs(loss.data - 7.2) < 1e-12)
  }

  @Test func `a sweep after an update is that of the new numbers, never of both`() {
    let tape = Tape()
    let w = tape.parameter(2, name: "w")
    let v = tape.parameter([1, -1], name: "v")
    func record(_ w: Value, _ v: Tensor) -> Value {
      let product = w * w * (v * v).sum().value
      return product * product
    }
    let loss = record(w, v)
    for step in 0..<4 {
      loss.backward()
      // The same computation recorded from these numbers.
      let fresh = Tape()
      let (a, b) = (fresh.parameter(w.data), fresh.parameter(v.data))
      let expected = record(a, b)
      expected.backward()
      #expect(loss.data == expected.data && w.gradient == a.gradient && v.gradient == b.gradient, "step \(step)")
      switch step {
      case 0: tape.update(learningRate: 0.001)
      case 1: w.data = 1.5
      case 2:
        tape.optimizer = .sgd(rate: 0.001)
        tape.update()
      default: v.data = [0.5, 2]
      }
    }
    // A step that is recorded again leaves the one before as it was.
    let before = loss.data
    let again = record(w, v)
    again.backward()
    #expect(again.data != before && loss.data == before)
    loss.backward()
    #expect(loss.data == again.data)
  }

  @Test func `kinks are PyTorch's, and the check names them`() {
    let tape = Tape()
    let a = tape.parameter(0, name: "a")
    let loss = relu(a) + abs(a) * 2
    loss.backward()
    #expect(a.gradient == 0)
    let check = tape.check(loss)
    #expect(check.count == 1 && check[0].verdict == .kink && check[0].passes)
    #expect(a.data == 0, "the check leaves the values as they were")
  }

  @Test func `outside a domain the results are IEEE's`() {
    let tape = Tape()
    let zero = tape.parameter(0, name: "zero")
    let minus = tape.parameter(-1, name: "minus")
    #expect((1 / zero).data == .infinity)
    #expect(log(minus).data.isNaN)
    #expect(log(zero).data == -.infinity)
    #expect(sqrt(minus).data.isNaN)
    #expect((zero / zero).data.isNaN)
    #expect(exp(tape.constant(1000)).data == .infinity)
    #expect(max(log(minus), zero).data.isNaN)
    // A branch that the loss does not depend on has no effect.
    let loss = minus * 2
    loss.backward()
    #expect(minus.gradient == 2 && zero.gradient == 0)
  }

  @Test func `a million operations need no stack`() async {
    let sums = await withCheckedContinuation { (continuation: CheckedContinuation<[Double], Never>) in
      let thread = Thread {
        let tape = Tape()
        let a = tape.parameter(1, name: "a")
        var value = a
        for _ in 0..<500_000 { value = value * 1.0000001 + a }
        value.backward()
        let graph = tape.count
        continuation.resume(returning: [a.gradient, Double(graph), value.data])
      }
      thread.stackSize = 512 << 10
      thread.start()
    }
    #expect(sums[1] > 1_000_000)
    // ∂/∂a of a recurrence that is linear in a is its value at a = 1.
    #expect(difference(sums[0], sums[2]) < 1e-9)
  }

  @Test func `graphs, JSON and formulas of long chains need no stack either`() async throws {
    let size = await withCheckedContinuation { (continuation: CheckedContinuation<Int, Never>) in
      let thread = Thread {
        let tape = Tape()
        let a = tape.parameter(0.5, name: "a")
        var value = a
        for _ in 0..<20_000 { value = tanh(value + a) }
        let graph = tape.graph(loss: value.label("L", role: .loss), level: .scalar)
        let symbolic = Symbolic(graph)
        let data = graph.encodeJSON()
        let read = try? ComputationGraph.decodeJSON(data)
        continuation.resume(returning: read == graph ? symbolic.gradient(of: 0)?.size ?? 0 : -1)
      }
      thread.stackSize = 512 << 10
      thread.start()
    }
    #expect(size > 0)
  }

  @Test func `misuse stops with both operands named`() async {
    await #expect(processExitsWith: .failure) {
      let (tape, other) = (Tape(), Tape())
      _ = tape.parameter(1, name: "a") + other.parameter(2, name: "b")
    }
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let tape = Tape()
      let x = tape.input([[1, 2, 3]], name: "x")
      let w = tape.parameter([1, 2], name: "w")
      _ = matmul(x, w)
    }
    #if DEBUG
      // An optimized program stops without the words of a precondition.
      let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(message.contains("x (1×3)") && message.contains("w (2)"))
    #else
      _ = result
    #endif
  }
}

@Suite("Lanes and names")
struct LaneTests {
  private func graph(_ rows: [[Double]], predicts: Bool) -> ComputationGraph {
    let tape = Tape()
    let x = tape.input(rows, name: "x")
    let w = tape.parameter([4, 2], name: "w")
    let b = tape.parameter(3, name: "b")
    var result = tanh(matmul(x, w) + b)
    if predicts { result = result.label("ŷ", role: .prediction) }
    return tape.graph(loss: result.sum().label("L", role: .loss).value, level: .scalar)
  }

  @Test func `the first axis of an input is the sample axis`() {
    let graph = graph([[0, -2], [0.5, -1], [-1, 1]], predicts: true)
    #expect(graph.laneCount == 3)
    #expect(graph.nodes.filter { $0.lane == 1 && $0.operation == nil }.map(\.name) == ["x[1, 0]", "x[1, 1]"])
    #expect(
      graph.nodes.filter { $0.lane == 2 && $0.operation != nil }.map(\.name) == [
        "n1_3", "n2_3", "n3_3", "n4_3", "ŷ[2]",
      ])
    #expect(graph.nodes.filter { $0.lane == nil }.map(\.name) == ["w[0]", "w[1]", "b", "L"])
    #expect(graph.nodes.last?.operation == .sum && graph.nodes.last?.operands.count == 3)
  }

  @Test func `one observation has no lanes`() {
    let tape = Tape()
    let x = tape.input([0, -2], name: "x")
    let w = tape.parameter([4, 2], name: "w")
    let graph = tape.graph(loss: tanh(matmul(x, w)).label("L", role: .loss).value, level: .scalar)
    #expect(graph.laneCount == 0 && graph.nodes.allSatisfy { $0.lane == nil })
    #expect(graph.nodes.map(\.name) == ["x[0]", "x[1]", "w[0]", "w[1]", "n1", "n2", "n3", "L"])
  }

  @Test func `names stay unique and ids are words`() {
    let tape = Tape()
    let w = tape.parameter([1, 2], name: "w")
    let other = tape.parameter(3, name: "w1")
    let n = tape.parameter(4, name: "n1")
    let loss = (w.sum() * Tensor(other) + Tensor(n)).label("θ̂", role: .loss).value
    let graph = tape.graph(loss: loss, level: .scalar)
    #expect(Set(graph.nodes.map(\.name)).count == graph.nodes.count)
    #expect(Set(graph.nodes.map(\.id)).count == graph.nodes.count)
    #expect(graph.nodes.last?.id == "theta_hat")
  }
}
