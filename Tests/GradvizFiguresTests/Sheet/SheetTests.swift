import Autograd
import Foundation
import GradvizDrawing
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@testable import GradvizFigures

@Suite("How a sheet is laid out")
struct SheetTests {
  /// The graphs of the course article, at the width of a README's column.
  @Test(arguments: ["chain", "neuron", "minibatch", "gradient-descent"])
  func `the article's figures are legible in a README's column`(_ sample: String) throws {
    let figures = try FigureSet(Project.graph(sample))
    for stage in figures.stages {
      let figure = try figures.figure(stage)
      let scale = min(830 / figure.size.width, 1)
      let values = figure.boxes.flatMap(\.rows).flatMap { row -> [Double] in
        if case .text(let runs) = row.content { return runs.map(\.size) }
        return []
      }
      #expect(values.allSatisfy { $0 * scale >= 8.5 }, "\(stage): values at \(12 * scale)")
      #expect(figure.labels.allSatisfy { $0.run.size * scale >= 6 || $0.run.script != .normal })
    }
  }

  @Test func `a lane that is too wide goes on in a second row, in every lane alike`() throws {
    let graph = try Project.graph("minibatch")
    let wrapped = try FigureSet(graph, options: .init(samples: .rows, width: 800)).figure(.backward)
    let straight = try FigureSet(graph).figure(.backward)
    #expect(wrapped.size.width <= 830 && straight.size.width > 830)
    #expect(straight.size.width <= FigureSet.defaultWidth)
    func frame(_ figure: Figure, _ id: String) -> Rectangle {
      figure.boxes.first { $0.id == id }?.frame ?? Rectangle(x: 0, y: 0, width: 0, height: 0)
    }
    #expect(frame(straight, "D1").x > frame(straight, "n4_1").right)
    #expect(frame(wrapped, "D1").x < frame(wrapped, "n4_1").right)
    for id in ["y_hat", "D", "y"] {
      let (one, two) = (frame(wrapped, "\(id)1"), frame(wrapped, "\(id)2"))
      #expect(one.x == two.x && one.width == two.width)
      let lanes = wrapped.regions.filter { $0.classes == ["lane"] }
      #expect(abs((two.y - one.y) - (lanes[1].frame.y - lanes[0].frame.y)) < 0.01)
    }
    // Chains are exactly level.
    let chain = ["n3_1", "n4_1", "y_hat1", "D1", "n5_1"].map { frame(straight, $0).center.y }
    #expect(Set(chain).count == 1, "\(chain)")
    let program = try Project.graph(program: "width 3000\nparam a = 2\nloss L = a * a")
    #expect(program.presentation.width == 3000)
    #expect(try ComputationGraph.decodeJSON(program.encodeJSON()) == program)
  }

  @Test func `rows end where one value goes on, each value stands in one row`() {
    // A chain of twelve operations with one leaf each; the k-th leaf is used once, the first one twice.
    var nodes: [ComputationGraph.Node] = []
    func leaf(_ name: String) -> Int {
      nodes.append(.init(id: name, name: name, role: .input, value: [1], lane: 0))
      return nodes.count - 1
    }
    var last = leaf("x0")
    let first = last
    for index in 1...12 {
      let operand = index == 3 ? first : leaf("x\(index)")
      nodes.append(
        .init(
          id: "n\(index)", name: "n\(index)", operation: .add, operands: [last, operand], value: [1], lane: 0)
      )
      last = nodes.count - 1
    }
    let graph = ComputationGraph(level: .scalar, nodes: nodes)
    let unit = GradvizFigures.Unit(box: Size(width: 100, height: 38), tab: 26)
    for room in [300.0, 500, 900, 5000] {
      let rows = LaneRows(
        graph: graph, nodes: Array(nodes.indices), exported: [last],
        units: nodes.map { _ in unit }, rankGap: 34, room: room
      ).rows
      #expect(rows.flatMap { $0 }.sorted() == Array(nodes.indices))
      #expect((room > 4000) == (rows.count == 1))
      // The first leaf is used by n1 and n3: no row ends between them.
      let row = rows.firstIndex { $0.contains(first) }
      #expect(row == rows.firstIndex { $0.contains { nodes[$0].name == "n3" } })
      for (number, own) in rows.enumerated() {
        let needed = Set(own.flatMap { nodes[$0].operands }).subtracting(own)
        #expect(needed.count == (number == 0 ? 0 : 1))
      }
    }
  }

  @Test(arguments: Project.samples)
  func `no arrow runs across a box`(_ sample: String) throws {
    let figures = try FigureSet(Project.graph(sample))
    for stage in [Stage.forward, .backward] where figures.stages.contains(stage) {
      let figure = try figures.figure(stage)
      for arrow in figure.arrows {
        for box in figure.boxes where box.id != arrow.tail && box.id != arrow.head {
          let inner = box.frame.insetBy(2)
          let steps = 40 * (arrow.path.points.count / 3)
          let crosses = (0...steps).contains { step in
            let point = arrow.path.point(at: Double(step) / Double(steps))
            return point.x > inner.x && point.x < inner.right && point.y > inner.y && point.y < inner.bottom
          }
          #expect(!crosses, "\(stage): \(arrow.id) (\(arrow.tail) → \(arrow.head)) runs across \(box.id)")
        }
      }
    }
  }
}
