import Autograd
import Foundation
import GradvizGraph
import Testing

/// What a user who knows Swift but not this package types without thinking.
@Suite("The engine as Swift values")
struct SwiftUserTests {
  // MARK: print

  @Test func `print says the name, the shape and the numbers`() {
    let tape = Tape()
    let a = tape.input(2, name: "a")
    let b = tape.parameter(-0.5, name: "b")
    #expect("\(a) \(b)" == "a = 2 b = -0.5")
    let loss = (a * b + 1 / 3.0).label("L", role: .loss)
    #expect("\(loss)" == "L = -0.666667" && loss.name == "L" && loss.role == .loss)
    #expect("\(a * b)" == "-1" && (a * b).name == nil)
    #expect("\(tape.input([1, 2.5], name: "x"))" == "x (2) = [1, 2.5]")
    #expect("\(tape.input([[0, -2], [0.5, -1]], name: "X"))" == "X (2×2) = [[0, -2], [0.5, -1]]")
    #expect("\(tape.constant([[1], [2]]))" == "(2×1) [[1], [2]]")
    #expect("\(Tensor(loss))" == "L = -0.666667")
    #expect("\(tape)" == "a tape of \(tape.count) values, 1 of them parameters")
  }

  @Test func `print abbreviates many numbers with a count`() throws {
    let tape = Tape()
    let many = tape.parameter((0..<1000).map(Double.init), name: "w")
    #expect("\(many)" == "w (1000) = [0, 1, 2, … 997 more]")
    let cube = try tape.leaf((0..<1000).map(Double.init), shape: [10, 10, 10], role: .input, name: "c")
    #expect(
      "\(cube)".hasPrefix(
        "c (10×10×10) = [[[0, 1, 2, … 7 more], [10, 11, 12, … 7 more], [20, 21, 22, … 7 more], … 7 more]"))
    #expect("\(cube)".count < 400)
    let network = MLP(tape, sizes: [2, 3, 1])
    #expect("\(network)" == "layer1: 2 → 3, relu\nlayer2: 3 → 1")
    let other = Tape().parameter([1, 2], name: "w")
    let graph = other.tape.graph(loss: other.sum().label("L", role: .loss).value, level: .tensor)
    #expect("\(graph)" == "a tensor graph of 2 values, L = 3")
  }

  // MARK: Identity

  @Test func `values are equal where they are the same node`() {
    let tape = Tape()
    let (a, b) = (tape.input(2), tape.input(2))
    #expect(a != b && a == a && a.data == b.data)
    #expect(Tensor(a) == Tensor(a) && Tensor(a) != Tensor(b))
    #expect(Set([a, b, a]).count == 2)
    let gradients = [a: 1.0, b: 2.0]
    #expect(gradients[b] == 2)
    #expect(tape == tape && tape != Tape() && a != Tape().input(2))
  }

  // MARK: Numbers beside values

  @Test func `Int stands beside values as Double does`() {
    let tape = Tape()
    let x = tape.parameter(3, name: "x")
    let n = 4
    #expect((x * 2).data == 6 && (2 * x).data == 6 && (x + n).data == 7 && (n - x).data == 1)
    #expect((x / n).data == 0.75 && (n / x).data == 4.0 / 3 && (x ** n).data == 81 && (n ** x).data == 64)
    let v = tape.parameter([1, 2])
    #expect((v * n).data == [4, 8] && (n / v).data == [4, 2] && (v ** n).data == [1, 16] && (n - v).data == [3, 2])
    // Literals beside values are floating-point numbers, not integers that are divided.
    #expect((1 / 2 * x).data == 1.5 && (x * (3 / 4)).data == 2.25)
    let polynomial = 2 * x ** 2 - 3 * x + 1
    polynomial.backward()
    #expect(polynomial.data == 10 && x.gradient == 9)
    // A constant exponent is not an operand, whatever its type.
    #expect(tape.graph(loss: x ** n, level: .scalar).nodes.last?.exponent == 4)
  }

  @Test func `compound assignment records an operation`() {
    let tape = Tape()
    let x = tape.parameter(3, name: "x")
    var total = tape.constant(1)
    let start = total
    for n in 1...2 { total += x * n }
    total -= 2
    total *= x
    total /= 4
    total.backward()
    #expect(total.data == 6 && start.data == 1 && x.gradient == (6 * 3 - 1) / 4)
    var v = tape.parameter([1, 2])
    v += x
    v *= 2
    v -= tape.constant([1, 1])
    v /= 2
    #expect(v.data == [3.5, 4.5])
  }

  // MARK: Functions of numbers

  /// Each function of a number, and the same of an array.
  private static let both: [(String, @Sendable (Value) -> Value, @Sendable (Tensor) -> Tensor)] = [
    ("softplus", { softplus($0) }, { softplus($0) }), ("logSigmoid", { logSigmoid($0) }, { logSigmoid($0) }),
    ("silu", { silu($0) }, { silu($0) }), ("gelu", { gelu($0) }, { gelu($0) }),
    ("gelu tanh", { gelu($0, isApproximate: true) }, { gelu($0, isApproximate: true) }),
    ("elu", { elu($0, alpha: 0.5) }, { elu($0, alpha: 0.5) }), ("leakyReLU", { leakyReLU($0) }, { leakyReLU($0) }),
    ("hardTanh", { hardTanh($0) }, { hardTanh($0) }),
    ("clipped", { $0.clipped(from: -2, to: 0.5) }, { $0.clipped(from: -2, to: 0.5) }),
    ("masks", { $0 * and($0 .> -1, not($0 .>= 2)) }, { $0 * and($0 .> -1, not($0 .>= 2)) }),
    ("either", { $0 * or($0 .< 0, $0 .== 2) }, { $0 * or($0 .< 0, $0 .== 2) }),
    ("others", { $0 * or($0 .<= -1.5, $0 .!= 0.25) }, { $0 * or($0 .<= -1.5, $0 .!= 0.25) }),
    ("choose", { choose($0 .> 0, $0 ** 2, -$0) }, { choose($0 .> 0, $0 ** 2, -$0) }),
  ]

  @Test(arguments: both.indices, [-1.5, 0.25, 2])
  func `a function of a number is that of an array of one`(function: Int, number: Double) {
    let (one, many) = (Tape(), Tape())
    let (x, v) = (one.parameter(number, name: "x"), many.parameter([number], name: "v"))
    let (name, ofValue, ofTensor) = Self.both[function]
    let (y, w) = (ofValue(x), ofTensor(v))
    y.backward()
    w.sum().value.backward()
    #expect([y.data] == w.data && [x.gradient] == v.gradient, "\(name)")
  }

  @Test func `many numbers have a maximum, a minimum and a sum of exponentials`() {
    let tape = Tape()
    let x = [1, 3, 3, -2].map { tape.parameter($0) }
    (max(x) + 10 * min(x)).backward()
    #expect(max(x).data == 3 && min(x).data == -2 && x.map(\.gradient) == [0, 0.5, 0.5, 10])
    let sum = logSumExp(x.map { 1000 + $0 })
    sum.backward()
    #expect(abs(sum.data - 1000 - log(exp(1) + 2 * exp(3) + exp(-2))) < 1e-12)
    #expect(abs(x.reduce(0) { $0 + $1.gradient } - 1) < 1e-12)
    #expect((x[0] .< x[1]).data == 1 && (x[1] .!= x[2]).data == 0 && choose(x[1] .== x[2], x[0], x[3]).data == 1)
  }

  // MARK: Subscripts

  @Test func `ranges take rows and columns`() throws {
    let tape = Tape()
    let x = tape.parameter([[1, 2, 3], [4, 5, 6], [7, 8, 9]], name: "x")
    #expect(x[0].data == [1, 2, 3] && x[-1].data == [7, 8, 9] && x[1, 2].value.data == 6)
    #expect(x[0..<2].data == [1, 2, 3, 4, 5, 6] && x[0..<2].shape == [2, 3])
    #expect(x[1...].data == [4, 5, 6, 7, 8, 9] && x[...1].shape == [2, 3] && x[..<1].shape == [1, 3])
    #expect(x[..., 0].data == [1, 4, 7] && x[..., 1...2].shape == [3, 2] && x[2, ...].data == [7, 8, 9])
    #expect(x[0...1, 1].data == [2, 5] && x[1..., ..<2].data == [4, 5, 7, 8])
    let cube = try tape.leaf((0..<8).map(Double.init), shape: [2, 2, 2], role: .input, name: "c")
    #expect(cube[AxisIndex.all, AxisIndex.position(0), AxisIndex.range(from: 1, to: 2)].data == [1, 5])
    #expect(try x.indexed([.all, 0]).data == [1, 4, 7])
  }

  @Test func `a range is differentiated, expanded, written and read`() throws {
    let tape = Tape()
    let x = tape.parameter([[1, 2, 3], [4, 5, 6]], name: "x")
    let loss = (x[0..<1] * x[..., 1...].sum() + x[1, 0..<2].sum()).sum().label("L", role: .loss)
    loss.value.backward()
    let sum = 2.0 + 3 + 5 + 6
    #expect(x.gradient == [sum, sum + 6, sum + 6, 3, 3 + 6, 6])
    #expect(tape.check(loss.value).allSatisfy { $0.passes })
    for level in [ComputationGraph.Level.tensor, .scalar] {
      let graph = tape.graph(loss: loss.value, level: level)
      #expect(try ComputationGraph.decodeJSON(graph.encodeJSON()) == graph)
      #expect(graph.recomputed().problems.isEmpty)
    }
    let graph = tape.graph(loss: loss.value, level: .tensor)
    #expect(graph.nodes.contains { $0.position == [.range(from: 0, to: 1)] })
    #expect(graph.nodes.contains { $0.position == [.all, .range(from: 1, to: 3)] })
  }

  // MARK: Data

  @Test func `what data may have wrong is thrown`() {
    let tape = Tape()
    #expect(throws: InputError("x of shape 2×2 takes 4 numbers, not 3")) {
      _ = try tape.leaf([1, 2, 3], shape: [2, 2], role: .input, name: "x")
    }
    #expect(throws: InputError.self) { _ = try tape.leaf([], shape: [-1], role: .input) }
    let x = tape.input([1, 2], name: "x")
    #expect(throws: InputError("x (2) takes 2 numbers, not 3")) { try x.setData([1, 2, 3]) }
    #expect(throws: InputError("[:, 0] has 2 places, but x (2) only 1 axis")) { _ = try x.indexed([.all, 0]) }
    for axes: [AxisIndex] in [[2], [-3], [.range(from: 1, to: 1)], [.range(from: 0, to: 3)], [.range(from: -1, to: 1)]]
    {
      #expect(throws: InputError.self) { _ = try x.indexed(axes) }
    }
    #expect(throws: InputError("class 3 is not one of 0 to 2")) { _ = try oneHot([0, 3], count: 3) }
    #expect(throws: InputError("one-hot rows have at least one class, not -1")) { _ = try oneHot([], count: -1) }
    #expect(x.data == [1, 2] && tape.count == 1)
  }

  @Test func `a wrong place stops the program with a word on what is right`() async {
    await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tape().input([1, 2], name: "x")[..., 0]
    }
  }
}
