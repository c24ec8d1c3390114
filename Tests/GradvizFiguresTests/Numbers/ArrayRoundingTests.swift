import Autograd
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The gradient of an array that is only rounding is 0, and so are its colors.
@Suite("Rounding in heat maps")
struct ArrayRoundingTests {
  private static let attention = """
    level tensor
    input x = random(6, 8, seed: 3)
    target y = random(6, 8, seed: 4)
    layer q = dense(x, 8)
    layer k = dense(x, 8)
    layer v = dense(x, 8)
    loss L = mse(attention(q, k, v, heads: 2), y)
    """

  private func node(_ name: String, _ graph: ComputationGraph) throws -> ComputationGraph.Node {
    try #require(graph.nodes.first { $0.name == name })
  }

  @Test(arguments: ["rate 0.1", "optimizer adam(rate: 0.01)", "optimizer sgd(rate: 0.1, momentum: 0.9)"])
  func `the bias of the keys has no gradient`(optimizer: String) throws {
    let graph = try Project.graph(program: "\(Self.attention)\n\(optimizer)")
    let before = try node("k.b", graph)
    #expect(before.gradient?.contains { $0 != 0 } == true, "it is rounding")
    let rounded = graph.withoutRounding()
    let after = try node("k.b", rounded)
    #expect(after.gradient == [Double](repeating: 0, count: 8) && after.updated == after.value)
    #expect(after.updateTerms.allSatisfy { $0.value.allSatisfy { $0 == 0 } })
    for name in ["q.b", "v.b", "k.w", "q.w"] { #expect(try node(name, rounded) == node(name, graph)) }
    // The colors are those of 0, beside others in the same figure.
    let figure = try FigureSet(graph, options: FigureOptions()).figure(.backward)
    func tints(_ id: String) throws -> [Tint?] {
      let box = try #require(figure.boxes.first { $0.id == id })
      return try #require(box.rows.last).cells.map(\.fill)
    }
    #expect(try tints("k.b").allSatisfy { $0 == .heat(0) })
    #expect(try tints("q.b").contains { $0 != .heat(0) })
  }

  @Test func `a gradient that is small but more than rounding stays`() throws {
    let graph = try Project.graph(
      program: """
        level tensor
        input x = random(6, 8, seed: 3)
        param b = zeros(8)
        loss L = 1e-18 * sum((x + b)**2)
        rate 0.1
        """)
    #expect(graph.withoutRounding() == graph)
  }

  @Test func `only rounding is lost, in samples and random programs`() throws {
    let programs = Seeds.programs(default: 30, [.arrays, .batch])
    var graphs = try programs.map { try Project.programText($0.source).graph(level: .tensor) }
    graphs += try Project.samples.map { try Project.graph($0, level: .tensor) }
    for graph in graphs {
      let greatest = graph.nodes.flatMap { $0.gradient ?? [] }.filter(\.isFinite).reduce(0) { max($0, $1.magnitude) }
      for (one, other) in zip(graph.nodes, graph.withoutRounding().nodes) where one != other {
        #expect(one.role == .parameter && one.isLeaf && one.id == other.id && one.value == other.value)
        #expect(other.gradient?.allSatisfy { $0 == 0 } == true)
        #expect(one.gradient?.allSatisfy { $0.magnitude <= 1e-11 * greatest } == true, "\(one.name)")
      }
    }
  }
}

extension Figure.Box.Row {
  fileprivate var cells: [(run: Figure.Run?, fill: Tint?)] {
    guard case .matrix(let cells, _, _, _, _) = content else { return [] }
    return cells.flatMap { $0.map { (run: $0.run, fill: $0.fill) } }
  }
}
