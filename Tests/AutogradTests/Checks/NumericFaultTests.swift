import GradvizTestSupport
import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite("Where numbers stop being finite")
struct NumericFaultTests {
  private func error(_ loss: Value, _ optimizer: Optimizer = .sgd(rate: 0.1), steps: Int = 5)
    -> TrainingError?
  {
    let training = Training(loss, optimizer: optimizer)
    do {
      for _ in 0..<steps { _ = try training.next() }
    } catch { return error }
    return nil
  }

  @Test func `a root at 0 behind a maximum is the backward pass's`() throws {
    let tape = Tape()
    let a = tape.parameter(0, name: "a")
    let b = max(a, tape.constant(0)).label("b")
    let found = try #require(error(sqrt(b).label("c") + a))
    #expect(found.step == 0 && found.fault?.pass == .backward)
    #expect(
      found.description
        == "in step 0, backward pass: `sqrt(b)` passes back ∞, though `b` = 0 and ∂L/∂c = 1 are finite")
    #expect(a.data == 0)
  }

  @Test func `a power below 1 at 0 is the backward pass's`() throws {
    let tape = Tape()
    let loss = (tape.parameter(0, name: "a") ** 0.5).label("L")
    let found = try #require(error(loss))
    #expect(
      found.description
        == "in step 0, backward pass: `a**0.5` passes back ∞, though `a` = 0 and ∂L/∂L = 1 are finite")
  }

  @Test func `Adam without eps and without a gradient is the update's`() throws {
    let tape = Tape()
    let w = tape.parameter([1, 0], name: "w")
    let found = try #require(error((w ** 2).sum().value, .adam(rate: 0.1, epsilon: 0)))
    #expect(
      found.description
        == "in step 0, update: `w[1]` becomes NaN, though `w[1]` = 0 and ∂L/∂w[1] = 0 are finite (w ← w − lr·m̂/(√v̂ + 0))"
    )
    // As before the step, so that it can be drawn.
    #expect(w.data == [1, 0] && tape.optimizerState.step == 0)
    let graph = tape.graph(loss: (w ** 2).sum().value, level: .tensor)
    #expect(graph.nodes.first { $0.name == "w" }?.updated?[1].isNaN == true)
  }

  @Test func `the step is the one whose operands were finite`() throws {
    let tape = Tape()
    let w = tape.parameter(4, name: "w")
    // 4, 3, 2, 1, 0: the root's derivative at 0, in step 4.
    let loss = (sqrt(w) * 0 + w).label("L")
    let found = try #require(error(loss, .sgd(rate: 1), steps: 9))
    #expect(found.step == 4 && found.fault?.pass == .backward && found.fault?.operation == "`sqrt(w)`")
  }

  @Test func `of an array the entry is named`() throws {
    let tape = Tape()
    let w = tape.parameter([[1, 4], [-0.25, 9]], name: "w")
    let found = try #require(error(sqrt(w).sum().value))
    #expect(
      found.description == "in step 0, forward pass: `sqrt(w)` is NaN, though `w[1, 0]` = −0.25 is finite")
    let zero = Tape().parameter([1, 0], name: "v")
    let backward = try #require(error((zero ** 0.5).sum().value))
    #expect(backward.description.contains("though `v[1]` = 0 is finite"), "\(backward.description)")
  }

  @Test func `infinities are written one way`() throws {
    let tape = Tape()
    let w = tape.parameter(1e200, name: "w")
    let found = try #require(error((w ** 2).label("L")))
    #expect(found.description == "in step 0, forward pass: `L` = `w**2` is ∞, though `w` = 1e+200 is finite")
    #expect(TrainingError(step: 3, loss: -.infinity, reason: .diverged).description.contains("the loss is −∞:"))
  }
}

@Suite("Parameters that the loss does not depend on")
struct UnusedParameterTests {
  @Test(arguments: PyTorchTrainingTests.optimizers.keys.sorted())
  func `no optimizer moves them, and others move as without them`(_ name: String) throws {
    let optimizer = try #require(PyTorchTrainingTests.optimizers[name])
    func trained(withUnused: Bool) throws -> (used: [Double], unused: [Double], graph: ComputationGraph) {
      let tape = Tape()
      let unused = withUnused ? tape.parameter([3, -4], name: "u") : nil
      let w = tape.parameter([0.5, -1, 2], name: "w")
      let number = withUnused ? tape.parameter(7, name: "v") : nil
      let b = tape.parameter(0.25, name: "b")
      let loss = ((tanh(w * 2) + Tensor(b)) ** 2).sum().value
      let training = Training(loss, optimizer: optimizer)
      for _ in 0..<5 { _ = try training.next() }
      return (
        w.data + [b.data], (unused?.data ?? []) + (number.map { [$0.data] } ?? []),
        tape.graph(loss: loss, level: .scalar)
      )
    }
    let (with, without) = (try trained(withUnused: true), try trained(withUnused: false))
    #expect(with.used == without.used)
    #expect(with.unused == [3, -4, 7])
    for node in with.graph.nodes where ["u1", "u2", "v"].contains(node.name) {
      #expect(node.gradient == nil && node.updated == node.value, "\(node.name)")
    }
  }

