import GradvizDrawing

/// The middles across the columns: chains exactly level, everything else as near to what it is connected with as the
/// order allows.
///
/// Members that must be level form blocks, as in Brandes & Köpf, "Fast and simple horizontal coordinate
/// assignment" (2001); the blocks settle between the places that their neighbours from above and from below leave
/// them.
struct WireRows {
  private(set) var middles: [Double]
  private let graph: WiredGraph
  private let trunks: Trunks
  private let rows: [[Int]]
  private let before: Adjacency
  private let after: Adjacency
  private var place: [Int]
  private var block: [Int] = []
  private var blockCount = 0
  /// From its block's middle to a member's.
  private var offset: [Double] = []
  private let operandCount: [Int]
  private let rises: [Double]
  /// The operations whose two operands come in straight, the lower one from another part of the drawing.
  private(set) var isPaired: [Bool] = []
  /// How far each operation's tab reaches above and below its middle.
  private(set) var tabs: [(up: Double, down: Double)] = []
  /// Room under boxes for the marks that stand there.
  private var underneath: [Double] = []
  /// The links whose wires come in under the tab or over it.
  private(set) var isThrough: [Bool] = []

  private static let rounds = 40
  /// The same of few blocks, where it costs nothing.
  private static let manyRounds = 160
  private static let maxOfManyRounds = 400
  private static let momentum = 0.6
  /// Less than any drawing shows.
  private static let settled = 0.01

  init(_ graph: WiredGraph, _ trunks: Trunks, _ rows: [[Int]]) {
    self.graph = graph
    self.trunks = trunks
    self.rows = rows
    before = Adjacency(count: trunks.count, edges: trunks.segments.map { ($0.to, $0.from) })
    after = Adjacency(count: trunks.count, edges: trunks.segments.map { ($0.from, $0.to) })
    place = [Int](repeating: 0, count: trunks.count)
    for row in rows { for (position, member) in row.enumerated() { place[member] = position } }
    middles = [Double](repeating: 0, count: trunks.count)
    var count = [Int](repeating: 0, count: graph.nodes.count)
    for link in graph.links { count[link.to] += 1 }
    operandCount = count
    rises = graph.rises(trunks)
    formBlocks()
    setTabs()
    settle()
  }

  private func isComputed(_ member: Int) -> Bool { !trunks.isDummy(member) && operandCount[member] > 0 }

  // MARK: Blocks

  private mutating func formBlocks() {
    var depth = [Int](repeating: 0, count: trunks.count)
    for row in rows.reversed() {
      for member in row { for next in after.of(member) { depth[member] = max(depth[member], depth[next] + 1) } }
    }
    var left = [Int](repeating: -1, count: trunks.count)
    var right = [Int](repeating: -1, count: trunks.count)
    for row in rows.dropFirst() {
      var wishes: [(from: Int, to: Int, rank: Int)] = []
      for member in row {
        if let (from, rank) = wish(member) { wishes.append((from, member, rank)) }
      }
      wishes.sort { ($0.rank, depth[$1.to], place[$0.to]) < ($1.rank, depth[$0.to], place[$1.to]) }
      // What is level already, by place in the column before: its partners' places must grow as well.
      var chosen: [(from: Int, to: Int)] = []
      for wish in wishes where right[wish.from] < 0 {
        let (a, b) = (place[wish.from], place[wish.to])
        var (low, high) = (0, chosen.count)
        while low < high {
          let middle = (low + high) / 2
          if chosen[middle].from < a { low = middle + 1 } else { high = middle }
        }
        if low > 0, chosen[low - 1].to > b { continue }
        if low < chosen.count, chosen[low].to < b { continue }
        chosen.insert((a, b), at: low)
        right[wish.from] = wish.to
        left[wish.to] = wish.from
      }
    }
    block = [Int](repeating: -1, count: trunks.count)
    for row in rows {
      for member in row where left[member] < 0 {
        var next = member
        while next >= 0 {
          block[next] = blockCount
          next = right[next]
        }
        blockCount += 1
      }
    }
    offset = [Double](repeating: 0, count: trunks.count)
    joinPairs()
  }

