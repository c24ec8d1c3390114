import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

/// One composed function as PyTorch computes it; see `Fixtures/make_function_fixtures.py`.
struct FunctionCase: Decodable, Sendable, CustomTestStringConvertible {
  /// A number, or a word for one that is not finite.
  struct Number: Decodable, Sendable {
    var value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        value = number
      } else {
        let words: [String: Double] = ["NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity]
        value = words[try container.decode(String.self)] ?? 0
      }
    }
  }
  struct Operand: Decodable, Sendable {
    var shape: [Int]
    var values: [Number]
  }
  var name: String
  var operands: [Operand]
  var shape: [Int]
  var value: [Number]
  var gradients: [[Number]]

  var testDescription: String { "\(name) of \(operands.map { "\($0.shape)" }.joined(separator: ", "))" }

  static let all: [FunctionCase] = {
    guard let url = Bundle.module.url(forResource: "Fixtures/functions", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? JSONDecoder().decode([FunctionCase].self, from: data)) ?? []
  }()

  /// The function's name, and the axis behind it.
  private var parts: (String, Int?) {
    let words = name.split(separator: " ")
    guard words.count > 1, let axis = Int(words[words.count - 1]) else { return (name, nil) }
    return (words.dropLast().joined(separator: " "), axis)
  }

  func apply(_ x: [Tensor]) -> Tensor? {
    activation(x[0]) ?? several(x[0]) ?? reduction(x[0]) ?? arranged(x) ?? layer(x) ?? recurrent(x) ?? loss(x)
  }

  private func activation(_ x: Tensor) -> Tensor? {
    switch name {
    case "softplus": softplus(x)
    case "logSigmoid": logSigmoid(x)
    case "silu": silu(x)
    case "gelu": gelu(x)
    case "gelu tanh": gelu(x, isApproximate: true)
    case "elu": elu(x)
    case "elu 0.5": elu(x, alpha: 0.5)
    case "leakyReLU": leakyReLU(x)
    case "leakyReLU 0.2": leakyReLU(x, slope: 0.2)
    case "hardTanh": hardTanh(x)
    case "logSoftmax": x.logSoftmax()
    case "softmax": x.softmax()
    case "clip": x.clipped(from: -1, to: 0.5)
    case "clip above": x.clipped(from: nil, to: 0.5)
    default: nil
    }
  }

  private func reduction(_ x: Tensor) -> Tensor? {
    let (name, axis) = parts
    return switch name {
    case "variance": x.variance(axis: axis)
    case "variance without correction": x.variance(correction: 0)
    case "deviation": x.standardDeviation(axis: axis)
    case "norm": x.norm(axis: axis)
    case "taxicab": x.norm(axis: axis, order: 1)
    case "product": x.product(axis: axis)
    case "cumulativeSum": x.cumulativeSum(axis: axis ?? 0)
    case "flipped": x.flipped(axis: axis ?? 0)
    case "repeated": x.repeated(2, axis: axis ?? 0)
    case "mean kept": x - x.mean(axis: axis, keepsAxis: true)
    default: nil
    }
  }

  /// `sum axes 0 2 1`: along axes 0 and 2, which are kept.
  private func several(_ x: Tensor) -> Tensor? {
    let words = name.split(separator: " ")
    let numbers = words.compactMap { Int($0) }
    guard words.count > 1, words[1] == "axes", numbers.count == 3 else { return nil }
    let (axes, keeps) = ([numbers[0], numbers[1]], numbers[2] == 1)
    return switch words[0] {
    case "sum": x.sum(axes: axes, keepsAxes: keeps)
    case "mean": x.mean(axes: axes, keepsAxes: keeps)
    case "max": x.max(axes: axes, keepsAxes: keeps)
    case "min": x.min(axes: axes, keepsAxes: keeps)
    case "logSumExp": x.logSumExp(axes: axes, keepsAxes: keeps)
    case "variance": x.variance(axes: axes, keepsAxes: keeps)
    case "deviation": x.standardDeviation(axes: axes, keepsAxes: keeps)
    case "norm": x.norm(axes: axes, keepsAxes: keeps)
    case "product": x.product(axes: axes, keepsAxes: keeps)
    default: nil
    }
  }

  private func recurrent(_ x: [Tensor]) -> Tensor? {
    switch name {
    case "rnn start": rnn(x[0], x[1], x[2], bias: x[3], start: x[4])
    case "gru start": gru(x[0], x[1], x[2], bias: x[3], start: x[4])
    case "lstm start": lstm(x[0], x[1], x[2], bias: x[3], start: x[4], startCell: x[5])
    default: nil
    }
  }

  private func arranged(_ x: [Tensor]) -> Tensor? {
    switch name {
    case "choose": choose(x[0] .> x[0].number(0), x[1], x[2])
    case "choose root": root(x[0])
    case "stopped": x[0] * stopGradient(x[0])
    case "stack": stack(x)
    case "stack 1": stack(x, axis: 1)
    case "stack -1": stack(x, axis: -1)
    case "tiled": x[0].tiled([2, 2])
    case "tiled more": x[0].tiled([2, 1, 2])
    case "padded": x[0].padded([(1, 1), (2, 0)], with: 0.5)
    case "lower": x[0].lowerTriangle()
    case "lower 1": x[0].lowerTriangle(diagonal: 1)
    case "upper -1": x[0].upperTriangle(diagonal: -1)
    case "embedding": embedding(x[0], [2, 0, 2, 3])
    case "stride": x[0].entries([.stride(from: 1, count: 3, step: 2)])
    case "reverse stride": x[0].entries([.stride(from: 4, count: 3, step: -2)])
    case "range": x[0][1..., 0..<2]
    default: nil
    }
  }

  private func layer(_ x: [Tensor]) -> Tensor? {
    if name.hasPrefix("conv2d ") {
      let numbers = name.split(separator: " ").compactMap { Int($0) }
      return conv2d(
        x[0], x[1], bias: x[2], stride: numbers[0], padding: numbers[1], dilation: numbers[2], groups: numbers[3])
    }
    return switch name {
    case "conv1d": conv1d(x[0], x[1], bias: x[2], stride: 2, padding: 1)
    case "max pool": maxPool(x[0], size: 2)
    case "max pool stride": maxPool(x[0], size: 3, stride: 1)
    case "average pool": averagePool(x[0], size: 2)
    case "layer norm": layerNorm(x[0], scale: x[1], shift: x[2])
    case "rms norm": rmsNorm(x[0], scale: x[1])
    case "batch norm": batchNorm(x[0], scale: x[1], shift: x[2])
    case "batch norm evaluated": evaluated(x)
    case "attention": attention(x[0], x[1], x[2])
    case "attention causal": attention(x[0], x[1], x[2], isCausal: true)
    case "multihead": multiheadAttention(x[0], x[1], bias: x[2], output: x[3], outputBias: x[4])
    case "multihead heads": multiheadAttention(x[0], x[1], bias: x[2], output: x[3], outputBias: x[4], heads: 2)
    case "multihead causal":
      multiheadAttention(x[0], x[1], bias: x[2], output: x[3], outputBias: x[4], isCausal: true, heads: 3)
    case "attention heads": attention(x[0], x[1], x[2], heads: 2)
    default: nil
    }
  }

  private func loss(_ x: [Tensor]) -> Tensor? {
    func classes(isPresent: Double = 1) -> Tensor {
      x[0].tape.constant([[0, 0, 1, 0], [isPresent, 0, 0, 0], [0, 0, 0, 1]])
    }
    let present = classes(isPresent: 0)
    return switch name {
    case "smooth L1": smoothL1(x[0], x[1])
    case "smooth L1 0.3": smoothL1(x[0], x[1], beta: 0.3)
    case "divergence": klDivergence(x[0], x[1])
    case "cosine": cosineSimilarity(x[0], x[1])
    case "smoothed": crossEntropy(x[0], smoothedLabels(classes(), by: 0.1))
    case "likelihood": negativeLogLikelihood(x[0].logSoftmax(), classes())
    case "present": crossEntropyOfPresent(x[0], present)
    case "present smoothed":
      crossEntropyOfPresent(x[0], smoothedLabels(present, by: 0.1, keepsEmptyRows: true))
    case "present likelihood": negativeLogLikelihood(x[0].logSoftmax(), present, ignoresEmptyRows: true)
    case "focal": focalLoss(x[0], x[1])
    default: nil
    }
  }

  /// With the statistics of one batch in training.
  private func evaluated(_ x: [Tensor]) -> Tensor {
    let norm = BatchNorm(channels: 3)
    _ = norm(Tape().constant([[1, 2, 3], [3, 1, 0], [0, 0.5, 6]]))
    norm.keep()
    return norm(x[0], scale: x[1], shift: x[2], isTraining: false)
  }

  private func root(_ x: Tensor) -> Tensor {
    let isPositive = x .> x.number(0)
    return choose(isPositive, sqrt(choose(isPositive, x, x.number(1))), x.number(0))
  }
}

