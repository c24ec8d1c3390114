import Autograd

/// A piece with placed members: the top left is (0, 0), and ranks grow with x.
struct PiecePlacement {
  /// The boxes, without the circles.
  var boxes = OrderedTable<Member, Rectangle>()
  var discs = OrderedTable<Int, Rectangle>()
  var links: [(link: PieceLink, path: Path)] = []
  /// From the piece's left side to a slot's left end.
  var entries = OrderedTable<Member, Path>()
  /// From a value's box to the piece's right side.
  var exits = OrderedTable<Int, Path>()
  var size = Size(width: 0, height: 0)

  /// Lays out `piece`.
  ///
  /// All members of a rank have the same extent, so that boxes of a rank end on one line.
  init(
    _ piece: Piece, placer: some PiecePlacer, rankGap: Double, boxGap: Double,
    unit: (Member) -> Unit
  ) throws {
    guard !piece.members.isEmpty else { return }
    let units = piece.members.map(unit)
    let ranks = PieceRanks(piece).ranks
    var extents = [Double](repeating: 1, count: (ranks.max() ?? 0) + 1)
    // The rank of a value may be wider because of another value's labels.
    var leads = [Double](repeating: 0, count: extents.count)
    for (unit, rank) in zip(units, ranks) {
      extents[rank] = max(extents[rank], unit.along)
      leads[rank] = max(leads[rank], unit.lead)
    }
    let sizes = zip(units, ranks).map { Size(width: extents[$1], height: $0.across) }
    let placed = try placer.place(piece.dot(rankGap: rankGap, boxGap: boxGap, ranks: ranks, sizes: sizes))

    var slotLeft: [Member: Double] = [:]
    var leadOfNode: [Int: Double] = [:]
    for (index, member) in piece.members.enumerated() {
      let unit = units[index]
      guard let center = placed.centers[Piece.name(member)] else { continue }
      let right = center.x + sizes[index].width / 2
      slotLeft[member] = center.x - sizes[index].width / 2
      let box = Rectangle(
        x: right - unit.box.width, y: center.y - unit.box.height / 2, width: unit.box.width,
        height: unit.box.height)
      boxes[member] = box
      guard case .value(let node) = member else { continue }
      leadOfNode[node] = leads[ranks[index]]
      if let disc = unit.disc {
        discs[node] = Rectangle(
          x: box.x - Measure.link - disc.width, y: center.y - disc.height / 2, width: disc.width,
          height: disc.height)
      }
    }
    route(piece, placed, rankGap: rankGap, lead: { leadOfNode[$0] ?? 0 }, slotLeft: slotLeft)
    trim()
  }

  /// The gap between arrows from one box to the same circle at their start, with space for a share on each.
  static let parallelGap = 28.0

