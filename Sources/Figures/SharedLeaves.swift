import Autograd

/// The column of the leaves that all lanes share, and their lines into the lanes.
extension SheetComposer {
  /// A place in a lane where a shared leaf is used, and the way to it from the lane's left side.
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
      // The one box stands for the value; its slots in the lanes repeat it.
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
    for (number, leaf) in column.enumerated() {
      guard let shared = sheet.main[leaf] else { continue }
      let box = sheet.spots[shared].frame
      let trunk = columnWidth + 14 + Self.trunkGap * Double(column.count - 1 - number)
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
}
