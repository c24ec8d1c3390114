import GradvizDrawing
import GradvizGraph
import GradvizTestSupport
import Testing

@testable import GradvizFigures

@Suite("Ends of wires")
struct WireEndTests {
  @Test(arguments: Project.samples)
  func `a value's wire arrives at its operation`(sample: String) throws {
    try check(Project.graph(sample), sample, [nil, .layers, .repeats, .boxes(6)])
  }

  @Test func `so they do in random programs`() throws {
    for program in Seeds.programs(default: 8) {
      guard let graph = try? ComputationGraph.load(text: program.source, path: "random.grad", level: nil).graph,
        graph.nodes.count <= 250
      else { continue }
      try check(graph, program.description, [nil, .layers, .boxes(6)])
    }
  }

  /// A layer's box of many operands is lower than the room that their wires take.
  @Test func `a low box of many operands is met by all their wires`() throws {
    let graph = try Project.graph(
      program: """
        level tensor
        param a = [0.5, 1]
        param b = [0.25, 1]
        param c = [0.5, -1]
        param d = [0.5, 2]
        param e = [1.5, 1]
        def g(p, q, r, s, t):
            u = p * q + r
            return u * s + t
        h = g(a, b, c, d, e)
        loss L = sum(h**2)
        rate 0.1
        """)
    try check(graph, "five operands", [.layers, .boxes(8)])
  }

  private func check(_ graph: ComputationGraph, _ what: String, _ levels: [Collapse?]) throws {
    var count = 0
    for level in levels {
      let figures = try FigureSet(graph, options: .init(collapse: level))
      // A network's wires end at its neurons.
      guard figures.network == nil else { continue }
      for stage in figures.stages where stage != .overview {
        let figure = try figures.figure(stage)
        var frames: [String: Rectangle] = [:]
        for box in figure.boxes { frames[box.id] = box.frame }
        for disc in figure.discs { frames[disc.id] = Rectangle(center: disc.center, size: disc.size) }
        // Two tabs in front of one box, as of `x @ w + b`, are met at the left one.
        for disc in figure.discs {
          guard let own = frames[disc.id] else { continue }
          let left = figure.discs.map { Rectangle(center: $0.center, size: $0.size) }.first {
            abs($0.right - own.x) < 0.5 && $0.y == own.y
          }
          if let left {
            frames[disc.id] = Rectangle(x: left.x, y: own.y, width: own.right - left.x, height: own.height)
          }
        }
        // Without a head it ends at a bus.
        for arrow in figure.arrows where arrow.id.hasPrefix("edge-") && arrow.kind == .forward && arrow.hasHead {
          let id = arrow.head
          guard let frame = frames[id], let end = arrow.path.points.last else { continue }
          count += 1
          #expect(
            end.x >= frame.x - 2 && end.x <= frame.right + 2 && end.y >= frame.y - 2 && end.y <= frame.bottom + 2,
            "\(arrow.id) of \(stage) ends at \(end), beside \(id) at \(frame): \(what), \(level?.word ?? "")")
        }
      }
    }
    #expect(count > 0 || graph.presentation.view == .neurons, "\(what)")
  }
}
