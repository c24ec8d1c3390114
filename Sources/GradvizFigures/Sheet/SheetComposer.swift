import Autograd

/// Composes the sheet of a graph: identical lanes in sample order, top to bottom, from the layout of one
/// lane; the rest to their right; the leaves they share to their left.
struct SheetComposer<Placer: PiecePlacer> {
  let graph: ComputationGraph
  let division: LaneDivision
  let placer: Placer
  /// Sizes along the ranks and across, by node.
  let units: [Unit]
  /// The same for places where a lane repeats a leaf.
  let slotUnits: [Unit]
  let rankGap: Double
  /// The preferred width of the sheet, beyond which it continues in a second row; nil for unlimited.
  var width: Double?
  /// Whether the sheet will be transposed: the titles of the lanes are then before the first rank, not beside
  /// it.
  let isTransposed: Bool
  /// The lead that an operation needs where the share of its operand at a position stands on the wire.
  let shareLead: (_ node: Int, _ position: Int) -> Double
  /// Whether the figure has too many boxes to be seen at once; these are placed in layers instead of by the
  /// placer.
  var isLarge = false
  /// Called between the steps of a large layout; an error it throws ends the layout.
  var checkpoint: () throws -> Void = {}

  static var laneTitleHeight: Double { 15 }
  static var trunkGap: Double { 12 }
  static var clearOfFrame: Double { 9 }

  func compose() throws -> Sheet {
    var sheet = Sheet()
    if division.lanes.isEmpty {
      try composeRows(&sheet)
    } else {
      try composeLanes(&sheet)
    }
    addLossRegion(&sheet)
    return sheet
  }

  func place(_ piece: Piece) throws -> PiecePlacement {
    let leads = shareLeads(piece)
    func unit(_ member: Member) -> Unit {
      switch member {
      case .value(let node): units[node].with(lead: leads[node] ?? 0)
      case .slot(let leaf, _): slotUnits[leaf]
      case .entry, .exit, .inlet: Unit(box: Size(width: 1, height: 6), disc: nil)
      }
    }
    if isLarge || piece.isLarge {
      return try PiecePlacement(
        layered: piece, rankGap: rankGap, boxGap: Measure.boxGap, unit: unit, checkpoint: checkpoint)
    }
    return try PiecePlacement(piece, placer: placer, rankGap: rankGap, boxGap: Measure.boxGap, unit: unit)
  }

  /// Where one box of a leaf has several uses in a piece, their shares stand on their wires.
  private func shareLeads(_ piece: Piece) -> [Int: Double] {
    var uses: [Member: Int] = [:]
    for link in piece.links { uses[link.from, default: 0] += 1 }
    var leads: [Int: Double] = [:]
    for link in piece.links where uses[link.from, default: 0] > 1 {
      if case .value(let operand) = link.from, !graph.nodes[operand].isLeaf { continue }
      leads[link.to] = max(leads[link.to] ?? 0, shareLead(link.to, link.position))
    }
    return leads
  }

  /// Adds a placed piece; `nodes` maps its nodes to those of this lane.
  func add(
    _ placement: PiecePlacement, _ piece: Piece, to sheet: inout Sheet, at origin: Point, lane: Int?,
    nodes: [Int: Int]?
  ) -> OrderedTable<Member, Int> {
    var spots = OrderedTable<Member, Int>()
    for member in piece.members {
      guard let box = placement.boxes[member]?.moved(origin.x, origin.y) else { continue }
      switch member {
      case .value(let node):
        spots[member] = sheet.add(
          Sheet.Spot(
            node: nodes?[node] ?? node, kind: .value, frame: box,
            disc: placement.discs[node]?.moved(origin.x, origin.y)))
      case .slot(let leaf, let use):
        // A lane's own leaves have a separate node in every lane.
        spots[member] = sheet.add(
          Sheet.Spot(node: nodes?[leaf] ?? leaf, kind: .slot(lane: lane, use: use), frame: box))
      case .entry, .exit, .inlet: break
      }
    }
    for (link, path) in placement.links {
      guard let from = spots[link.from], let to = spots[.value(link.to)] else { continue }
      sheet.links.append(
        Sheet.Link(from: from, to: to, position: link.position, path: path.moved(origin.x, origin.y)))
    }
    return spots
  }

