import GradvizDrawing
import Testing

@testable import GradvizFigures

@Suite("Boxes in columns, wires in channels")
struct WiredGraphTests {
  /// Boxes of one size, whose links are given; what is computed has a tab.
  private func graph(_ count: Int, _ links: [(Int, Int)]) -> WiredGraph {
    let computed = Set(links.map(\.1))
    return WiredGraph(
      nodes: (0..<count).map { .init(width: 60, height: 36, tab: computed.contains($0) ? 20 : 0, rise: 9) },
      links: links.map { .init(from: $0.0, to: $0.1, mark: 40) })
  }

  /// Links lead to the right, boxes keep apart, wires are level or upright and keep off all boxes.
  private func check(_ graph: WiredGraph, _ placement: WiredPlacement) {
    // A tab may reach above and below its box, beside which a narrower box may stand.
    let parts = graph.nodes.indices.flatMap { node -> [(node: Int, frame: Rectangle)] in
      [(node, placement.boxes[node])] + (graph.nodes[node].tab > 0 ? [(node, placement.tabs[node])] : [])
    }
    for (number, (a, frame)) in parts.enumerated() {
      for (b, other) in parts.dropFirst(number + 1) where a != b {
        #expect(!frame.insetBy(0.1).intersects(other), "boxes \(a) and \(b)")
      }
      #expect(frame.x >= -0.1 && frame.right <= placement.width + 0.1, "box \(a)")
    }
    for (number, wire) in placement.wires.enumerated() {
      let link = graph.links[number]
      #expect(placement.boxes[link.from].right <= placement.tabs[link.to].x, "link \(number)")
      for path in [wire.forward, wire.gradient] {
        for (start, end) in zip(path, path.dropFirst()) {
          #expect(abs(start.x - end.x) < 0.01 || abs(start.y - end.y) < 0.01, "link \(number) is slanted")
          let leg = Rectangle(
            x: min(start.x, end.x), y: min(start.y, end.y), width: abs(start.x - end.x), height: abs(start.y - end.y))
          for (box, frame) in parts {
            #expect(!leg.intersects(frame.insetBy(0.5)), "link \(number) in box \(box)")
          }
        }
      }
    }
  }

  @Test func `a chain is one straight line`() throws {
    let graph = graph(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    let placement = try graph.placed()
    check(graph, placement)
    #expect(placement.columns == [0, 1, 2, 3, 4])
    #expect(placement.boxes.allSatisfy { abs($0.center.y - placement.boxes[0].center.y) < 0.01 })
    #expect(placement.wires.allSatisfy { Set($0.forward.map(\.y)).count == 1 })
  }

  @Test func `a value computed of two stands between them`() throws {
    let graph = graph(7, [(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6)])
    let placement = try graph.placed()
    check(graph, placement)
    #expect(placement.columns == [0, 0, 0, 0, 1, 1, 2])
    let (a, b, root) = (placement.boxes[4].center.y, placement.boxes[5].center.y, placement.boxes[6].center.y)
    #expect(min(a, b) <= root && root <= max(a, b))
  }

  @Test func `a leaf stands before its user and does not move the row`() throws {
    // b joins the chain late.
    let graph = graph(5, [(0, 1), (1, 2), (2, 3), (4, 3)])
    let placement = try graph.placed()
    check(graph, placement)
    #expect(placement.columns[4] == placement.columns[3] - 1)
    #expect(abs(placement.boxes[2].center.y - placement.boxes[3].center.y) < 0.01)
  }

  @Test func `both operands of a square have wires of their own`() throws {
    let graph = graph(2, [(0, 1), (0, 1)])
    let placement = try graph.placed()
    check(graph, placement)
    #expect(placement.wires[0].forward.last != placement.wires[1].forward.last)
  }

  @Test func `nothing and one box are laid out`() throws {
    #expect(try graph(0, []).placed().boxes.isEmpty)
    #expect(try graph(1, []).placed().boxes.count == 1)
  }

  /// Random graphs, dense and sparse, the same twice.
  @Test(arguments: 0..<40)
  func `random graphs keep every promise, and are the same twice`(seed: Int) throws {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func below(_ count: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(count))
    }
    let count = 2 + below(40)
    var links: [(Int, Int)] = []
    for to in 1..<count { for _ in 0..<below(4) { links.append((below(to), to)) } }
    var graph = graph(count, links)
    for node in 0..<count {
      graph.nodes[node].width = Double(40 + below(100))
      graph.nodes[node].height = Double(36 + below(60))
    }
    let placement = try graph.placed()
    check(graph, placement)
    let again = try graph.placed()
    #expect(again.boxes == placement.boxes && again.wires.map(\.forward) == placement.wires.map(\.forward))
    #expect(again.wires.map(\.gradient) == placement.wires.map(\.gradient))
  }

  @Test func `what a checkpoint throws ends the layout`() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try graph(3, [(0, 1), (1, 2)]).placed { throw Stop() } }
  }
}
