import GradvizDrawing

/// The middles across the columns: chains exactly level, everything else as near to what it is connected with as the
/// order allows.
///
/// Members that must be level form blocks, as in Brandes & Köpf, "Fast and simple horizontal coordinate
/// assignment" (2001); the blocks settle between the places that their neighbours from above and from below leave
/// them.
struct WireRows {
  var middles: [Double]
  let graph: WiredGraph
  let trunks: Trunks
  let rows: [[Int]]
  let before: Adjacency
  let after: Adjacency
  var place: [Int]
  var block: [Int] = []
  var blockCount = 0
  /// From its block's middle to a member's.
  var offset: [Double] = []
  let operandCount: [Int]
  let rises: [Double]
  /// The operations whose two operands come in straight, the lower one from another part of the drawing.
  var isPaired: [Bool] = []
  /// How far each operation's tab reaches above and below its middle.
  var tabs: [(up: Double, down: Double)] = []
  /// Room under boxes for their marks.
  var underneath: [Double] = []
  /// The links whose wires come in under the tab or over it.
  var isThrough: [Bool] = []

  static let rounds = 40
  /// The same of few blocks, where it costs nothing.
  static let manyRounds = 160
  static let maxOfManyRounds = 400
  static let momentum = 0.6
  /// Less than any drawing shows.
  static let settled = 0.01

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
    // Operations that are level with an operand by chance have longer tabs as well.
    if lengthenTabs() { settle() }
  }

  func isComputed(_ member: Int) -> Bool { !trunks.isDummy(member) && operandCount[member] > 0 }

  // MARK: Blocks

  mutating func formBlocks() {
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
  mutating func joinPairs() {
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
  func wish(_ member: Int) -> (from: Int, rank: Int)? {
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
  mutating func setTabs() {
    tabs = graph.nodes.map { ($0.height / 2, $0.height / 2) }
    underneath = [Double](repeating: 0, count: graph.nodes.count)
    for link in graph.links where link.isCompact && operandCount[link.to] == 1 && block[link.from] == block[link.to] {
      // The way runs below the lower one of the two.
      let ends = [link.from, link.to].map { ($0, bottom: offset[$0] + graph.nodes[$0].height / 2) }
      let floor = ends.reduce(-Double.infinity) { max($0, $1.bottom) }
      for (node, bottom) in ends {
        let room = floor - bottom + WiredGraph.Wire.under + graph.markHeight / 2 + 2
        underneath[node] = max(underneath[node], room)
      }
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
          if isAbove {
            tabs[node].up = max(tabs[node].up, reach)
          } else {
            tabs[node].down = max(tabs[node].down, reach)
          }
        }
      }
    }
  }

  /// Where an operand of no chain has come to stand level with its operation, the others' ports are above and below its
  /// own.
  ///
  /// - Returns: whether a tab has become longer.
  private mutating func lengthenTabs() -> Bool {
    let before = tabs.map { [$0.up, $0.down] }
    let linksTo = Adjacency(count: graph.nodes.count, edges: graph.links.enumerated().map { ($1.to, $0) })
    var uses = [Int](repeating: 0, count: graph.nodes.count)
    for link in graph.links { uses[link.from] += 1 }
    func source(_ link: Int) -> Int { trunks.ways[link].dummies.last ?? graph.links[link].from }
    for node in graph.nodes.indices
    where operandCount[node] > 1 && graph.nodes[node].tab > 0 && !isPaired[node]
      && !graph.hasBus(node, operands: operandCount[node])
    {
      let level = linksTo.of(node).map(source).filter { abs(middles[$0] - middles[node]) < Self.settled }
      guard level.count == 1, block[level[0]] != block[node] else { continue }
      let shared = linksTo.of(node).filter { source($0) != level[0] && uses[graph.links[$0].from] > 1 }
      let above = shared.count { middles[source($0)] < middles[node] }
      func reach(_ count: Int) -> Double {
        count == 0 ? 0 : rises[level[0]] + Double(2 * count) * graph.nodes[node].port + 5
      }
      tabs[node].up = max(tabs[node].up, reach(above))
      tabs[node].down = max(tabs[node].down, reach(shared.count - above))
    }
    return tabs.map { [$0.up, $0.down] } != before
  }
}
