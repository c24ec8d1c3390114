import Autograd

/// Composes the lanes of a sheet.
extension SheetComposer {
  func composeLanes(_ sheet: inout Sheet) throws {
    let nodes = graph.nodes
    let first = division.lanes[0]
    let column =
      division.sharedLeaves.filter { !BoxSizes.isPlainConstant(nodes[$0]) } + division.unused
    let exported = exportedNodes(first)
    let rest = try placeRest()

    // The column of shared leaves, then the gutter with one trunk for each, then the lanes.
    let columnWidth = column.map { units[$0].box.width }.max() ?? 0
    let gutter = column.isEmpty ? 0 : 14 + Self.trunkGap * Double(column.count) + 4
    let laneLeft = columnWidth + gutter
    let title = Self.laneTitleHeight - 4
    let room =
      width.map {
        $0 - laneLeft - 2 * Measure.lanePadding - Self.turn - (rest.map { $0.gap + $0.size.width } ?? 0)
      }
      ?? .infinity
    let (rows, inner) = try placeRows(
      first, exported: exported, inColumn: Set(column), room: room, isOutside: { nodes[$0].lane == nil })
    // Whole points, so that the boxes of all lanes are rounded equally.
    let laneHeight = (inner.height + 2 * Measure.lanePadding + (isTransposed ? 0 : title)).rounded(.up)
    let laneWidth = inner.width + 2 * Measure.lanePadding + (isTransposed ? title : 0)
    let count = division.lanes.count
    let totalHeight = laneHeight * Double(count) + Measure.laneGap * Double(count - 1)

    var exits: [Int: Path] = [:]
    var slots: [Slot] = []
    for (index, laneNodes) in division.lanes.enumerated() {
      let top = (laneHeight + Measure.laneGap) * Double(index)
      let frame = Rectangle(x: laneLeft, y: top, width: laneWidth, height: laneHeight)
      sheet.lanes.append(frame)
      let origin = Point(
        x: laneLeft + Measure.lanePadding + (isTransposed ? title : 0),
        y: top + Measure.lanePadding + (isTransposed ? 0 : title))
      addRows(
        rows, lane: index, same: Dictionary(uniqueKeysWithValues: zip(first, laneNodes)), origin: origin,
        right: frame.right, exported: exported, to: &sheet, exits: &exits, slots: &slots)
    }
    addColumn(column, width: columnWidth, middle: totalHeight / 2, to: &sheet)
    addBranches(column, slots, columnWidth: columnWidth, laneLeft: laneLeft, to: &sheet)

    var right = laneLeft + laneWidth
    if let rest {
      addRest(rest, exits, left: right, middle: totalHeight / 2, to: &sheet)
      right += rest.gap + rest.size.width
    }
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
}
