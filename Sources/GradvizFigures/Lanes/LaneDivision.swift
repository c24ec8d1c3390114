import GradvizGraph

/// A graph divided for the sheet: one lane per sample, what comes after all lanes, and the leaves that
/// belong to none, which are drawn where they are used.
struct LaneDivision {
  /// The nodes of each lane in evaluation order; nodes at the same index have the same function for their
  /// samples.
  var lanes: [[Int]]
  /// Nodes outside all lanes; in a graph without lanes, all that are used.
  var common: [Int]
  /// Leaves outside all lanes that several lanes use: parameters and constants.
  var sharedLeaves: [Int]
  /// Unused leaves outside all lanes, which are drawn apart from all arrows.
  var unused: [Int] = []

  /// Divides `graph`; if its lanes differ in structure, or a common value feeds a lane, there are no lanes.
  init(_ graph: ComputationGraph) {
    let nodes = graph.nodes
    if graph.laneCount >= 2, let divided = Self.divided(graph) {
      self = divided
    } else {
      self.init(lanes: [], common: Array(nodes.indices), sharedLeaves: [])
    }
    var isUsed = nodes.indices.map { !nodes[$0].isLeaf || $0 == graph.loss }
    for node in nodes { for operand in node.operands { isUsed[operand] = true } }
    unused = common.filter { !isUsed[$0] }
    common.removeAll { !isUsed[$0] }
  }

  /// The values of all lanes that stand for the same, by the first lane's.
  var alike: [Int: [Int]] {
    guard let first = lanes.first else { return [:] }
    return Dictionary(uniqueKeysWithValues: first.enumerated().map { place, node in (node, lanes.map { $0[place] }) })
  }

  private init(lanes: [[Int]], common: [Int], sharedLeaves: [Int]) {
    self.lanes = lanes
    self.common = common
    self.sharedLeaves = sharedLeaves
  }

  private static func divided(_ graph: ComputationGraph) -> LaneDivision? {
    let nodes = graph.nodes
    var lanes = [[Int]](repeating: [], count: graph.laneCount)
    var usedByLane = [Bool](repeating: false, count: nodes.count)
    var common: [Int] = []
    for index in nodes.indices {
      guard let lane = nodes[index].lane else {
        common.append(index)
        continue
      }
      lanes[lane].append(index)
      for operand in nodes[index].operands where nodes[operand].lane == nil {
        guard nodes[operand].isLeaf else { return nil }
        usedByLane[operand] = true
      }
    }
    guard let first = lanes.first, !first.isEmpty else { return nil }
    // The position of a node in its own lane, to compare the structure of the lanes.
    var place = [Int](repeating: -1, count: nodes.count)
    for lane in lanes { for (position, index) in lane.enumerated() { place[index] = position } }
    for lane in lanes.dropFirst() {
      guard lane.count == first.count else { return nil }
      for (a, b) in zip(first, lane) {
        let (x, y) = (nodes[a], nodes[b])
        guard x.operation == y.operation, x.role == y.role, x.exponent == y.exponent,
          x.operands.count == y.operands.count,
          zip(x.operands, y.operands).allSatisfy({
            nodes[$0].lane == nil ? $0 == $1 : nodes[$1].lane != nil && place[$0] == place[$1]
          })
        else { return nil }
      }
    }
    return LaneDivision(
      lanes: lanes, common: common.filter { !usedByLane[$0] }, sharedLeaves: common.filter { usedByLane[$0] })
  }

  /// Whether a leaf is shared by lanes; it is drawn again where the rest of the graph uses it.
  func isShared(_ node: Int) -> Bool { sharedLeaves.contains(node) }
}
