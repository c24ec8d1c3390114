import GradvizFigures
import GradvizGraph
import GradvizTestSupport
import Testing

/// Graphs that a Swift program puts together by hand, and sizes without end: answered in words, never with a trap.
@Suite("Graphs made by hand")
struct HandmadeGraphTests {
  private typealias Node = ComputationGraph.Node

  private static func graph(_ a: Node, _ b: Node? = nil, loss: Int? = nil) -> ComputationGraph {
    ComputationGraph(level: .scalar, nodes: [a] + (b.map { [$0] } ?? []), loss: loss)
  }

  private static func product(of operands: [Int], localDerivatives: [Double]? = nil) -> Node {
    Node(
      id: "b", name: "b", operation: .multiply, operands: operands, value: [9], localDerivatives: localDerivatives)
  }

  private static let a = Node(id: "a", name: "a", role: .parameter, value: [3])

  private static let graphs: [(ComputationGraph, String)] = [
    (graph(a, loss: 1), "the loss is not one of the graph's values"),
    (graph(a, loss: -1), "the loss is not one of the graph's values"),
    (graph(a, product(of: [0, 2])), "an operand of `b` does not stand before it"),
    (graph(a, product(of: [1, 1])), "an operand of `b` does not stand before it"),
    (graph(a, product(of: [-1, 0])), "an operand of `b` does not stand before it"),
    (graph(Node(id: "a", name: "a", value: [])), "`a` has more or fewer numbers than its shape"),
    (graph(Node(id: "a", name: "a", shape: [.max, 2], value: [1])), "`a` has more or fewer numbers than its shape"),
    (graph(Node(id: "a", name: "a", value: [1], gradient: [1, 2])), "`a` has more or fewer numbers than its shape"),
    (graph(Node(id: "a", name: "a", value: [1], updated: [])), "`a` has more or fewer numbers than its shape"),
    (
      graph(a, product(of: [0, 0], localDerivatives: [3])), "`b` has more or fewer local derivatives than operands"
    ),
    (graph(Node(id: "a", name: "a", value: [1], lane: 2)), "`a` has lane 2, but the graph has 0 lanes"),
  ]

  @Test(arguments: graphs)
  func `one whose parts do not fit together says which`(graph: ComputationGraph, message: String) {
    #expect { try FigureSet(graph) } throws: { ($0 as? FigureError)?.message == message }
    #expect { try Derivation(graph) } throws: { ($0 as? FigureError)?.message == message }
  }

  @Test func `one whose parts fit is drawn`() throws {
    let graph = Self.graph(Self.a, Self.product(of: [0, 0], localDerivatives: [3, 3]), loss: 1)
    let set = try FigureSet(graph, options: .init(maxBoxes: .max, maxArrows: .max))
    #expect(try set.figure(.forward).dot.text.contains("a"))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e9])
  func `a width that no page has is refused`(width: Double) {
    #expect { try FigureSet(Self.graph(Self.a), options: .init(width: width)) } throws: {
      ($0 as? FigureError)?.message == "a figure is at most 20000 points wide"
    }
  }
}
