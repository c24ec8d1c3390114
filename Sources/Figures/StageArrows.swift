import Autograd

/// The arrows of a stage and what stands on them.
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
      guard stage == .backward, passesGradient(link), isReached(from.node) else { continue }
      let side = gradientSide(link)
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: discID, head: context.spotID(link.from),
          path: link.path.reversed().beside(side), line: .dotted, tint: .gradientInk, width: 1.3,
          hasHead: !passesThrough(link.from)))
    }
  }

  func passesThrough(_ spot: Int) -> Bool {
    guard isShared, case .slot(let lane, _) = sheet.spots[spot].kind, lane != nil else { return false }
    return graph.nodes[sheet.spots[spot].node].role != .constant
      && !context.isLaneLeaf(sheet.spots[spot].node)
  }

  /// The gradient runs on the side of the forward arrow that looks to the operation's middle, the local
  /// derivative stands on the other.
  func gradientSide(_ link: Sheet.Link) -> Double {
    let (start, end) = (link.path.start, link.path.end)
    let slope = sheet.isTransposed ? end.x - start.x : end.y - start.y
    // Travelling backwards, right of the path is up for an arrow that ran to the right.
    let isFalling = slope > 2
    let below = sheet.isTransposed ? 5.0 : -5.0
    return isFalling ? below : slope < -2 ? -below : below
  }

  /// The labels come last, when all they have to keep clear of is known.
  mutating func addLocalDerivatives() {
    var placer = LabelPlacer()
    for spot in sheet.spots {
      placer.avoid(spot.frame.insetBy(-2))
      if let disc = spot.disc { placer.avoid(disc) }
    }
    for chip in figure.chips where !chip.text.isEmpty { placer.avoid(chip.frame) }
    for arrow in figure.arrows { placer.avoid(arrow.path) }
    for (number, link) in sheet.links.enumerated()
    where passesGradient(link) && isReached(sheet.spots[link.from].node) {
      guard let words = text.local(user: sheet.spots[link.to].node, position: link.position) else { continue }
      let local = graph.nodes[sheet.spots[link.to].node].localDerivatives?[link.position]
      let run = Figure.Run(
        text: words, size: Measure.derivativeSize, tint: local?.isFinite == false ? .warning : .gradientInk)
      let size = Size(width: run.width * 1.05, height: run.size + 2)
      // Where lines fan in from the lanes, the label stays near the box it belongs to.
      let isLong = link.path.start.distance(to: link.path.end) > context.rankGap * 2.5
      // A line that goes on in the next row has room over the level part before its operation.
      let isWrapped = link.path.end.x < link.path.start.x && !sheet.isTransposed
      let range = isWrapped ? 0.5...0.97 : isLong ? 0.3...0.85 : 0...1
      let center = placer.place(
        size, along: link.path, in: range, side: gradientSide(link) < 0 ? 1 : -1)
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: center.x - run.width / 2, y: center.y + 0.35 * run.size),
          width: run.width,
          classes: ["local-derivative", "edge-\(number + 1)"]))
    }
  }

  func passesGradient(_ link: Sheet.Link) -> Bool {
    graph.nodes[sheet.spots[link.to].node].gradient != nil
      && !BoxSizes.isPlainConstant(graph.nodes[sheet.spots[link.from].node])
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
      guard stage == .backward, graph.nodes[node].gradient != nil, isReached(node) else { continue }
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: context.spotID(branch.slot),
          head: context.spotID(branch.shared),
          path: branch.path.reversed().beside(sheet.isTransposed ? 5 : -5),
          line: .dotted, tint: .gradientInk, width: 1.3, hasHead: !branch.beginsOnTrunk))
    }
  }

  // MARK: Steps and update

  mutating func addSteps() {
    for (index, spot) in sheet.spots.enumerated() {
      if case .slot(let lane, _) = spot.kind, lane != nil, !context.isLaneLeaf(spot.node) { continue }
      guard let step = context.steps[spot.node], !BoxSizes.isPlainConstant(graph.nodes[spot.node]),
        graph.nodes[spot.node].gradient != nil, isReached(spot.node)
      else { continue }
      let words = "\(step)"
      let width = max(15, (Figure.Run(text: words, size: 9.5, isBold: true).width + 8).rounded(.up))
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: spot.frame.right - width + 5, y: spot.frame.y - 9, width: width, height: 14),
          text: words, textSize: 9.5, isBold: true, fill: .backwardBadge, stroke: .gradientInk,
          isRounded: true,
          id: "\(context.spotID(index))_step", classes: ["order", "step-\(step)"]))
    }
  }

  /// Blue dotted arrows from the rule below the graph to every parameter.
  mutating func addUpdateFlow() {
    let bottom = sheet.bounds.bottom + 14
    let obstacles = sheet.spots.map(\.frame) + sheet.spots.compactMap(\.disc)
    let targets = sheet.spots.indices.filter { index in
      graph.nodes[sheet.spots[index].node].updated != nil
        && sheet.mainSpot(of: sheet.spots[index].node) == index
    }
    let lastRow = sheet.spots.map(\.row).max() ?? 0
    let margin = (sheet.spots.map(\.frame.x).min() ?? 0) - 14
    let left = (targets.map { sheet.spots[$0].frame.x }.min() ?? 0) - 14
    for index in targets {
      let frame = sheet.spots[index].frame
      let corridor = Rectangle(
        x: frame.center.x - 6, y: frame.bottom + 1, width: 12, height: max(bottom - frame.bottom - 2, 1))
      let path: Path
      let rowBottom = sheet.spots.filter { $0.row == sheet.spots[index].row }.map(\.frame.bottom).max() ?? 0
      if sheet.spots[index].row < lastRow, sheet.lanes.isEmpty {
        // Around the rows below, then through the channel under its own.
        let (channel, side) = (rowBottom + 6, frame.x - 9)
        path = Path(
          through: [
            Point(x: margin, y: bottom), Point(x: margin, y: channel), Point(x: side, y: channel),
            Point(x: side, y: frame.center.y + 6), Point(x: frame.x, y: frame.center.y + 6),
          ], radius: 5)
      } else if !obstacles.contains(where: { $0.intersects(corridor) }) {
        path = Path(from: Point(x: frame.center.x, y: bottom), to: Point(x: frame.center.x, y: frame.bottom))
      } else {
        let side = frame.x - left < 24 ? left : frame.x - 12
        path = Path(
          through: [
            Point(x: side, y: bottom), Point(x: side, y: frame.center.y + 6),
            Point(x: frame.x, y: frame.center.y + 6),
          ], radius: 6)
      }
      figure.arrows.append(
        Figure.Arrow(
          id: "update-\(graph.nodes[sheet.spots[index].node].id)", kind: .update, tail: "panel",
          head: context.spotID(index), path: path, line: .dotted, tint: .updateInk, width: 1.5))
    }
  }
}