  @Test func `an array of which one entry is used moves as a whole, at both levels`() throws {
    let tape = Tape()
    let w = tape.parameter([1, 2], name: "w")
    let loss = (w[0] ** 2).value
    tape.optimizer = .sgd(rate: 0.1, weightDecay: 0.5)
    let tensor = tape.graph(loss: loss, level: .tensor).nodes.first { $0.name == "w" }?.updated
    let scalar = tape.graph(loss: loss, level: .scalar).nodes.filter { $0.role == .parameter }
    #expect(tensor == [1 - 0.1 * (2 + 0.5), 2 - 0.1 * 0.5 * 2])
    #expect(scalar.flatMap { $0.updated ?? [] } == tensor)
  }

  @Test func `nothing moves before a backward pass`() {
    let tape = Tape()
    let w = tape.parameter(2, name: "w")
    tape.optimizer = .adamw(rate: 0.1, weightDecay: 0.5)
    tape.update()
    #expect(w.data == 2)
  }

  @Test func `a parameter begins with the first loss that uses it`() {
    // As in PyTorch's Adam, which counts the steps of each parameter.
    let tape = Tape()
    let (a, b) = (tape.parameter(1, name: "a"), tape.parameter(1, name: "b"))
    let (first, second) = (a ** 2, b ** 2)
    tape.optimizer = .adam(rate: 0.1)
    for _ in 0..<3 {
      first.backward()
      tape.update()
      tape.replay()
    }
    second.backward()
    tape.update()
    // Adam's first step is the rate.
    #expect(abs(b.data - 0.9) < 1e-8)
  }
}

@Suite("In random programs the first number that is not finite is found")
struct NumericFaultLaw {
  /// A random computation in which one operation with finite operands has a result that is not finite.
  private func poisoned(_ seed: UInt64, onArrays: Bool, _ poison: (Tape) -> Tensor) -> (Tape, Value) {
    let tape = Tape()
    var random = AutogradTests.RandomProgram(generator: SeededGenerator(state: seed))
    let loss =
      onArrays
      ? Tensor(random.arrays(on: tape)) : Tensor(random.scalars(on: tape, count: 20))
    return (tape, (loss + tanh(poison(tape))).value)
  }

  @Test(arguments: 0..<Seeds.count(default: 40), [false, true])
  func `in random programs the poison is found, in its pass`(_ seed: Int, _ onArrays: Bool) throws {
    func leaf(_ tape: Tape, _ value: Double) -> Tensor {
      onArrays
        ? tape.array([0.5, value, 2], shape: [3], role: .parameter, name: "poison")
        : Tensor(tape.parameter(value, name: "poison"))
    }
    func total(_ x: Tensor) -> Tensor { onArrays ? x.sum() : x }
    let kinds: [(NumericFault.Pass, String, (Tape) -> Tensor)] = [
      (.backward, "`sqrt(poison)`", { total(sqrt(leaf($0, 0))) }),
      (.backward, "`poison**0.25`", { total(leaf($0, 0) ** 0.25) }),
      (.forward, "`log(poison)`", { total(log(leaf($0, 0))) }),
      (.forward, "`exp(poison)`", { total(exp(leaf($0, 1000)) * 1e-9) }),
      (.forward, "`1 / poison`", { total(1 / leaf($0, 0)) }),
    ]
    let (pass, operation, poison) = kinds[seed % kinds.count]
    let (tape, loss) = poisoned(UInt64(seed), onArrays: onArrays, poison)
    let fault = try #require(tape.fault(in: loss))
    #expect(fault.pass == pass && fault.operation == operation, "\(fault.description)")
    // Its operands are finite, as the message says.
    #expect(tape.operands(of: fault.node).allSatisfy { tape.values(of: $0).allSatisfy(\.isFinite) })
    if pass == .backward { #expect(tape.gradient(of: fault.node).allSatisfy { $0.isFinite }) }
    // Without it, there is none.
    let (sound, whole) = poisoned(UInt64(seed), onArrays: onArrays) { total(leaf($0, 1)) }
    #expect(sound.fault(in: whole) == nil)
  }
}
