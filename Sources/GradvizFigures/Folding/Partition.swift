import Autograd
import GradvizGraph

/// The steps of folding, each applied to the result of the previous one.
enum FoldingStep: Hashable {
  case samples, repeats, layers, parameters, ranks
  case scopes(depth: Int, opened: [String])
}

/// A partition of a graph's values into groups, each of which becomes a box.
///
/// A step assigns each group a key and merges groups with the same key, except for those on different levels,
/// counted by how often the key changes on the longest path from the leaves; what only its own box uses is on the level of
/// that. Therefore, no arrow leads from a
/// group back to itself through another one, and the groups can be drawn in evaluation order.
struct Partition {
  let source: ComputationGraph
  /// The values of each group in evaluation order; groups in evaluation order.
  private(set) var groups: [[Int]]
  /// The operands of each group, as indices of groups without duplicates.
  private(set) var operands: [[Int]]
  /// Whether the samples beyond the first few are one lane.
  private(set) var foldsSamples = false
  /// Whether all lanes have been merged.
  private(set) var mergesLanes = false
  /// Whether all arrows from one value to one operation are one.
  private(set) var bundlesArrows = false

  /// The group of each value.
  private(set) var groupOf: [Int]
  /// The groups that are operands of a group of several values.
  private(set) var foldedOperands: Set<Int> = []

  var count: Int { groups.count }

  init(_ graph: ComputationGraph) {
    source = graph
    groups = graph.nodes.indices.map { [$0] }
    operands = graph.nodes.map { Self.unique($0.operands) }
    groupOf = Array(graph.nodes.indices)
  }

  private static func unique(_ list: [Int]) -> [Int] {
    if list.count < 2 { return list }
    if list.count == 2 { return list[0] == list[1] ? [list[0]] : list }
    var seen = Set<Int>()
    return list.filter { seen.insert($0).inserted }
  }

  /// Draws the arrows from one value to one operation as one, where there are such; those of boxes for several values
  /// always are.
  mutating func bundleArrows() {
    bundlesArrows = groups.indices.contains {
      groups[$0].count == 1 && operands[$0].count < source.nodes[groups[$0][0]].operands.count
    }
  }

  mutating func apply(_ step: FoldingStep) {
    switch step {
    case .samples:
      guard let keys = sampleKeys() else { return }
      foldsSamples = true
      merge(keys)
    case .repeats:
      guard let keys = repeatKeys() else { return }
      mergesLanes = true
      merge(keys)
    case .layers:
      mergesLanes = true
      merge(layerKeys())
    case .parameters:
      mergesLanes = true
      merge(parameterKeys())
    case .ranks: merge(rankKeys())
    case .scopes(let depth, let opened):
      mergesLanes = true
      merge(ScopeKeys(source, depth: depth, opened: opened).keys())
    }
  }

  /// Marks what another box uses.
  private static let elsewhere = -2

  /// Merges groups with the same key; a group with key −1 is not merged.
  private mutating func merge(_ keys: [Int]) {
    var level = [Int](repeating: 0, count: count)
    for group in groups.indices {
      for operand in operands[group] {
        let isSame = keys[group] >= 0 && keys[operand] == keys[group]
        level[group] = max(level[group], level[operand] + (isSame ? 0 : 1))
      }
    }
    // What only its own box uses goes there, however early it could be computed.
    var latest = [Int](repeating: -1, count: count)
    for group in groups.indices.reversed() {
      if keys[group] >= 0, latest[group] > level[group] { level[group] = latest[group] }
      for operand in operands[group] {
        let isSame = keys[group] >= 0 && keys[operand] == keys[group]
        latest[operand] =
          !isSame || latest[operand] == Self.elsewhere
          ? Self.elsewhere
          : latest[operand] < 0 ? level[group] : min(latest[operand], level[group])
      }
    }
    struct Place: Hashable {
      var key: Int
      var level: Int
    }
    var places: [Place: Int] = [:]
    var merged = [Int](repeating: 0, count: count)
    var members: [[Int]] = []
    for group in groups.indices {
      let place = Place(key: keys[group], level: level[group])
      if place.key >= 0, let at = places[place] {
        members[at].append(group)
        merged[group] = at
      } else {
        merged[group] = members.count
        if place.key >= 0 { places[place] = members.count }
        members.append([group])
      }
    }
    guard members.count < count else { return }
    let uses = members.map { part in
      Self.unique(part.flatMap { group in operands[group].map { merged[$0] } })
    }.enumerated().map { at, list in list.filter { $0 != at } }
    let order = Self.evaluationOrder(uses)
    var rank = [Int](repeating: 0, count: order.count)
    for (position, part) in order.enumerated() { rank[part] = position }
    let old = groups
    groups = order.map { part in
      members[part].count == 1 ? old[members[part][0]] : members[part].flatMap { old[$0] }.sorted()
    }
    operands = order.map { part in uses[part].map { rank[$0] } }
    foldedOperands = []
    for (group, values) in groups.enumerated() {
      for value in values { groupOf[value] = group }
      if values.count > 1 { foldedOperands.formUnion(operands[group]) }
    }
  }

  /// Operands before their users, otherwise in the order of first members.
  private static func evaluationOrder(_ operands: [[Int]]) -> [Int] {
    var state = [UInt8](repeating: 0, count: operands.count)
    var order: [Int] = []
    order.reserveCapacity(operands.count)
    for root in operands.indices where state[root] == 0 {
      var stack = [root]
      while let group = stack.last {
        if state[group] == 0 {
          state[group] = 1
          for operand in operands[group].reversed() where state[operand] == 0 { stack.append(operand) }
        } else {
          stack.removeLast()
          if state[group] == 1 {
            state[group] = 2
            order.append(group)
          }
        }
      }
    }
    return order
  }

  /// The depth of each group: the length of the longest path from the leaves.
  var depths: [Int] {
    var depth = [Int](repeating: 0, count: count)
    for group in groups.indices {
      for operand in operands[group] { depth[group] = max(depth[group], depth[operand] + 1) }
    }
    return depth
  }
}
