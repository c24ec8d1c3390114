import GradvizDrawing
import GradvizGraph

/// The part of the sheet that the loss figure highlights.
extension SheetComposer {
  /// One frame around the prediction and all that follows; where other rows would come to stand in it, one in each
  /// row of each lane, and one around the rest.
  ///
  /// The first one bears the badge.
  func addLossRegion(_ sheet: inout Sheet) {
    guard let loss = graph.loss else { return }
    let members = graph.lossMembers
    let spots = sheet.spots.filter { members.contains($0.node) }
    guard var region = frame(around: spots, loss: loss) else { return }
    if let first = sheet.lanes.first, let last = sheet.lanes.last {
      let top = first.y - 8
      region = Rectangle(x: region.x, y: top, width: region.width, height: last.bottom + 8 - top)
    }
    sheet.lossRegions = [region]
    let rows = 0...(sheet.spots.map(\.row).max() ?? 0)
    let isCrowded = sheet.spots.contains { !members.contains($0.node) && $0.frame.intersects(region) }
    if isCrowded, !sheet.lanes.isEmpty {
      let common = frame(around: spots.filter { graph.nodes[$0.node].lane == nil }, loss: loss)
      let lanes = sheet.lanes.indices.flatMap { lane in
        rows.compactMap { row in
          frame(around: spots.filter { graph.nodes[$0.node].lane == lane && $0.row == row }, loss: loss)
        }
      }
      sheet.lossRegions = [common].compactMap { $0 } + lanes
    } else if isCrowded {
      let row = sheet.mainSpot(of: loss).map { sheet.spots[$0].row } ?? 0
      sheet.lossRegions = ([row] + rows.filter { $0 != row }).compactMap { row in
        frame(around: spots.filter { $0.row == row }, loss: loss).map { frame in
          // A box that the frame would intersect is included.
          sheet.spots.filter { $0.row == row && $0.frame.insetBy(-8).intersects(frame) }
            .reduce(frame) { $0.union($1.frame.insetBy(-8)) }
        }
      }
    }
    let lines = isLarge ? [] : Self.straightLines(sheet)
    sheet.lossRegions = sheet.lossRegions.map { Self.besideWires($0, lines) }
    for region in sheet.lossRegions { sheet.bounds = sheet.bounds.union(region) }
  }

  /// The straight parts of the values' wires.
  private static func straightLines(_ sheet: Sheet) -> [(from: Point, to: Point)] {
    let paths =
      sheet.links.filter(\.isDrawn).map(\.wire.forward) + sheet.branches.map(\.path)
      + sheet.turns.compactMap(\.wire?.forward)
    return paths.flatMap { path in
      stride(from: 0, to: max(path.points.count - 3, 0), by: 3).map { (path.points[$0], path.points[$0 + 3]) }
    }
  }

  /// The frame with its edges beside wires, not on them.
  private static func besideWires(_ region: Rectangle, _ lines: [(from: Point, to: Point)]) -> Rectangle {
    func isFree(_ at: Double, _ along: (Point) -> Double, _ across: (Point) -> Double, _ low: Double, _ high: Double)
      -> Bool
    {
      !lines.contains { line in
        let (a, b) = (min(along(line.from), along(line.to)), max(along(line.from), along(line.to)))
        return abs(across(line.from) - at) < 3 && abs(across(line.to) - at) < 3 && min(b, high) - max(a, low) > 4
      }
    }
    func moved(_ edge: Double, _ outwards: Double, _ isVertical: Bool) -> Double {
      let (low, high) = isVertical ? (region.y, region.bottom) : (region.x, region.right)
      for distance in [0.0, 3, -3, 6, 9] {
        let at = edge + outwards * distance
        if isVertical ? isFree(at, \.y, \.x, low, high) : isFree(at, \.x, \.y, low, high) { return at }
      }
      return edge
    }
    let (left, right) = (moved(region.x, -1, true), moved(region.right, 1, true))
    let (top, bottom) = (moved(region.y, -1, false), moved(region.bottom, 1, false))
    return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  private func frame(around spots: [Sheet.Spot], loss: Int) -> Rectangle? {
    var frames: [Rectangle] = []
    for spot in spots {
      frames.append(spot.frame)
      if let disc = spot.disc { frames.append(disc) }
    }
    guard let first = frames.first else { return nil }
    return frames.dropFirst().reduce(first) { $0.union($1) }.insetBy(-5)
  }
}

extension ComputationGraph {
  /// The values that make up the loss once the prediction is known: predictions, targets, and all that is
  /// computed without being needed for a prediction; the loss alone where nothing is called a prediction.
  var lossMembers: Set<Int> {
    guard nodes.contains(where: { $0.role == .prediction }) else { return Set(loss.map { [$0] } ?? []) }
    var isNeeded = nodes.map { $0.role == .prediction }
    for index in nodes.indices.reversed() where isNeeded[index] {
      for operand in nodes[index].operands { isNeeded[operand] = true }
    }
    return Set(
      nodes.indices.filter { index in
        let node = nodes[index]
        return node.role == .prediction || node.role == .target || index == loss
          || !node.isLeaf && !isNeeded[index]
      })
  }
}
