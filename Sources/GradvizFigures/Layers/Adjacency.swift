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
