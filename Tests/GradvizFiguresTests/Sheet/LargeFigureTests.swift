import Autograd
import Foundation
import GradvizGraph
import GradvizKit
import Testing

@testable import GradvizFigures
@testable import GradvizKit

@Suite("Large figures")
struct LargeFigureTests {
  /// A network of numbers, 2-`width`-`width`-1, for one sample: 596 values at 12.
  static func network(width: Int) -> ComputationGraph {
    let tape = Tape()
    var numbers = SeededNumbers(seed: 1)
    func parameter() -> Value { tape.parameter(numbers.drawUniform() * 2 - 1, name: nil) }
    var layer = [tape.input(0.3, name: "x1"), tape.input(-0.7, name: "x2")]
    for (number, outputs) in [width, width, 1].enumerated() {
      layer = (0..<outputs).map { _ in
        let sum = layer.reduce(parameter()) { $0 + parameter() * $1 }
        return number == 2 ? sum : relu(sum)
      }
    }
    return tape.graph(loss: relu(1 - layer[0]), level: .scalar)
  }

  static func chain(_ count: Int) -> ComputationGraph {
    let tape = Tape()
    return tape.graph(
      loss: (0..<count).reduce(tape.parameter(0.5, name: "a")) { value, _ in tanh(value) }, level: .scalar)
  }

  @Test func `a graph beyond the limit is refused with what would be enough`() throws {
    let graph = Self.chain(400)
    #expect {
      try FigureSet(graph, options: FigureOptions(maxBoxes: 400))
    } throws: {
      "\($0)" == "the figure would have 401 boxes, more than 400" && ($0 as? FigureError)?.excess == .boxes(401)
    }
    _ = try FigureSet(graph, options: FigureOptions(maxBoxes: 401))
  }

  @Test(arguments: [Stage.forward, .loss, .backward])
  func `no box overlaps another, and no arrow crosses one`(_ stage: GradvizKit.Stage) throws {
    let figure = try FigureSet(Self.network(width: 10)).figure(stage)
    #expect(figure.boxes.count > FigureLimits.maxBoxesAtOnce)
    let frames = figure.boxes.map(\.frame)
    for (index, a) in frames.enumerated() {
      for b in frames[(index + 1)...] { #expect(!a.insetBy(0.5).intersects(b.insetBy(0.5))) }
    }
    let byID = Dictionary(uniqueKeysWithValues: figure.boxes.map { ($0.id, $0.frame) })
    for arrow in figure.arrows where arrow.kind == .forward {
      for step in 0...40 {
        let point = arrow.path.point(at: Double(step) / 40)
        for (id, frame) in byID where id != arrow.tail && id != arrow.head {
          let inner = frame.insetBy(1)
          let isInside =
            point.x > inner.x && point.x < inner.right && point.y > inner.y && point.y < inner.bottom
          #expect(!isInside, "\(arrow.id) crosses \(id)")
        }
      }
    }
  }

  @Test func `every arrow of the graph is drawn, from its operand or from the line of another user`() throws {
    let graph = Self.network(width: 10)
    let figure = try FigureSet(graph).figure(.forward)
    let links = graph.nodes.reduce(0) { $0 + $1.operands.count }
    let forward = figure.arrows.filter { $0.kind == .forward }
    #expect(forward.count { $0.id.hasPrefix("edge-") } == links)
    let frames = Dictionary(uniqueKeysWithValues: figure.boxes.map { ($0.id, $0.frame) })
    for arrow in forward {
      guard let tail = frames[arrow.tail] else { continue }
      let begins = abs(arrow.path.start.x - tail.right) < 1
      let others = forward.filter { $0.tail == arrow.tail && $0.id != arrow.id }
      #expect(begins || !others.isEmpty, "\(arrow.id) begins nowhere")
    }
  }

  @Test func `ranks grow with the order of evaluation, and the same graph gives the same figure`() throws {
    let graph = Self.network(width: 9)
    // In a single row: a narrower page has several.
    let options = FigureOptions(width: 20_000, view: .values)
    let figure = try FigureSet(graph, options: options).figure(.forward)
    let again = try FigureSet(graph, options: options).figure(.forward)
    #expect(try figure.svg() == again.svg())
    let frames = Dictionary(uniqueKeysWithValues: figure.boxes.map { ($0.id, $0.frame) })
    for node in graph.nodes {
      for operand in node.operands {
        guard let from = frames[graph.nodes[operand].id], let to = frames[node.id] else { continue }
        #expect(from.right <= to.x)
      }
    }
  }

  @Test func `a long chain becomes a page`() throws {
    let figure = try FigureSet(
      Self.chain(5000), options: FigureOptions(collapse: Collapse.none)
    ).figure(.forward)
    #expect(figure.size.width / figure.size.height > 0.4 && figure.size.width / figure.size.height < 4)
    #expect(figure.boxes.count == 5001)
  }

  @Test func `a cancelled task ends the layout`() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try FigureSet(Self.network(width: 12)).stages
    }
    await #expect(throws: FigureError.self) { try await task.value }
  }
}
