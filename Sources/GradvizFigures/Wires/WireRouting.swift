import GradvizDrawing

/// The wires between placed boxes: tracks in the channels, the channels' widths, and the paths.
struct WireRouting {
  let graph: WiredGraph
  let trunks: Trunks
  let rows: [[Int]]
  let middles: [Double]
  var tabs: [(up: Double, down: Double)]
  let isThrough: [Bool]
  let isPaired: [Bool]
  let rises: [Double]
  var columnOf: [Int]
  var linksTo: Adjacency
  var linksFrom: Adjacency
  var operandCount: [Int]
  /// How many gradients come back to each node.
  var flowing: [Int]
  var position: [Int]
  /// What a wire that passes a column comes from in the column before.
  var previous: [Int]

  /// By link.
  var ports: [(value: WirePorts.Port, gradient: WirePorts.Port)] = []
  var gaps: [Gap] = []
  /// By link, whether a vertical stands where its mark would under the boxes.
  var isCrossed: [Bool]
  var left: [Double] = []
  var right: [Double] = []

  /// A place where a net ends on the right: at a tab or at the wire that passes the next column.
  struct Pin {
    enum End { case link(Int), passing(Int) }
    var y: Double
    var end: End
  }

  /// Wires of one value, or of its gradient, in one gap; or the bus of an operation of many operands.
  struct Net {
    var left: [(y: Double, link: Int)]
    var right: [Pin]
    var isGradient: Bool
    var isBus = false
  }

  struct Gap {
    var nets: [Net] = []
    var tracks: [Int] = []
    var count = 0
    /// The room for marks on either side of the tracks.
    var before = 0.0
    var behind = 0.0
  }

  typealias Wire = WiredGraph.Wire

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

  func rise(_ member: Int) -> Double { rises[member] }
  func value(_ member: Int) -> Double { middles[member] - rise(member) }
  func gradient(_ member: Int) -> Double { middles[member] + rise(member) }
  /// The member of the column before from which a link comes in.
  func source(_ link: Int) -> Int { trunks.ways[link].dummies.last ?? graph.links[link].from }
  func isShared(_ link: Int) -> Bool { flowing[graph.links[link].from] > 1 }
  func hasBus(_ node: Int) -> Bool { graph.hasBus(node, operands: operandCount[node]) }

  mutating func setPorts() {
    let none = WirePorts.Port(side: .left, at: 0)
    ports = [(value: WirePorts.Port, gradient: WirePorts.Port)](repeating: (none, none), count: graph.links.count)
    for node in graph.nodes.indices where operandCount[node] > 0 {
      let links = Array(linksTo.of(node))
      let tab = tabs[node]
      let arrivals = links.map { link -> WirePorts.Arrival in
        let source = source(link)
        return WirePorts.Arrival(
          value: value(source), gradient: gradient(source), flows: graph.links[link].flows,
          isLevel: abs(middles[source] - middles[node]) < 0.01,
          isThrough: (isThrough[link] || links.count == 2 && !isShared(link)) && isOpen(source, to: node))
      }
      let found = WirePorts(
        arrivals,
        tab: .init(
          middle: middles[node], up: tab.up, down: tab.down,
          width: graph.nodes[node].tab > 0 ? graph.nodes[node].tab : 18),
        rise: min(graph.nodes[node].rise, graph.nodes[node].height / 4), port: graph.nodes[node].port,
        hasBus: hasBus(node), isPaired: isPaired[node]
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
  func isOpen(_ source: Int, to node: Int) -> Bool {
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
  func goesUnder(_ link: Int) -> Bool {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    return graph.links[link].isCompact && !isCrossed[link] && operandCount[to] == 1
      && abs(middles[from] - middles[to]) < 0.01
      && trunks.ways[link].dummies.isEmpty && linksFrom.of(from).count == 1
  }

  /// Whether the mark stands under the tab, on the gradient's way to wires that come in from below.
  func standsUnder(_ link: Int) -> Bool {
    graph.links[link].isCompact && !isCrossed[link] && operandCount[graph.links[link].to] == 2 && !isShared(link)
      && ports[link].gradient.side == .bottom && ports[link].value.side == .left
  }

  /// Whether the dot on its gradient stands on a vertical.
  func standsOnVertical(_ link: Int) -> Bool {
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
  func standsBefore(_ link: Int) -> Bool {
    let (from, to) = (graph.links[link].from, graph.links[link].to)
    return graph.nodes[to].hasBus && graph.nodes[from].middle != nil && graph.links[link].share == 0
      && graph.links[link].mark <= graph.dot
  }
}
