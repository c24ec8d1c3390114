import Autograd
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// An entry of an array is `W[0, 1]` in everything that is written about a graph of numbers, and a subscript in figures.
@Suite("The notation of entries")
struct EntryNotationLawTests {
  private static func titles(_ svg: String) -> [String] {
    svg.matches(of: #/<title>([^<]*)<\/title>/#).map { String($0.1) }
  }

  /// Holds the names and ids of a scalar graph, and every stage that is drawn, to the notation.
  private static func check(_ graph: ComputationGraph, _ source: String) throws {
    let entries = graph.nodes.filter { $0.array != nil }
    for node in entries {
      let entry = EntryName.parse(node.name)
      #expect(entry?.array == node.array, "\(node.name)")
      #expect(node.id.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.\-]*/) != nil, "\(node.id)")
      let places = try graph.places(of: [node.name])
      #expect(places.map { graph.nodes[$0].name } == [node.name])
      #expect(try graph.places(of: [node.id]) == places, "its id")
      // In the same order, from 1, below the line or, of a sample, above it.
      let typeset = TypesetName(node.name, lane: node.lane)
      let own = TypesetName(node.array ?? "")
      var numbers = (entry?.indices ?? []).map { "\($0 + 1)" }
      if let sample = typeset.sample, let place = numbers.firstIndex(of: sample) { numbers.remove(at: place) }
      #expect(typeset.base == own.base && typeset.indices == own.indices + numbers, "\(node.name): \(typeset.flat)")
    }
    let set = try FigureSet(graph, options: FigureOptions())
    for stage in set.stages {
      let figure = try set.figure(stage)
      let written = titles(try figure.svg())
      for node in entries where stage != .overview {
        let isShown = figure.boxes.contains { $0.id == ElementID.value(node.id) && !$0.tooltip.isEmpty }
        guard isShown else { continue }
        #expect(written.contains { $0.hasPrefix("\(node.name) = ") }, "\(node.name) in \(stage): \(source)")
      }
      // No id in what is read.
      for node in entries where node.id != node.array && !graph.nodes.contains(where: { $0.name == node.id }) {
        let word = try Regex("(^|[^A-Za-z0-9_.])\(node.id.replacing(".", with: "\\\\."))($|[^A-Za-z0-9_.\\[])")
        #expect(written.first { $0.contains(word) } == nil, "\(node.id) in \(stage): \(source)")
      }
    }
  }

  @Test func `in samples`() throws {
    for name in ["neuron", "xor", "two-samples", "mazur"] {
      try Self.check(try Project.graph(name, level: .scalar), name)
    }
  }

  @Test func `in random programs`() throws {
    for random in Seeds.programs(default: 8) {
      try Self.check(try Project.programText(random.source).graph(level: .scalar), random.source)
    }
  }
}
