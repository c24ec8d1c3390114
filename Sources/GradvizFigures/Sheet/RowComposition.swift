import Autograd
import GradvizDrawing

/// Rows: what is too wide for the sheet goes on below, its wires from mark to mark.
extension SheetComposer {
  /// A row of the lane whose layout serves all lanes: its placement and its position in the lane.
  struct Row {
    var piece: Piece
    var placement: PiecePlacement
    var origin = Point(x: 0, y: 0)
    /// The values that go on in a later row.
    var goingOn: Set<Int>
    var isCompact: Bool
  }

  static var rowGap: Double { 22 }

  /// Composes a graph without lanes in as many rows as its width needs.
  func composeRows(_ sheet: inout Sheet) throws {
    let room = width ?? .infinity
    let (rows, size) = try placeRows(
      division.common, exported: [], room: room, isOutside: { _ in false }, repeatsLeaves: true)
    var exits: [Int: PiecePlacement.Wire] = [:]
    addRows(rows, lane: nil, same: [:], origin: Point(x: 0, y: 0), exported: [], to: &sheet, exits: &exits)
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

  /// Lays the rows of a lane out below one another.
  func placeRows(
    _ lane: [Int], exported: [Int], room: Double, isOutside: (Int) -> Bool, isEntry: (Int) -> Bool = { _ in false },
    repeatsLeaves: Bool = false
  ) throws -> (rows: [Row], size: Size) {
    func whole(isCompact: Bool) throws -> Row {
      try placeRow(
        [lane], 0, exported: exported, later: [:], lastUse: [:], isOutside: isOutside, isEntry: isEntry, drawn: [:],
        isCompact: isCompact)
    }
    let roomy = try whole(isCompact: false)
    if roomy.placement.size.width <= room { return ([roomy], roomy.placement.size) }
    let whole = isLarge ? roomy : try whole(isCompact: true)
    if whole.placement.size.width <= room { return ([whole], whole.placement.size) }
    // Rows are divided by about how wide they become; what is still too wide is divided again.
    var target = room
    var best: [Row] = [whole]
    let most = self.division.lanes.isEmpty ? Self.maxRowsDividedAgain : 2 * FigureLimits.maxRowsOfSample
    for _ in 0..<Self.maxDivisions {
      let division = LaneRows(
        graph: graph, nodes: lane, exported: exported, units: units, rankGap: Measure.minGap, room: target,
        repeatsLeaves: repeatsLeaves, isLarge: isLarge, merging: merging)
      guard division.rows.count > 1 else {
        // Narrower by its estimate than it is.
        guard division.widest <= target, division.widest > 0, !isLarge else { break }
        target = division.widest - 1
        continue
      }
      // Each of so many rows would be laid out again and again.
      guard target == room || division.rows.count <= most else { break }
      let rows = try filledRows(division.rows, room: room) {
        try placeRows($0, exported: exported, isOutside: isOutside, isEntry: isEntry)
      }
      func width(_ rows: [Row]) -> Double { rows.map(\.placement.size.width).max() ?? 0 }
      if width(rows) < width(best) { best = rows }
      let excess = width(rows) - room
      guard excess > 0, !isLarge else { break }
      // Below the estimate of what was too wide, so that it is divided in another way.
      target = min(target - excess, division.widest - 1)
    }
    var rows = best
    let width = rows.map(\.placement.size.width).max() ?? 0
    var y = 0.0
    for number in rows.indices {
      rows[number].origin = Point(x: 0, y: y)
      y += rows[number].placement.size.height + (number == rows.count - 1 ? 0 : Self.rowGap)
    }
    return (rows, Size(width: width, height: y))
  }

  private static let maxDivisions = 12
  private static let maxRowsDividedAgain = 24

  /// The rows placed; neighbors that fit into one row are one.
  private func filledRows(
    _ division: [[Int]], room: Double, _ place: ([[Int]]) throws -> [Row]
  ) throws -> [Row] {
    var division = division
    var rows = try place(division)
    var number = 0
    while !isLarge, number + 1 < division.count {
      var joined = division
      joined[number] = (joined[number] + joined.remove(at: number + 1)).sorted()
      let placed = try place(joined)
      if placed[number].placement.size.width <= room {
        (division, rows) = (joined, placed)
      } else {
        number += 1
      }
    }
    return rows
  }

  private func placeRows(
    _ division: [[Int]], exported: [Int], isOutside: (Int) -> Bool, isEntry: (Int) -> Bool
  ) throws -> [Row] {
    var rows: [Row] = []
    var drawnLeaves = Set<Int>()
    var drawn: [Int: Int] = [:]
    let (places, later) = homes(division)
    var lastUse: [Int: Int] = [:]
    for (number, nodes) in places.enumerated() {
      for node in nodes { for operand in graph.nodes[node].operands { lastUse[operand] = number } }
    }
    for number in places.indices {
      let row = try placeRow(
        places, number, exported: exported, later: later, lastUse: lastUse,
        isOutside: { isOutside($0) || drawnLeaves.contains($0) || later[$0, default: 0] > number },
        isEntry: isEntry, drawn: drawn, isCompact: !isLarge)
      for case .slot(let leaf, let use) in row.piece.members { drawn[leaf] = use + 1 }
      drawnLeaves.formUnion(places[number].filter { graph.nodes[$0].isLeaf })
      rows.append(row)
    }
    return rows
  }

  private func placeRow(
    _ rows: [[Int]], _ number: Int, exported: [Int], later: [Int: Int], lastUse: [Int: Int],
    isOutside: (Int) -> Bool, isEntry: (Int) -> Bool, drawn: [Int: Int], isCompact: Bool
  ) throws -> Row {
    let nodes = rows[number]
    let own = Set(nodes)
    let going = nodes.filter { !graph.nodes[$0].isLeaf && lastUse[$0, default: 0] > number }
    let leaving = exported.filter { own.contains($0) && !going.contains($0) }
    let piece = Piece(
      graph: graph, nodes: nodes, isOutside: isOutside, exits: going + leaving, isEntry: isEntry, drawn: drawn,
      merging: merging)
    let arriving = piece.members.compactMap { member -> Int? in
      if case .inlet(let node) = member { node } else { nil }
    }
    return Row(
      piece: piece, placement: try place(piece, marked: Set(going + arriving), isCompact: isCompact),
      goingOn: Set(going),
      isCompact: isCompact)
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

  /// Adds the rows of a lane, or of a graph without lanes.
  ///
  /// `same` says which node of this lane stands for one of the rows; `exits` gets the wires of values that leave the
  /// lanes.
  func addRows(
    _ rows: [Row], lane: Int?, same: [Int: Int], origin: Point, exported: [Int], to sheet: inout Sheet,
    exits: inout [Int: PiecePlacement.Wire]
  ) {
    // Which letter a value has where its row breaks.
    var letters: [Int: Int] = [:]
    for row in rows {
      for case .exit(let node) in row.piece.members where row.goingOn.contains(node) { letters[node] = letters.count }
    }
    var entered: [Int: Int] = [:]
    for (number, row) in rows.enumerated() {
      let start = origin.moved(row.origin.x, row.origin.y)
      let spots = add(
        row.placement, row.piece, to: &sheet, at: start, lane: lane, row: number, nodes: lane == nil ? nil : same,
        entered: entered)
      for case .entry(let leaf) in row.piece.members { entered[leaf, default: 0] += 1 }
      for member in row.piece.members {
        switch member {
        case .inlet(let node):
          guard let letter = letters[node], let box = row.placement.boxes[member] else { continue }
          sheet.turns.append(
            Sheet.Turn(
              spot: sheet.main[same[node] ?? node] ?? 0, letter: letter, lane: lane, row: number,
              frame: box.moved(start.x, start.y), wire: nil))
        case .exit(let node):
          guard let wire = row.placement.exits[node]?.moved(start.x, start.y) else { continue }
          if let letter = letters[node], let box = row.placement.boxes[member], let spot = spots[.value(node)] {
            sheet.turns.append(
              Sheet.Turn(
                spot: spot, letter: letter, lane: lane, row: number, frame: box.moved(start.x, start.y), wire: wire))
          }
          if exported.contains(node) { exits[same[node] ?? node] = wire }
        default: break
        }
      }
    }
  }
}