@Suite("Composed functions are PyTorch's")
struct PyTorchFunctionTests {
  private static func agree(_ a: Double, _ b: Double) -> Bool {
    a.isNaN && b.isNaN || a == b || difference(a, b) < 1e-12
  }

  @Test func `the fixture is there`() { #expect(FunctionCase.all.count > 180) }

  @Test(arguments: FunctionCase.all)
  func `values and gradients agree as arrays and number by number`(_ fixture: FunctionCase) throws {
    let tape = Tape()
    let operands = fixture.operands.enumerated().map { number, operand in
      tape.array(operand.values.map(\.value), shape: operand.shape, role: .parameter, name: "x\(number)")
    }
    let result = try #require(fixture.apply(operands))
    #expect(result.shape == fixture.shape)
    for (ours, theirs) in zip(result.data, fixture.value) {
      #expect(Self.agree(ours, theirs.value), "\(ours), not \(theirs.value)")
    }
    let weights = (0..<fixture.value.count).map { Double(($0 * 37) % 11 - 4) / 5 }
    let loss = (result * tape.array(weights, shape: fixture.shape, role: .constant)).sum().value
    loss.backward()
    for (operand, theirs) in zip(operands, fixture.gradients) {
      #expect(operand.gradient.count == theirs.count)
      for (ours, other) in zip(operand.gradient, theirs) {
        #expect(Self.agree(ours, other.value), "gradient \(ours), not \(other.value)")
      }
    }
    let graph = tape.graph(loss: loss, level: .scalar)
    for (number, theirs) in fixture.gradients.enumerated() {
      let nodes = graph.nodes.filter {
        $0.operation == nil && ($0.name == "x\(number)" || $0.name.hasPrefix("x\(number)["))
      }
      #expect(nodes.count == theirs.count)
      for (node, expected) in zip(nodes, theirs) {
        #expect(Self.agree(node.gradient?[0] ?? 0, expected.value), "\(node.name)")
      }
    }
    // Nothing is recorded again, and a replay gives the same numbers.
    let count = tape.count
    let before = result.data
    tape.replay()
    #expect(tape.count == count && zip(result.data, before).allSatisfy(Self.agree))
  }

  @Test(arguments: FunctionCase.all.filter { $0.value.allSatisfy(\.value.isFinite) })
  func `gradients are slopes`(_ fixture: FunctionCase) throws {
    let tape = Tape()
    let operands = fixture.operands.enumerated().map { number, operand in
      tape.array(operand.values.map(\.value), shape: operand.shape, role: .parameter, name: "x\(number)")
    }
    let result = try #require(fixture.apply(operands))
    let weights = (0..<fixture.value.count).map { Double(($0 * 37) % 11 - 4) / 5 }
    let loss = (result * tape.array(weights, shape: fixture.shape, role: .constant)).sum().value
    for check in tape.check(loss) {
      #expect(check.passes, "\(check.parameter)[\(check.element)]: \(check.analytic), slope \(check.numeric)")
    }
  }

  @Test(arguments: FunctionCase.all)
  func `the printed formulas give the numbers`(_ fixture: FunctionCase) throws {
    let tape = Tape()
    let operands = fixture.operands.enumerated().map { number, operand in
      tape.array(operand.values.map(\.value), shape: operand.shape, role: .parameter, name: "x\(number)")
    }
    let result = try #require(fixture.apply(operands))
    let loss = result.sum().value
    for level in ComputationGraph.Level.allCases {
      let graph = tape.graph(loss: loss, level: level)
      let symbolic = Symbolic(graph)
      for (index, node) in graph.nodes.enumerated() where node.operation != nil {
        let value = try #require(symbolic.definition(of: index).value(in: graph))
        #expect(value.shape == node.shape, "\(node.name)")
        for (ours, theirs) in zip(value.numbers, node.value) { #expect(Self.agree(ours, theirs), "\(node.name)") }
      }
      for (index, node) in graph.nodes.enumerated() {
        guard let gradient = node.gradient, let formula = symbolic.gradient(of: index) else { continue }
        let value = try #require(formula.value(in: graph))
        for (ours, theirs) in zip(value.numbers, gradient) {
          #expect(ours.isNaN && theirs.isNaN || difference(ours, theirs) < 1e-8, "∂L/∂\(node.name)")
        }
      }
      // Its JSON reads back as the same graph.
      let read = try ComputationGraph.decodeJSON(graph.encodeJSON())
      #expect(read.nodes.count == graph.nodes.count)
      for (own, other) in zip(read.nodes, graph.nodes) {
        #expect(own.operation == other.operation && own.operands == other.operands, "\(other.name)")
        #expect(own.position == other.position && own.axis == other.axis && own.shape == other.shape, "\(other.name)")
      }
      #expect(graph.recomputed().problems.isEmpty, "\(graph.recomputed().problems)")
    }
  }
}
