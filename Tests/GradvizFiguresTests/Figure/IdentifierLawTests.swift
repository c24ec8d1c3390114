import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

/// All ids in a figure are unique words, whatever the names of values; and no figure of a folded, cut or
/// imported graph crashes the program.
@Suite("Ids and folded figures")
struct IdentifierLawTests {
  /// The ids of a file's elements, without the figure's prefix.
  private static func ids(_ svg: String) -> [String] { MarkupScan.values(of: "id", in: svg) }

  private static func check(
    _ graph: ComputationGraph, _ options: FigureOptions, _ what: @autoclosure () -> String
  )
    throws -> [String]
  {
    let set = try FigureSet(graph, options: options)
    var figures = try set.stages.map { try set.figure($0) }
    if set.stepCount > 0 { figures.append(try set.frame(1)) }
    var own: [String] = []
    for figure in figures {
      let svg = try figure.svg()
      let ids = ids(svg)
      let twice = Dictionary(grouping: ids, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
      #expect(twice == [], "\(figure.stage): \(what())")
      for id in ids {
        #expect(MarkupScan.isID(id), "`\(id)`, \(figure.stage): \(what())")
        #expect(id == figure.id || id.hasPrefix("\(figure.id)-"), "`\(id)`, \(figure.stage): \(what())")
      }
      own += ids.filter { $0 != figure.id }.map { String($0.dropFirst(figure.id.count + 1)) }
      let nodes = nodes(figure.dot.text)
      let twiceInDOT = Dictionary(grouping: nodes, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
      #expect(twiceInDOT == [], "DOT, \(figure.stage): \(what())")
    }
    return own
  }

  /// The names of the nodes that DOT text declares.
  private static func nodes(_ dot: String) -> [String] {
    dot.split(separator: "\n").compactMap { line in
      let line = line.drop { $0 == " " }
      let isQuoted = line.first == "\""
      let name = isQuoted ? line.dropFirst().prefix { $0 != "\"" } : line.prefix { $0 != " " && $0 != "[" }
      let rest = line.dropFirst(name.utf8.count == 0 ? 0 : name.count + (isQuoted ? 2 : 0))
      guard rest.hasPrefix(" ["), !name.isEmpty, !line.contains(" -> ") else { return nil }
      return ["graph", "node", "edge"].contains(name) ? nil : String(name)
    }
  }

  /// The options that change the set of boxes.
  private static func options(_ graph: ComputationGraph, _ seed: Int) -> [(FigureOptions, String)] {
    var result: [(FigureOptions, String)] = [(FigureOptions(), "whole")]
    for collapse in [.layers, .samples, .boxes(1 + seed % 7), .boxes(3)] as [Collapse] {
      var options = FigureOptions()
      options.collapse = collapse
      options.gradients = .both
      result.append((options, "--collapse \(collapse.word)"))
    }
    let named = graph.nodes.filter(\.isNamed)
    for (offset, relatives) in Excerpt.Relatives.allCases.enumerated() where !named.isEmpty {
      var options = FigureOptions()
      options.only = Excerpt(of: [named[(seed + offset * 3) % named.count].name], with: relatives)
      if seed % 2 == 0 { options.collapse = .boxes(4) }
      options.parameters = .shared
      result.append((options, "--only \(options.only?.names ?? []) \(relatives)"))
    }
    return result
  }

  @Test func `random programs, folded, cut out and read back`() throws {
    for (number, random) in Seeds.programs(default: 7).enumerated() {
      let graph = try Project.graph(program: random.source)
      for (options, words) in Self.options(graph, number) {
        _ = try Self.check(graph, options, "\(words), \(random)")
      }
      let again = try ComputationGraph.decodeJSON(graph.encodeJSON())
      _ = try Self.check(again, FigureOptions(), "read back, \(random)")
    }
  }

  @Test(arguments: Project.samples)
  func `samples, folded and cut out`(sample: String) throws {
    let graph = try Project.graph(sample)
    // Every other way for a sample: each is taken by half of them.
    let ways = Self.options(graph, sample.count).enumerated().filter { way in
      Seeds.count(default: 0) > 0 || (way.offset + sample.utf8.count).isMultiple(of: 2)
    }
    for (options, words) in ways.map(\.element) {
      _ = try Self.check(graph, options, "\(words), \(sample)")
    }
  }

  /// Gives values the ids that a figure has just used, then again the ids that replace them.
  @Test func `values that are called what figures call their own elements`() throws {
    for random in Seeds.programs(default: 4, [.scalar, .batch]) {
      var graph = try Project.graph(program: random.source)
      for _ in 0..<3 {
        let taken = Set(graph.nodes.map(\.id))
        var drawn = try Self.check(graph, FigureOptions(), "\(random)").filter { !taken.contains($0) }
        drawn = Array(Set(drawn)).sorted().reversed()
        for index in graph.nodes.indices {
          guard let id = drawn.popLast() else { break }
          graph.nodes[index].id = id
        }
        graph = try ComputationGraph.decodeJSON(graph.encodeJSON())
      }
    }
  }

  @Test func `the ids of an example`() throws {
    let graph = try Project.graph(
      program: """
        param panel = 2
        param a = 1
        a_operation = a * panel
        a_step = a_operation + a
        a__rest_use2 = a_step * a + a
        loss L = a__rest_use2 * a * a
        rate 0.1
        """)
    let ids = Set(try Self.check(graph, FigureOptions(), "the example"))
    for id in [
      "value-panel", "panel", "a", "a_operation-value", "a_step-value", "a__rest_use2-value", "L_operation",
    ] {
      #expect(ids.contains(id), "\(id)")
    }
  }

  /// A graph made by hand may lack operands.
  @Test(arguments: Tape.Operation.allCases)
  func `operations without their operands`(operation: Tape.Operation) throws {
    for count in 0...3 {
      var graph = try Project.graph(
        program: """
          param a = 2
          param b = 3
          c = a * b
          d = c + a
          loss L = d * b
          """)
      graph.nodes[2].operation = operation
      graph.nodes[2].operands = [0, 1, 0].prefix(count).map { $0 }
      graph.nodes[2].localDerivatives = [Double](repeating: 2, count: count)
      _ = try Self.check(graph, FigureOptions(gradients: .both), "\(operation) of \(count)")
      let symbolic = Symbolic(graph)
      for node in graph.nodes.indices {
        _ = (symbolic.definition(of: node), symbolic.gradient(of: node), symbolic.chainRule(of: node))
      }
    }
  }

  /// `f`, and `d` with all it is computed from, in one box: the second operand of `L` is gone.
  @Test(arguments: 1...7)
  func `the chain, folded`(boxes: Int) throws {
    for operation in ["d * f", "d / f", "d - f", "max(d, f)", "d**2 / f"] {
      let graph = try Project.graph(
        program: """
          param a = 2
          param b = -3
          param c = 10
          e = a * b
          d = e + c
          param f = -2
          loss L = \(operation)
          """)
      var options = FigureOptions()
      options.collapse = .boxes(boxes)
      options.gradients = .both
      _ = try Self.check(graph, options, operation)
    }
  }
}
