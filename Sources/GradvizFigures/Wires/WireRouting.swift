import GradvizDrawing

/// The wires between placed boxes: tracks in the channels, the channels' widths, and the paths.
struct WireRouting {
  private let graph: WiredGraph
  private let trunks: Trunks
  private let rows: [[Int]]
  private let middles: [Double]
  private var tabs: [(up: Double, down: Double)]
  private let isThrough: [Bool]
  private let isPaired: [Bool]
  private let rises: [Double]
  private var columnOf: [Int]
  private var linksTo: Adjacency
  private var linksFrom: Adjacency
  private var operandCount: [Int]
  /// How many gradients come back to each node.
  private var flowing: [Int]
  private var position: [Int]
  /// What a wire that passes a column comes from in the column before.
  private var previous: [Int]

  /// By link.
  private var ports: [(value: WirePorts.Port, gradient: WirePorts.Port)] = []
  private var gaps: [Gap] = []
  /// By link, whether a vertical stands where its mark would under the boxes.
  private var isCrossed: [Bool]
  private var left: [Double] = []
  private var right: [Double] = []

  /// A place where a net ends on the right: at a tab or at the wire that passes the next column.
  private struct Pin {
    enum End { case link(Int), passing(Int) }
    var y: Double
    var end: End
  }

  /// Wires of one value, or of its gradient, in one gap; or the bus of an operation of many operands.
  private struct Net {
    var left: [(y: Double, link: Int)]
    var right: [Pin]
    var isGradient: Bool
    var isBus = false
  }

  private struct Gap {
    var nets: [Net] = []
    var tracks: [Int] = []
    var count = 0
    /// The room for marks on either side of the tracks.
    var before = 0.0
    var behind = 0.0
  }

  private typealias Wire = WiredGraph.Wire

  init(_ graph: WiredGraph, _ trunks: Trunks, _ rows: [[Int]], _ placing: WireRows) {
    self.graph = graph
    self.trunks = trunks
    self.rows = rows
    middles = placing.middles
    tabs = placing.tabs
    isThrough = placing.isThrough
    isPaired = placing.isPaired
    rises = graph.rises(trunks)
    columnOf = (0..<trunks.count).map { trunks.rank(of: $0) }
    linksTo = Adjacency(count: graph.nodes.count, edges: graph.links.enumerated().map { ($1.to, $0) })
    linksFrom = Adjacency(count: graph.nodes.count, edges: graph.links.enumerated().map { ($1.from, $0) })
    operandCount = graph.nodes.indices.map { [linksTo] in linksTo.of($0).count }
    isCrossed = [Bool](repeating: false, count: graph.links.count)
    flowing = [Int](repeating: 0, count: graph.nodes.count)
    for link in graph.links where link.flows { flowing[link.from] += 1 }
    position = [Int](repeating: 0, count: trunks.count)
    previous = [Int](repeating: -1, count: trunks.count)
    for row in rows { for (place, member) in row.enumerated() { position[member] = place } }
    setPorts()
    setNets()
    if findCrossed() { setNets() }
    setColumns()
  }

  // MARK: Members

  private func rise(_ member: Int) -> Double { rises[member] }
  private func value(_ member: Int) -> Double { middles[member] - rise(member) }
  private func gradient(_ member: Int) -> Double { middles[member] + rise(member) }
  /// The member of the column before from which a link comes in.
  private func source(_ link: Int) -> Int { trunks.ways[link].dummies.last ?? graph.links[link].from }
  private func isShared(_ link: Int) -> Bool { flowing[graph.links[link].from] > 1 }
  private func hasBus(_ node: Int) -> Bool { graph.hasBus(node, operands: operandCount[node]) }

  private mutating func setPorts() {
    let none = WirePorts.Port(side: .left, at: 0)
    ports = [(value: WirePorts.Port, gradient: WirePorts.Port)](repeating: (none, none), count: graph.links.count)
    for node in graph.nodes.indices where operandCount[node] > 0 {
      let links = Array(linksTo.of(node))
      let tab = tabs[node]
      let arrivals = links.map { link -> WirePorts.Arrival in
        let source = source(link)
        return WirePorts.Arrival(
          value: value(source), gradient: gradient(source), flows: graph.links[link].flows,
          isLevel: abs(middles[source] - middles[node]) < 0.01, isThrough: (isThrough[link] || links.count == 2 && !isShared(link)) && isOpen(source, to: node))
      }
      let found = WirePorts(
        arrivals, middle: middles[node], up: tab.up, down: tab.down,
        width: graph.nodes[node].tab > 0 ? graph.nodes[node].tab : 18, rise: min(graph.nodes[node].rise, graph.nodes[node].height / 4), port: graph.nodes[node].port, hasBus: hasBus(node),
        isPaired: isPaired[node]
      ).ports
      for (link, port) in zip(links, found) {
        ports[link] = port
        for port in [port.value, port.gradient] where port.side == .left {
          tabs[node].up = max(tabs[node].up, middles[node] - port.at + 5)
          tabs[node].down = max(tabs[node].down, port.at - middles[node] + 5)
        }
      }
    }
  }

