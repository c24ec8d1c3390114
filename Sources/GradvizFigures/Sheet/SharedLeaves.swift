import Autograd

/// Places the column of leaves that all lanes share, and their lines into the lanes.
extension SheetComposer {
  /// A place in a lane where a shared leaf is used, and the path to it from the lane's left side.
  struct Slot {
    var leaf: Int
    var spot: Int
    var entry: Path
  }

  func addColumn(_ column: [Int], width: Double, middle: Double, to sheet: inout Sheet) {
    guard !column.isEmpty else { return }
    let gap = Measure.boxGap + 4
    let height = column.reduce(0) { $0 + units[$1].box.height } + gap * Double(column.count - 1)
    var y = middle - height / 2
    sheet.sharedRegion = Rectangle(x: 0, y: y, width: width, height: height).insetBy(-12)
    for leaf in column {
      let box = units[leaf].box
      // The only box of the value; its slots in the lanes repeat it.
      let spot = Sheet.Spot(
        node: leaf, kind: .shared,
        frame: Rectangle(x: width - box.width, y: y, width: box.width, height: box.height))
      sheet.spots.append(spot)
      sheet.main[leaf] = sheet.spots.count - 1
      y += box.height + gap
    }
  }

  func addBranches(
    _ column: [Int], _ slots: [Slot], columnWidth: Double,
    laneLeft: Double, to sheet: inout Sheet
  ) {
    let leftmost = slots.map { sheet.spots[$0.spot].frame.x }.min() ?? 0
    let boxes = sheet.spots.filter { spot in sheet.lanes.first.map { spot.frame.intersects($0) } ?? false }
      .map(\.frame)
    let reached = Set(
      sheet.links.filter { graph.passesBack(user: sheet.spots[$0.to].node, position: $0.position) }.map(
        \.from))
    for (number, leaf) in column.enumerated() {
      guard let shared = sheet.main[leaf] else { continue }
      let box = sheet.spots[shared].frame
      let trunk = columnWidth + 14 + Self.trunkGap * Double(column.count - 1 - number)
      let ways = slots.filter { $0.leaf == leaf }.map { slot -> Way in
        let frame = sheet.spots[slot.spot].frame
        let left = Point(x: frame.x, y: frame.center.y)
        let through = Path(from: left, to: Point(x: frame.right, y: frame.center.y))
        if frame.x - leftmost < 1, isFree(in: boxes, sheet, before: slot.spot, from: laneLeft) {
          return (slot.spot, Path(from: Point(x: laneLeft, y: left.y), to: left).appending(through))
        }
        return (slot.spot, slot.entry.cut(fromX: laneLeft).appending(through))
      }
      let forward = branches(from: box, trunk: trunk, ways)
      let back = branches(from: box, trunk: trunk, ways.filter { reached.contains($0.spot) })
      let gradients = Dictionary(uniqueKeysWithValues: back.map { ($0.spot, ($0.path, $0.beginsOnTrunk)) })
      for (spot, path, beginsOnTrunk) in forward {
        sheet.branches.append(
          Sheet.Branch(
            shared: shared, slot: spot, path: path, beginsOnTrunk: beginsOnTrunk, gradient: gradients[spot]))
      }
    }
  }

  /// Whether nothing stands between the left side of a lane and a slot; lanes are alike, and `boxes` are
  /// those of the first one.
  private func isFree(in boxes: [Rectangle], _ sheet: Sheet, before slot: Int, from left: Double) -> Bool {
    guard case .slot(let lane?, _) = sheet.spots[slot].kind, let first = sheet.lanes.first else {
      return true
    }
    let frame = sheet.spots[slot].frame.moved(0, first.y - sheet.lanes[lane].y)
    let corridor = Rectangle(x: left, y: frame.center.y - 6, width: frame.x - left - 1, height: 12)
    return !boxes.contains { $0.intersects(corridor) }
  }

  /// A slot and the path to it from the lane's left side.
  private typealias Way = (spot: Int, way: Path)

  /// The paths with what leads to them: the topmost starts at the box, the others on its trunk.
  private func branches(
    from box: Rectangle, trunk: Double, _ ways: [Way]
  ) -> [(spot: Int, path: Path, beginsOnTrunk: Bool)] {
    let highest = ways.min { $0.way.start.y < $1.way.start.y }?.spot
    let lowest = ways.max { $0.way.start.y < $1.way.start.y }?.spot
    return ways.map { spot, way in
      let entry = way.start
      let knee = Point(x: trunk, y: box.center.y)
      let corner = Point(x: trunk, y: entry.y)
      let corners =
        spot == highest
        ? [Point(x: box.right, y: box.center.y), knee, corner, entry]
        : spot == lowest && entry.y > box.center.y ? [knee, corner, entry] : [corner, entry]
      return (spot, Path(through: corners, radius: 6).appending(way), spot != highest)
    }
  }
}
