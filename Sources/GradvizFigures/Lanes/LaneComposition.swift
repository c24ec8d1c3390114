import Autograd
import GradvizDrawing

/// Composes the lanes of a sheet.
extension SheetComposer {
  func composeLanes(_ sheet: inout Sheet) throws {
    let nodes = graph.nodes
    let first = division.lanes[0]
    let column = division.sharedLeaves.filter { !BoxSizes.isPlainConstant(nodes[$0]) } + division.unused
    let entries = Set(sharesLeaves ? column : [])
    let exported = exportedNodes(first)
    let columnWidth = column.map { units[$0].box.width }.max() ?? 0
    // Each shared leaf has two tracks at the most.
    let gutter = column.isEmpty ? 0 : 2 * Measure.narrowHead + Measure.narrowPitch * Double(2 * column.count - 1)
    let restWidth = try widthOfRest()
    let bar = isTransposed ? 0 : Measure.laneBar
    let room =
      width.map { $0 - columnWidth - gutter - 2 * Measure.lanePadding - bar - restWidth - (column.isEmpty ? 0 : 6) }
      ?? .infinity
    let (rows, inner) = try placeRows(
      first, exported: exported, room: room, isOutside: { nodes[$0].lane == nil }, isEntry: entries.contains)
    // The title stands beside the boxes where they leave room.
    let free = isTransposed ? nil : rows.first.flatMap { placeOfTitle(above: $0) }
    let title = free == nil ? titleHeight(above: rows.first) : 0
    // Whole points, so that the boxes of all lanes are rounded alike.
    let laneHeight = (inner.height + 2 * Measure.lanePadding + (isTransposed ? 0 : title)).rounded(.up)
    let laneWidth = inner.width + 2 * Measure.lanePadding + (isTransposed ? title : bar)
    let inFull = isTable ? 1 : division.lanes.count
    let totalHeight = laneHeight * Double(inFull) + Measure.laneGap * Double(inFull - 1)

    var exits: [Int: PiecePlacement.Wire] = [:]
    let inside = Point(
      x: Measure.lanePadding + (isTransposed ? title : bar), y: Measure.lanePadding + (isTransposed ? 0 : title))
    let tops = (0..<inFull).map { (laneHeight + Measure.laneGap) * Double($0) }
    var laneLeft = try addColumn(column, rows, entries, tops, inside, middle: totalHeight / 2, to: &sheet)
    if isTable { laneLeft = max(laneLeft, Self.rowTitleWidth) }
    for (index, laneNodes) in division.lanes.prefix(inFull).enumerated() {
      let frame = Rectangle(x: laneLeft, y: tops[index], width: laneWidth, height: laneHeight)
      sheet.lanes.append(frame)
      sheet.titles.append(Point(x: frame.x + (free.map { $0 + inside.x } ?? 10), y: frame.y + 16))
      addRows(
        rows, lane: index, same: Dictionary(uniqueKeysWithValues: zip(first, laneNodes)),
        origin: Point(x: laneLeft + inside.x, y: tops[index] + inside.y), exported: exported, to: &sheet,
        exits: &exits)
    }
    var right = laneLeft + laneWidth
    var (top, bottom) = (0.0, totalHeight)
    if isTable {
      bottom = addTable(
        rows, first, inside: laneLeft + inside.x, right: right, below: max(bottom, sheet.sharedRegion?.bottom ?? 0),
        exported: exported, to: &sheet, exits: &exits)
    }
    joinBranches(&sheet)
    if let rest = try addRest(exits, left: right, isCompact: rows.contains(where: \.isCompact), to: &sheet) {
      right = rest.right
      top = min(top, rest.y)
      bottom = max(bottom, rest.bottom)
    }
    if let region = sheet.sharedRegion {
      top = min(top, region.y)
      bottom = max(bottom, region.bottom)
    }
    let left = sheet.sharedRegion?.x ?? 0
    sheet.bounds = Rectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// Room above a row's boxes, with which one under the sample's mark keeps clear of it.
  private func titleHeight(above row: Row?) -> Double {
    guard !isTransposed else { return Self.laneTitleHeight - 4 }
    let top = row?.placement.boxes.values.filter { $0.x < Self.titleMarkWidth }.map(\.y).min()
    return Self.laneTitleHeight - 4 + max(0, Self.titleMarkDepth - (top ?? .infinity))
  }

  /// Where nothing stands in the first points of a row that are wide and high enough for a title.
  private func placeOfTitle(above row: Row) -> Double? {
    let size = Size(width: Self.laneTitleWidth, height: 16 + Self.titleGap - Measure.lanePadding)
    var taken: [Rectangle] = row.placement.boxes.values + row.placement.tabs.values
    for box in row.placement.boxes.values where box.y < size.height + Self.badgeRise {
      taken.append(
        Rectangle(x: box.x, y: box.y - Self.badgeRise, width: box.width + Self.badgeRise, height: Self.badgeRise))
    }
    for wire in row.placement.links.map(\.wire) + row.placement.exits.values {
      for path in [wire.forward, wire.gradient].compactMap({ $0 }) {
        for (a, b) in zip(path.points, path.points.dropFirst()) {
          taken.append(
            Rectangle(x: min(a.x, b.x), y: min(a.y, b.y), width: abs(a.x - b.x), height: abs(a.y - b.y)))
        }
      }
    }
    let inTheWay = taken.filter { $0.y < size.height }
    return stride(from: 0, through: row.placement.size.width - size.width, by: 4).first { left in
      !inTheWay.contains { $0.x < left + size.width && $0.right > left - Self.titleGap }
    }
  }

  /// From the row's left edge to where the sample's mark ends, and how far that reaches below the title's place.
  private static var titleMarkWidth: Double { 18 }
  private static var titleMarkDepth: Double { 5 }
  private static var laneTitleWidth: Double { 112 }
  private static var titleGap: Double { 6 }
  private static var badgeRise: Double { 9 }

  private func exportedNodes(_ lane: [Int]) -> [Int] {
    let members = Set(lane)
    var exported: [Int] = []
    for node in division.common {
      for operand in graph.nodes[node].operands where members.contains(operand) && !exported.contains(operand) {
        exported.append(operand)
      }
    }
    return exported
  }

  // MARK: After the lanes

  private var rest: Piece {
    let shared = Set(division.sharedLeaves)
    return Piece(graph: graph, nodes: division.common, isOutside: { shared.contains($0) })
  }

  /// How wide what follows the lanes will be, before it is known where their wires come out.
  private func widthOfRest() throws -> Double {
    guard !division.common.isEmpty else { return 0 }
    var middles: [Member: Double] = [:]
    let rest = rest
    for case .inlet(let node) in rest.members { middles[.inlet(node)] = 200 * Double(middles.count) }
    return try place(rest, middles: middles, isCompact: true).size.width
  }

  /// Adds what follows the lanes, and the wires to it; returns what it takes, nil where nothing follows.
  private func addRest(
    _ exits: [Int: PiecePlacement.Wire], left: Double, isCompact: Bool, to sheet: inout Sheet
  ) throws -> Rectangle? {
    guard !division.common.isEmpty else { return nil }
    let piece = rest
    var middles: [Member: Double] = [:]
    for case .inlet(let node) in piece.members {
      if let wire = exits[node] { middles[.inlet(node)] = wire.forward.end.y + units[node].rise }
    }
    let placement = try place(piece, middles: middles, isCompact: isCompact)
    let spots = add(placement, piece, to: &sheet, at: Point(x: left, y: 0), lane: nil, nodes: nil)
    // The wires inside the lanes and those after them are one.
    for index in sheet.links.indices {
      let node = sheet.spots[sheet.links[index].from].node
      guard graph.nodes[sheet.spots[sheet.links[index].to].node].lane == nil, let exit = exits[node] else { continue }
      sheet.links[index].wire.continue(exit)
    }
    var area = Rectangle(x: left, y: 0, width: placement.size.width, height: 1)
    for (member, spot) in spots {
      if case .inlet = member { continue }
      area = area.union(sheet.spots[spot].frame)
    }
    // A mark may stand under the lowest box.
    for (_, wire) in placement.links {
      let lowest = wire.gradient?.points.map(\.y).max() ?? 0
      area = area.union(Rectangle(x: left, y: 0, width: 1, height: lowest + Measure.markHeight / 2 + 2))
    }
    return area
  }
}

extension PiecePlacement.Wire {
  /// Lets the wire begin where one begins that leads to its beginning.
  mutating func `continue`(_ exit: PiecePlacement.Wire) {
    if !beginsOnTrunk { forward = exit.forward.appending(forward) }
    if !endsOnTrunk, let out = exit.gradient { gradient = gradient.map { $0.appending(out) } }
  }
}
