import GradvizDrawing

/// Adds the samples' table to a sheet.
extension SheetComposer {
  /// The room for the title of a row left of its shares.
  static var rowTitleWidth: Double { 38 }

  /// Adds all samples but the first; returns where the table ends below.
  ///
  /// - Parameters:
  ///   - rows: of the first sample, and its nodes.
  ///   - inside: where the rows begin, `right`: where the lane ends.
  ///   - below: what stands above the table.
  ///   - exits: gets the wires of values that leave the samples.
  func addTable(
    _ rows: [Row], _ first: [Int], inside: Double, right: Double, below: Double, exported: [Int], to sheet: inout Sheet,
    exits: inout [Int: PiecePlacement.Wire]
  ) -> Double {
    // The first sample gives the columns, the sheet what is there already.
    let left = sheet.sharedRegion?.x ?? 0
    let table = SampleTable(
      rows, size: cellSize,
      isExported: { member in if case .value(let node) = member { exported.contains(node) } else { false } },
      share: { units[$0].rowEntry }, left: left + Self.rowTitleWidth, inside: inside)
    var top = below + Measure.laneGap
    for cell in table.cells + table.shares {
      let x: Double = if case .entry = cell.member { cell.frame.x } else { inside + cell.frame.x }
      sheet.heads.append(
        (
          cell.node,
          Rectangle(
            x: x, y: top + Double(cell.line) * SampleTable.headHeight, width: cell.frame.width,
            height: SampleTable.headHeight - 2)
        ))
    }
    top += Double(table.headLines) * SampleTable.headHeight + 2
    for (index, nodes) in division.lanes.enumerated().dropFirst() {
      let frame = Rectangle(x: left, y: top, width: right - left, height: table.height)
      sheet.lanes.append(frame)
      sheet.titles.append(Point(x: frame.x + 8, y: frame.center.y + 4.4))
      let same = Dictionary(uniqueKeysWithValues: zip(first, nodes))
      addCells(rows, table, lane: index, same: same, at: Point(x: inside, y: top), to: &sheet)
      for node in exported {
        guard let own = same[node], let spot = sheet.main[own] else { continue }
        exits[own] = exit(from: sheet.spots[spot].frame, to: right, table, node, inside: inside, top: top)
      }
      top = frame.bottom + SampleTable.rowGap
    }
    return top - SampleTable.rowGap
  }

  /// A value's cell; nil for what has none: numbers of the program, and what a sample repeats of its own.
  private func cellSize(_ member: Member) -> Size? {
    switch member {
    case .value(let node): BoxSizes.isPlainConstant(graph.nodes[node]) ? nil : cellSizes[node]
    case .slot(let leaf, _):
      graph.nodes[leaf].lane != nil || BoxSizes.isPlainConstant(graph.nodes[leaf]) ? nil : cellSizes[leaf]
    case .entry, .exit, .inlet: nil
    }
  }

  private func addCells(
    _ rows: [Row], _ table: SampleTable, lane: Int, same: [Int: Int], at origin: Point, to sheet: inout Sheet
  ) {
    var entries: [Int: Int] = [:]
    var repeated: [Int: Int] = [:]
    for (number, row) in rows.enumerated() {
      var spots: [Member: Int] = [:]
      for member in row.piece.members {
        func add(_ node: Int, _ kind: Sheet.Spot.Kind, at x: Double) -> Int? {
          table[member].map { frame in
            sheet.add(
              Sheet.Spot(node: node, kind: kind, frame: frame.moved(x, origin.y), row: number, isCell: true))
          }
        }
        switch member {
        case .value(let node): spots[member] = add(same[node] ?? node, .value, at: origin.x)
        case .slot(let leaf, _) where graph.nodes[leaf].lane == nil:
          spots[member] = add(leaf, .slot(lane: lane, use: repeated[leaf, default: 0]), at: origin.x)
          repeated[leaf, default: 0] += 1
        case .entry(let leaf):
          if entries[leaf] == nil { entries[leaf] = add(leaf, .slot(lane: lane, use: 0), at: 0) }
          spots[member] = entries[leaf]
        case .slot(let node, _), .inlet(let node): spots[member] = sheet.main[same[node] ?? node]
        case .exit: break
        }
      }
      for (link, wire) in row.placement.links {
        guard let from = spots[link.from], let to = spots[.value(link.user)] else { continue }
        sheet.links.append(Sheet.Link(from: from, to: to, position: link.position, wire: wire, isDrawn: false))
      }
    }
  }

  /// From a cell to the right end of its row, or only from there where other cells stand between.
  private func exit(
    from frame: Rectangle, to right: Double, _ table: SampleTable, _ node: Int, inside: Double, top: Double
  ) -> PiecePlacement.Wire {
    let isFree = !table.cells.contains { cell in
      cell.node != node && inside + cell.frame.x >= frame.right && top + cell.frame.y < frame.bottom
        && top + cell.frame.bottom > frame.y
    }
    let start = isFree ? frame.right : right - 4
    let rise = frame.height / 4
    func level(_ y: Double, isBack: Bool) -> Path {
      let (a, b) = (Point(x: start, y: y), Point(x: right, y: y))
      return Path(through: isBack ? [b, a] : [a, b], radius: 0).onGrid
    }
    let middle = frame.center.y
    return PiecePlacement.Wire(
      forward: level(middle - rise, isBack: false), gradient: level(middle + rise, isBack: true),
      mark: frame.center, share: frame.center)
  }
}
