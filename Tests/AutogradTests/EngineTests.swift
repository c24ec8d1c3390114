import Testing

@testable import Autograd
@testable import GradvizGraph

@Suite struct EngineTests {
  /// A plain reverse sweep, with which the engine's fast paths must agree.
  private static func plainGradients(_ tape: Tape, _ loss: Int) -> [Double] {
    var gradients = [Double](repeating: 0, count: tape.count)
    gradients[loss] = 1
    for index in stride(from: loss, through: 0, by: -1) {
      let operands = tape.operands(of: index)
      let (u, record) = (gradients[index], tape.record(index))
      switch (record.operation, operands.count) {
      case (.add, 2): for operand in operands { gradients[operand] += u }
      case (.subtract, 2):
        gradients[operands[0]] += u
        gradients[operands[1]] -= u
      case (.multiply, 2):
        let (x, y) = (tape.number(operands[0]), tape.number(operands[1]))
        gradients[operands[0]] += u * y
        gradients[operands[1]] += u * x
      case (_, 1):
        gradients[operands[0]] +=
          u
          * ElementRules.derivative(
            record.operation, tape.number(operands[0]), result: tape.number(index))
      default: break
      }
    }
    return gradients
  }

  @Test(
    "weighted sums, shared operands and dead branches: gradients as in the plainest sweep", arguments: 0..<40)
  func weightedSums(seed: Int) {
    var numbers = SeededNumbers(seed: seed)
    let tape = Tape()
    var values = (0..<6).map { _ in tape.parameter(numbers.drawUniform() * 2 - 1, name: nil) }
    for _ in 0..<200 {
      func any() -> Value { values[Int(numbers.drawUniform() * Double(values.count))] }
      let before = values[values.count - 1]
      switch Int(numbers.drawUniform() * 7) {
      // Sums whose last operand is a product, which the tape stores as pairs: in chains, alone, and with the
      // sum itself.
      case 0, 1: values.append(any() * 0.5 + any() * any())
      case 2: values.append(before + before * any())
      case 3: values.append(before * 0.5 + any() * before)
      case 4: values.append(tanh(any() - any()))
      case 5: values.append(relu(any()))
      default: values.append(any() * any())
      }
    }
    let last = tanh(values[values.count - 1] + values[values.count - 2] * values[0])
    for _ in 0..<2 {
      last.backward()
      let expected = Self.plainGradients(tape, last.index)
      for index in 0..<tape.count {
        #expect(close(tape.gradientNumber(index), expected[index]), "node \(index)")
      }
      // The same recording with other leaves has the values of a new recording.
      for leaf in values[..<6] { leaf.data = -leaf.data * 1.5 }
      let fresh = (0..<tape.count).map { tape.number($0) }
      tape.replay()
      for index in 0..<tape.count where !tape.isLeaf(index) {
        let operands = tape.operands(of: index).map { tape.number($0) }
        let operation = tape.record(index).operation
        let value =
          operands.count == 2 && operation != .sum
          ? ElementRules.value(operation, operands[0], operands[1])
          : operands.count == 1
            ? ElementRules.value(operation, operands[0])
            : ElementRules.value(operation, of: operands, count: operands.count)
        #expect(same(tape.number(index), value), "node \(index), \(operation)")
      }
      #expect(fresh != (0..<tape.count).map { tape.number($0) })
    }
  }

