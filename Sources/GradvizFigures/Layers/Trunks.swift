/// Lines that cross ranks: one trunk for all users of a node, which each leaves in the rank before its own.
///
/// A value with a hundred users has one line through the drawing instead of a hundred parallel ones.
struct Trunks {
  /// The path of an edge over the dummies of its node's trunk.
  struct Way {
    /// The dummies that the edge's own line passes, the first of them on another's line where ``beginsOnTrunk``.
    var dummies: [Int]
    var beginsOnTrunk: Bool
  }

  let rankCount: Int
  private(set) var ways: [Way]
  /// All nodes followed by all dummies: the rank of each.
  private var ranks: [Int]
  let nodeCount: Int
  /// Between neighboring ranks: nodes and dummies.
  private(set) var segments: [(from: Int, to: Int)] = []

  var count: Int { ranks.count }
  func rank(of node: Int) -> Int { ranks[node] }
  func isDummy(_ node: Int) -> Bool { node >= nodeCount }

  init(edges links: [(from: Int, to: Int)], ranks: [Int]) {
    self.ranks = ranks
    nodeCount = ranks.count
    rankCount = (ranks.max() ?? -1) + 1
    ways = [Way](repeating: Way(dummies: [], beginsOnTrunk: false), count: links.count)
    let edges = Adjacency(
      count: ranks.count, edges: links.enumerated().map { ($1.from, $0) })
    var order: [Int] = []
    for node in ranks.indices {
      // The nearest user first: each continues where the previous one left.
      let own = edges.of(node).sorted {
        (ranks[links[$0].to], $0) < (ranks[links[$1].to], $1)
      }
      var trunk: [Int] = []
      // The part of the trunk already drawn by an edge.
      for edge in own {
        let target = links[edge].to
        let passed = ranks[target] - ranks[node] - 1
        while trunk.count < passed {
          let dummy = self.ranks.count
          self.ranks.append(ranks[node] + 1 + trunk.count)
          segments.append((trunk.last ?? node, dummy))
          order.append(edge)
          trunk.append(dummy)
        }
        segments.append((passed > 0 ? trunk[passed - 1] : node, target))
        order.append(edge)
      }
      // The farthest draws the whole trunk; the others leave it where they turn off.
      for (position, edge) in own.enumerated() {
        let passed = ranks[links[edge].to] - ranks[node] - 1
        guard passed > 0 else { continue }
        let isLongest = position == own.count - 1
        ways[edge] = Way(
          dummies: isLongest ? trunk : [trunk[passed - 1]], beginsOnTrunk: !isLongest)
      }
    }
    // Operands in the order in which they are written.
    let sorted = order.indices.sorted { (order[$0], $0) < (order[$1], $1) }
    segments = sorted.map { [segments] in segments[$0] }
  }
}
