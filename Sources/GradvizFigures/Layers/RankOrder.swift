/// Orders the nodes within each rank by barycenters, with as few crossings as a number of sweeps finds.
struct RankOrder {
  /// The nodes and dummies of each rank, from top to bottom.
  private(set) var rows: [[Int]]
  private(set) var crossings = 0
  private let before: Adjacency
  private let after: Adjacency
  private var position: [Int]

  /// Further sweeps improve the result by less than a hundredth.
  private static let maxSweeps = 12

  init(_ trunks: Trunks) {
    before = Adjacency(count: trunks.count, edges: trunks.segments.map { ($0.to, $0.from) })
    after = Adjacency(count: trunks.count, edges: trunks.segments.map { ($0.from, $0.to) })
    rows = [[Int]](repeating: [], count: trunks.rankCount)
    position = [Int](repeating: 0, count: trunks.count)
    // From the results back to what they are made of, operands in their order: without shared values this has
    // no crossings at all.
    var isSeen = [Bool](repeating: false, count: trunks.count)
    var stack: [Int] = []
    for root in 0..<trunks.count where after.of(root).isEmpty {
      stack.append(root)
      while let node = stack.popLast() {
        guard !isSeen[node] else { continue }
        isSeen[node] = true
        rows[trunks.rank(of: node)].append(node)
        stack.append(contentsOf: before.of(node).reversed())
      }
    }
    for node in 0..<trunks.count where !isSeen[node] { rows[trunks.rank(of: node)].append(node) }
    for row in rows { for (place, node) in row.enumerated() { position[node] = place } }
    crossings = countCrossings()
  }

  /// Sweeps forwards and backwards, each rank sorted by the mean place of its neighbors in the one before.
  mutating func improve(checkpoint: () throws -> Void) rethrows {
    var best = rows
    var wait = 0
    for sweep in 0..<Self.maxSweeps where crossings > 0 {
      try checkpoint()
      let isForward = sweep % 2 == 0
      for rank in isForward ? Array(rows.indices) : rows.indices.reversed() {
        sort(rank, by: isForward ? before : after, favoursLater: sweep % 4 >= 2)
      }
      transpose()
      let count = countCrossings()
      if count < crossings {
        wait = count * 100 < crossings * 99 ? 0 : wait + 1
        crossings = count
        best = rows
      } else {
        wait += 1
      }
      if wait > 3 { break }
    }
    rows = best
    for row in rows { for (place, node) in row.enumerated() { position[node] = place } }
  }

  private mutating func sort(_ rank: Int, by neighbours: Adjacency, favoursLater: Bool) {
    let row = rows[rank]
    var keys: [(key: Double, place: Int, node: Int)] = []
    keys.reserveCapacity(row.count)
    var last = -1.0
    for (place, node) in row.enumerated() {
      let around = neighbours.of(node)
      var sum = 0.0
      for other in around { sum += Double(position[other]) }
      // A node without neighbors stays next to the one before it.
      let key = around.isEmpty ? last : sum / Double(around.count)
      last = key
      keys.append((key, favoursLater ? -place : place, node))
    }
    keys.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    rows[rank] = keys.map(\.node)
    for (place, entry) in keys.enumerated() { position[entry.node] = place }
  }

  /// Swaps neighbors if that reduces crossings, once through all ranks.
  private mutating func transpose() {
    for rank in rows.indices {
      var place = 0
      while place + 1 < rows[rank].count {
        let (a, b) = (rows[rank][place], rows[rank][place + 1])
        let kept = cost(a, b, before) + cost(a, b, after)
        if kept > 0, cost(b, a, before) + cost(b, a, after) < kept {
          rows[rank].swapAt(place, place + 1)
          position[b] = place
          position[a] = place + 1
        }
        place += 1
      }
    }
  }

  /// The crossings between the lines of `a` and of `b` if `a` is above.
  private func cost(_ a: Int, _ b: Int, _ neighbours: Adjacency) -> Int {
    let (x, y) = (neighbours.of(a), neighbours.of(b))
    // For nodes with very many lines, counting all pairs is not worth it.
    guard x.count * y.count <= 4096 else { return 0 }
    var count = 0
    for one in x { for other in y where position[one] > position[other] { count += 1 } }
    return count
  }

  /// All crossings between neighboring ranks, by an accumulator tree (Barth, Jünger & Mutzel, "Simple and
  /// efficient bilayer cross counting", 2004).
  private func countCrossings() -> Int {
    var total = 0
    for rank in rows.indices.dropLast() {
      let width = rows[rank + 1].count
      var size = 1
      while size < width { size *= 2 }
      var tree = [Int](repeating: 0, count: 2 * size)
      for node in rows[rank] {
        let ends = after.of(node).map { position[$0] }.sorted()
        // Lines of one node do not cross each other: count first, then add.
        for end in ends {
          var index = end + size
          while index > 1 {
            if index % 2 == 0 { total += tree[index + 1] }
            index /= 2
          }
        }
        for end in ends {
          var index = end + size
          while index >= 1 {
            tree[index] += 1
            index /= 2
          }
        }
      }
    }
    return total
  }
}
