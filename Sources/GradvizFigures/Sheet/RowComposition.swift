import Autograd

/// Composes rows: a graph that is too wide for the sheet continues below.
extension SheetComposer {
  /// A row of the lane whose layout serves all lanes: its placement and its position in the lane.
  struct Row {
    var piece: Piece
    var placement: PiecePlacement
    var origin = Point(x: 0, y: 0)

    /// The lines that come in from rows above, the lowest first: in this order they turn into one another
    /// without crossing.
    var inlets: [(link: PieceLink, path: Path)] {
      placement.links.filter { if case .inlet = $0.link.from { true } else { false } }
        .sorted { $0.path.start.y > $1.path.start.y }
    }
    /// The operands of its operation that arrive on one line.
    func positions(on link: PieceLink) -> [Int] { piece.bundles[link.from] ?? [link.position] }
    /// The topmost row that each of them comes from, and how far outside the rows between it goes down, counted
    /// in lines.
    var ways: [(tail: Int, track: Int)] = []
    /// The number of lines that go down beside the row, on its right.
    var passing = 0
  }

  /// The gap between a lane's rows, with space for the line to the next row.
  static var rowGap: Double { 30 }
  /// The space beside a row in which that line turns.
  static var turn: Double { 14 }
  /// The gap between parallel lines, each with its gradient's arrow.
  static var lineGap: Double { 11 }

  /// Composes a graph without lanes in as many rows as its width needs.
  func composeRows(_ sheet: inout Sheet) throws {
    let room = width.map { $0 - Self.turn } ?? .infinity
    let (rows, size) = try placeRows(
      division.common, exported: [], inColumn: [], room: room, isOutside: { _ in false },
      repeatsLeaves: true)
    var (exits, slots): ([Int: Path], [Slot]) = ([:], [])
    addRows(
      rows, lane: nil, same: [:], origin: Point(x: 0, y: 0), right: size.width, exported: [], to: &sheet,
      exits: &exits, slots: &slots)
    sheet.bounds = Rectangle(x: 0, y: 0, width: size.width, height: size.height)
    addUnused(room: room, to: &sheet)
  }

  /// Unused values are drawn in separate lines below the rest.
  private func addUnused(room: Double, to sheet: inout Sheet) {
    guard !division.unused.isEmpty else { return }
    let isAlone = sheet.spots.isEmpty
    let widest = max(sheet.bounds.width, min(room, 400))
    let lastRow = sheet.spots.map(\.row).max() ?? 0
    var (x, y, height) = (0.0, isAlone ? 0 : sheet.bounds.bottom + Self.rowGap, 0.0)
    for leaf in division.unused {
      let box = units[leaf].box
      if x > 0, x + box.width > widest {
        (x, y, height) = (0, y + height + Measure.boxGap, 0)
      }
      let frame = Rectangle(x: x, y: y, width: box.width, height: box.height)
      let spot = sheet.add(Sheet.Spot(node: leaf, kind: .value, frame: frame, row: lastRow))
      sheet.bounds = isAlone && spot == 0 ? frame : sheet.bounds.union(frame)
      x += box.width + Measure.boxGap
      height = max(height, box.height)
    }
  }

