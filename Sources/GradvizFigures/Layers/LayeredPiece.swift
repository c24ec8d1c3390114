import Autograd

/// Places pieces of a large figure without Graphviz; see ``LayeredGraph``.
extension PiecePlacement {
  /// - Parameter checkpoint: called between the steps; an error it throws ends the layout.
  init(
    layered piece: Piece, rankGap: Double, boxGap: Double, unit: (Member) -> Unit,
    checkpoint: () throws -> Void
  ) throws {
    guard !piece.members.isEmpty else { return }
    let units = piece.members.map(unit)
    var place: [Member: Int] = [:]
    place.reserveCapacity(piece.members.count)
    for (index, member) in piece.members.enumerated() { place[member] = index }
    var edges: [(from: Int, to: Int)] = piece.links.map { (place[$0.from] ?? 0, place[.value($0.to)] ?? 0) }
    for (index, member) in piece.members.enumerated() {
      switch member {
      case .entry(let leaf, let use): edges.append((index, place[.slot(leaf: leaf, use: use)] ?? index))
      case .exit(let node): edges.append((place[.value(node)] ?? index, index))
      case .value, .slot, .inlet: break
      }
    }
    let graph = LayeredGraph(
      nodes: piece.members.enumerated().map { index, member in
        let place: LayeredGraph.Place =
          switch member {
          case .entry, .inlet: .first
          case .exit: .last
          case .value, .slot: .free
          }
        return LayeredGraph.Node(along: units[index].along, across: units[index].across, place: place)
      },
      edges: edges, rankGap: rankGap, boxGap: boxGap)
    let placed = try graph.placed(checkpoint: checkpoint)
    for (index, member) in piece.members.enumerated() {
      let (unit, right) = (units[index], placed.rankBounds[placed.ranks[index]].right)
      let box = Rectangle(
        x: right - unit.box.width, y: placed.middles[index] - unit.box.height / 2, width: unit.box.width,
        height: unit.box.height)
      boxes[member] = box
      if case .value(let node) = member, let disc = unit.disc {
        discs[node] = Rectangle(
          x: box.x - Measure.link - disc.width, y: placed.middles[index] - disc.height / 2, width: disc.width,
          height: disc.height)
      }
    }
    route(piece, graph, placed, units)
    trim()
  }

  private mutating func route(
    _ piece: Piece, _ graph: LayeredGraph, _ placed: LayeredPlacement, _ units: [Unit]
  ) {
    // The number of arrows from one box to the same circle, to fan them out.
    var parallel: [PieceLink: Int] = [:]
    func key(_ link: PieceLink) -> PieceLink { PieceLink(from: link.from, to: link.to, position: 0) }
    for link in piece.links { parallel[key(link), default: 0] += 1 }
    var counted: [PieceLink: Int] = [:]
    links.reserveCapacity(piece.links.count)
    let ports = ports(of: piece)
    for (edge, link) in piece.links.enumerated() {
      guard let box = boxes[link.from], let disc = discs[link.to] ?? ports[edge] else { continue }
      let number = counted[key(link), default: 0]
      counted[key(link)] = number + 1
      let others = Double((parallel[key(link)] ?? 1) - 1)
      let gap = min(Self.parallelGap, Self.parallelGap * 10 / max(others, 1))
      let spread = (Double(number) - others / 2) * gap
      let to = graph.edges[edge].to
      var path = way(edge, from: Point(x: box.right, y: box.center.y + spread), placed)
      let start = path.end
      let left = placed.rankBounds[placed.ranks[to]].left
      if disc.x - units[to].lead - left < 2 {
        path = path.joined(Self.direct(from: start, to: disc, spread: spread))
      } else {
        // A wider box of the rank may be in the way of a straight line: go level in front of it.
        let lean = min(max((start.y - disc.center.y) * 0.12, -7), 7) + spread * 0.2
        let knee = Point(x: left, y: disc.center.y + lean)
        path = path.joined(Self.bend(from: start, to: knee))
        path = path.joined(Path(from: knee, to: Self.edge(of: disc, towards: knee)))
      }
      links.append((link, path))
    }
    var edge = piece.links.count
    for (index, member) in piece.members.enumerated() {
      switch member {
      case .entry(let leaf, let use):
        let slot = Member.slot(leaf: leaf, use: use)
        if let from = boxes[member], let to = boxes[slot] {
          let path = way(edge, from: Point(x: from.right, y: from.center.y), placed)
          entries[slot] = path.joined(Self.bend(from: path.end, to: Point(x: to.x, y: to.center.y)))
        }
        edge += 1
      case .exit(let node):
        if let from = boxes[.value(node)] {
          let path = way(edge, from: Point(x: from.right, y: from.center.y), placed)
          let end = Point(x: placed.rankBounds[placed.ranks[index]].left, y: placed.middles[index])
          exits[node] = path.joined(Self.bend(from: path.end, to: end))
        }
        edge += 1
      case .value, .slot, .inlet: break
      }
    }
  }

  /// From `start`, or from the trunk that the edge leaves, through the ranks on the way; ends before the last gap.
  private func way(_ edge: Int, from start: Point, _ placed: LayeredPlacement) -> Path {
    let way = placed.ways[edge]
    if way.beginsOnTrunk, let only = way.passages.first {
      return Path(points: [Point(x: placed.rankBounds[only.rank].right, y: only.y)])
    }
    var path = Path(points: [start])
    for passage in way.passages {
      let bounds = placed.rankBounds[passage.rank]
      let end = Point(x: bounds.right, y: passage.y)
      path = path.joined(Self.bend(from: path.end, to: Point(x: bounds.left, y: passage.y)))
      path = path.joined(Path(from: path.end, to: end))
    }
    return path
  }

  /// A curve that starts and ends level.
  private static func bend(from start: Point, to end: Point) -> Path {
    if abs(start.y - end.y) < 0.3 { return Path(from: start, to: end) }
    let half = (end.x - start.x) / 2
    return Path(points: [start, start.moved(half, 0), end.moved(-half, 0), end])
  }
}

extension Path {
  /// Joins this path with one that starts at its end.
  fileprivate func joined(_ other: Path) -> Path { Path(points: points + other.points.dropFirst()) }
}