  /// Whether wires at the height of `source` reach the tab of `node` from below or above without meeting a box.
  private func isOpen(_ source: Int, to node: Int) -> Bool {
    let row = rows[columnOf[node]]
    guard graph.nodes[node].tab > 0 else { return false }
    if middles[source] > middles[node] {
      guard value(source) >= middles[node] + tabs[node].down + 5 else { return false }
      var next = position[node] + 1
      while next < row.count {
        let member = row[next]
        if !trunks.isDummy(member), !graph.isBeside(member, tabOf: node, trunks) {
          return middles[member] - tabs[member].up - graph.nodes[member].above >= gradient(source) + 4
        }
        next += 1
      }
      return true
    }
    guard gradient(source) <= middles[node] - tabs[node].up - 5 else { return false }
    var last = position[node] - 1
    while last >= 0 {
      let member = row[last]
      if !trunks.isDummy(member), !graph.isBeside(member, tabOf: node, trunks) {
        return middles[member] + tabs[member].down + graph.nodes[member].below <= value(source) - 4
      }
      last -= 1
    }
    return true
  }

  /// Whether the mark of an operation's only operand stands under its tab: its gradient goes down there, through the
  /// mark, and up into the operand.
  private func goesUnder(_ link: Int) -> Bool {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    return graph.links[link].isCompact && !isCrossed[link] && operandCount[to] == 1 && abs(middles[from] - middles[to]) < 0.01
      && trunks.ways[link].dummies.isEmpty && linksFrom.of(from).count == 1
  }

  /// Whether the mark stands under the tab, on the gradient's way to wires that come in from below.
  private func standsUnder(_ link: Int) -> Bool {
    graph.links[link].isCompact && operandCount[graph.links[link].to] == 2 && !isShared(link)
      && ports[link].gradient.side == .bottom && ports[link].value.side == .left
  }

  /// Whether the dot on its gradient stands on a vertical.
  private func standsOnVertical(_ link: Int) -> Bool {
    let (mark, share) = (graph.links[link].mark, graph.links[link].share)
    guard mark > 0, mark <= graph.dot, share == 0, !isShared(link), !hasBus(graph.links[link].to) else { return false }
    let from = source(link)
    switch ports[link].gradient.side {
    case .left:
      return abs(ports[link].gradient.at - gradient(from)) >= 14 && trunks.ways[link].dummies.isEmpty
    case .bottom, .top:
      let to = graph.links[link].to
      let edge = middles[to] + (ports[link].gradient.side == .top ? -tabs[to].up : tabs[to].down)
      return abs(gradient(from) - edge) >= 14
    }
  }

  /// Whether the dot on a wire to a bus stands in front of where the wire comes in from another part of the drawing.
  private func standsBefore(_ link: Int) -> Bool {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    return graph.nodes[to].hasBus && graph.nodes[from].middle != nil && graph.links[link].share == 0
      && graph.links[link].mark <= graph.dot
  }

  // MARK: Channels