  /// Lays the rows of a lane out below one another: the first begins at its left, the last ends at its right,
  /// where the values leave it.
  func placeRows(
    _ lane: [Int], exported: [Int], inColumn: Set<Int>, room: Double, isOutside: (Int) -> Bool,
    repeatsLeaves: Bool = false
  ) throws -> (rows: [Row], size: Size) {
    let division = LaneRows(
      graph: graph, nodes: lane, exported: exported, units: units, rankGap: rankGap, room: room,
      repeatsLeaves: repeatsLeaves, isLarge: isLarge)
    let consumed = Set(lane.flatMap { graph.nodes[$0].operands })
    let needsExits = exported.count > 1 || exported.contains { consumed.contains($0) }
    var rows: [Row] = []
    var earlier = Set<Int>()
    var drawnLeaves = Set<Int>()
    var drawn: [Int: Int] = [:]
    let (places, later) = homes(division.rows)
    for (number, nodes) in places.enumerated() {
      let isLast = number == places.count - 1
      let own = Set(nodes)
      let piece = Piece(
        graph: graph, nodes: nodes,
        isOutside: { isOutside($0) || drawnLeaves.contains($0) || later[$0, default: 0] > number },
        exits: exits(of: number, places, needsExits || !isLast ? exported.filter(own.contains) : []),
        hasEntry: inColumn.contains,
        comesIn: earlier.contains, maxSingleLines: LaneRows.maxSingleLines, drawn: drawn)
      rows.append(Row(piece: piece, placement: try place(piece)))
      drawnLeaves.formUnion(nodes.filter { graph.nodes[$0].isLeaf })
      earlier.formUnion(nodes.filter { !graph.nodes[$0].isLeaf })
      for case .slot(let leaf, let use) in piece.members { drawn[leaf] = use + 1 }
    }
    setWays(&rows, places)
    let last = rows.count - 1
    // The additional lines into each row, and those beside it.
    let more = rows.map { Self.lineGap * Double(max($0.inlets.count - 1, 0)) } + [0]
    let beside = rows.map { Self.lineGap * Double(max($0.passing - 1, 0)) }
    let widths = rows.enumerated().map { number, row in
      row.placement.size.width + (number > 0 ? Self.turn + more[number] : 0)
        + (number < last ? Self.turn + beside[number] : 0)
    }
    let width = widths.max() ?? 0
    var y = 0.0
    for number in rows.indices {
      let own = rows[number].placement.size
      let isWrapped = number > 0
      rows[number].origin = Point(
        x: isWrapped && number == last ? width - own.width : isWrapped ? Self.turn + more[number] : 0, y: y)
      y += own.height + (number == last ? 0 : Self.rowGap + more[number + 1])
    }
    return (rows, Size(width: width, height: y))
  }

  /// The rows with each leaf where the loss first depends on it, and where that is a later row than the first
  /// one that uses it, which: there stands the leaf's own box with its gradient.
  private func homes(_ rows: [[Int]]) -> (rows: [[Int]], later: [Int: Int]) {
    guard rows.count > 1 else { return (rows, [:]) }
    var firstLive: [Int: Int] = [:]
    for (number, row) in rows.enumerated() {
      for node in row where graph.nodes[node].gradient != nil {
        for operand in graph.nodes[node].operands where firstLive[operand] == nil {
          firstLive[operand] = number
        }
      }
    }
    var result = rows
    var later: [Int: Int] = [:]
    for (number, row) in rows.enumerated() {
      for leaf in row where graph.nodes[leaf].isLeaf {
        guard let home = firstLive[leaf], home > number else { continue }
        result[number].removeAll { $0 == leaf }
        result[home] = (result[home] + [leaf]).sorted()
        later[leaf] = home
      }
    }
    return (result, later)
  }

  /// The values whose line finds its own way out of a row: those that leave the lanes and, where several go on to
  /// later rows, these.
  private func exits(of number: Int, _ rows: [[Int]], _ exported: [Int]) -> [Int] {
    let later = Set(rows[(number + 1)...].flatMap { $0.flatMap { graph.nodes[$0].operands } })
    let going = rows[number].filter { !graph.nodes[$0].isLeaf && later.contains($0) }
    return exported + (going.count > 1 ? going.filter { !exported.contains($0) } : [])
  }

  /// Gives each line between rows its place beside them: lines that go down beside the same row never share
  /// one.
  private func setWays(_ rows: inout [Row], _ nodes: [[Int]]) {
    var rowOf: [Int: Int] = [:]
    for (number, row) in nodes.enumerated() { for node in row { rowOf[node] = number } }
    // By track, the row above which its last line turned in.
    var ends: [Int] = []
    for number in rows.indices {
      for (link, _) in rows[number].inlets {
        let operands = graph.nodes[link.to].operands
        let tail = rows[number].positions(on: link).compactMap { rowOf[operands[$0]] }.min() ?? number - 1
        let track = ends.firstIndex { $0 <= tail } ?? ends.count
        if track == ends.count { ends.append(number) } else { ends[track] = number }
        rows[number].ways.append((tail, track))
        for passed in tail..<number { rows[passed].passing = max(rows[passed].passing, track + 1) }
      }
    }
  }

