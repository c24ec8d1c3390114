/// Blocks that must stand above others, and by how much.
struct Neighbours {
  var predecessors: [[(Int, Double)]]
  var successors: [[(Int, Double)]]

  init(count: Int, _ constraints: [(Int, Int, Double)]) {
    predecessors = [[(Int, Double)]](repeating: [], count: count)
    successors = predecessors
    for (a, b, room) in constraints where a != b {
      predecessors[b].append((a, room))
      successors[a].append((b, room))
    }
  }

  func before(_ one: Int) -> [(Int, Double)] { predecessors[one] }
  func after(_ one: Int) -> [(Int, Double)] { successors[one] }

  /// Each block behind all that stand above it; nil where that cannot be.
  func sorted() -> [Int]? {
    var missing = predecessors.map(\.count)
    var ready = missing.indices.filter { missing[$0] == 0 }
    var position = 0
    while position < ready.count {
      for (next, _) in successors[ready[position]] {
        missing[next] -= 1
        if missing[next] == 0 { ready.append(next) }
      }
      position += 1
    }
    return ready.count == missing.count ? ready : nil
  }
}