  /// The last link of a wire that passes columns flows if any of those that it carries does.
  private mutating func setNets() {
    gaps = [Gap](repeating: Gap(), count: max(rows.count - 1, 0))
    // Which wires that pass a column carry a gradient.
    var carries = [Bool](repeating: false, count: trunks.count)
    for (link, way) in trunks.ways.enumerated() where graph.links[link].flows {
      for dummy in way.dummies { carries[dummy] = true }
    }
    for segment in trunks.segments where trunks.isDummy(segment.to) { previous[segment.to] = segment.from }
    for dummy in stride(from: trunks.count - 1, through: trunks.nodeCount, by: -1)
    where carries[dummy] && previous[dummy] >= 0 { carries[previous[dummy]] = true }

    var pins = [[Pin]](repeating: [], count: trunks.count)
    var back = [[Pin]](repeating: [], count: trunks.count)
    for member in trunks.nodeCount..<max(trunks.count, trunks.nodeCount) {
      pins[previous[member]].append(Pin(y: value(member), end: .passing(member)))
      if carries[member] { back[previous[member]].append(Pin(y: gradient(member), end: .passing(member))) }
    }
    for (index, link) in graph.links.enumerated() where !hasBus(link.to) {
      let from = source(index)
      pins[from].append(Pin(y: arrival(index, ports[index].value, value(from)), end: .link(index)))
      if link.flows, !goesUnder(index) { back[from].append(Pin(y: arrival(index, ports[index].gradient, gradient(from)), end: .link(index))) }
    }
    for (column, row) in rows.enumerated().dropLast() {
      for member in row {
        if !pins[member].isEmpty {
          gaps[column].nets.append(Net(left: [(value(member), -1)], right: pins[member], isGradient: false))
        }
        if !back[member].isEmpty {
          gaps[column].nets.append(Net(left: [(gradient(member), -1)], right: back[member], isGradient: true))
        }
      }
      for node in rows[column + 1] where !trunks.isDummy(node) && hasBus(node) {
        let links = linksTo.of(node)
        let rise = min(graph.nodes[node].rise, graph.nodes[node].height / 4)
        gaps[column].nets.append(
          Net(
            left: links.map { (value(source($0)), $0) },
            right: [Pin(y: middles[node] - rise, end: .link(links.first ?? 0))], isGradient: false, isBus: true))
        let flowing = links.filter { graph.links[$0].flows }
        guard let first = flowing.first else { continue }
        gaps[column].nets.append(
          Net(
            left: flowing.map { (gradient(source($0)), $0) },
            right: [Pin(y: middles[node] + rise, end: .link(first))], isGradient: true, isBus: true))
      }
      let channel = Channel(gaps[column].nets.map { net in
        Channel.Net(left: net.left.map(\.y), right: net.right.map(\.y))
      })
      gaps[column].tracks = channel.tracks
      gaps[column].count = channel.count
    }
    for (index, link) in graph.links.enumerated()
    where link.mark + link.share > 0 && !goesUnder(index) && !standsOnVertical(index) {
      if standsUnder(index) && link.share == 0 || standsBefore(index) { continue }
      let room = link.mark + link.share + (link.mark > 0 && link.share > 0 ? 6 : 0)
      if isShared(index), !hasBus(link.to) {
        let gap = columnOf[link.to] - 1
        gaps[gap].behind = max(gaps[gap].behind, room)
      } else {
        let gap = columnOf[link.from]
        gaps[gap].before = max(gaps[gap].before, room)
      }
    }
  }

  /// Finds marks under boxes that verticals of their gap would cross; those stand in the gap.
  private mutating func findCrossed() -> Bool {
    var found = false
    for (index, link) in graph.links.enumerated() where goesUnder(index) {
      let floor = max(middles[link.from] + tabs[link.from].down, middles[link.to] + tabs[link.to].down)
      let (low, high) = (floor, floor + Wire.under + graph.markHeight / 2 + 2)
      let gap = gaps[columnOf[link.from]]
      isCrossed[index] = zip(gap.nets, gap.tracks).contains { net, track in
        guard track >= 0 else { return false }
        let pins = net.left.map(\.y) + net.right.map(\.y)
        return (pins.min() ?? 0) < high && (pins.max() ?? 0) > low
      }
      if isCrossed[index] { found = true }
    }
    return found
  }

  /// Where a link ends in the channel: at the left edge's port, or level with where it comes from.
  private func arrival(_ link: Int, _ port: WirePorts.Port, _ level: Double) -> Double {
    port.side == .left ? port.at : level
  }

  private mutating func setColumns() {
    var x = 0.0
    for (column, row) in rows.enumerated() {
      let width = row.reduce(0) { width, member in
        trunks.isDummy(member) ? width : max(width, graph.nodes[member].width + graph.nodes[member].tab)
      }
      left.append(x)
      x += width
      right.append(x)
      guard column < gaps.count else { continue }
      let gap = gaps[column]
      var room = 2 * graph.head
      if gap.before > 0 { room += gap.before + (gap.count > 0 ? 2 : 0) }
      if gap.count > 0 { room += Double(gap.count - 1) * graph.pitch + 4 }
      if gap.behind > 0 { room += gap.behind + 6 }
      x += max(room, 2 * graph.head + 2)
    }
  }

