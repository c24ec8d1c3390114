import GradvizDrawing

/// Where the blocks come to stand across the columns.
extension WireRows {
  func above(_ member: Int) -> Double {
    trunks.isDummy(member) ? rises[member] : tabs[member].up + graph.nodes[member].above
  }

  func below(_ member: Int) -> Double {
    trunks.isDummy(member)
      ? rises[member] : tabs[member].down + max(graph.nodes[member].below, underneath[member])
  }

  func distance(_ a: Int, _ b: Int) -> Double {
    let (one, two) = (trunks.isDummy(a), trunks.isDummy(b))
    let isEntry = !one && !two && (graph.nodes[a].isEntry || graph.nodes[b].isEntry)
    let gap =
      one && two
      ? WiredGraph.Wire.pitch : one || two ? WiredGraph.Wire.aside : isEntry ? graph.entryGap : graph.boxGap
    return below(a) + gap + above(b)
  }

  mutating func settle() {
    // Constraints between blocks, each block behind those above it.
    var constraints: [(Int, Int, Double)] = []
    for row in rows {
      for (a, b) in zip(row, row.dropFirst()) {
        constraints.append((block[a], block[b], distance(a, b) + offset[a] - offset[b]))
      }
    }
    let drops = self.drops()
    var order: [Int] = []
    var lists = Neighbours(count: blockCount, constraints + drops)
    if let sorted = lists.sorted() {
      order = sorted
    } else {
      lists = Neighbours(count: blockCount, constraints)
      order = lists.sorted() ?? Array(0..<blockCount)
    }
    let limits = limits(lists, order)
    var y = centred(distances: rows.map { row in zip(row, row.dropFirst()).map { distance($0, $1) } })
    y = between(y, lists, order, limits)
    settle(&y, lists, order, limits)
    if graph.nodes.allSatisfy({ $0.middle == nil }) {
      var closed = y
      close(&closed, lists, order)
      // Parts that stand between one another stay where they are.
      let isFree = closed.indices.allSatisfy { one in
        lists.before(one).allSatisfy { closed[one] >= closed[$0.0] + $0.1 - 0.01 }
      }
      if isFree { y = closed }
    }
    for member in middles.indices { middles[member] = (y[block[member]] * 2).rounded() / 2 + offset[member] }
  }

  /// Where a block may stand.
  struct Limits {
    var low = -Double.infinity
    var high = Double.infinity
    var isPlace: Bool { low == high }
    /// Of one without enough room the place behind those above it.
    func nearest(to wish: Double) -> Double { max(min(wish, high), low) }
  }

  /// Of blocks whose place is given that place, of others where these leave room.
  func limits(_ lists: Neighbours, _ order: [Int]) -> [Limits] {
    var limits = [Limits](repeating: Limits(), count: blockCount)
    let places = graph.nodes.indices.compactMap { node in graph.nodes[node].middle.map { (block[node], $0) } }
    guard !places.isEmpty else { return limits }
    for (one, middle) in places { limits[one] = Limits(low: middle, high: middle) }
    let isGiven = limits.map(\.isPlace)
    for one in order where !isGiven[one] {
      for (other, room) in lists.before(one) { limits[one].low = max(limits[one].low, limits[other].low + room) }
    }
    for one in order.reversed() where !isGiven[one] {
      for (other, room) in lists.after(one) { limits[one].high = min(limits[one].high, limits[other].high - room) }
    }
    return limits
  }

  /// Towards what each block wishes, with some of the last round's move, as groups that hang together move slowly.
  func settle(_ y: inout [Double], _ lists: Neighbours, _ order: [Int], _ limits: [Limits]) {
    var isHeavy = [Bool](repeating: false, count: blockCount)
    for node in graph.nodes.indices where graph.nodes[node].place != .last { isHeavy[block[node]] = true }
    var last = y
    let rounds = trunks.count <= Self.maxOfManyRounds ? Self.manyRounds : Self.rounds
    for round in 0..<rounds {
      let momentum = round < rounds - 8 ? Self.momentum : 0
      var wishes = wishes(zip(y, last).map { $0 + momentum * ($0 - $1) })
      for one in 0..<blockCount where !isHeavy[one] {
        // Where a wire leaves, it pushes nothing away.
        let low = lists.before(one).reduce(-Double.infinity) { isHeavy[$1.0] ? max($0, y[$1.0] + $1.1) : $0 }
        let high = lists.after(one).reduce(Double.infinity) { isHeavy[$1.0] ? min($0, y[$1.0] - $1.1) : $0 }
        if low <= high { wishes[one] = min(max(wishes[one], low), high) }
      }
      let next = between(wishes, lists, order, limits)
      last = y
      if zip(y, next).allSatisfy({ abs($0 - $1) < Self.settled }) { break }
      // Half of the way: places that wish for one another would change sides for ever.
      for one in 0..<blockCount { y[one] = (y[one] + next[one]) / 2 }
    }
  }