  /// A number without a gradient and the wires of another part below it, both straight into one operation's tab.
  private mutating func joinPairs() {
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    var isJoined = [Bool](repeating: false, count: blockCount)
    isPaired = [Bool](repeating: false, count: graph.nodes.count)
    for link in graph.links { uses[link.from] += 1 }
    let linksTo = Adjacency(count: graph.nodes.count, edges: graph.links.enumerated().map { ($1.to, $0) })
    for node in graph.nodes.indices where operandCount[node] == 2 && graph.nodes[node].tab > 0 {
      let links = Array(linksTo.of(node))
      let (upper, lower) = (graph.links[links[0]].from, graph.links[links[1]].from)
      guard upper != lower, uses[upper] == 1, uses[lower] == 1, operandCount[upper] + operandCount[lower] == 0,
        trunks.ways[links[0]].dummies.isEmpty, trunks.ways[links[1]].dummies.isEmpty,
        graph.nodes[lower].isEntry, !graph.links[links[0]].flows, place[lower] == place[upper] + 1
      else { continue }
      let quarter = graph.nodes[node].height / 4
      let (up, down) = (-quarter, quarter + graph.nodes[lower].rise)
      let upperRise = graph.nodes[upper].rise
      guard up + graph.nodes[upper].height / 2 + 5 <= quarter, !isJoined[block[node]] else { continue }
      isJoined[block[node]] = true
      isPaired[node] = true
      (block[upper], block[lower]) = (block[node], block[node])
      (offset[upper], offset[lower]) = (up + upperRise, down)
    }
  }

  /// What a member wants to be level with, and how urgently (0 is most).
  private func wish(_ member: Int) -> (from: Int, rank: Int)? {
    let sources = before.of(member)
    guard let first = sources.first else { return nil }
    if trunks.isDummy(member) { return (first, trunks.isDummy(first) ? 0 : 3) }
    if sources.allSatisfy({ $0 == first }) { return (first, 1) }
    var computed: Int?
    for source in sources where isComputed(source) {
      if let computed, computed != source { return nil }
      computed = source
    }
    if let computed { return (computed, 1) }
    let passing = sources.filter { trunks.isDummy($0) }
    if let only = passing.first, passing.allSatisfy({ $0 == only }) { return (only, 2) }
    return nil
  }

  // MARK: Tabs

  /// Of an operation with a level operand the others come in above and below: one of either side under the tab or over
  /// it, if its wires carry nothing else; what does not has ports of its own on a longer tab.
  private mutating func setTabs() {
    tabs = graph.nodes.map { ($0.height / 2, $0.height / 2) }
    underneath = [Double](repeating: 0, count: graph.nodes.count)
    for link in graph.links where link.isCompact && operandCount[link.to] == 1 && block[link.from] == block[link.to] {
      for node in [link.from, link.to] { underneath[node] = WiredGraph.Wire.under + graph.markHeight / 2 + 2 }
    }
    isThrough = [Bool](repeating: false, count: graph.links.count)
    let linksTo = Adjacency(count: graph.nodes.count, edges: graph.links.enumerated().map { ($1.to, $0) })
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    for link in graph.links { uses[link.from] += 1 }
    for node in graph.nodes.indices 
    where operandCount[node] > 1 && !graph.hasBus(node, operands: operandCount[node]) {
      let links = linksTo.of(node)
      func source(_ link: Int) -> Int { trunks.ways[link].dummies.last ?? graph.links[link].from }
      let level = links.filter { block[source($0)] == block[node] && offset[source($0)] == 0 }
      guard let main = level.first.map(source), level.count == 1 else {
        if operandCount[node] > 2 || graph.nodes[node].port > 10 {
          let half = max(graph.nodes[node].height / 2, Double(operandCount[node]) * graph.nodes[node].port)
          tabs[node] = (half, half)
        }
        continue
      }
      let rise = rises[main]
      for isAbove in [true, false] {
        let side = links.filter { source($0) != main && (place[source($0)] < place[main]) == isAbove }
        if let only = side.first, side.count == 1, uses[graph.links[only].from] == 1, graph.nodes[node].tab > 0 {
          isThrough[only] = true
        } else if !side.isEmpty {
          let reach = rise + Double(2 * side.count) * graph.nodes[node].port + 5
          if isAbove { tabs[node].up = max(tabs[node].up, reach) } else { tabs[node].down = max(tabs[node].down, reach) }
        }
      }
    }
  }