  private func trackX(_ column: Int, _ net: Int) -> Double? {
    let gap = gaps[column]
    guard gap.tracks[net] >= 0 else { return nil }
    // Counted from the right, where the operations are.
    let end = left[column + 1] - graph.head - (gap.behind > 0 ? gap.behind + 6 : 0) - 2
    return end - Double(gap.count - 1 - gap.tracks[net]) * graph.pitch
  }

  // MARK: Paths

  private func at(_ x: Double, _ y: Double) -> Point { Point(x: x, y: y) }

  func placement() -> WiredPlacement {
    var result = WiredPlacement()
    var tabs: [Rectangle] = []
    for (index, node) in graph.nodes.enumerated() {
      let end = right[columnOf[index]]
      let tab = self.tabs[index]
      result.boxes.append(
        Rectangle(x: end - node.width, y: middles[index] - node.height / 2, width: node.width, height: node.height))
      tabs.append(
        Rectangle(x: end - node.width - node.tab, y: middles[index] - tab.up, width: node.tab, height: tab.up + tab.down))
    }
    result.tabs = tabs
    result.columns = graph.nodes.indices.map { columnOf[$0] }
    result.wires = [WiredPlacement.Wire](repeating: .init(), count: graph.links.count)
    // What passes a column, by the wire that does.
    var passing = [[Point]](repeating: [], count: trunks.count)
    var passingBack = passing
    for column in gaps.indices {
      for (number, net) in gaps[column].nets.enumerated() {
        let track = trackX(column, number)
        if net.isBus { addBus(net, column, track, tabs, &result); continue }
        for (pin, points, joins) in pieces(net, column, track) {
          switch pin.end {
          case .passing(let member): if net.isGradient { passingBack[member] = points } else { passing[member] = points }
          case .link(let link):
            let whole = points + ending(link, net.isGradient ? ports[link].gradient : ports[link].value, tabs)
            if net.isGradient {
              result.wires[link].gradient = whole
              result.wires[link].endsOnTrunk = joins
            } else {
              result.wires[link].forward = whole
              result.wires[link].beginsOnTrunk = joins
            }
          }
        }
      }
    }
    for link in graph.links.indices where trunks.isDummy(source(link)) {
      // One of those that leave a wire in its last gap draws all of it.
      if !result.wires[link].beginsOnTrunk {
        result.wires[link].forward = way(to: source(link), passing) + result.wires[link].forward
      }
      if !result.wires[link].endsOnTrunk, !result.wires[link].gradient.isEmpty {
        result.wires[link].gradient = way(to: source(link), passingBack) + result.wires[link].gradient
      }
    }
    for link in graph.links.indices {
      result.wires[link].gradient.reverse()
      setMarks(link, tabs, &result)
    }
    let lows = graph.nodes.indices.map { middles[$0] - self.tabs[$0].up - graph.nodes[$0].above }
    let highs = graph.nodes.indices.map { middles[$0] + self.tabs[$0].down + graph.nodes[$0].below }
    let wires = result.wires.flatMap { $0.forward + $0.gradient }.map(\.y)
    let marks = graph.links.contains { $0.mark + $0.share > 0 } ? graph.markHeight / 2 : 1
    result.top = min(lows.min() ?? 0, (wires.min() ?? 0) - marks)
    result.height = max(highs.max() ?? 0, (wires.max() ?? 0) + marks) - result.top
    result.width = right.last ?? 0
    return result
  }

  /// From a value to the end of the wire that passes columns.
  private func way(to dummy: Int, _ pieces: [[Point]]) -> [Point] {
    var parts: [[Point]] = []
    var member = dummy
    while member >= 0, trunks.isDummy(member) {
      parts.append(pieces[member])
      member = previous[member]
    }
    return parts.reversed().flatMap { $0 }
  }

  /// The pieces of a net in its gap.
  private func pieces(_ net: Net, _ column: Int, _ track: Double?) -> [(Pin, [Point], Bool)] {
    let passing = net.right.firstIndex { if case .passing = $0.end { true } else { false } }
    let wires = Trunk.wires(
      from: at(right[column], net.left[0].y), track: track, to: net.right.map { at(left[column + 1], $0.y) },
      first: passing)
    return zip(net.right, wires).map { ($0, $1.points, $1.joins) }
  }

  /// From the channel to the tab.
  private func ending(
    _ link: Int, _ port: WirePorts.Port, _ tabs: [Rectangle]
  ) -> [Point] {
    let tab = tabs[graph.links[link].to]
    switch port.side {
    case .left: return [at(tab.x, port.at)]
    case .bottom, .top:
      let from = source(link)
      let isValue = abs(port.at - ports[link].value.at) < 0.01 && port.side == ports[link].value.side
      let y = isValue ? value(from) : gradient(from)
      return [at(tab.x + port.at, y), at(tab.x + port.at, port.side == .top ? tab.y : tab.bottom)]
    }
  }

