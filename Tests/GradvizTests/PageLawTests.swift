import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

/// The page of a figure: its width, its height and where everything stands, the same in all stages.
@Suite("Pages of figures")
struct PageLawTests {
  /// Samples with both levels and both languages, and random programs.
  private func forEachGraph(_ body: (ComputationGraph, FigureOptions, String) throws -> Void) throws {
    for sample in Project.samples {
      for level in [nil, ComputationGraph.Level.tensor] {
        for language in [ComputationGraph.Presentation.Language.english, .french] {
          let graph = try Project.graph(sample, level: level)
          try body(graph, .init(language: language), "\(sample) \(level?.rawValue ?? "auto") \(language)")
        }
      }
    }
    for program in Seeds.programs(default: 40) {
      guard let loaded = try? ComputationGraph.load(text: program.source, path: "random.grad", level: nil),
        loaded.graph.nodes.count <= 250
      else { continue }
      var graph = loaded.graph
      graph.presentation.width = nil
      graph.presentation.direction = nil
      try body(graph, .init(), program.description)
    }
  }

  @Test func `every figure is 830 or 1140 wide`() throws {
    var wrong: [String] = []
    try forEachGraph { graph, options, what in
      let figures = try FigureSet(graph, options: options, placer: GraphvizPlacer())
      for stage in figures.stages {
        let width = try figures.figure(stage).size.width
        if width != 830, width != 1140 { wrong.append("\(width): \(stage) of \(what)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of another width:\n\(wrong.joined(separator: "\n"))")
  }

  @Test func `stages and frames have one view box and one place for every box`() throws {
    var wrong: [String] = []
    try forEachGraph { graph, options, what in
      guard options.language != .french else { return }
      let figures = try FigureSet(graph, options: options, placer: GraphvizPlacer())
      var drawn = try figures.stages.filter { $0 != .overview }.map { try figures.figure($0) }
      if !graph.nodes.allSatisfy({ $0.gradient == nil }) {
        drawn += try (0..<min(figures.stepCount, 3)).map { try figures.frame($0 + 1) }
      }
      wrong += Self.differences(drawn).map { "\($0) of \(what)" }
    }
    #expect(wrong.isEmpty, "\(wrong.count) differ:\n\(wrong.prefix(40).joined(separator: "\n"))")
  }

  @Test func `the steps of a training have one view box and one place for every box`() throws {
    for sample in ["xor", "iris", "houses", "gradient-descent"] {
      let path = Project.folder.appendingPathComponent("Samples/\(sample).grad").path
      let program = try Program.load(text: String(contentsOfFile: path, encoding: .utf8), path: path)
      var training = try ProgramTraining(program)
      var graphs: [ComputationGraph] = []
      for step in 0..<60 {
        training.prepareStep()
        if step % 20 == 0 { graphs.append(training.graph()) }
        guard try training.next() != nil else { break }
      }
      let sets = try FigureSet.alike(graphs, placer: GraphvizPlacer())
      for stage in [Stage.backward, .update] {
        let found = Self.differences(try sets.map { try $0.figure(stage) })
        #expect(found.isEmpty, "\(stage) of \(sample): \(found)")
      }
    }
  }

  /// What has another size or place in one figure than in the first.
  private static func differences(_ figures: [Figure]) -> [String] {
    var frames: [String: Rectangle] = [:]
    var wrong: [String] = []
    for figure in figures {
      if figure.size != figures[0].size { wrong.append("\(figure.stage): \(figure.size), not \(figures[0].size)") }
      let own = figure.boxes.map { ($0.id, $0.frame) } + figure.regions.filter { $0.classes == ["lane"] }.map { ($0.id, $0.frame) }
      for (id, frame) in own {
        if let first = frames[id], first != frame { wrong.append("\(figure.stage): \(id) at \(frame), not \(first)") }
        frames[id] = frames[id] ?? frame
      }
    }
    return wrong
  }

  @Test func `panels are as wide as the page, or stand beside a narrow sheet`() throws {
    for sample in Project.samples {
      let figures = try FigureSet(Project.graph(sample), placer: GraphvizPlacer())
      for stage in figures.stages where stage != .overview {
        let figure = try figures.figure(stage)
        let panel = try #require(figure.regions.first { $0.id == "panel" }).frame
        let right = figure.boxes.map(\.frame.right).max() ?? 0
        let isBeside = panel.x > right
        #expect(abs(figure.size.width - panel.right - Measure.sheetMargin) < 0.01, "\(stage) of \(sample)")
        if !isBeside { #expect(abs(panel.x - Measure.sheetMargin) < 0.01, "\(stage) of \(sample)") }
      }
    }
  }
}
