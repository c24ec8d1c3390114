import Foundation
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("Places of marks")
struct MarkPlaceTests {
  /// Programs in which a mark stood on the box below its tab, or on the tab beside the box.
  private static let programs = [
    "input e = 0.5\nparam d = 0.3\nparam x = 0.8\nv1 = x*e*d\nv2 = d**3\nv3 = d*x*v2\nloss L = v1+v3*e",
    """
    param a = 1.5
    v1 = sin(a)+a
    v2 = sigmoid(a*v1)
    v3 = max(v1,v2)
    v4 = v3+v2
    loss L = v3+v4*a
    """,
    """
    input x1 = [-1, 1]
    input x2 = [1, 0.3]
    target y = [0.5, 0.5]
    param w1 = 1
    param w2 = 1
    param b = -0.8
    h = tanh(w1*x1+w2*x2+b)
    param v = 0.7
    predict ŷ = v*h + b*h
    loss L = sum((ŷ - y)**2)
    """,
  ]

  typealias Direction = ComputationGraph.Presentation.Direction

  private struct Mark {
    var id: String
    var kind: String
    var frame: CGRect

    /// The wire or the value that it belongs to.
    var owner: String {
      ["_step", "_operation", "-share", "-derivative", "-unchanged"].first(where: id.hasSuffix).map {
        String(id.dropLast($0.count))
      } ?? id
    }
  }

  @Test(arguments: programs)
  func `a mark stands on no box, tab, badge or other mark`(_ program: String) throws {
    for stage in [Stage.backward, .forwardMode, .secondOrder] {
      for direction in Direction.allCases { try check(program, stage, direction) }
    }
  }

  private func check(_ program: String, _ stage: Stage, _ direction: Direction) throws {
    var graph = try ComputationGraph.load(text: program, path: "program.grad", level: .scalar).graph
    graph.presentation.direction = direction
    // Samples are drawn in the stages of training.
    guard graph.laneCount < 2 || stage == .backward else { return }
    let figure = try DrawnFigure(FigureSet(graph).figure(stage))
    let kinds = ["local-derivative", "share", "unchanged", "order", "node", "operation"]
    let marks = figure.elements.compactMap { element in
      kinds.first(where: element.classes.contains).map { Mark(id: element.id, kind: $0, frame: element.frame) }
    }.filter { !$0.id.contains("legend") && !$0.id.contains("panel") && !$0.frame.isNull }
    #expect(marks.count { $0.kind == "local-derivative" } > 2)
    for (place, one) in marks.enumerated() {
      for other in marks[..<place] where one.owner != other.owner {
        let boxes = [one, other].count { $0.kind == "node" || $0.kind == "operation" }
        // A mark under a tab touches that tab's end.
        let isOwnTab = [one, other].contains { mark in
          [one, other].contains { mark.kind == "operation" && $0.owner.hasPrefix("edge-\(mark.owner)-") }
        }
        let common = one.frame.intersection(other.frame)
        guard boxes < 2, !common.isNull, common.width > 1, common.height > (isOwnTab ? 3 : 1) else { continue }
        Issue.record("\(one.id) on \(other.id): \(common)")
      }
    }
  }
}
