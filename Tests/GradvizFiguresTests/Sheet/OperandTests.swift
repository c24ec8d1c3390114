import Autograd
import Foundation
import GradvizDOT
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// Graphs with few values and very many operands: limits, and work proportional to their number.
@Suite("Operands")
struct OperandTests {
  /// One value, summed many times.
  private static func sum(of count: Int) -> String {
    let operands = [String](repeating: "\"x\"", count: count).joined(separator: ",")
    let ones = [String](repeating: "1", count: count).joined(separator: ",")
    return
      "{\"version\":1,\"level\":\"scalar\",\"loss\":\"L\",\"nodes\":[{\"id\":\"x\",\"value\":1,\"gradient\":\(count)},"
      + "{\"id\":\"L\",\"operation\":\"sum\",\"operands\":[\(operands)],\"value\":\(count),\"gradient\":1,"
      + "\"localDerivatives\":[\(ones)]}]}"
  }

  /// Values that are each the sum of all before.
  private static func sums(_ count: Int) -> String {
    let nodes = (0..<count).map { index in
      let operands = (0..<index).map { "\"v\($0)\"" }.joined(separator: ",")
      let ones = [String](repeating: "1", count: index).joined(separator: ",")
      let rest =
        index == 0 ? "" : ",\"operation\":\"sum\",\"operands\":[\(operands)],\"localDerivatives\":[\(ones)]"
      return "{\"id\":\"v\(index)\",\"value\":1,\"gradient\":1\(rest)}"
    }
    return
      "{\"version\":1,\"level\":\"scalar\",\"loss\":\"v\(count - 1)\",\"nodes\":[\(nodes.joined(separator: ","))]}"
  }

  private func graph(_ text: String) throws -> ComputationGraph {
    try ComputationGraph.load(text: text, path: "g.json").graph
  }

