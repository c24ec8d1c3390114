import Autograd
import Foundation
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

@Suite("Folding")
struct FoldingTests {
  /// Random graphs of layers, lanes and separate operations.
  private static func graph(seed: UInt64) -> ComputationGraph {
    let tape = Tape()
    var numbers = SeededNumbers(seed: seed &+ 1)
    let samples = 4 + Int(seed % 5)
    let x = tape.input((0..<samples).map { _ in [numbers.drawUniform(), numbers.drawUniform()] }, name: "x")
    let network = MLP(
      tape, sizes: [2, 3 + Int(seed % 3), 2, 1], activation: .tanh,
      initialization: .xavierUniform, seed: Int(seed))
    let y = tape.target((0..<samples).map { _ in numbers.drawUniform() }, name: "y")
    let loss = mse(network(x)[..., 0], y).value.label("L", role: .loss)
    tape.learningRate = 0.1
    return tape.graph(loss: loss, level: .scalar)
  }

  /// The groups of values that each box stands for, by the values' ids in the whole graph.
  private static func groups(_ graph: ComputationGraph, _ level: Collapse) -> [Set<Int>] {
    var partition = Partition(graph)
    partition.fold(to: level)
    return partition.groups.map(Set.init)
  }

  static let levels: [Collapse] = [
    .none, .samples, .layers, .boxes(200), .boxes(30), .boxes(12), .boxes(6), .boxes(1),
  ]

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `a higher level only merges what a lower one shows`(seed: UInt64) {
    let graph = Self.graph(seed: seed)
    for chain in [Self.levels[..<3], Self.levels[3...]] { check(chain, graph) }
  }

  private func check(_ levels: ArraySlice<Collapse>, _ graph: ComputationGraph) {
    var finer = Self.groups(graph, .none)
    for level in levels {
      let coarser = Self.groups(graph, level)
      for group in finer {
        #expect(coarser.contains { group.isSubset(of: $0) }, "\(level) parts what stood together")
      }
      #expect(coarser.count <= finer.count)
      #expect(coarser.reduce(0) { $0 + $1.count } == graph.nodes.count)
      finer = coarser
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `a folded graph is in evaluation order, the same each time, and keeps its loss`(seed: UInt64) throws {
    let graph = Self.graph(seed: seed)
    for level in Self.levels {
      let folded = graph.folded(level)
      #expect(folded == graph.folded(level))
      for (index, node) in folded.nodes.enumerated() {
        #expect(node.operands.allSatisfy { $0 < index }, "\(level): \(node.name)")
      }
      #expect(Set(folded.nodes.map(\.id)).count == folded.nodes.count)
      #expect(Set(folded.nodes.map(\.name)).count == folded.nodes.count)
      let loss = try #require(folded.loss.map { folded.nodes[$0] })
      #expect(loss.name == "L" && loss.gradient == [1])
      #expect(loss.value == graph.loss.map { graph.nodes[$0].value })
    }
  }

  @Test func `the folded samples' shares add up to a parameter's gradient`() throws {
    let graph = Self.graph(seed: 4)
    let folded = graph.folded(.samples)
    #expect(folded.laneCount == Collapse.samplesShown + 1)
    let uses = folded.uses
    var checked = 0
    for (index, node) in folded.nodes.enumerated() where node.role == .parameter {
      let shares = uses[index].compactMap { folded.graph.contribution(user: $0.user, position: $0.position) }
      guard shares.count == uses[index].count, let gradient = node.gradient?.first else { continue }
      #expect(abs(shares.reduce(0, +) - gradient) <= 1e-12 * max(1, abs(gradient)), "\(node.name)")
      checked += 1
    }
    #expect(checked > 5)
  }

  @Test(arguments: Stage.defaults)
  func `every level is drawn, and says what it folded`(stage: GradvizKit.Stage) throws {
    let graph = Self.graph(seed: 7)
    for level in Self.levels {
      let figures = try FigureSet(graph, options: .init(collapse: level))
      let document = SVGDocument(try figures.figure(stage).svg())
      #expect(document.error == nil)
      #expect((figures.folding == nil) == (level == .none))
    }
  }

  @Test(arguments: [Collapse.samples, .layers, .boxes(12)])
  func `every arrow between boxes is drawn, also to those without a circle`(level: GradvizFigures.Collapse) throws {
    let graph = Self.graph(seed: 5)
    let folded = graph.withoutRounding().folded(level)
    let figure = try FigureSet(graph, options: .init(width: 3000, collapse: level))
      .figure(.forward)
    let drawn = Set(figure.arrows.filter { $0.kind == .forward }.map(\.head))
    for node in folded.nodes where !node.operands.isEmpty {
      let ends = figure.boxes.map(\.id).filter { $0 == node.id || $0.hasSuffix("-\(node.id)") }
      #expect(
        !ends.isEmpty && ends.contains { drawn.contains($0) || drawn.contains("\($0)_operation") },
        "\(node.name)")
    }
  }

  @Test func `layers bear their names`() {
    let names = Self.graph(seed: 3).folded(.layers).nodes.map(\.name)
    #expect(names.contains("layer1") && names.contains("layer2") && names.contains("layer3"), "\(names)")
  }

  @Test func `words name levels, and levels words`() {
    for level in Self.levels + [.auto] { #expect(Collapse(level.word) == level) }
    for word in ["", "0", "-3", "Layers", "12.5"] { #expect(Collapse(word) == nil) }
  }

  // MARK: Excerpts

  @Test func `an excerpt has the ancestors, the descendants or both`() throws {
    let tape = Tape()
    let a = tape.parameter(2, name: "a")
    let b = tape.parameter(-3, name: "b")
    let c = tape.parameter(10, name: "c")
    let e = (a * b).label("e")
    let d = (e + c).label("d")
    let f = tape.parameter(-2, name: "f")
    let loss = (d * f).label("L", role: .loss)
    let graph = tape.graph(loss: loss, level: .scalar)
    func names(_ relatives: Excerpt.Relatives) throws -> [String] {
      try graph.excerpted(Excerpt(of: ["d"], with: relatives)).nodes.map(\.name)
    }
    #expect(try names(.ancestors) == ["a", "b", "c", "e", "d"])
    // The other factor of d · f stays, so that L can be read; e and c, the operands of d, as well.
    #expect(try names(.descendants) == ["c", "e", "d", "f", "L"])
    #expect(try names(.both) == ["a", "b", "c", "e", "d", "f", "L"])
    let below = try graph.excerpted(Excerpt(of: ["d"], with: .descendants))
    let shown = try #require(below.nodes.first { $0.name == "e" })
    #expect(shown.isLeaf && shown.hidesOperands && shown.value == [-6] && shown.gradient == [-2])
    let svg = try FigureSet(graph, options: .init(only: Excerpt(of: ["e"])))
      .figure(.backward).svg()
    #expect(SVGDocument(svg).error == nil)
    #expect(throws: FigureError.self) { try graph.excerpted(Excerpt(of: ["g"])) }
  }
}
