import Testing

@testable import GradvizFigures

@Suite("Layout in ranks")
struct LayersTests {
  /// Boxes of one size, whose arrows are given.
  private func graph(_ count: Int, _ edges: [(Int, Int)]) -> LayeredGraph {
    LayeredGraph(
      nodes: .init(repeating: .init(along: 40, across: 20), count: count),
      edges: edges.map { (from: $0.0, to: $0.1) }, rankGap: 30, boxGap: 10)
  }

  /// Arrows lead to higher ranks, neighbors keep their distance, and ways pass every rank between.
  private func check(_ graph: LayeredGraph, _ placement: LayeredPlacement) {
    for (index, edge) in graph.edges.enumerated() {
      let (from, to) = (placement.ranks[edge.from], placement.ranks[edge.to])
      #expect(from < to, "arrow \(index)")
      let way = placement.ways[index]
      #expect(way.passages.allSatisfy { from < $0.rank && $0.rank < to })
      #expect(way.beginsOnTrunk || way.passages.count == to - from - 1, "arrow \(index)")
    }
    for rank in placement.rankBounds.indices {
      let row = graph.nodes.indices.filter { placement.ranks[$0] == rank }
        .sorted { placement.middles[$0] < placement.middles[$1] }
      for (above, below) in zip(row, row.dropFirst()) {
        let room = placement.middles[below] - placement.middles[above]
          - (graph.nodes[above].across + graph.nodes[below].across) / 2
        #expect(room >= graph.boxGap - 1e-6, "\(above) and \(below) in rank \(rank)")
      }
      let widest = row.map { graph.nodes[$0].along }.max() ?? 0
      #expect(placement.rankBounds[rank].right - placement.rankBounds[rank].left >= widest)
    }
    for (left, right) in zip(placement.rankBounds, placement.rankBounds.dropFirst()) {
      #expect(right.left - left.right == graph.rankGap)
    }
  }

  @Test func `a chain is one straight line`() throws {
    let graph = graph(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    let placement = try graph.placed()
    check(graph, placement)
    #expect(placement.ranks == [0, 1, 2, 3, 4] && placement.crossings == 0)
    #expect(placement.middles.allSatisfy { $0 == placement.middles[0] })
    #expect(placement.rankBounds.map(\.left) == [0, 70, 140, 210, 280])
  }

  @Test func `a tree is drawn without crossings, its root between its operands`() throws {
    let graph = graph(7, [(0, 4), (2, 5), (1, 4), (3, 5), (4, 6), (5, 6)])
    let placement = try graph.placed()
    check(graph, placement)
    #expect(placement.crossings == 0)
    #expect(placement.ranks == [0, 0, 0, 0, 1, 1, 2])
    let (a, b) = (placement.middles[4], placement.middles[5])
    #expect(min(a, b) <= placement.middles[6] && placement.middles[6] <= max(a, b))
  }

  @Test func `twisted pairs are untwisted, and what has to cross does`() throws {
    let pairs = graph(6, [(0, 5), (1, 4), (2, 3)])
    #expect(try pairs.placed().crossings == 0)
    // Three times three boxes, each with each: one crossing for each pair on both sides.
    let all = graph(6, (0..<3).flatMap { from in (3..<6).map { (from, $0) } })
    let placement = try all.placed()
    check(all, placement)
    #expect(placement.crossings == 9)
  }

  @Test func `users of one value share a trunk that passes the ranks between`() throws {
    // A chain, and its first value once more in each of the last two boxes.
    let graph = graph(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 3), (0, 4)])
    let placement = try graph.placed()
    check(graph, placement)
    let (near, far) = (placement.ways[4], placement.ways[5])
    #expect(near.beginsOnTrunk && !far.beginsOnTrunk)
    #expect(far.passages.map(\.rank) == [1, 2, 3])
    #expect(near.passages.map(\.rank) == [2])
    #expect(near.passages[0].y == far.passages[1].y)
  }

  @Test func `what is to stand first or last does`() throws {
    var graph = graph(4, [(0, 1), (1, 2)])
    graph.nodes[3].place = .first
    graph.edges.append((from: 3, to: 2))
    graph.nodes[2].place = .last
    let placement = try graph.placed()
    #expect(placement.ranks[3] == 0)
    #expect(placement.ranks[3] < placement.ranks[0] || placement.ranks[0] == 0)
    #expect(placement.ranks[2] == placement.ranks.max())
  }

  @Test func `nothing and one box are laid out`() throws {
    #expect(try graph(0, []).placed().ranks.isEmpty)
    let one = try graph(1, []).placed()
    #expect(one.ranks == [0] && one.crossings == 0 && one.rankBounds.map(\.right) == [40])
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
    let count = 2 + below(60)
    var edges: [(Int, Int)] = []
    for to in 1..<count { for _ in 0..<below(4) { edges.append((below(to), to)) } }
    var graph = graph(count, edges)
    for node in 0..<count {
      graph.nodes[node].along = Double(10 + below(100))
      graph.nodes[node].across = Double(10 + below(60))
    }
    let placement = try graph.placed()
    check(graph, placement)
    let again = try graph.placed()
    #expect(again.middles == placement.middles && again.ranks == placement.ranks)
    #expect(again.crossings == placement.crossings)
  }

  @Test func `what a checkpoint throws ends the layout`() throws {
    struct Stop: Error {}
    var calls = 0
    let graph = graph(3, [(0, 1), (1, 2)])
    #expect(throws: Stop.self) {
      try graph.placed {
        calls += 1
        throw Stop()
      }
    }
    #expect(calls == 1)
  }
}