  // MARK: After the lanes

  /// The layout of everything after the lanes.
  struct Rest {
    var piece: Piece
    var placement: PiecePlacement
    /// The gap between the lanes and the rest, where the lines fan in.
    var gap: Double
    var size: Size { placement.size }
  }

  func placeRest() throws -> Rest? {
    guard !division.common.isEmpty else { return nil }
    let shared = Set(division.sharedLeaves)
    let piece = Piece(graph: graph, nodes: division.common, isOutside: { shared.contains($0) })
    return Rest(
      piece: piece, placement: try place(piece),
      gap: 26 + min(Double(division.lanes.count), 6) * 6 + (division.common.map { units[$0].lead }.max() ?? 0)
    )
  }

  /// Adds everything after the lanes, and the lines to it.
  func addRest(_ rest: Rest, _ exits: [Int: Path], left: Double, middle: Double, to sheet: inout Sheet) {
    let nodes = graph.nodes
    let placement = rest.placement
    let origin = Point(x: left + rest.gap, y: middle - placement.size.height / 2)
    let spots = add(placement, rest.piece, to: &sheet, at: origin, lane: nil, nodes: nil)
    for node in division.common {
      guard let spot = spots[.value(node)] else { continue }
      let frame = sheet.spots[spot].frame
      let disc = sheet.spots[spot].disc ?? Rectangle(x: frame.x, y: frame.center.y, width: 0, height: 0)
      let incoming = nodes[node].operands.enumerated().compactMap { position, operand in
        exits[operand].map { (position: position, operand: operand, exit: $0) }
      }.sorted { $0.exit.end.y < $1.exit.end.y }
      for (order, line) in incoming.enumerated() {
        guard let from = sheet.main[line.operand] else { continue }
        let inlet = Member.inlet(from: line.operand, to: node, position: line.position)
        // Level until it is clear of the lane's frame, so that no gradient beside it runs along that.
        var path = line.exit.appending(Path(from: line.exit.end, to: line.exit.end.moved(Self.clearOfFrame, 0)))
        if let routed = placement.links.first(where: { $0.link.from == inlet }) {
          path = path.appending(Self.curve(from: path.end, to: routed.path.moved(origin.x, origin.y).start))
          path = path.appending(routed.path.moved(origin.x, origin.y))
        } else {
          // The arrows fan in on the left half of the circle, the outer ones from above and below.
          let share = incoming.count == 1 ? 0.5 : Double(order) / Double(incoming.count - 1)
          path = path.appending(Self.curve(from: path.end, to: disc, angle: (share - 0.5) * 2.6))
        }
        sheet.links.append(Sheet.Link(from: from, to: spot, position: line.position, path: path))
      }
    }
  }

  private static func curve(from start: Point, to end: Point) -> Path {
    let half = (end.x - start.x) / 2
    return Path(points: [start, start.moved(half, 0), end.moved(-half, 0), end])
  }

  /// A curve that starts to the right and meets `disc` head-on, `angle` radians below its left end.
  private static func curve(from start: Point, to disc: Rectangle, angle: Double) -> Path {
    let radius = disc.width / 2
    let angle = abs(start.y - disc.center.y) < 1 ? 0 : angle
    let direction = Point(x: -cosine(angle), y: sine(angle))
    let rim = disc.center.moved(direction.x * radius, direction.y * radius)
    let reach = min(max(abs(start.y - rim.y) * 0.6, 14), 90)
    return Path(points: [
      start, start.moved(max(rim.x - start.x, 20) * 0.62, 0),
      rim.moved(direction.x * reach, direction.y * reach), rim,
    ])
  }
}
