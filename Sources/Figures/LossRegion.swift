import Autograd

/// The part of the sheet that the loss figure is about.
extension SheetComposer {
  /// One frame around the prediction and all that follows; where rows of lanes would come to stand in it,
  /// one in each row and one around the rest.
  func addLossRegion(_ sheet: inout Sheet) {
    guard let loss = graph.loss else { return }
    let members = graph.lossMembers
    let spots = sheet.spots.filter { members.contains($0.node) }
    guard var region = frame(around: spots, loss: loss) else { return }
    if let first = sheet.lanes.first, let last = sheet.lanes.last {
      let top = first.y - 8
      region = Rectangle(x: region.x, y: top, width: region.width, height: last.bottom + 8 - top)
    }
    if sheet.lanes.isEmpty {
      // A box that the frame would cut stands in it.
      for spot in sheet.spots where spot.frame.insetBy(-8).intersects(region) {
        region = region.union(spot.frame.insetBy(-8))
      }
    }
    sheet.lossRegions = [region]
    if !sheet.lanes.isEmpty,
      sheet.spots.contains(where: { !members.contains($0.node) && $0.frame.intersects(region) })
    {
      let common = frame(around: spots.filter { graph.nodes[$0.node].lane == nil }, loss: loss)
      let rows = 0...(sheet.spots.map(\.row).max() ?? 0)
      let lanes = sheet.lanes.indices.flatMap { lane in
        rows.compactMap { row in
          frame(around: spots.filter { graph.nodes[$0.node].lane == lane && $0.row == row }, loss: loss)
        }
      }
      sheet.lossRegions = [common].compactMap { $0 } + lanes
    }
    for region in sheet.lossRegions { sheet.bounds = sheet.bounds.union(region) }
  }

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
          || node.operation != nil && !isNeeded[index]
      })
  }
}
