/// The rank of each node: after all of its operands, and as near as possible to its users.
struct Ranks {
  private(set) var ranks: [Int]

  init(_ graph: LayeredGraph) {
    let count = graph.nodes.count
    ranks = [Int](repeating: 0, count: count)
    let users = Adjacency(count: count, edges: graph.edges.map { ($0.from, $0.to) })
    let order = graph.nodes.indices.sorted { Self.weight(graph, $0) < Self.weight(graph, $1) }
    // The longest path from the start.
    for node in order {
      for user in users.of(node) { ranks[user] = max(ranks[user], ranks[node] + 1) }
    }
    let last = ranks.max() ?? 0
    // What is not held back by operands of its own moves towards its users, and what it is made of with it; a
    // graph of many long side branches becomes a graph of short ones.
    var inner = [Int](repeating: 0, count: count)
    var operands = [Int](repeating: 0, count: count)
    for edge in graph.edges { operands[edge.to] += 1 }
    for edge in graph.edges where operands[edge.from] > 0 { inner[edge.to] += 1 }
    for node in order.reversed() {
      switch graph.nodes[node].place {
      case .first: ranks[node] = 0
      case .last: ranks[node] = last
      case .free:
        let nearest = users.of(node).map { ranks[$0] }.min()
        guard let nearest, nearest - 1 > ranks[node], users.of(node).count >= inner[node] else { continue }
        ranks[node] = nearest - 1
      }
    }
    guard graph.nodes.contains(where: { $0.place == .free }) else { return }
    // Nothing stands in a rank that all nodes have left, and what goes in and out has ranks of its own.
    let hasFirst = graph.nodes.contains { $0.place == .first }
    let hasLast = graph.nodes.contains { $0.place == .last }
    var isUsed = [Bool](repeating: false, count: last + 1)
    for node in 0..<count where graph.nodes[node].place == .free { isUsed[ranks[node]] = true }
    var new = [Int](repeating: 0, count: last + 1)
    var next = hasFirst ? 1 : 0
    for rank in 0...last where isUsed[rank] {
      new[rank] = next
      next += 1
    }
    for node in 0..<count {
      switch graph.nodes[node].place {
      case .first: ranks[node] = 0
      case .last: ranks[node] = hasLast ? next : next - 1
      case .free: ranks[node] = new[ranks[node]]
      }
    }
  }

  private static func weight(_ graph: LayeredGraph, _ node: Int) -> Int {
    switch graph.nodes[node].place {
    case .first: node - graph.nodes.count
    case .free: node
    case .last: node + graph.nodes.count
    }
  }
}

/// The targets of every node's edges, one after another in one array.
struct Adjacency {
  private var starts: [Int]
  private var targets: [Int]

  init(count: Int, edges: [(Int, Int)]) {
    starts = [Int](repeating: 0, count: count + 1)
    for edge in edges { starts[edge.0 + 1] += 1 }
    for node in 0..<count { starts[node + 1] += starts[node] }
    targets = [Int](repeating: 0, count: edges.count)
    var next = starts
    for edge in edges {
      targets[next[edge.0]] = edge.1
      next[edge.0] += 1
    }
  }

  func of(_ node: Int) -> ArraySlice<Int> { targets[starts[node]..<starts[node + 1]] }
}