  private func addBus(
    _ net: Net, _ column: Int, _ track: Double?, _ tabs: [Rectangle],
    _ result: inout WiredPlacement
  ) {
    guard let end = net.right.first?.y, case .link(let any) = net.right[0].end else { return }
    let from = right[column]
    let tab = tabs[graph.links[any].to].x
    let x = track ?? (left[column + 1] - graph.head)
    let order = net.left.sorted { (abs($0.y - end), $0.link) < (abs($1.y - end), $1.link) }
    var covered: (low: Double, high: Double)?
    for (y, link) in order {
      var points: [Point]
      let joins: Bool
      if let now = covered {
        let meets = min(max(y, now.low), now.high)
        points = abs(meets - y) < 0.01 ? [at(from, y), at(x, y)] : [at(from, y), at(x, y), at(x, meets)]
        covered = (min(now.low, y), max(now.high, y))
        joins = true
      } else {
        points = abs(y - end) < 0.01 ? [at(from, y), at(tab, y)] : [at(from, y), at(x, y), at(x, end), at(tab, end)]
        covered = (min(y, end), max(y, end))
        joins = false
      }
      if net.isGradient {
        result.wires[link].gradient = points
        result.wires[link].beginsGradientOnTrunk = joins
      } else {
        result.wires[link].forward = points
        result.wires[link].endsForwardOnTrunk = joins
      }
    }
  }

  private func setMarks(
    _ link: Int, _ tabs: [Rectangle], _ result: inout WiredPlacement
  ) {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    let (mark, share) = (graph.links[link].mark, graph.links[link].share)
    guard mark + share > 0 else { return }
    if goesUnder(link) {
      setUnder(link, tabs, &result)
      return
    }
    if standsOnVertical(link) {
      result.wires[link].mark = onVertical(result.wires[link].gradient)
      return
    }
    if standsBefore(link) {
      result.wires[link].mark = at(right[columnOf[from]] - 11, gradient(from))
      return
    }
    if standsUnder(link), share == 0 {
      let port = tabs[to].x + ports[link].gradient.at
      result.wires[link].mark = at(port + max(mark / 2 - 14, 0), gradient(source(link)))
      return
    }
    if isShared(link), !hasBus(to) {
      let y = arrival(link, ports[link].gradient, gradient(source(link)))
      let end = left[columnOf[to]] - graph.head
      result.wires[link].mark = at(end - mark / 2, y)
      result.wires[link].share = at(end - (mark > 0 ? mark + 6 : 0) - share / 2, y)
    } else {
      let y = gradient(from)
      let column = columnOf[from]
      let start = right[column] + graph.head
      // In the middle of a level wire, else before it turns.
      let gap = gaps[column]
      let room = gap.count == 0 ? left[column + 1] - graph.head - start : gap.before
      let begin = start + (room - mark - share - (mark > 0 && share > 0 ? 6 : 0)) / 2
      result.wires[link].mark = at(begin + share + (share > 0 ? 6 : 0) + mark / 2, y)
      result.wires[link].share = at(begin + share / 2, y)
    }
  }

  /// The way of a gradient under the boxes, with its mark.
  private func setUnder(_ link: Int, _ tabs: [Rectangle], _ result: inout WiredPlacement) {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    let mark = graph.links[link].mark
    let tab = tabs[to]
    let out = tab.x + tab.width / 2
    let source = result.boxes[from]
    let into = max(min(out - mark + 17, source.right - 12), source.x + 10)
    let floor = max(tab.bottom, source.bottom)
    let y = floor + Wire.under
    result.wires[link].gradient = [
      at(out, tab.bottom), at(out, y), at(into, y), at(into, source.bottom),
    ]
    // Not beyond the left edge of the first column.
    result.wires[link].mark = at(max((out + into) / 2, source.x + mark / 2 - 2), y)
  }

  /// The middle of the first vertical that has room for a dot.
  private func onVertical(_ points: [Point]) -> Point {
    for (a, b) in zip(points, points.dropFirst()) where abs(a.x - b.x) < 0.01 && abs(a.y - b.y) >= 10 {
      return at(a.x, (a.y + b.y) / 2)
    }
    return points.first ?? at(0, 0)
  }
}
