import GradvizDrawing

/// A graph whose boxes stand in columns and whose wires run level or upright, each with the gradient's wire
/// beside it.
///
/// By construction no wire runs through a box or a mark: verticals stand in channels between the columns, on tracks
/// of their own; what passes a column has a row of its own there; marks stand in zones of the channels that have no
/// tracks. Everything but the order in the columns is linear in the graph and in the columns that wires pass.
struct WiredGraph {
  struct Node {
    /// The box without its tab.
    var width: Double
    var height: Double
    /// The operation's tab, on the left edge; 0 for what is not computed here.
    var tab: Double
    /// How far above the middle its value's wire leaves, and its gradient's comes in below.
    var rise: Double
    /// Room that it needs above and below the box.
    var above: Double
    var below: Double
    var place: Place
    /// Where it stands across the columns, if that is settled.
    var middle: Double?
    /// Whether all its operands come in on one bus, as those of more operands than ports do.
    var hasBus = false
    /// Between the ports of several operands.
    var port = 10.0
    /// Whether it is where the wires of another part of the drawing come in.
    var isEntry = false

    init(
      width: Double, height: Double, tab: Double = 0, rise: Double, above: Double = 0, below: Double = 0,
      place: Place = .free, middle: Double? = nil
    ) {
      // Plain data: a parameter for each member that differs between nodes, most of them with a default.
      self.width = width
      self.height = height
      self.tab = tab
      self.rise = rise
      self.above = above
      self.below = below
      self.place = place
      self.middle = middle
    }
  }

  /// Where in the row of columns a node stands: as near as it can to what uses it, in the first column, or behind
  /// all others.
  enum Place: Sendable { case free, first, last }

  struct Link {
    var from: Int
    var to: Int
    /// The length of what stands on the gradient's wire: the local derivative, and the share of this use; 0 for nothing.
    var mark: Double
    var share: Double
    /// Whether a gradient comes back.
    var flows: Bool
    /// Whether its mark may stand under the tab.
    var isCompact = false

    init(from: Int, to: Int, mark: Double = 0, share: Double = 0, flows: Bool = true) {
      self.from = from
      self.to = to
      self.mark = mark
      self.share = share
      self.flows = flows
    }
  }

  /// In an order in which every link leads from an earlier node to a later one.
  var nodes: [Node]
  var links: [Link]
  /// Between boxes of a column.
  var boxGap: Double
  /// The same beside where a wire from outside comes in, which has no frame.
  var entryGap: Double
  /// How high a mark is across the columns.
  var markHeight: Double
  /// Beside a box, free of verticals and marks, for arrow heads and badges.
  var head = 12.0
  /// Between parallel verticals.
  var pitch = 8.0
  /// Shorter marks are dots, which may stand on verticals.
  var dot = 8.0

  init(nodes: [Node], links: [Link], boxGap: Double = 14, markHeight: Double = 17) {
    self.nodes = nodes
    self.links = links
    self.boxGap = boxGap
    entryGap = min(boxGap, 4)
    self.markHeight = markHeight
  }

  /// Measures of all wires.
  enum Wire {
    /// Between parallels.
    static let pitch = 8.0
    /// From a passing wire's middle to its value and its gradient, at the most.
    static let maxRise = 12.0
    /// Between a box and a passing wire.
    static let aside = 8.0
    /// From a box to the middle of a mark below it.
    static let under = 18.0
    /// More operands than these share a bus.
    static let maxPorts = 6
  }
}

/// Where everything stands, from the top left of all.
struct WiredPlacement {
  struct Wire {
    /// From the operand, or from where it leaves the wire of another link, to the operation.
    var forward: [Point] = []
    var beginsOnTrunk = false
    /// Whether it ends on the bus of an operation with many operands.
    var endsForwardOnTrunk = false
    /// From the operation to the operand, or to where it joins the gradient of another use.
    var gradient: [Point] = []
    var endsOnTrunk = false
    var beginsGradientOnTrunk = false
    /// The middles of its marks.
    var mark = Point(x: 0, y: 0)
    var share = Point(x: 0, y: 0)
  }

  /// The boxes without their tabs, and the tabs.
  var boxes: [Rectangle] = []
  var tabs: [Rectangle] = []
  var wires: [Wire] = []
  var columns: [Int] = []
  var width = 0.0
  var top = 0.0
  var height = 0.0
}

extension WiredGraph {
  /// Places the boxes and routes the wires.
  func placed(checkpoint: () throws -> Void = {}) rethrows -> WiredPlacement {
    let columns = columnOfEach()
    let trunks = Trunks(edges: links.map { ($0.from, $0.to) }, ranks: columns)
    try checkpoint()
    var order = RankOrder(trunks)
    try order.improve(checkpoint: checkpoint)
    try checkpoint()
    let rows = settled(order.rows)
    let placing = WireRows(self, trunks, rows)
    try checkpoint()
    return WireRouting(self, trunks, rows, placing).placement()
  }

  /// The longest way from the beginning; leaves stand in the column before their first user.
  private func columnOfEach() -> [Int] {
    var columns = [Int](repeating: 0, count: nodes.count)
    let users = Adjacency(count: nodes.count, edges: links.map { ($0.from, $0.to) })
    var isComputed = [Bool](repeating: false, count: nodes.count)
    for link in links { isComputed[link.to] = true }
    for node in nodes.indices {
      for user in users.of(node) { columns[user] = max(columns[user], columns[node] + 1) }
    }
    for node in nodes.indices.reversed() where !isComputed[node] && nodes[node].place == .free {
      if let first = users.of(node).map({ columns[$0] }).min() { columns[node] = max(0, first - 1) }
    }
    let last = columns.max() ?? 0
    if nodes.contains(where: { $0.place == .last }) {
      let end = (nodes.indices.filter { nodes[$0].place != .last }.map { columns[$0] }.max() ?? last) + 1
      for node in nodes.indices where nodes[node].place == .last { columns[node] = end }
    }
    return columns
  }

  /// How far above and below the middle of each member its wires are; what passes columns keeps the distance of its
  /// value where that is not too much.
  func rises(_ trunks: Trunks) -> [Double] {
    var rises = nodes.map(\.rise) + [Double](repeating: 0, count: trunks.count - nodes.count)
    for segment in trunks.segments where trunks.isDummy(segment.to) {
      rises[segment.to] = min(max(rises[segment.from], 5), Wire.maxRise)
    }
    return rises
  }

  /// The rows with those members in order whose places are settled.
  private func settled(_ rows: [[Int]]) -> [[Int]] {
    rows.map { row in
      let places = row.indices.filter { row[$0] < nodes.count && nodes[row[$0]].middle != nil }
      guard places.count > 1 else { return row }
      var result = row
      let order = places.map { row[$0] }.sorted { (nodes[$0].middle ?? 0, $0) < (nodes[$1].middle ?? 0, $1) }
      for (place, member) in zip(places, order) { result[place] = member }
      return result
    }
  }

  func hasBus(_ node: Int, operands: Int) -> Bool {
    nodes[node].hasBus && operands > 1 || operands > Wire.maxPorts
  }

  /// Whether a member of the same column leaves the way up to an operation's tab free.
  func isBeside(_ member: Int, tabOf node: Int, _ trunks: Trunks) -> Bool {
    !trunks.isDummy(member) && nodes[member].width + nodes[member].tab <= nodes[node].width - 3
      || !trunks.isDummy(member) && nodes[member].tab == 0 && nodes[member].width <= nodes[node].width + 0.5
  }
}
