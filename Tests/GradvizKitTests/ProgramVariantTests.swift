import Autograd
import Foundation
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizKit

/// Programs with other numbers, whose results are short.
@Suite("Variants of programs")
struct ProgramVariantTests {
  private static let network = """
    input x1 = 1
    input x2 = -2
    target y = 1
    param a1 = 0.5
    param a2 = -1
    param c1 = 2
    param c2 = 1.5
    param v1 = 2
    param v2 = sqrt(2)
    h1 = relu(a1*x1 + a2*x2)
    h2 = relu(c1*x1 + c2*x2)
    predict o = v1*h1 + v2*h2
    loss L = (o - y)**2

    """

  private func variants(_ text: String, _ count: Int, seed: Int = 7) throws -> ProgramVariants {
    try ProgramVariants(of: Project.programText(text), count: count, seed: seed)
  }

  /// Every number that a figure can show.
  private func numbers(_ graph: ComputationGraph) -> [Double] {
    graph.nodes.flatMap { $0.value + ($0.gradient ?? []) + ($0.localDerivatives ?? []) }
  }

  @Test func `every number of a variant is a decimal of at most four digits`() throws {
    for text in [Self.network, "param w = 3\nparam b = 1\ninput x = 2\nloss L = (w*x + b)**2 / 2\n"] {
      let found = try variants(text, 12)
      #expect(!found.isRounded && found.function == nil && found.graphs.count == 12)
      for number in found.graphs.flatMap(numbers) {
        // Its printed form is the number: nothing is rounded away.
        let text = String(format: "%.4g", number)
        #expect(abs((Double(text) ?? .nan) - number) <= 1e-9 * max(1, abs(number)), "\(number)")
        #expect(!text.contains("e"), "\(number)")
      }
    }
  }

  @Test func `variants differ in numbers only, and each from every other`() throws {
    let own = try Project.graph(program: Self.network)
    let found = try variants(Self.network, 30).graphs
    var seen: [[Double]] = []
    for graph in found {
      #expect(graph.nodes.map(\.name) == own.nodes.map(\.name))
      #expect(graph.nodes.map(\.operation) == own.nodes.map(\.operation))
      #expect(graph.nodes.map(\.operands) == own.nodes.map(\.operands))
      #expect(graph.nodes.allSatisfy { $0.source == nil })
      let leaves = graph.nodes.filter(\.isLeaf).map { $0.value[0] }
      #expect(!seen.contains(leaves) && !leaves.contains(0))
      seen.append(leaves)
      // The chain rule again: these are the graph's own values and gradients.
      #expect(graph.checked().report.problems.isEmpty)
      // No function is at its kink, where a gradient is a matter of taste.
      for node in graph.nodes where node.operation == .relu { #expect(graph.nodes[node.operands[0]].value != [0]) }
    }
  }

  @Test func `a seed gives the same variants, however many are asked for, and another seed others`() throws {
    let first = try variants(Self.network, 3).graphs
    #expect(try variants(Self.network, 5).graphs.prefix(3).elementsEqual(first))
    #expect(try variants(Self.network, 3, seed: 8).graphs != first)
  }

  @Test func `results of functions without short decimals are rounded, and that is said`() throws {
    let found = try variants("param w = 3\ninput x = 2\ntarget y = 1\npredict o = tanh(w*x)\nloss L = (o - y)**2\n", 4)
    #expect(found.isRounded && found.function == "tanh" && found.graphs.count == 4)
    // Sevenths have long decimals, and no function is to blame.
    let thirds = try variants("param w = 3\nloss L = w / 7 + w**2 / 11\n", 2)
    #expect(thirds.isRounded && thirds.function == nil)
  }

  @Test func `programs without numbers to vary, or with too few, are refused`() throws {
    #expect(throws: InputError.self) { try variants("a = 2\nloss L = a * 3\n", 1) }
    let error = #expect(throws: InputError.self) { try variants("param w = 3\nloss L = 2 * w\n", 500) }
    #expect(error?.description.contains("only") ?? false, "\(String(describing: error))")
  }

  private static let shortNumbers: [(Double, Bool)] = [
    (12.25, true), (0.125, true), (-414, true), (0.3000000000000000444, true), (0.0625, false), (1234.5, false),
    (1.0 / 3, false), (0, true), (1000, true), (12345, false),
  ]

  @Test(arguments: shortNumbers)
  func `a short number has at most four digits, three of them after the point`(_ number: Double, _ isShort: Bool) {
    #expect(ProgramVariants.isShort(number) == isShort)
  }
}