  /// Adds the rows of a lane, or of a graph without lanes; `same` says which node of this lane stands for one
  /// of the rows.
  func addRows(
    _ rows: [Row], lane: Int?, same: [Int: Int], origin: Point, right: Double, exported: [Int],
    to sheet: inout Sheet, exits: inout [Int: Path], slots: inout [Slot]
  ) {
    var placed: [Int: Int] = [:]
    for (rowNumber, row) in rows.enumerated() {
      let start = origin.moved(row.origin.x, row.origin.y)
      let spots = add(
        row.placement, row.piece, to: &sheet, at: start, lane: lane, nodes: lane == nil ? nil : same)
      for spot in spots.values { sheet.spots[spot].row = rowNumber }
      for case (.value(let node), let spot) in spots { placed[node] = spot }
      let inlets = row.inlets
      let most = Self.lineGap * Double(inlets.count - 1)
      for (order, (link, path)) in inlets.enumerated() {
        let way = row.ways[order]
        let aside = Self.lineGap * Double(order)
        let right = rows[way.tail..<rowNumber].map { $0.origin.x + $0.placement.size.width }.max() ?? 0
        let positions = row.positions(on: link)
        for position in positions {
          let from = graph.nodes[link.to].operands[position]
          guard let tail = placed[from], let head = placed[link.to] else { continue }
          let box = sheet.spots[tail].frame
          let tailRow = rows[sheet.spots[tail].row]
          let out = tailRow.placement.exits[from]?.moved(
            origin.x + tailRow.origin.x, origin.y + tailRow.origin.y)
          let line = wrap(
            from: out ?? Path(points: [Point(x: box.right, y: box.center.y)]),
            rowRight: origin.x + right + Self.lineGap * Double(way.track),
            channel: start.y - Self.rowGap / 2 - most + aside, to: path.moved(start.x, start.y),
            rowLeft: start.x - most + aside)
          sheet.links.append(
            Sheet.Link(from: tail, to: head, position: position, path: line, isBundled: positions.count > 1))
        }
      }
      for node in exported {
        guard let own = lane == nil ? node : same[node], let spot = spots[.value(node)] else { continue }
        let frame = sheet.spots[spot].frame
        if let path = row.placement.exits[node]?.moved(start.x, start.y) {
          exits[own] = path.appending(Path(from: path.end, to: Point(x: right, y: path.end.y)))
        } else {
          exits[own] = Path(
            from: Point(x: frame.right, y: frame.center.y), to: Point(x: right, y: frame.center.y))
        }
      }
      for (member, path) in row.placement.entries.sorted(by: { Piece.name($0.key) < Piece.name($1.key) }) {
        guard case .slot(let leaf, _) = member, let spot = spots[member] else { continue }
        slots.append(Slot(leaf: leaf, spot: spot, entry: path.moved(start.x, start.y)))
      }
    }
  }

  /// The line from a value, or from where its way out of its row ends, through the channel above a later row
  /// to the beginning of that one.
  private func wrap(
    from way: Path, rowRight: Double, channel: Double, to path: Path, rowLeft: Double
  ) -> Path {
    let (out, back) = (rowRight + Self.turn - 4, rowLeft - Self.turn + 4)
    let corners = [
      way.end, Point(x: out, y: way.end.y), Point(x: out, y: channel), Point(x: back, y: channel),
      Point(x: back, y: path.start.y), path.start,
    ]
    let turned = Path(through: corners, radius: 8).appending(path)
    return way.points.count > 1 ? way.appending(turned) : turned
  }
}
