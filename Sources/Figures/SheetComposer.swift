import Autograd

/// Composes the sheet of a graph: lanes below one another in sample order, alike because one lane is laid
/// out and repeated; the rest to their right; the leaves they share to their left.
struct SheetComposer<Placer: PiecePlacer> {
  let graph: ComputationGraph
  let division: LaneDivision
  let placer: Placer
  /// Sizes in the direction of the ranks and across, by node.
  let units: [Unit]
  let rankGap: Double
  /// Whether the sheet will be turned: the lanes' titles then stand before the first rank, not beside it.
  let isTransposed: Bool

  private static var laneTitleHeight: Double { 15 }
  private static var trunkGap: Double { 13 }

  func compose() throws -> Sheet {
    var sheet = Sheet()
    if division.lanes.isEmpty {
      let piece = Piece(graph: graph, nodes: division.common, isOutside: { _ in false })
      let placement = try place(piece)
      _ = add(placement, piece, to: &sheet, at: Point(x: 0, y: 0), lane: nil, nodes: nil)
      sheet.bounds = Rectangle(x: 0, y: 0, width: placement.size.width, height: placement.size.height)
    } else {
      try composeLanes(&sheet)
    }
    addLossRegion(&sheet)
    return sheet
  }

  private func place(_ piece: Piece) throws -> PiecePlacement {
    try PiecePlacement(piece, placer: placer, rankGap: rankGap, boxGap: Measure.boxGap) { member in
      switch member {
      case .value(let node): units[node]
      case .slot(let leaf, _): units[leaf]
      case .entry, .exit, .inlet: Unit(box: Size(width: 1, height: 6), disc: nil)
      }
    }
  }

  // MARK: Lanes

  private func composeLanes(_ sheet: inout Sheet) throws {
    let nodes = graph.nodes
    let first = division.lanes[0]
    let column = division.sharedLeaves.filter { nodes[$0].role != .constant }
    let exported = exportedNodes(first)
    let consumed = Set(first.flatMap { nodes[$0].operands })
    let needsExits = exported.count > 1 || exported.contains { consumed.contains($0) }
    let inColumn = Set(column)
    let piece = Piece(
      graph: graph, nodes: first, isOutside: { nodes[$0].lane == nil },
      exits: needsExits ? exported : [], hasEntry: inColumn.contains)
    let lane = try place(piece)

    // The column of shared leaves, then the gutter with one trunk for each, then the lanes.
    let columnWidth = column.map { units[$0].box.width }.max() ?? 0
    let gutter = column.isEmpty ? 0 : 18 + Self.trunkGap * Double(column.count) + 6
    let laneLeft = columnWidth + gutter
    let title = Self.laneTitleHeight - 4
    let laneHeight = lane.size.height + 2 * Measure.lanePadding + (isTransposed ? 0 : title)
    let laneWidth = lane.size.width + 2 * Measure.lanePadding + (isTransposed ? title : 0)
    let count = division.lanes.count
    let totalHeight = laneHeight * Double(count) + Measure.laneGap * Double(count - 1)

    var exits: [Int: Path] = [:]
    var slots: [(leaf: Int, spot: Int, entry: Path)] = []
    for (index, laneNodes) in division.lanes.enumerated() {
      let top = (laneHeight + Measure.laneGap) * Double(index)
      sheet.lanes.append(Rectangle(x: laneLeft, y: top, width: laneWidth, height: laneHeight))
      let origin = Point(
        x: laneLeft + Measure.lanePadding + (isTransposed ? title : 0),
        y: top + Measure.lanePadding + (isTransposed ? 0 : title))
      let same = Dictionary(uniqueKeysWithValues: zip(first, laneNodes))
      let spots = add(lane, piece, to: &sheet, at: origin, lane: index, nodes: same)
      for node in exported {
        guard let own = same[node], let spot = spots[.value(node)] else { continue }
        let frame = sheet.spots[spot].frame
        let right = Point(x: laneLeft + laneWidth, y: frame.center.y)
        if let path = lane.exits[node]?.moved(origin.x, origin.y) {
          exits[own] = path.appending(
            Path(from: path.end, to: Point(x: laneLeft + laneWidth, y: path.end.y)))
        } else {
          exits[own] = Path(from: Point(x: frame.right, y: frame.center.y), to: right)
        }
      }
      for (member, path) in lane.entries.sorted(by: { Piece.name($0.key) < Piece.name($1.key) }) {
        guard case .slot(let leaf, _) = member, let spot = spots[member] else { continue }
        slots.append((leaf, spot, path.moved(origin.x, origin.y)))
      }
    }
    addColumn(column, width: columnWidth, middle: totalHeight / 2, to: &sheet)
    addBranches(column, slots, columnWidth: columnWidth, laneLeft: laneLeft, to: &sheet)

    let right = try addRest(exits, left: laneLeft + laneWidth, middle: totalHeight / 2, to: &sheet)
    let columnTop = sheet.sharedRegion?.y ?? 0
    let columnBottom = sheet.sharedRegion?.bottom ?? 0
    let top = min(0, columnTop)
    sheet.bounds = Rectangle(
      x: sheet.sharedRegion?.x ?? 0, y: top, width: right - (sheet.sharedRegion?.x ?? 0),
      height: max(totalHeight, columnBottom) - top)
  }