  /// Moves parts of the graph that nothing joins up to one another.
  func close(_ y: inout [Double], _ lists: Neighbours, _ order: [Int]) {
    var part = Array(0..<blockCount)
    func root(_ one: Int) -> Int {
      var one = one
      while part[one] != one {
        part[one] = part[part[one]]
        one = part[one]
      }
      return one
    }
    for segment in trunks.segments { part[root(block[segment.to])] = root(block[segment.from]) }
    var members = OrderedTable<Int, [Int]>()
    for one in order { members[root(one), default: []].append(one) }
    guard members.keys.count > 1 else { return }
    var isPlaced = [Bool](repeating: false, count: blockCount)
    var top: Double?
    for (_, blocks) in members {
      var slack = Double.infinity
      for one in blocks {
        for (other, room) in lists.before(one) where isPlaced[other] { slack = min(slack, y[one] - y[other] - room) }
      }
      let own = blocks.reduce(Double.infinity) { min($0, y[$1]) }
      // A part without one above it begins at the top, unless it stands above one that is placed.
      if slack == .infinity { slack = max(own - (top ?? own), 0) }
      for one in blocks {
        y[one] -= slack
        isPlaced[one] = true
      }
      top = min(top ?? .infinity, own - slack)
    }
  }

  /// In the middle between where blocks come to stand if those above push and if those below do.
  func between(_ wishes: [Double], _ lists: Neighbours, _ order: [Int], _ limits: [Limits]) -> [Double] {
    let nearest = zip(limits, wishes).map { $0.nearest(to: $1) }
    var (down, up) = (nearest, nearest)
    for one in order where !limits[one].isPlace {
      for (other, room) in lists.before(one) { down[one] = max(down[one], down[other] + room) }
    }
    for one in order.reversed() where !limits[one].isPlace {
      for (other, room) in lists.after(one) { up[one] = min(up[one], up[other] - room) }
    }
    return zip(down, up).map { ($0 + $1) / 2 }
  }

  /// Each column by itself, its middle where those of the others are.
  func centred(distances: [[Double]]) -> [Double] {
    var sums = [Double](repeating: 0, count: blockCount)
    var counts = [Double](repeating: 0, count: blockCount)
    for (row, gaps) in zip(rows, distances) {
      var y = -gaps.reduce(0, +) / 2
      for (place, member) in row.enumerated() {
        if place > 0 { y += gaps[place - 1] }
        sums[block[member]] += y - offset[member]
        counts[block[member]] += 1
      }
    }
    return zip(sums, counts).map { $0 / max($1, 1) }
  }

  /// Where each block would stand if it were alone.
  func wishes(_ y: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: blockCount)
    var weights = [Double](repeating: 0, count: blockCount)
    var followers: [(Int, of: Int, room: Double)] = []
    func add(_ member: Int, _ target: Double, _ weight: Double) {
      sums[block[member]] += (target - offset[member]) * weight
      weights[block[member]] += weight
    }
    for row in rows {
      for member in row {
        let sources = before.of(member)
        guard let first = sources.first else { continue }
        // Most have one source, in their own block.
        if sources.count == 1, block[first] == block[member] { continue }
        let isLevel = sources.contains { block[$0] == block[member] }
        if !isLevel {
          let mean = sources.reduce(0) { $0 + y[block[$1]] + offset[$1] } / Double(sources.count)
          add(member, mean, 1)
        }
        for source in sources where block[source] != block[member] {
          if isLevel, !isComputed(source) {
            // Beside a row that is level: as near to it as there is room, so that it pulls at nothing.
            let main = sources.first { block[$0] == block[member] } ?? source
            let isBelow = place[source] > place[main]
            let room = isBelow ? distance(main, source) : -distance(source, main)
            followers.append((source, member, room))
          } else {
            add(source, y[block[member]] + offset[member], isComputed(source) ? 0.1 : 0.5)
          }
        }
      }
    }
    var wishes = (0..<blockCount).map { weights[$0] > 0 ? sums[$0] / weights[$0] : y[$0] }
    // They go where the row goes.
    for (source, member, room) in followers {
      add(source, wishes[block[member]] + offset[member] + room, 1)
    }
    for (source, _, _) in followers { wishes[block[source]] = sums[block[source]] / weights[block[source]] }
    return wishes
  }

  /// Room under a box, and over it, for the wires that come in from there.
  func drops() -> [(Int, Int, Double)] {
    var drops: [(Int, Int, Double)] = []
    for row in rows.dropFirst() {
      for (position, member) in row.enumerated() where !trunks.isDummy(member) {
        let sources = before.of(member)
        let pair = sources.filter { block[$0] == block[member] }
        if pair.count == 2, let lower = pair.last, position + 1 < row.count {
          // The mark under the tab.
          let next = row[position + 1]
          let reach = offset[lower] + graph.nodes[lower].rise + graph.markHeight / 2 + 4
          drops.append((block[member], block[next], reach + above(next) - offset[next]))
        }
        guard let main = pair.first, pair.count == 1 else { continue }
        let room = WiredGraph.Wire.aside
        for source in sources where source != main {
          let rise = rises[source]
          if place[source] == place[main] + 1, position + 1 < row.count {
            let next = row[position + 1]
            guard !graph.isBeside(next, tabOf: member, trunks) else { continue }
            drops.append(
              (block[source], block[next], rise + room + above(next) + offset[source] - offset[next]))
          } else if place[source] == place[main] - 1, position > 0 {
            let last = row[position - 1]
            guard !graph.isBeside(last, tabOf: member, trunks) else { continue }
            drops.append(
              (block[last], block[source], rise + room + below(last) + offset[last] - offset[source]))
          }
        }
      }
    }
    return drops.filter { $0.0 != $0.1 }
  }
}
