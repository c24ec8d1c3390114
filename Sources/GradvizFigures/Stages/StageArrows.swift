import Autograd

/// Draws the arrows of a stage and their labels.
extension StageBuilder {
  // MARK: Links

  mutating func addLinks() {
    for (number, link) in sheet.links.enumerated() {
      let (from, to) = (sheet.spots[link.from], sheet.spots[link.to])
      let isReceded = stage == .update || recedes(to.node) || recedes(from.node)
      let head = context.spotID(link.to)
      let discID = to.disc == nil ? head : "\(head)_operation"
      let id = "edge-\(number + 1)"
      figure.arrows.append(
        Figure.Arrow(
          id: id, kind: .forward, tail: context.spotID(link.from), head: discID, path: link.path,
          tint: isReceded ? .faint : .line))
      guard flows(link) else { continue }
      let side = gradientSide(link)
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: discID, head: context.spotID(link.from),
          path: link.path.reversed().beside(side), line: .dotted, tint: .gradientInk, width: 1.3,
          hasHead: !passesThrough(link.from)))
    }
  }

  /// The side of the forward arrow on which the gradient runs: towards the operation's center.
  ///
  /// The local derivative is on the other side.
  func gradientSide(_ link: Sheet.Link) -> Double {
    let (start, end) = (link.path.start, link.path.end)
    let slope = sheet.isTransposed ? end.x - start.x : end.y - start.y
    // Travelling backwards, the right side of the path is up for an arrow that ran to the right.
    let isFalling = slope > 2
    let below = sheet.isTransposed ? 5.0 : -5.0
    return isFalling ? below : slope < -2 ? -below : below
  }

  // MARK: Shared leaves

  mutating func addBranches() {
    for (number, branch) in sheet.branches.enumerated() {
      let node = sheet.spots[branch.shared].node
      let id = "branch-\(number + 1)"
      let isCalm = stage == .update
      figure.arrows.append(
        Figure.Arrow(
          id: id, kind: .forward, tail: context.spotID(branch.shared), head: context.spotID(branch.slot),
          path: branch.path, tint: isCalm ? .faint : .line, hasHead: false))
      if branch.beginsOnTrunk {
        figure.discs.append(
          Figure.Disc(
            id: "junction-\(number + 1)", classes: ["junction"], tooltip: "", center: branch.path.start,
            size: Size(width: 4, height: 4), text: "", textSize: 8, fill: isCalm ? .faint : .line, stroke: nil
          ))
      }
      guard stage == .backward, let (path, endsOnTrunk) = branch.gradient, isReached(node) else { continue }
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: context.spotID(branch.slot),
          head: context.spotID(branch.shared),
          path: path.reversed().beside(sheet.isTransposed ? 5 : -5),
          line: .dotted, tint: .gradientInk, width: 1.3, hasHead: !endsOnTrunk))
    }
  }

  // MARK: Steps

  mutating func addSteps(_ placer: inout LabelPlacer) {
    for (index, spot) in sheet.spots.enumerated() {
      if context.isCopy(index) { continue }
      guard let step = context.steps[spot.node], !BoxSizes.isPlainConstant(graph.nodes[spot.node]),
        graph.nodes[spot.node].gradient != nil, isReached(spot.node)
      else { continue }
      let words = "\(step)"
      let width = max(15, (Figure.Run(text: words, size: 9.5, isBold: true).width + 8).rounded(.up))
      let frame = Self.badge(at: spot.frame, width: width, placer)
      placer.avoid(frame)
      figure.chips.append(
        Figure.Chip(
          frame: frame, text: words, textSize: 9.5, isBold: true, fill: .backwardBadge, stroke: .gradientInk,
          isRounded: true,
          id: "\(context.spotID(index))_step", classes: ["order", "step-\(step)"]))
    }
  }

  /// At the upper right corner, or, if a wire passes there, farther in or at the lower corner.
  private static func badge(at box: Rectangle, width: Double, _ placer: LabelPlacer) -> Rectangle {
    let (right, height) = (box.right - width + 5, 14.0)
    let places = [
      Point(x: right, y: box.y - 9), Point(x: right, y: box.bottom - 5),
      Point(x: right - 14, y: box.y - 9), Point(x: box.x - 5, y: box.y - 9),
    ].map { Rectangle(x: $0.x, y: $0.y, width: width, height: height) }
    return places.first { placer.isFreeOfWires($0.insetBy(1)) } ?? places[0]
  }
}