  private mutating func route(
    _ piece: Piece, _ placed: PlacedPiece, rankGap: Double, lead: (Int) -> Double,
    slotLeft: [Member: Double]
  ) {
    // The number of arrows from one box to the same circle, to fan them out.
    var parallel: [[Member]: Int] = [:]
    for link in piece.links { parallel[[link.from, .value(link.to)], default: 0] += 1 }
    var counted: [[Member]: Int] = [:]
    let ports = ports(of: piece)
    for (index, link) in piece.links.enumerated() {
      guard let box = boxes[link.from], let disc = discs[link.to] ?? ports[index] else { continue }
      let key = [link.from, Member.value(link.to)]
      let count = parallel[key] ?? 1
      let number = counted[key, default: 0]
      counted[key] = number + 1
      let spread = (Double(number) - Double(count - 1) / 2) * Self.parallelGap
      var start = Point(x: box.right, y: box.center.y + spread)
      // Inlets enter from the left of all boxes, wherever dot has put their ends.
      if case .inlet = link.from { start.x = min(start.x, boxesLeft) }
      let gap = disc.x - box.right
      let next = (slotLeft[.value(link.to)] ?? disc.x) - box.right
      let knee = Point(x: disc.x - rankGap, y: start.y)
      if case .inlet = link.from, knee.x > start.x, isFree(from: start, to: knee) {
        // Level up to the operands beside it.
        let end = Self.direct(from: knee, to: disc, spread: spread)
        links.append((link, Path(from: start, to: knee).appending(end)))
      } else if gap <= rankGap + lead(link.to) + 34,
        isClear(Self.direct(from: start, to: disc, spread: spread), link)
      {
        links.append((link, Self.direct(from: start, to: disc, spread: spread)))
      } else if next <= rankGap + 2, let left = slotLeft[.value(link.to)] {
        // A wider box of the rank may be in the way of a straight line: go level in front of it.
        let lean = min(max((start.y - disc.center.y) * 0.12, -7), 7)
        let knee = Point(x: left - 4, y: disc.center.y + lean)
        let half = (knee.x - start.x) / 2
        let path = Path(points: [start, start.moved(half * 0.7, 0), knee.moved(-half, 0), knee])
        links.append((link, path.appending(Path(from: knee, to: Self.edge(of: disc, towards: knee)))))
      } else if var points = placed.paths[Piece.edgeID(link)], points.count >= 4 {
        let entry = points[points.count - 1]
        points[0] = start
        let tip = Self.edge(of: disc, towards: Point(x: disc.x - 10, y: disc.center.y))
        if tip.x - entry.x > 0.5 {
          points += Path(from: entry, to: tip).points.dropFirst()
        } else {
          points[points.count - 1] = tip
        }
        links.append((link, Path(points: points)))
      } else {
        links.append((link, Self.direct(from: start, to: disc, spread: spread)))
      }
      if case .inlet = link.from, knee.x > start.x, !isClear(links[links.count - 1].path, link),
        let path = levelPath(from: start, to: disc, knee: knee.x, link)
      {
        links[links.count - 1].path = path
      }
    }
    for member in piece.members {
      switch member {
      case .entry(let leaf, let use):
        if let points = placed.paths[Piece.name(member)], let slot = boxes[.slot(leaf: leaf, use: use)] {
          var path = Path(points: points)
          let end = Point(x: slot.x, y: slot.center.y)
          if end.distance(to: path.end) > 0.5 {
            path.points += Path(from: path.end, to: end).points.dropFirst()
          }
          entries[.slot(leaf: leaf, use: use)] = path
        }
      case .exit(let node):
        if let points = placed.paths[Piece.name(member)] { exits[node] = Path(points: points) }
      case .value, .slot, .inlet: break
      }
    }
  }

  /// Where arrows arrive at a box that stands for several values and has no circle: along its left side, in
  /// the order of what they come from; by the number of the link.
  func ports(of piece: Piece) -> [Int: Rectangle] {
    var arriving = OrderedTable<Int, [Int]>()
    for (index, link) in piece.links.enumerated() where discs[link.to] == nil {
      arriving[link.to, default: []].append(index)
    }
    var ports: [Int: Rectangle] = [:]
    for (node, links) in arriving {
      guard let box = boxes[.value(node)] else { continue }
      let order = links.sorted {
        (boxes[piece.links[$0].from]?.center.y ?? 0, $0) < (boxes[piece.links[$1].from]?.center.y ?? 0, $1)
      }
      for (place, link) in order.enumerated() {
        let share = Double(place + 1) / Double(order.count + 1)
        ports[link] = Rectangle(x: box.x, y: box.y + box.height * share, width: 0, height: 0)
      }
    }
    return ports
  }

  /// Whether a path meets no box but the one it comes from, and no circle but its own.
  private func isClear(_ path: Path, _ link: PieceLink) -> Bool {
    let bounds = path.bounds
    func passes(_ frame: Rectangle) -> Bool {
      guard frame.intersects(bounds) else { return true }
      let inner = frame.insetBy(1)
      return (0...24).allSatisfy { step in
        let point = path.point(at: Double(step) / 24)
        return point.x < inner.x || point.x > inner.right || point.y < inner.y || point.y > inner.bottom
      }
    }
    return boxes.allSatisfy { member, frame in
      switch member {
      case .entry, .exit, .inlet: true
      case .value, .slot:
        member == link.from || member == .value(link.to) && discs[link.to] == nil || passes(frame)
      }
    } && discs.allSatisfy { node, frame in node == link.to || passes(frame) }
  }

  /// Whether a level line meets no box.
  private func isFree(from start: Point, to end: Point) -> Bool {
    let corridor = Rectangle(x: start.x, y: start.y - 8, width: end.x - start.x, height: 16)
    return boxes.allSatisfy { member, frame in
      switch member {
      case .value, .slot: !frame.intersects(corridor)
      case .entry, .exit, .inlet: true
      }
    }
  }