  private func close(_ a: Double, _ b: Double) -> Bool {
    same(a, b) || abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-300)
  }
  private func same(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }

  @Test("a value the loss does not depend on passes no NaN on; one it depends on with gradient 0 does")
  func infiniteDerivatives() {
    let tape = Tape()
    let zero = tape.parameter(0, name: "zero")
    let other = tape.parameter(2, name: "other")
    _ = log(zero) * other  // −∞, and not part of the loss
    let loss = other * 3
    loss.backward()
    #expect(zero.gradient == 0)
    #expect(other.gradient == 3)
    let reached = sqrt(zero) * 0.0 + loss
    reached.backward()
    #expect(zero.gradient.isNaN)
    // The same through a pair of product and sum.
    let infinite = tape.constant(.infinity)
    let chained = loss + (zero * infinite) * 0.0
    chained.backward()
    #expect(chained.data.isNaN)
    #expect(zero.gradient.isNaN)
  }

  @Test("nodes without a tape record the same as values")
  func nodes() {
    let tape = Tape()
    let a = tape.parameter(2, name: "a")
    let b = tape.parameter(-3, name: "b")
    let product = tape.record(.multiply, a.node, b.node)
    let loss = tape.value(tape.record(.tanh, tape.record(.divide, product, b.node)))
    loss.backward()
    #expect(loss.data == tanh(a * b / b).data)
    #expect(abs(a.gradient - (1 - loss.data * loss.data)) < 1e-15)
    #expect(tape.value(product).data == -6)
  }

  @Test("an emptied tape records like a new one")
  func emptied() {
    let tape = Tape()
    for keepingCapacity in [true, false] {
      tape.removeAll(keepingCapacity: keepingCapacity)
      #expect(tape.count == 0)
      let x = tape.parameter([1, 2, 3], name: "x")
      let loss = (x * x).sum().value
      loss.backward()
      #expect(x.gradient == [2, 4, 6])
      #expect(tape.graph(loss: loss, level: .tensor).nodes.map(\.name) == ["x", "n1", "n2"])
    }
  }

  @Test("a value from before the tape was emptied ends the program")
  func stale() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      let a = tape.parameter(1, name: "a")
      tape.removeAll(keepingCapacity: true)
      _ = a + a
    }
  }

  @Test(
    "matrix products of every size and orientation agree with three plain loops",
    arguments: [
      (1, 1, 1), (1, 5, 1), (3, 1, 7), (7, 3, 1), (9, 17, 33), (8, 256, 16), (5, 300, 31), (13, 515, 18),
      (64, 2, 47),
    ])
  func products(rows: Int, inner: Int, columns: Int) {
    var numbers = SeededNumbers(seed: rows * 1000 + columns)
    let left = (0..<rows).map { _ in (0..<inner).map { _ in numbers.drawUniform() - 0.5 } }
    let right = (0..<inner).map { _ in (0..<columns).map { _ in numbers.drawUniform() - 0.5 } }
    let tape = Tape()
    let a = tape.parameter(left, name: "a")
    let b = tape.parameter(right, name: "b")
    let product = matmul(a, b)
    let weights = (0..<rows).map { _ in (0..<columns).map { _ in numbers.drawUniform() - 0.5 } }
    // Used twice, so that the second gradient is added to the first.
    let loss = (product * tape.constant(weights)).sum() + (matmul(a, b) * tape.constant(weights)).sum()
    loss.value.backward()
    func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-13 * Double(inner + rows + columns) }
    for i in 0..<rows {
      for j in 0..<columns {
        let expected = (0..<inner).reduce(0.0) { $0 + left[i][$1] * right[$1][j] }
        #expect(near(product.data[i * columns + j], expected))
      }
      for k in 0..<inner {
        let expected = (0..<columns).reduce(0.0) { $0 + 2 * weights[i][$1] * right[k][$1] }
        #expect(near(a.gradient[i * inner + k], expected))
      }
    }
    for k in 0..<inner {
      for j in 0..<columns {
        let expected = (0..<rows).reduce(0.0) { $0 + 2 * weights[$1][j] * left[$1][k] }
        #expect(near(b.gradient[k * columns + j], expected))
      }
    }
  }

  @Test("training leaves out what no parameter needs, and moves the parameters the same")
  func parametersOnly() throws {
    func train(_ all: Bool) throws -> [Double] {
      let tape = Tape()
      let x = tape.input([[1, 2], [3, 4], [-1, 0.5]], name: "x")
      let w = tape.parameter([[0.1], [0.2]], name: "w")
      let b = tape.parameter([0.3], name: "b")
      let loss = (tanh(matmul(x * 2, w) + b) ** 2).mean().value
      tape.optimizer = .sgd(rate: 0.1)
      for _ in 0..<5 {
        tape.replay()
        if all { loss.backward() } else { tape.backwardForParameters(from: loss) }
        #expect(x.gradient.contains { $0 != 0 } == all)
        tape.update()
      }
      return w.data + b.data
    }
    #expect(try train(true) == train(false))
  }

  @Test func `an emptied tape forgets what no parameter leads to`() {
    let tape = Tape()
    func gradient(_ product: (Tensor, Tensor) -> Tensor) -> [Double] {
      tape.removeAll(keepingCapacity: true)
      let w = tape.parameter([2, 3], name: "w")
      let x = tape.input([5, 7], name: "x")
      tape.optimizer = .sgd(rate: 0.1)
      let loss = product(w, x).sum().value
      _ = tape.parameters
      tape.backwardForParameters(from: loss)
      return w.gradient
    }
    #expect(gradient { $0 * ($1 * $1) } == [25, 49])
    #expect(gradient { $1 * ($0 * $0) } == [20, 42])
  }

  @Test(
    "every pair of shapes that broadcast, with one array on both sides too: gradients of the scalar expansion"
  )
  func broadcasting() {
    let shapes = [[], [1], [4], [3, 4], [1, 4], [3, 1], [2, 3, 4], [2, 1, 4]]
    for left in shapes {
      for right in shapes where Shapes.broadcast(left, right) != nil {
        for operation in [Tape.Operation.add, .subtract, .multiply, .divide, .maximum] {
          let tape = Tape()
          var numbers = SeededNumbers(seed: left.count * 10 + right.count)
          func leaf(_ shape: [Int], _ name: String) -> Tensor {
            tape.array(
              (0..<(Shapes.count(shape) ?? 1)).map { _ in numbers.drawUniform() + 0.5 }, shape: shape,
              role: .parameter,
              name: name)
          }
          let a = leaf(left, "a")
          let b = leaf(right, "b")
          let result = Tensor.binary(operation, a, b)
          let twice = Tensor.binary(operation, a, a) * result
          let loss = (twice * twice).sum().value
          let scalar = tape.graph(loss: loss, level: .scalar)
          loss.backward()
          let expected = scalar.nodes.filter { $0.role == .parameter }.compactMap { $0.gradient?[0] }
          let found = a.gradient + b.gradient
          #expect(found.count == expected.count)
          for (x, y) in zip(found, expected) {
            #expect(abs(x - y) <= 1e-11 * max(1, abs(y)), "\(left) \(operation) \(right)")
          }
        }
      }
    }
  }
}
