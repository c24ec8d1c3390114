/// The middles across the ranks: in the given order, with room between neighbors, and as near as that allows to
/// what each is connected with.
///
/// Rank by rank, forwards and backwards, the places are those with the least sum of squared distances from the
/// neighbors' mean, under the order's constraints; pooling what collides finds them exactly in linear time
/// (Best & Chakravarti, "Active set algorithms for isotonic regression", 1990). Trunks weigh most, so that long
/// lines become straight.
struct RankPositions {
  private(set) var middles: [Double]

  private static let sweeps = 14
  private static let trunkWeight = 16.0

  init(_ graph: LayeredGraph, _ trunks: Trunks, _ rows: [[Int]]) {
    let before = Adjacency(count: trunks.count, edges: trunks.segments.map { ($0.to, $0.from) })
    let after = Adjacency(count: trunks.count, edges: trunks.segments.map { ($0.from, $0.to) })
    middles = [Double](repeating: 0, count: trunks.count)
    // Lines need less space beside each other than boxes.
    func half(_ node: Int) -> Double { trunks.isDummy(node) ? 4 : graph.nodes[node].across / 2 }
    func gap(_ a: Int, _ b: Int) -> Double {
      let room = trunks.isDummy(a) && trunks.isDummy(b) ? 4 : graph.boxGap
      return half(a) + room + half(b)
    }
    // The offset of each position from the first of its rank in the tightest packing.
    let offsets = rows.map { row in
      var total = 0.0
      return row.indices.map { place -> Double in
        if place > 0 { total += gap(row[place - 1], row[place]) }
        return total
      }
    }
    for (rank, row) in rows.enumerated() {
      let middle = (offsets[rank].last ?? 0) / 2
      for (place, node) in row.enumerated() { middles[node] = offsets[rank][place] - middle }
    }
    func wish(_ node: Int, _ sides: [Adjacency]) -> (target: Double, weight: Double)? {
      var (sum, weight) = (0.0, 0.0)
      for side in sides {
        for other in side.of(node) {
          let own = trunks.isDummy(node) && trunks.isDummy(other) ? Self.trunkWeight : 1
          sum += own * middles[other]
          weight += own
        }
      }
      return weight == 0 ? nil : (sum / weight, weight)
    }
    func settle(_ rank: Int, _ sides: [Adjacency]) {
      let row = rows[rank]
      var blocks: [(mean: Double, weight: Double, count: Int)] = []
      for (place, node) in row.enumerated() {
        let wish = wish(node, sides) ?? (middles[node], 0.01)
        var block = (mean: wish.target - offsets[rank][place], weight: wish.weight, count: 1)
        while let last = blocks.last, last.mean > block.mean {
          blocks.removeLast()
          let weight = last.weight + block.weight
          block = (
            (last.mean * last.weight + block.mean * block.weight) / weight, weight, last.count + block.count
          )
        }
        blocks.append(block)
      }
      var place = 0
      for block in blocks {
        for _ in 0..<block.count {
          middles[row[place]] = block.mean + offsets[rank][place]
          place += 1
        }
      }
    }
    for sweep in 0..<Self.sweeps {
      // One side first, to propagate far; both at the end, for balance.
      let sides = sweep < Self.sweeps - 6 ? (sweep % 2 == 0 ? [after] : [before]) : [before, after]
      for rank in sweep % 2 == 0 ? rows.indices.reversed() : Array(rows.indices) { settle(rank, sides) }
    }
    let top = rows.indices.compactMap { rows[$0].first }.map { middles[$0] - half($0) }.min() ?? 0
    for node in middles.indices { middles[node] -= top }
  }
}
