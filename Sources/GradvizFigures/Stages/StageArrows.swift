import Autograd
import GradvizDrawing

/// The wires of a stage, and the order in which gradients come.
extension StageBuilder {
  // MARK: Wires

  mutating func addLinks() {
    for link in sheet.links where link.isDrawn {
      let (from, to) = (sheet.spots[link.from], sheet.spots[link.to])
      // The line of a shared leaf to its lane is there, and does not end in the open.
      guard stage == .update || isKnown(to.node) || context.isCopy(link.from) else { continue }
      let isReceded = stage == .update || recedes(to.node) || recedes(from.node)
      let head = context.spotID(link.to)
      let discID = to.disc == nil ? head : "\(head)_operation"
      let id = context.edgeID(link)
      let tint: Tint = isReceded ? .faint : carriesTangent(from.node) ? .forwardInk : .line
      figure.arrows.append(
        Figure.Arrow(
          id: id, kind: .forward, tail: context.spotID(link.from), head: discID, path: link.wire.forward,
          line: graph.isCut(user: to.node, operand: from.node) ? .dashed : .solid, tint: tint,
          hasHead: !link.wire.endsOnBus))
      if link.wire.beginsOnTrunk { addJunction(link.wire.forward.start, tint) }
      if link.wire.endsOnBus { addJunction(link.wire.forward.end, tint) }
      guard flows(link), let gradient = link.wire.gradient else { continue }
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: discID, head: context.spotID(link.from),
          path: gradient, line: .dotted, tint: .gradientInk, width: 1.3,
          hasHead: !link.wire.endsOnTrunk && !passesThrough(link.from)))
      if link.wire.endsOnTrunk { addJunction(gradient.end, .gradientInk) }
    }
    addTurns()
  }

  /// Whether a tangent goes along the arrows of a value.
  private func carriesTangent(_ node: Int) -> Bool { stage == .forwardMode && text.tangents[node] ?? 0 != 0 }

  private mutating func addJunction(_ center: Point, _ tint: Tint) {
    figure.discs.append(
      Figure.Disc(
        id: "junction-\(figure.discs.count + 1)", classes: ["junction"], tooltip: "", center: center,
        size: Size(width: 4, height: 4), text: "", textSize: 8, fill: tint, stroke: nil))
  }

  /// The marks between which a wire goes on in another row.
  private mutating func addTurns() {
    // The last row in which a gradient comes back to a value.
    var lastFlow: [Int: Int] = [:]
    if stage.showsFlow, !sheet.turns.isEmpty {
      for link in sheet.links where flows(link) {
        lastFlow[link.from] = max(lastFlow[link.from] ?? 0, sheet.spots[link.to].row)
      }
    }
    for (number, turn) in sheet.turns.enumerated() {
      let isCalm = stage == .update || recedes(sheet.spots[turn.spot].node)
      let tint: Tint = isCalm ? .faint : carriesTangent(sheet.spots[turn.spot].node) ? .forwardInk : .line
      let id = "turn-\(number + 1)"
      figure.chips.append(
        Figure.Chip(
          frame: turn.frame, text: Self.letter(turn.letter), textTint: isCalm ? .muted : .ink,
          isBold: true, fill: .circle, stroke: tint, isRounded: true, id: id, classes: ["turn"],
          tooltip: graph.nodes[sheet.spots[turn.spot].node].name))
      guard let wire = turn.wire else { continue }
      let node = context.spotID(turn.spot)
      figure.arrows.append(
        Figure.Arrow(
          id: "branch-\(id)", kind: .forward, tail: node, head: id, path: wire.forward, tint: tint))
      if wire.beginsOnTrunk { addJunction(wire.forward.start, tint) }
      guard lastFlow[turn.spot] ?? 0 > turn.row, let gradient = wire.gradient else { continue }
      figure.arrows.append(
        Figure.Arrow(
          id: "branch-\(id)-gradient", kind: .gradient, tail: id, head: node, path: gradient, line: .dotted,
          tint: .gradientInk, width: 1.3, hasHead: !wire.endsOnTrunk))
      if wire.endsOnTrunk { addJunction(gradient.end, .gradientInk) }
    }
  }

  private static func letter(_ number: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + number % 26)))
    return number < 26 ? letter : letter + "\(number / 26)"
  }

  // MARK: Shared leaves

  mutating func addBranches() {
    for (number, branch) in sheet.branches.enumerated() {
      let node = sheet.spots[branch.shared].node
      let id = "branch-\(number + 1)"
      let tint: Tint =
        stage == .update || recedes(node) ? .faint : carriesTangent(node) ? .forwardInk : .line
      figure.arrows.append(
        Figure.Arrow(
          id: id, kind: .forward, tail: context.spotID(branch.shared), head: context.spotID(branch.slot),
          path: branch.path, tint: tint, hasHead: false))
      if branch.beginsOnTrunk { addJunction(branch.path.start, tint) }
      guard stage.showsFlow, let (path, endsOnTrunk) = branch.gradient, isReached(node) else { continue }
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: context.spotID(branch.slot),
          head: context.spotID(branch.shared), path: path, line: .dotted, tint: .gradientInk, width: 1.3,
          hasHead: !endsOnTrunk))
      if endsOnTrunk { addJunction(path.end, .gradientInk) }
    }
  }

  // MARK: Steps

  /// - Parameter above: the marks that stand above the columns.
  mutating func addSteps(above: Set<String>) {
    for (index, spot) in sheet.spots.enumerated() {
      if context.isCopy(index) || spot.isCell || spot.isTab { continue }
      guard let step = context.steps[spot.node], let words = context.marks[spot.node], !above.contains(words),
        isReached(spot.node)
      else { continue }
      let width = Typesetter.badge(words).width
      let corner =
        sheet.isTransposed
        ? Point(x: spot.frame.right - 3, y: spot.frame.center.y - 7)
        // The upright lines begin right beside the column of parameters.
        : Point(x: spot.frame.right - width + (spot.kind == .shared ? 0 : 8), y: spot.frame.y - 13)
      let frame = Rectangle(x: corner.x, y: corner.y, width: width, height: Measure.badgeHeight)
      figure.chips.append(
        Figure.Chip(
          frame: frame, text: words, isBold: true, fill: .backwardBadge, stroke: .gradientInk,
          isRounded: true,
          id: "\(context.spotID(index))_step", classes: ["order", "step-\(step)"]))
    }
  }
}
