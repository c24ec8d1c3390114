import Autograd
import GradvizDrawing

/// A piece with its members placed and its wires routed: top left at (0, 0), columns growing with x.
struct PiecePlacement {
  /// The wires of one use, with the middles of what stands on them.
  struct Wire {
    /// From the operand to the operation, and the gradient's back; nil where none flows.
    var forward: Path
    var gradient: Path?
    /// Whether the value's wire begins on that of another use, and the gradient's ends there.
    var beginsOnTrunk = false
    var endsOnTrunk = false
    /// Whether it ends on the bus of an operation with many operands, and the gradient's begins there.
    var endsOnBus = false
    var beginsOnBus = false
    var mark: Point
    var share: Point

    func moved(_ dx: Double, _ dy: Double) -> Wire {
      var result = self
      result.forward = forward.moved(dx, dy)
      result.gradient = gradient?.moved(dx, dy)
      result.mark = mark.moved(dx, dy)
      result.share = share.moved(dx, dy)
      return result
    }
  }

  /// The boxes, without the tabs.
  var boxes = OrderedTable<Member, Rectangle>()
  var tabs = OrderedTable<Int, Rectangle>()
  var links: [(link: PieceLink, wire: Wire)] = []
  /// The wires from a value to where it leaves the piece.
  var exits = OrderedTable<Int, Wire>()
  /// How far from the middle the wires of a member leave it.
  var rises = OrderedTable<Member, Double>()
  var size = Size(width: 0, height: 0)

  /// What a piece is placed by.
  struct Settings {
    var unit: (Member) -> Unit
    /// Whether a gradient comes back along a link, and how many links of a member have one.
    var flows: (PieceLink) -> Bool
    /// Whether the share of a link stands on it.
    var needsShare: (PieceLink, _ flowing: Int) -> Bool
    /// Operations whose operands all come in on one bus.
    var hasBus: (Int) -> Bool = { _ in false }
    var isTransposed = false
    /// Whether marks stand under tabs and gaps are as narrow as they can be.
    var isCompact = false
    /// Where members stand across the columns, if that is settled.
    var middles: [Member: Double] = [:]
    var checkpoint: () throws -> Void
  }

  init(_ piece: Piece, _ settings: Settings) throws {
    guard !piece.members.isEmpty else { return }
    var place: [Member: Int] = [:]
    place.reserveCapacity(piece.members.count)
    for (index, member) in piece.members.enumerated() { place[member] = index }
    var flowing = [Int](repeating: 0, count: piece.members.count)
    for link in piece.links where settings.flows(link) { flowing[place[link.from] ?? 0] += 1 }
    let graph = Self.graph(piece, place, flowing, settings)
    let placed = try graph.placed(checkpoint: settings.checkpoint)
    let (left, top) = (0.0, settings.middles.isEmpty ? placed.top : 0)
    for (index, member) in piece.members.enumerated() {
      boxes[member] = placed.boxes[index].moved(-left, -top).onGrid
      rises[member] = graph.nodes[index].rise
      if case .value(let node) = member, graph.nodes[index].tab > 0 {
        tabs[node] = placed.tabs[index].moved(-left, -top).onGrid
      }
    }
    func wire(_ index: Int) -> Wire {
      let wire = placed.wires[index]
      func path(_ corners: [Point]) -> Path { Path(through: corners, radius: 6).moved(-left, -top).onGrid }
      return Wire(
        forward: path(wire.forward), gradient: wire.gradient.isEmpty ? nil : path(wire.gradient),
        beginsOnTrunk: wire.beginsOnTrunk, endsOnTrunk: wire.endsOnTrunk, endsOnBus: wire.endsForwardOnTrunk,
        beginsOnBus: wire.beginsGradientOnTrunk, mark: wire.mark.moved(-left, -top).onGrid,
        share: wire.share.moved(-left, -top).onGrid)
    }
    links = piece.links.enumerated().map { ($1, wire($0)) }
    var next = piece.links.count
    for case .exit(let node) in piece.members {
      exits[node] = wire(next)
      next += 1
    }
    size = Size(width: placed.width.onGrid, height: placed.height.onGrid)
  }

  private static func graph(
    _ piece: Piece, _ place: [Member: Int], _ flowing: [Int], _ settings: Settings
  ) -> WiredGraph {
    let computed = Set(piece.links.map(\.to))
    var nodes = piece.members.map { member -> WiredGraph.Node in
      let unit = settings.unit(member)
      var node = WiredGraph.Node(
        width: unit.box.width, height: unit.box.height, rise: unit.rise, above: unit.above, below: unit.below,
        middle: settings.middles[member])
      switch member {
      case .value(let value):
        node.tab = computed.contains(value) ? unit.tab ?? 0 : 0
        node.hasBus = settings.hasBus(value)
        node.port = unit.port
      case .entry:
        node.place = .first
        node.isEntry = true
      case .inlet: node.place = settings.middles[member] == nil ? .free : .first
      case .exit: node.place = .last
      case .slot: break
      }
      return node
    }
    var links = piece.links.map { link -> WiredGraph.Link in
      let (from, to) = (place[link.from] ?? 0, place[.value(link.to)] ?? 0)
      guard settings.flows(link) else { return WiredGraph.Link(from: from, to: to, flows: false) }
      let unit = settings.unit(.value(link.user))
      let share = settings.needsShare(link, flowing[from])
      var result = WiredGraph.Link(
        from: from, to: to, mark: unit.marks.indices.contains(link.position) ? unit.marks[link.position] : 0,
        share: share && unit.shares.indices.contains(link.position) ? unit.shares[link.position] : 0)
      if case .entry = link.from, !settings.isTransposed { result.isCompact = true }
      if settings.isCompact, result.mark > Measure.dot, result.share == 0 { result.isCompact = true }
      return result
    }
    for case .exit(let node) in piece.members {
      links.append(WiredGraph.Link(from: place[.value(node)] ?? 0, to: place[.exit(node)] ?? 0))
      if let from = place[.value(node)], let to = place[.exit(node)] { nodes[to].rise = nodes[from].rise }
    }
    var graph = WiredGraph(nodes: nodes, links: links, boxGap: Measure.boxGap, markHeight: Measure.markHeight)
    graph.dot = Measure.dot
    if settings.isCompact { (graph.head, graph.pitch) = (Measure.narrowHead, Measure.narrowPitch) }
    return graph
  }
}
