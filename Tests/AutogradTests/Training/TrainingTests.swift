import Autograd
import GradvizGraph
import Testing

@Suite("Training")
struct TrainingTests {
  private func points(_ tape: Tape) -> (x: Tensor, y: Tensor) {
    (
      tape.input([[0, 0], [0, 1], [1, 0], [1, 1]], name: "x"),
      tape.target([0, 1, 1, 0], name: "y")
    )
  }

  @Test func `a small network learns the exclusive or`() async throws {
    let tape = Tape()
    let (x, y) = points(tape)
    let network = MLP(tape, sizes: [2, 8, 1], activation: .tanh, last: .sigmoid, seed: 3)
    let p = network(x)[..., 0]
    let loss = bce(p, y).value
    var losses: [Double] = []
    for try await step in Training(loss, optimizer: .adam(rate: 0.05), steps: 300) {
      #expect(step.step == losses.count)
      losses.append(step.loss)
    }
    tape.replay()
    #expect(losses.count == 300 && loss.data < 0.01 && losses[0] > 0.5)
    #expect(zip(p.data, y.data).allSatisfy { ($0 > 0.5) == ($1 > 0.5) })
  }

  @Test func `replaying records nothing`() throws {
    let tape = Tape()
    let (x, y) = points(tape)
    let loss = mse(MLP(tape, sizes: [2, 4, 1])(x)[..., 0], y).value
    let training = Training(loss, optimizer: .sgd(rate: 0.1, momentum: 0.9))
    let count = tape.count
    for _ in 0..<50 { _ = try training.next() }
    #expect(tape.count == count && training.step == 50)
  }

  @Test func `all parameters move by gradients of one and the same point`() {
    // w2's gradient depends on w1: if w1 moved first, w2 would see a different gradient.
    let tape = Tape()
    let w1 = tape.parameter(2, name: "w1")
    let w2 = tape.parameter(3, name: "w2")
    let loss = (w1 * w2) ** 2
    tape.optimizer = .sgd(rate: 0.01)
    loss.backward()
    tape.update()
    #expect(abs(w1.data - (2 - 0.01 * 2 * 6 * 3)) < 1e-12)
    #expect(abs(w2.data - (3 - 0.01 * 2 * 6 * 2)) < 1e-12)
  }

  @Test func `a loss that is not finite stops training and names the operation`() async throws {
    let tape = Tape()
    let w = tape.parameter(1, name: "w")
    let inner = log(w).label("inner")
    let loss = (inner * inner).label("L")
    var steps = 0
    do {
      for try await _ in Training(loss + w, optimizer: .sgd(rate: 3), steps: 10) { steps += 1 }
      Issue.record("the training went on")
    } catch {
      #expect(error.fault?.operation == "`inner` = `log(w)`" && error.step == steps && !error.loss.isFinite)
    }
  }

  @Test func `cancelling the task stops the training`() async {
    let task = Task { () -> Int in
      let tape = Tape()
      let w = tape.parameter(1, name: "w")
      var steps = 0
      do {
        for try await _ in Training(w * w, optimizer: .sgd(rate: 0.0), steps: .max) {
          steps += 1
          if steps == 5 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      } catch { return steps }
      return -1
    }
    #expect(await task.value == 5)
  }

  @Test func `scopes are named after layers, nested ones with a dot`() {
    let tape = Tape()
    let x = tape.input([[1, 2], [3, 4]], name: "x")
    let hidden = Linear(tape, inputs: 2, outputs: 3, activation: .tanh, name: "hidden")
    let loss = tape.withScope("outer") { tape.withScope("inner") { hidden(x).sum() } }
    let graph = tape.graph(loss: loss.value, level: .tensor)
    let scopes = graph.nodes.filter { $0.operation != nil }.map(\.scope)
    #expect(scopes == ["outer.inner.hidden", "outer.inner.hidden", "outer.inner.hidden", "outer.inner"])
    #expect(graph.nodes.first { $0.name == "hidden.w" }?.scope == nil)
    let scalar = tape.graph(loss: loss.value, level: .scalar)
    #expect(scalar.nodes.contains { $0.operation == .tanh && $0.scope == "outer.inner.hidden" })
  }

  @Test func `the export rehearses the optimizer's step and takes it back`() throws {
    let tape = Tape()
    let w = tape.parameter([1, -2], name: "w")
    let loss = (w ** 2).sum().value
    tape.optimizer = .adam(rate: 0.1)
    loss.backward()
    tape.update()
    tape.replay()
    let before = w.data
    let graphs = [tape.graph(loss: loss, level: .tensor), tape.graph(loss: loss, level: .scalar)]
    #expect(w.data == before)
    loss.backward()
    tape.update()
    let updated = graphs.map { $0.nodes.filter { $0.role == .parameter }.flatMap { $0.updated ?? [] } }
    #expect(updated == [w.data, w.data])
    #expect(graphs[0].updateRule?.last == "w ← w − lr·m̂/(√v̂ + 10⁻⁸)")
    #expect(try ComputationGraph.decodeJSON(graphs[0].encodeJSON()) == graphs[0])
  }
}

@Suite("Seeded numbers")
struct SeededNumbersTests {
  @Test func `a seed gives the same bits everywhere`() {
    var numbers = SeededNumbers(seed: 1)
    // The generator's published sequence for seed 1.
    #expect(numbers.next() == 10_451_216_379_200_822_465)
  }

  @Test func `normal numbers have the moments of the normal distribution`() {
    var numbers = SeededNumbers(seed: 42)
    let sample = (0..<200_000).map { _ in numbers.drawNormal() }
    let mean = sample.reduce(0, +) / Double(sample.count)
    let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count)
    let fourth = sample.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(sample.count)
    #expect(abs(mean) < 0.01 && abs(variance - 1) < 0.02 && abs(fourth - 3) < 0.1)
  }

  @Test func `a shuffle is a permutation, and every order is as likely`() {
    var numbers = SeededNumbers(seed: 3)
    #expect(numbers.drawOrder(of: 100).sorted() == Array(0..<100))
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[numbers.drawOrder(of: 3), default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { (850...1150).contains($0) })
  }

  @Test(arguments: Initialization.allCases)
  func `parameters start within the scheme's bounds`(_ scheme: Initialization) {
    let values = scheme.values(shape: [40, 60], seed: 5)
    #expect(values == scheme.values(shape: [40, 60], seed: 5))
    #expect(values != scheme.values(shape: [40, 60], seed: 6))
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    let greatest = values.map(\.magnitude).max() ?? 0
    let (bound, expected): (Double, Double) =
      switch scheme {
      case .uniform: (1 / 40.0.squareRoot(), 1 / 120.0.squareRoot())
      case .normal: (6, 1)
      case .xavierUniform: ((6 / 100.0).squareRoot(), (2 / 100.0).squareRoot())
      case .xavierNormal: (6, (2 / 100.0).squareRoot())
      case .kaimingUniform: ((6 / 40.0).squareRoot(), (2 / 40.0).squareRoot())
      case .kaimingNormal: (6, (2 / 40.0).squareRoot())
      }
    #expect(greatest <= bound && abs(deviation / expected - 1) < 0.05)
    #expect(Initialization(name: "he_normal") == .kaimingNormal)
    #expect(Initialization(name: "glorot_uniform") == .xavierUniform)
  }
}
