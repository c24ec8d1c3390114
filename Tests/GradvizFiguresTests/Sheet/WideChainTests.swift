import Autograd
import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Chains wider than a page, and longer than the number of files a process may open.
@Suite("Wide chains")
struct WideChainTests {
  /// A generous number of CPU seconds, with or without optimization.
  private static func draw(_ arguments: [String], input: String? = nil, limits: String = "ulimit -t 60")
    throws
    -> ProcessResult
  {
    try ProcessResult(
      "/bin/sh", ["-c", "\(limits); exec \"$0\" \"$@\"", Project.gradviz, "draw"] + arguments,
      input: input.map { Data($0.utf8) })
  }

  @Test func `a frame for each step of a long chain needs few open files`() throws {
    let folder = try TemporaryFolder()
    let lines = (1...150).map { "\($0 == 150 ? "loss L" : "v\($0)") = tanh(v\($0 - 1))" }
    let file = try folder.write((["param v0 = 0.5"] + lines).joined(separator: "\n") + "\n", to: "chain.grad")
    let result = try Self.draw(
      [file, "--stage", "backward", "--steps", "-T", "dot", "-o", folder.url.path + "/out/"],
      limits: "ulimit -n 64")
    #expect(result.status == 0, "\(result.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("out").path)
    #expect(files.count == 152 && !files.contains { $0.hasPrefix(".") })
  }

  // MARK: Wide chains

  /// Each value from the previous one, and from what `and` adds.
  private static func chain(_ count: Int, and: (Int) -> String = { _ in "" }, loss: String = "") throws
    -> ComputationGraph
  {
    let lines = (1...count).map { "v\($0) = tanh(v\($0 - 1))\(and($0))" }
    let text = (["param v0 = 0.5", "param a = 2"] + lines + ["loss L = v\(count) * 2\(loss)"]).joined(
      separator: "\n")
    return try Project.graph(program: text)
  }

  private static func width(_ graph: ComputationGraph, _ room: Double) throws -> Double {
    var options = FigureOptions()
    options.width = room
    options.collapse = Collapse.none
    return try FigureSet(graph, options: options).figure(.forward).size.width
  }

  @Test func `a plain chain, also one of more rows than are made of the room`() throws {
    #expect(try Self.width(Self.chain(60), 830) <= 830)
    #expect(try Self.width(Self.chain(900), 500) < 1200)
  }

  @Test func `a value that is used far behind goes down beside the rows`() throws {
    #expect(try Self.width(Self.chain(60, loss: " + v5"), 830) <= 1000)
    #expect(try Self.width(Self.chain(60, and: { $0 == 50 ? " + v3" : " * a" }), 830) <= 1000)
  }

  @Test func `two values that go on together, as in a residual`() throws {
    #expect(try Self.width(Self.chain(60, and: { $0 > 1 ? " + v\($0 - 2)" : "" }), 1140) <= 1400)
  }

  /// All values are used at the end: in a program by successive additions, in JSON by one sum.
  @Test func `a sum of all values of a long chain`() throws {
    let lines = ["param v0 = 0.5"] + (1...60).map { "v\($0) = tanh(v\($0 - 1))" }
    func added(_ places: some Sequence<Int>) throws -> ComputationGraph {
      let sum = places.map { "v\($0)" }.joined(separator: " + ")
      return try Project.graph(program: (lines + ["loss L = \(sum)"]).joined(separator: "\n"))
    }
    #expect(try Self.width(added(1...60), 830) <= 1000)
    // From the last one on, each needs a separate line to the end.
    #expect(try Self.width(added((1...60).reversed()), 830) <= 2000)
    var graph = try Self.chain(60, loss: " * 1")
    let loss = try #require(graph.loss)
    let values = graph.nodes.indices.filter { graph.nodes[$0].operation == .tanh }
    graph.nodes[loss].operation = .sum
    graph.nodes[loss].operands = values
    graph.nodes[loss].value = [values.reduce(0) { $0 + graph.nodes[$1].value[0] }]
    graph.nodes[loss].localDerivatives = values.map { _ in 1 }
    #expect(try Self.width(graph, 830) <= 1000)
    // Each value's wire ends at the sum, or at a mark that goes on there.
    let figure = try FigureSet(graph, options: .init(width: 830)).figure(.forward)
    let head = figure.arrows.filter { $0.kind == .forward && $0.head == "\(graph.nodes[loss].id)_operation" }
    #expect(head.count == values.count)
  }

  /// Where a row breaks, its wires end at marks; each goes on at the mark with the same letter in a later row.
  @Test func `wires between rows go on at the mark with the same letter`() throws {
    let graph = try Self.chain(40, and: { $0 > 1 ? " + v\($0 - 2)" : "" })
    let figure = try FigureSet(graph).figure(.backward)
    let marks = figure.chips.filter { $0.classes.contains("turn") }
    let leaving = Set(figure.arrows.filter { $0.id.hasPrefix("branch-turn") && $0.kind == .forward }.map(\.head))
    #expect(marks.count > 3)
    for mark in marks where leaving.contains(mark.id ?? "") {
      let others = marks.filter { $0.text == mark.text && $0.id != mark.id }
      #expect(!others.isEmpty && others.allSatisfy { $0.frame.y > mark.frame.bottom }, "\(mark.text)")
    }
    #expect(marks.allSatisfy { mark in marks.contains { $0.text == mark.text && leaving.contains($0.id ?? "") } })
  }
}
