import Autograd
import Foundation
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@testable import GradvizFigures

/// The total of a gradient is shown once, in the solid box of its value; each use shows its share on its wire
/// or in its copy of the box; nothing is shown where no gradient flows.
@Suite("Shares and totals")
struct SharesLawTests {
  struct Drawing: CustomTestStringConvertible {
    var parameters: ComputationGraph.Presentation.ParameterStyle
    var direction: ComputationGraph.Presentation.Direction
    var level: ComputationGraph.Level
    var collapse: Collapse = .none
    var testDescription: String { "\(parameters) \(direction.rawValue) \(level) \(collapse.word)" }

    static let all: [Drawing] = [
      Drawing(parameters: .shared, direction: .leftToRight, level: .scalar),
      Drawing(parameters: .repeated, direction: .topToBottom, level: .scalar),
      Drawing(parameters: .repeated, direction: .leftToRight, level: .tensor),
      Drawing(parameters: .shared, direction: .topToBottom, level: .tensor),
      Drawing(parameters: .shared, direction: .leftToRight, level: .scalar, collapse: .samples),
      Drawing(parameters: .repeated, direction: .leftToRight, level: .scalar, collapse: .layers),
      Drawing(parameters: .shared, direction: .topToBottom, level: .scalar, collapse: .boxes(9)),
    ]
  }

  @Test(arguments: Drawing.all)
  func `shares add up to the total in every sample`(_ drawing: Drawing) throws {
    var checked = 0
    for sample in Project.samples {
      let entries = try Project.graph(sample, level: .tensor).nodes.reduce(0) { $0 + $1.value.count }
      // Thousands of numbers are drawn folded.
      guard drawing.level == .tensor ? entries <= 20_000 : entries <= 600 else { continue }
      let graph = try Project.graph(sample, level: drawing.level)
      checked += try check(graph, drawing, sample)
    }
    #expect(checked > 0)
  }

  @Test(arguments: Drawing.all)
  func `shares add up to the total in random programs`(_ drawing: Drawing) throws {
    var checked = 0
    for program in Seeds.programs(default: 12) {
      let graph: ComputationGraph
      do {
        graph = try ComputationGraph.load(text: program.source, path: "random.grad", level: drawing.level)
          .graph
      } catch { continue }
      guard graph.nodes.count <= 250 else { continue }
      checked += try check(graph, drawing, program.description)
    }
    #expect(checked > 0)
  }

  @Test(arguments: [0, 3, 6, 7, 8])
  func `frames and excerpts show shares where arrows are`(_ seed: Int) throws {
    let program = RandomProgram(seed: UInt64(seed), kind: seed % 2 == 0 ? .scalar : .batch)
    let graph = try Project.graph(program: program.source)
    let figures = try FigureSet(graph)
    for step in 1...max(1, figures.stepCount) {
      try checkFlow(DrawnFigure(figures.frame(step)), "\(program) frame \(step)", cells: Self.cells(figures))
    }
    for node in graph.nodes where node.gradient != nil && node.isNamed {
      let excerpt = Excerpt(of: [node.id], with: .descendants)
      let part = try FigureSet(graph, options: .init(only: excerpt))
      guard part.stages.contains(.backward) else { continue }
      try checkFlow(DrawnFigure(part.figure(.backward)), "\(program) only \(node.id)", cells: Self.cells(part))
    }
  }

  /// The ids of the cells of a samples' table.
  static func cells(_ figures: FigureSet) -> Set<String> {
    let context = figures.context
    return Set(context.sheet.spots.indices.filter { context.sheet.spots[$0].isCell }.map(context.spotID))
  }
}