  /// A line that comes in between the boxes: level at the free height nearest to `start`'s, then to the circle; nil
  /// where there is none.
  private func levelPath(from start: Point, to disc: Rectangle, knee: Double, _ link: PieceLink) -> Path? {
    let heights = boxes.flatMap { _, frame in [frame.y - 9, frame.bottom + 9] }
      .sorted { (abs($0 - start.y), $0) < (abs($1 - start.y), $1) }
    for height in heights {
      let (begin, turn) = (Point(x: start.x, y: height), Point(x: knee, y: height))
      let end = Self.direct(from: turn, to: disc, spread: 0)
      if isFree(from: begin, to: turn), isClear(end, link) {
        return Path(from: begin, to: turn).appending(end)
      }
    }
    return nil
  }

  /// A straight arrow to the rim of a circle.
  static func direct(from start: Point, to disc: Rectangle, spread: Double) -> Path {
    let aim = Point(x: disc.center.x, y: disc.center.y + spread * 0.55)
    let reach = Point(x: start.x, y: start.y)
    return Path(from: start, to: edge(of: disc, towards: reach, aim: aim))
  }

  /// The point on the rim of `disc` on the line from its center, or from `aim`, to `point`.
  static func edge(of disc: Rectangle, towards point: Point, aim: Point? = nil) -> Point {
    let center = aim ?? disc.center
    let dx = point.x - center.x
    let dy = point.y - center.y
    let length = max((dx * dx + dy * dy).squareRoot(), 0.001)
    if disc.width - disc.height > 0.5 || disc.height - disc.width > 0.5 {
      // For a wide mark: the left or right side, or the top or bottom, whichever the line meets first.
      let scale = min(
        abs(dx) > 0.001 ? disc.width / 2 / abs(dx) : .infinity,
        abs(dy) > 0.001 ? disc.height / 2 / abs(dy) : .infinity)
      return Point(x: center.x + dx * scale, y: center.y + dy * scale)
    }
    let radius = disc.width / 2
    let offset = Point(x: center.x - disc.center.x, y: center.y - disc.center.y)
    // The distance along the line from `aim` to the circle around the center.
    let b = (offset.x * dx + offset.y * dy) / length
    let c = offset.x * offset.x + offset.y * offset.y - radius * radius
    let t = -b + max(b * b - c, 0).squareRoot()
    return Point(x: center.x + dx / length * t, y: center.y + dy / length * t)
  }

  /// Moves everything so that the boxes, circles and lines begin at (0, 0), on the grid: sums of what stands
  /// on it are exact.
  mutating func trim() {
    boxes = boxes.mapValues(\.onGrid)
    discs = discs.mapValues(\.onGrid)
    links = links.map { ($0.link, $0.path.onGrid) }
    entries = entries.mapValues(\.onGrid)
    exits = exits.mapValues(\.onGrid)
    var frames = discs.values
    for (member, frame) in boxes {
      switch member {
      case .value, .slot: frames.append(frame)
      case .entry, .exit, .inlet: break
      }
    }
    frames += links.map(\.path.bounds)
    frames += entries.values.map { path in
      // The line to the left may start farther left; the sheet extends it.
      Rectangle(x: boxesLeft, y: path.bounds.y, width: 1, height: path.bounds.height)
    }
    frames += exits.values.map(\.bounds)
    guard var all = frames.first else { return }
    for frame in frames.dropFirst() { all = all.union(frame) }
    size = Size(width: all.width, height: all.height)
    let (dx, dy) = (-all.x, -all.y)
    boxes = boxes.mapValues { $0.moved(dx, dy) }
    discs = discs.mapValues { $0.moved(dx, dy) }
    links = links.map { ($0.link, $0.path.moved(dx, dy)) }
    entries = entries.mapValues { $0.moved(dx, dy) }
    exits = exits.mapValues { $0.moved(dx, dy) }
  }

  private var boxesLeft: Double {
    boxes.compactMap { member, frame -> Double? in
      switch member {
      case .value, .slot: frame.x
      case .entry, .exit, .inlet: nil
      }
    }.min() ?? 0
  }
}