  // MARK: Places

  private func above(_ member: Int) -> Double {
    trunks.isDummy(member) ? rises[member] : tabs[member].up + graph.nodes[member].above
  }

  private func below(_ member: Int) -> Double {
    trunks.isDummy(member)
      ? rises[member] : tabs[member].down + max(graph.nodes[member].below, underneath[member])
  }

  private func distance(_ a: Int, _ b: Int) -> Double {
    let (one, two) = (trunks.isDummy(a), trunks.isDummy(b))
    let gap = one && two ? WiredGraph.Wire.pitch : one || two ? WiredGraph.Wire.aside : graph.boxGap
    return below(a) + gap + above(b)
  }

  private mutating func settle() {
    // Constraints between blocks, each block behind those above it.
    var constraints: [(Int, Int, Double)] = []
    for row in rows {
      for (a, b) in zip(row, row.dropFirst()) { constraints.append((block[a], block[b], distance(a, b) + offset[a] - offset[b])) }
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
    var fixed = [Double?](repeating: nil, count: blockCount)
    for node in graph.nodes.indices { if let middle = graph.nodes[node].middle { fixed[block[node]] = middle } }
    var y = centred(distances: rows.map { row in zip(row, row.dropFirst()).map { distance($0, $1) } })
    for one in 0..<blockCount { if let middle = fixed[one] { y[one] = middle } }
    y = between(y, lists, order, fixed)
    settle(&y, lists, order, fixed)
    if !fixed.contains(where: { $0 != nil }) { close(&y, lists, order) }
    for member in middles.indices { middles[member] = (y[block[member]] * 2).rounded() / 2 + offset[member] }
  }

  /// Towards what each block wishes, with some of the last round's move, as groups that hang together move slowly.
  private func settle(_ y: inout [Double], _ lists: Neighbours, _ order: [Int], _ fixed: [Double?]) {
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
      let next = between(wishes, lists, order, fixed)
      last = y
      if zip(y, next).allSatisfy({ abs($0 - $1) < Self.settled }) { break }
      // Half of the way: places that wish for one another would change sides for ever.
      for one in 0..<blockCount { y[one] = (y[one] + next[one]) / 2 }
    }
  }

  /// Moves parts of the graph that nothing joins up to one another.
  private func close(_ y: inout [Double], _ lists: Neighbours, _ order: [Int]) {
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
  private func between(_ wishes: [Double], _ lists: Neighbours, _ order: [Int], _ fixed: [Double?]) -> [Double] {
    var (down, up) = (wishes, wishes)
    for one in order {
      down[one] = fixed[one] ?? wishes[one]
      guard fixed[one] == nil else { continue }
      for (other, room) in lists.before(one) { down[one] = max(down[one], down[other] + room) }
    }
    for one in order.reversed() {
      up[one] = fixed[one] ?? wishes[one]
      guard fixed[one] == nil else { continue }
      for (other, room) in lists.after(one) { up[one] = min(up[one], up[other] - room) }
    }
    return zip(down, up).map { ($0 + $1) / 2 }
  }

  /// Each column by itself, its middle where those of the others are.
  private func centred(distances: [[Double]]) -> [Double] {
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
  private func wishes(_ y: [Double]) -> [Double] {
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
        guard sources.count > 0 else { continue }
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
  private func drops() -> [(Int, Int, Double)] {
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

/// Blocks that must stand above others, and by how much.
private struct Neighbours {
  private var predecessors: [[(Int, Double)]]
  private var successors: [[(Int, Double)]]

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
