/// The ranks in which all lines of a piece together are shortest; of several such ranks the earliest.
///
/// Everything begins as early as it can. Then what shortens more lines than it lengthens moves later, as a set whose
/// members may move only together: one of the greatest gain is the side of a smallest cut (Picard, "Maximal closure of
/// a graph and applications to combinatorial problems", 1976). Sets that only move one way end at the least length.
struct PieceRanks {
  /// A line between two groups, its weight, and the ranks that it spans at least.
  private struct Line {
    var from: Int
    var to: Int
    var weight: Int
    var least: Int
  }

  /// Which members share a rank in any case: what comes in, and what goes out.
  private let groupOfMember: [Int]
  private let lines: [Line]
  private var rankOfGroup: [Int]

  /// The rank of each member, from 0.
  var ranks: [Int] { groupOfMember.map { rankOfGroup[$0] } }

  /// - Complexity: O(members · lines) for each set that moves; there are few.
  init(_ piece: Piece) {
    var groups: [Member: Int] = [:]
    groupOfMember = piece.members.enumerated().map { index, member in
      // The first group is for what comes in, the second for what goes out.
      switch member {
      case .entry, .inlet: groups[member] = 0
      case .exit: groups[member] = 1
      case .value, .slot: groups[member] = index + 2
      }
      return groups[member] ?? 0
    }
    let depths = piece.depths
    var lines: [Line] = piece.links.map { link in
      let (from, to) = (groups[link.from] ?? 0, groups[.value(link.to)] ?? 0)
      // What comes in begins in front, however far behind it is used: its line finds its way around the boxes.
      if case .inlet = link.from { return Line(from: from, to: to, weight: 1, least: depths[link.to] ?? 1) }
      return Line(from: from, to: to, weight: 2, least: 1)
    }
    for case (let member, let group) in zip(piece.members, groupOfMember) {
      switch member {
      case .entry(let leaf, let use):
        lines.append(Line(from: group, to: groups[.slot(leaf: leaf, use: use)] ?? 0, weight: 0, least: 1))
      case .exit(let node): lines.append(Line(from: groups[.value(node)] ?? 0, to: group, weight: 1, least: 1))
      case .value, .slot, .inlet: break
      }
    }
    self.lines = lines
    rankOfGroup = [Int](repeating: 0, count: piece.members.count + 2)
    beginEarly()
    while let set = setToMove() {
      let room = lines.compactMap { line in
        set[line.from] && !set[line.to] ? rankOfGroup[line.to] - rankOfGroup[line.from] - line.least : nil
      }
      guard let step = room.min(), step > 0 else { break }
      for group in rankOfGroup.indices where set[group] { rankOfGroup[group] += step }
    }
    let first = groupOfMember.map { rankOfGroup[$0] }.min() ?? 0
    for group in rankOfGroup.indices { rankOfGroup[group] -= first }
  }

  private mutating func beginEarly() {
    // Members stand in the order of evaluation, nearly: one round does most.
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      for line in lines where rankOfGroup[line.to] < rankOfGroup[line.from] + line.least {
        rankOfGroup[line.to] = rankOfGroup[line.from] + line.least
        hasMoved = true
      }
    }
  }

  /// The set with the most to gain, of several the smallest; nil where there is nothing to gain.
  private func setToMove() -> [Bool]? {
    var gains = [Int](repeating: 0, count: rankOfGroup.count)
    for line in lines {
      gains[line.from] += line.weight
      gains[line.to] -= line.weight
    }
    var cut = SmallestCut(nodeCount: gains.count)
    for (group, gain) in gains.enumerated() { cut.add(gain, to: group) }
    for line in lines where rankOfGroup[line.to] - rankOfGroup[line.from] == line.least {
      cut.tie(line.from, to: line.to)
    }
    let set = cut.side()
    return set.contains(true) ? set : nil
  }
}

/// A smallest cut between what has something to gain and what has something to lose, by augmenting paths (Edmonds &
/// Karp, 1972).
private struct SmallestCut {
  private var arcs: [(to: Int, room: Int)] = []
  private var arcsOfNode: [[Int]]
  private let source: Int
  private let sink: Int

  init(nodeCount: Int) {
    (source, sink) = (nodeCount, nodeCount + 1)
    arcsOfNode = [[Int]](repeating: [], count: nodeCount + 2)
  }

  private mutating func connect(_ from: Int, _ to: Int, room: Int) {
    arcsOfNode[from].append(arcs.count)
    arcs.append((to, room))
    // Against it goes what is taken back.
    arcsOfNode[to].append(arcs.count)
    arcs.append((from, 0))
  }

  mutating func add(_ gain: Int, to node: Int) {
    if gain > 0 { connect(source, node, room: gain) }
    if gain < 0 { connect(node, sink, room: -gain) }
  }

  /// Where one node is on the gaining side, so is the other.
  mutating func tie(_ node: Int, to other: Int) { connect(node, other, room: .max / 2) }

  /// The nodes of the gaining side.
  mutating func side() -> [Bool] {
    while true {
      // The arc that each node is reached by.
      var arrival = [Int?](repeating: nil, count: arcsOfNode.count)
      var queue = [source]
      var next = 0
      while next < queue.count, arrival[sink] == nil {
        for arc in arcsOfNode[queue[next]] where arcs[arc].room > 0 {
          let node = arcs[arc].to
          guard node != source, arrival[node] == nil else { continue }
          arrival[node] = arc
          queue.append(node)
        }
        next += 1
      }
      guard arrival[sink] != nil else { return arrival.dropLast(2).map { $0 != nil } }
      var path: [Int] = []
      var node = sink
      while node != source, let arc = arrival[node] {
        path.append(arc)
        node = arcs[arc ^ 1].to
      }
      let amount = path.map { arcs[$0].room }.min() ?? 0
      for arc in path {
        arcs[arc].room -= amount
        arcs[arc ^ 1].room += amount
      }
    }
  }
}
