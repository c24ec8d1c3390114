import Autograd

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
    moveOffWires(&sheet)
    for region in sheet.lossRegions { sheet.bounds = sheet.bounds.union(region) }
  }

  /// Sides along which an arrow runs move a little out, or in.
  private func moveOffWires(_ sheet: inout Sheet) {
    let paths = sheet.links.map(\.path) + sheet.branches.map(\.path)
    guard sheet.lossRegions.count * paths.count < Self.maxComparisons else { return }
    for number in sheet.lossRegions.indices {
      let region = sheet.lossRegions[number]
      let near = paths.filter { $0.bounds.insetBy(-8).intersects(region) }.map { $0.sampled(every: 3) }
      func quietest(_ side: Double, from low: Double, to high: Double, outwards: Double, isUpright: Bool) -> Double {
        func length(_ side: Double) -> Double {
          near.reduce(0) { total, samples in
            total
              + zip(samples, samples.dropFirst()).reduce(0) { sum, ends in
                let (a, b) = ends
                let (across, along) = isUpright ? ((a.x, b.x), a.y) : ((a.y, b.y), a.x)
                let isAlong =
                  abs(across.0 - side) < 3 && abs(across.1 - side) < 3 && along > low - 3 && along < high + 3
                return sum + (isAlong ? a.distance(to: b) : 0)
              }
          }
        }
        let places = [0.0, 3.5, -3.5, 6, 9, 12].map { side + $0 * outwards }
        return places.first { length($0) < 8 } ?? places.min { length($0) < length($1) } ?? side
      }
      let (left, right) = (
        quietest(region.x, from: region.y, to: region.bottom, outwards: -1, isUpright: true),
        quietest(region.right, from: region.y, to: region.bottom, outwards: 1, isUpright: true)
      )
      let (top, bottom) = (
        quietest(region.y, from: region.x, to: region.right, outwards: -1, isUpright: false),
        quietest(region.bottom, from: region.x, to: region.right, outwards: 1, isUpright: false)
      )
      sheet.lossRegions[number] = Rectangle(x: left, y: top, width: right - left, height: bottom - top)
    }
  }

  /// The maximum number of arrows and frames; the frames of a larger figure cannot be seen at once.
  private static var maxComparisons: Int { 200_000 }

  private func frame(around spots: [Sheet.Spot], loss: Int) -> Rectangle? {
    var frames: [Rectangle] = []
    for spot in spots {
      frames.append(spot.frame)
      // The prediction's own circle belongs to the forward pass.
      if graph.nodes[spot.node].role != .prediction || spot.node == loss, let disc = spot.disc {
        frames.append(disc)
      }
    }
    guard let first = frames.first else { return nil }
    return frames.dropFirst().reduce(first) { $0.union($1) }.insetBy(-8)
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
