import Foundation
import GradvizGraph
import Testing

@testable import GradvizFigures
@testable import GradvizKit

/// Figures of numbers that are drawn as the matrices and heads of attention that they were written out of.
@Suite("Recovered steps")
struct RecoveredStepTests {
  private func load(_ name: String) throws -> ComputationGraph {
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let url = project.appendingPathComponent("Samples/python/\(name).json")
    return try ComputationGraph.load(text: String(contentsOf: url, encoding: .utf8), path: url.path).graph
  }

  private func box(_ name: String, _ graph: FoldedGraph) throws -> ComputationGraph.Node {
    try #require(graph.nodes.first { $0.name == name }, "\(graph.nodes.map(\.name))")
  }

  @Test func `a step of microgpt is its heads of attention and its matrices`() throws {
    let graph = try load("microgpt")
    let folded = graph.folded(.auto)
    #expect(graph.nodes.count > 2_500 && folded.nodes.count <= 40)
    for number in 1...2 {
      let weights = try box("head \(number) softmax", folded)
      #expect(weights.shape == [4, 4] && weights.facts?.operation == "softmax")
      // A position has weights for itself and those before it.
      #expect(weights.fold?.blanks == [1, 2, 3, 6, 7, 11])
      for row in 0..<4 {
        #expect(abs(weights.value[row * 4..<row * 4 + 4].reduce(0, +) - 1) < 1e-12)
        #expect(weights.value[row * 4 + row + 1..<row * 4 + 4].allSatisfy { $0 == 0 })
      }
    }
    for (name, shape) in [("wq", [4, 4]), ("w1", [16, 4]), ("head", [4, 4]), ("q", [4, 4]), ("w2 @ x", [4, 4])] {
      #expect(try box(name, folded).shape == shape, "\(name)")
    }
    let weights = try box("wk", folded)
    for (place, value) in weights.value.enumerated() {
      let node = try #require(graph.nodes.first { $0.name == "wk\(place / 4 + 1)_\(place % 4 + 1)" })
      #expect(node.value == [value] && node.gradient?.first == weights.gradient?[place])
    }
  }

  @Test(arguments: ["microgpt", "scalars"])
  func `the shares of all uses of a box are its gradient`(_ name: String) throws {
    let graph = try load(name)
    let folded = graph.folded(.scopes(depth: nil, opened: [])).graph
    #expect(folded.nodes.count < graph.nodes.count / 2)
    var totals = folded.nodes.map { [Double](repeating: 0, count: $0.value.count) }
    for (user, node) in folded.nodes.enumerated() {
      for (position, operand) in node.operands.enumerated() {
        guard let share = folded.share(user: user, position: position) else { continue }
        for (place, number) in share.enumerated() { totals[operand][place] += number }
      }
    }
    for (index, node) in folded.nodes.enumerated() where index != folded.loss {
      guard let gradient = node.gradient else { continue }
      for (total, number) in zip(totals[index], gradient) { #expect(abs(total - number) < 1e-9, "\(node.name)") }
    }
    // Every number of the step is in a box, once.
    #expect(folded.nodes.reduce(0) { $0 + ($1.fold?.count ?? 1) } == graph.nodes.count)
  }

  @Test func `a network of micrograd is its matrices where scopes are asked for`() throws {
    let graph = try load("scalars")
    let folded = graph.folded(.scopes(depth: nil, opened: []))
    let names = folded.nodes.map(\.name)
    #expect(names.contains("W1 @ x + b") && names.contains("W2 @ x + b") && names.contains("relu"), "\(names)")
    #expect(try box("W1", folded).shape == [3, 2])
    #expect(graph.folded(.auto).nodes.count == graph.nodes.count)
  }

  @Test func `attention is one box until it is opened`() throws {
    let graph = try load("microgpt")
    func names(_ depth: Int?, _ opened: [String] = []) -> [String] {
      graph.folded(.scopes(depth: depth, opened: opened)).nodes.map(\.name)
    }
    let shallow = names(1)
    #expect(shallow.contains("attention") && !shallow.contains("q"), "\(shallow)")
    let open = names(1, ["attention"])
    #expect(open.contains("q") && open.contains("head 1") && !open.contains("head 1 softmax"), "\(open)")
    #expect(names(1, ["attention.head 1"]).contains("head 1 softmax"))
  }

  @Test func `places without a number are blank, and are not the least number`() throws {
    let folded = try load("microgpt").folded(.auto)
    let node = try box("head 1 softmax", folded)
    let content = MatrixContent(node, format: Words(.english).numbers(3), words: Words(.english))
    guard case .matrix(let cells, _, _, _, _) = content.row(node.value, ink: .ink, isBold: false, fill: nil).content
    else {
      Issue.record("no matrix")
      return
    }
    #expect(cells[0][1].fill == nil && cells[2][3].fill == nil && cells[0][0].fill != nil)
    #expect(cells[3].allSatisfy { $0.fill != nil })
  }
}