  /// In a separate process, which a stack overflow would end.
  @Test func `sixty thousand operands that are one value`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.sum(of: 60_000), to: "g.json")
    let result = try ProcessResult(Project.gradviz, ["draw", path, "-T", "json"])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(try ComputationGraph.decodeJSON(result.output).nodes[1].operands.count == 60_000)
    let drawn = try ProcessResult(
      Project.gradviz, ["draw", path, "--collapse", "none", "--max-arrows", "1000"])
    #expect(
      drawn.status == 1
        && drawn.errors
          == "\(path): error: the figure would have 60000 arrows, more than 1000; `--collapse auto` folds it, `--max-arrows 60000` draws it anyway\n",
      "\(drawn.errors)")
    let few = try folder.write(Self.sum(of: 2500), to: "few.json")
    let all = try ProcessResult(
      Project.gradviz, ["draw", "-q", few, "--stage", "backward", "-o", folder.file("f.svg").path])
    #expect(all.status == 0 && all.errors.isEmpty, "\(all.errors)")
    let svg = try String(contentsOf: folder.file("f.svg"), encoding: .utf8)
    #expect(svg.matches(of: /id="[\w-]*edge-\w+-\d+"/).count == 2500)
  }

  /// Arrows that could not be told apart are drawn as one, and the figure says so.
  @Test(arguments: ["svg", "dot", "png", "pdf"])
  func `all stages of sixty thousand operands, as one arrow`(format: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Self.sum(of: 60_000), to: "g.json")
    let result = try ProcessResult(
      "/bin/sh",
      [
        "-c", "ulimit -t 60; exec \"$0\" \"$@\"", Project.gradviz, "draw", path, "-T", format, "-o",
        folder.url.path + "/out/",
      ])
    #expect(
      result.status == 0
        && result.errors.hasPrefix(
          "\(path): note: 60\u{202F}000 arrows drawn as 1; `--collapse none` shows each\n"),
      "\(result.errors)")
    guard format == "svg" else { return }
    let svg = try String(contentsOf: folder.file("out/backward.svg"), encoding: .utf8)
    #expect(svg.contains("60\u{202F}000 arrows drawn as 1") && svg.contains(">60000<") && svg.contains(">Σ<"))
    #expect(svg.matches(of: /id="[\w-]*edge-\w+-\d+-gradient"/).count == 1)
  }

  @Test func `arrows of one value are one where the figure is folded for their number, and add up`() throws {
    // Twice x, then many times one value of it.
    let nodes = [
      ComputationGraph.Node(id: "x", name: "x", role: .parameter, value: [3], gradient: [22_001]),
      .init(
        id: "y", name: "y", operation: .multiply, operands: [0, 0], value: [9], gradient: [1], localDerivatives: [3, 3]),
      .init(
        id: "L", name: "L", role: .loss, operation: .sum, operands: [Int](repeating: 0, count: 21_995) + [1],
        value: [65_994],
        gradient: [1], localDerivatives: [Double](repeating: 1, count: 21_996)),
    ]
    let graph = ComputationGraph(level: .scalar, nodes: nodes, loss: 2)
    let folded = graph.folded(.auto)
    #expect(folded.nodes.map(\.operands) == [[], [0], [0, 1]] && folded.folding?.arrows == 21_998)
    #expect(folded.nodes[1].localDerivatives == [6] && folded.nodes[2].localDerivatives == [21_995, 1])
    #expect(folded.nodes[1].shares == [[6]] && folded.nodes[2].shares == [[21_995], [1]])
    #expect(graph.folded(.none).graph == graph)
    let folding = try #require(folded.folding)
    let words = [ComputationGraph.Presentation.Language.english, .french].map {
      Words($0).folded(folding, boxes: 3, arrows: 3)
    }
    #expect(
      words == [
        "21\u{202F}998 arrows drawn as 3",
        "21\u{202F}998 flèches dessinées en 3",
      ])
  }

  @Test func `samples keep their lanes where only arrows are drawn together`() throws {
    let samples = (0..<6).flatMap { lane -> [ComputationGraph.Node] in
      [
        .init(id: "x\(lane)", name: "x\(lane)", role: .input, value: [1], lane: lane),
        .init(
          id: "s\(lane)", name: "s\(lane)", operation: .sum, operands: [Int](repeating: 2 * lane, count: 2000),
          value: [2000], lane: lane),
      ]
    }
    let graph = ComputationGraph(level: .scalar, nodes: samples, laneCount: 6)
    let folded = graph.folded(.auto)
    #expect(folded.laneCount == 6 && folded.nodes.map(\.lane) == graph.nodes.map(\.lane))
    #expect(folded.operandCount == 6 && folded.folding?.arrows == 12_000 && folded.folding?.samplesInLastLane == 1)
  }

  @Test func `forty values, each the sum of all before`() throws {
    let graph = try graph(Self.sums(40))
    #expect(FigureLimits.isLarge(graph))
    let figures = try FigureSet(graph)
    for stage in figures.stages { #expect(try figures.figure(stage).svg().hasSuffix("</svg>\n")) }
    #expect(try figures.figure(.forward).arrows.count { $0.id.hasPrefix("edge-") } == 780)
    // Smaller ones are seen at once.
    #expect(
      try !FigureLimits.isLarge(self.graph(Self.sums(25))) && FigureLimits.isLarge(self.graph(Self.sum(of: 700))))
  }

  @Test func `many arrows fold a graph of few values, and are refused beyond the limit`() throws {
    let text = Self.sums(180)
    let graph = try graph(text)
    #expect(graph.operandCount > Collapse.maxArrowsUnfolded)
    let folded = graph.folded(.auto)
    #expect(folded.nodes.count <= Collapse.maxBoxesFolded && folded.operandCount <= graph.operandCount)
    let error = #expect(throws: FigureError.self) {
      _ = try FigureSet(graph, options: .init(collapse: Collapse.none, maxArrows: 16_000))
    }
    #expect(error?.message == "the figure would have 16110 arrows, more than 16000")
    #expect(error?.excess == .arrows(16110) && error?.canFold == true)
    let long = #expect(throws: FigureError.self) {
      // Each value is used again far later.
      let nodes = (0..<3000).map { index in
        ComputationGraph.Node(
          id: "v\(index)", name: "v\(index)", operation: index == 0 ? nil : .sum,
          operands: index == 0 ? [] : index < 1500 ? [index - 1] : [index - 1, index - 1499], value: [1])
      }
      _ = try FigureSet(
        ComputationGraph(level: .scalar, nodes: nodes),
        options: .init(collapse: Collapse.none, maxArrows: 5000))
    }
    #expect(long?.message.hasPrefix("the figure's arrows would pass ") == true, "\(long?.message ?? "")")
  }

  @Test func `memory is in proportion to the file`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Self.sum(of: 300_000).replacing(/,"localDerivatives":\[[1,]*\]/, with: ""), to: "g.json")
    // 1.2 MB of text; Foundation's decoder took more than a gigabyte for twice as much.
    let result = try ProcessResult(
      "/bin/sh", ["-c", "ulimit -v 400000; exec \(Project.gradviz) draw \(path) -T json"])
    #expect(result.status == 0 && result.output.count > 1_000_000, "\(result.errors)")
  }
}