  private func exportedNodes(_ lane: [Int]) -> [Int] {
    let members = Set(lane)
    var exported: [Int] = []
    for node in division.common {
      for operand in graph.nodes[node].operands where members.contains(operand) && !exported.contains(operand)
      {
        exported.append(operand)
      }
    }
    return exported
  }

  /// Adds a placed piece; `nodes` says which node of this lane stands for one of the piece.
  private func add(
    _ placement: PiecePlacement, _ piece: Piece, to sheet: inout Sheet, at origin: Point, lane: Int?,
    nodes: [Int: Int]?
  ) -> [Member: Int] {
    var spots: [Member: Int] = [:]
    for member in piece.members {
      guard let box = placement.boxes[member]?.moved(origin.x, origin.y) else { continue }
      switch member {
      case .value(let node):
        spots[member] = sheet.add(
          Sheet.Spot(
            node: nodes?[node] ?? node, kind: .value, frame: box,
            disc: placement.discs[node]?.moved(origin.x, origin.y)))
      case .slot(let leaf, let use):
        // Leaves of the lane itself have their own node in every lane.
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

  // MARK: Shared leaves

  private func addColumn(_ column: [Int], width: Double, middle: Double, to sheet: inout Sheet) {
    guard !column.isEmpty else { return }
    let gap = Measure.boxGap + 4
    let height = column.reduce(0) { $0 + units[$1].box.height } + gap * Double(column.count - 1)
    var y = middle - height / 2
    sheet.sharedRegion = Rectangle(x: 0, y: y, width: width, height: height).insetBy(-12)
    for leaf in column {
      let box = units[leaf].box
      // The one box stands for the value; its slots in the lanes repeat it.
      let spot = Sheet.Spot(
        node: leaf, kind: .shared,
        frame: Rectangle(x: width - box.width, y: y, width: box.width, height: box.height))
      sheet.spots.append(spot)
      sheet.main[leaf] = sheet.spots.count - 1
      y += box.height + gap
    }
  }

  private func addBranches(
    _ column: [Int], _ slots: [(leaf: Int, spot: Int, entry: Path)], columnWidth: Double,
    laneLeft: Double, to sheet: inout Sheet
  ) {
    let leftmost = slots.map { sheet.spots[$0.spot].frame.x }.min() ?? 0
    for (number, leaf) in column.enumerated() {
      guard let shared = sheet.main[leaf] else { continue }
      let box = sheet.spots[shared].frame
      let trunk = columnWidth + 18 + Self.trunkGap * Double(column.count - 1 - number)
      let ways = slots.filter { $0.leaf == leaf }.map { slot -> (spot: Int, way: Path) in
        let frame = sheet.spots[slot.spot].frame
        let left = Point(x: frame.x, y: frame.center.y)
        let through = Path(from: left, to: Point(x: frame.right, y: frame.center.y))
        if frame.x - leftmost < 1 {
          return (slot.spot, Path(from: Point(x: laneLeft, y: left.y), to: left).appending(through))
        }
        return (slot.spot, slot.entry.cut(fromX: laneLeft).appending(through))
      }
      let highest = ways.min { $0.way.start.y < $1.way.start.y }?.spot
      let lowest = ways.max { $0.way.start.y < $1.way.start.y }?.spot
      for (spot, way) in ways {
        let entry = way.start
        let knee = Point(x: trunk, y: box.center.y)
        let corner = Point(x: trunk, y: entry.y)
        let isAbove = entry.y <= box.center.y
        let corners: [Point]
        let beginsOnTrunk: Bool
        if spot == highest {
          corners = [Point(x: box.right, y: box.center.y), knee, corner, entry]
          beginsOnTrunk = false
        } else if spot == lowest, !isAbove {
          corners = [knee, corner, entry]
          beginsOnTrunk = true
        } else {
          corners = [corner, entry]
          beginsOnTrunk = true
        }
        sheet.branches.append(
          Sheet.Branch(
            shared: shared, slot: spot, path: Path(through: corners, radius: 6).appending(way),
            beginsOnTrunk: beginsOnTrunk))
      }
    }
  }

  // MARK: After the lanes

  /// Adds what follows the lanes, and the lines to it; returns the right end of the sheet.
  private func addRest(
    _ exits: [Int: Path], left: Double, middle: Double, to sheet: inout Sheet
  ) throws -> Double {
    guard !division.common.isEmpty else { return left }
    let nodes = graph.nodes
    let shared = Set(division.sharedLeaves)
    let piece = Piece(
      graph: graph, nodes: division.common, isOutside: { shared.contains($0) })
    let placement = try place(piece)
    let gap = 34 + min(Double(division.lanes.count), 6) * 6
    let origin = Point(x: left + gap, y: middle - placement.size.height / 2)
    let spots = add(placement, piece, to: &sheet, at: origin, lane: nil, nodes: nil)
    for node in division.common {
      guard let spot = spots[.value(node)], let disc = sheet.spots[spot].disc else { continue }
      let incoming = nodes[node].operands.enumerated().compactMap { position, operand in
        exits[operand].map { (position: position, operand: operand, exit: $0) }
      }.sorted { $0.exit.end.y < $1.exit.end.y }
      for (order, line) in incoming.enumerated() {
        guard let from = sheet.main[line.operand] else { continue }
        let inlet = Member.inlet(from: line.operand, to: node, position: line.position)
        var path = line.exit
        if let routed = placement.links.first(where: { $0.link.from == inlet }) {
          path = path.appending(Self.curve(from: path.end, to: routed.path.moved(origin.x, origin.y).start))
          path = path.appending(routed.path.moved(origin.x, origin.y))
        } else {
          // The arrows fan in over the left half of the circle, the outer ones from above and below.
          let share = incoming.count == 1 ? 0.5 : Double(order) / Double(incoming.count - 1)
          path = path.appending(Self.curve(from: path.end, to: disc, angle: (share - 0.5) * 2.6))
        }
        sheet.links.append(Sheet.Link(from: from, to: spot, position: line.position, path: path))
      }
    }
    return origin.x + placement.size.width
  }

  private static func curve(from start: Point, to end: Point) -> Path {
    let half = (end.x - start.x) / 2
    return Path(points: [start, start.moved(half, 0), end.moved(-half, 0), end])
  }

  /// A curve that leaves to the right and meets `disc` head on, `angle` radians below its left end.
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

  // MARK: Loss region

  private func addLossRegion(_ sheet: inout Sheet) {
    guard let loss = graph.loss else { return }
    let members = graph.lossMembers
    var frames: [Rectangle] = []
    for spot in sheet.spots {
      guard members.contains(spot.node) else { continue }
      frames.append(spot.frame)
      // The prediction's own circle belongs to the forward pass.
      if graph.nodes[spot.node].role != .prediction || spot.node == loss, let disc = spot.disc {
        frames.append(disc)
      }
    }
    guard var region = frames.first else { return }
    for frame in frames.dropFirst() { region = region.union(frame) }
    region = region.insetBy(-8)
    if let first = sheet.lanes.first, let last = sheet.lanes.last {
      let top = first.y - 8
      region = Rectangle(x: region.x, y: top, width: region.width, height: last.bottom + 8 - top)
    }
    sheet.lossRegion = region
    sheet.bounds = sheet.bounds.union(region)
  }
}

extension ComputationGraph {
  /// The values that make up the loss once the prediction is known: predictions, targets, and all that is
  /// computed from predictions; the loss alone where nothing is called a prediction.
  var lossMembers: Set<Int> {
    guard nodes.contains(where: { $0.role == .prediction }) else { return Set(loss.map { [$0] } ?? []) }
    var members = Set<Int>()
    for index in nodes.indices {
      let node = nodes[index]
      if node.role == .prediction || node.role == .target || index == loss
        || node.operands.contains(where: { members.contains($0) && nodes[$0].role != .target })
      {
        members.insert(index)
      }
    }
    return members
  }
}
