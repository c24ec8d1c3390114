import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

/// One operation as PyTorch computes it; see `Fixtures/make_fixtures.py`.
struct PyTorchCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Operand: Decodable, Sendable {
    var shape: [Int]
    var values: [Double]
  }
  var operation: String
  var operands: [Operand]
  var shape: [Int]
  var value: [Double]
  var gradients: [[Double]]
  var axis: Int?
  var exponent: Double?
  var position: [Int?]?
  var axes: [Int]?
  var sizes: [Int]?

  var testDescription: String { "\(operation) of \(operands.map { "\($0.shape)" }.joined(separator: ", "))" }

  static let all: [PyTorchCase] = {
    guard let url = Bundle.module.url(forResource: "Fixtures/pytorch", withExtension: "json"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    let decoder = JSONDecoder()
    return (try? decoder.decode([PyTorchCase].self, from: data)) ?? []
  }()

  func apply(_ x: [Tensor]) -> Tensor? {
    switch Tape.Operation(rawValue: operation) {
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .divide: x[0] / x[1]
    case .power: exponent.map { x[0] ** $0 } ?? x[0] ** x[1]
    case .maximum: max(x[0], x[1])
    case .minimum: min(x[0], x[1])
    case .negate: -x[0]
    case .exp: exp(x[0])
    case .log: log(x[0])
    case .clampedLog: clampedLog(x[0])
    case .tanh: tanh(x[0])
    case .sigmoid: sigmoid(x[0])
    case .relu: relu(x[0])
    case .sin: sin(x[0])
    case .cos: cos(x[0])
    case .sqrt: sqrt(x[0])
    case .abs: abs(x[0])
    case .sum: x[0].sum(axis: axis)
    case .mean: x[0].mean(axis: axis)
    case .maximumReduction: x[0].max(axis: axis)
    case .minimumReduction: x[0].min(axis: axis)
    case .logSumExp: x[0].logSumExp(axis: axis)
    case .softmax: x[0].softmax(axis: axis ?? -1)
    case .matrixMultiply: matmul(x[0], x[1])
    case .transpose: axes.map { x[0].transposed(axes: $0) } ?? x[0].transposed
    case .reshape: x[0].reshaped(to: sizes ?? [])
    case .concat: concat(x, axis: axis ?? 0)
    case .index: x[0].entries((position ?? []).map { $0.map(AxisIndex.position) ?? .all })
    case nil: nil
    default: other(x)
    }
  }

  private func other(_ x: [Tensor]) -> Tensor? {
    guard let operation = Tape.Operation(rawValue: operation) else { return nil }
    return operation.isElementPair ? Tensor.binary(operation, x[0], x[1]) : x[0].unary(operation)
  }
}

@Suite("Values and gradients of every operation are PyTorch's")
struct PyTorchTests {
  @Test func `the fixture covers every operation`() {
    #expect(Set(PyTorchCase.all.map(\.operation)) == Set(Tape.Operation.allCases.map(\.rawValue)))
  }

  @Test(arguments: PyTorchCase.all)
  func `arrays agree`(_ fixture: PyTorchCase) throws {
    let tape = Tape()
    let operands = fixture.operands.enumerated().map { number, operand in
      tape.array(operand.values, shape: operand.shape, role: .parameter, name: "x\(number)")
    }
    let result = try #require(fixture.apply(operands))
    #expect(result.shape == fixture.shape)
    for (ours, theirs) in zip(result.data, fixture.value) { #expect(difference(ours, theirs) < 1e-13) }
    let weights = (0..<fixture.value.count).map { Double(($0 * 37) % 11 - 4) / 5 }
    let loss = (result * tape.array(weights, shape: fixture.shape, role: .constant)).sum().value
    loss.backward()
    for (operand, theirs) in zip(operands, fixture.gradients) {
      #expect(operand.gradient.count == theirs.count)
      for (a, b) in zip(operand.gradient, theirs) { #expect(difference(a, b) < 1e-12) }
    }
    // The same, number by number.
    let graph = tape.graph(loss: loss, level: .scalar)
    for (number, theirs) in fixture.gradients.enumerated() {
      let nodes = graph.nodes.filter {
        $0.operation == nil && ($0.name == "x\(number)" || $0.name.hasPrefix("x\(number)["))
      }
      for (node, expected) in zip(nodes, theirs) {
        #expect(difference(node.gradient?[0] ?? 0, expected) < 1e-12, "\(node.name)")
      }
    }
  }
}
