import Autograd

/// Draws the flow of gradients and the share of each use: the share is on its wire, the total in the solid
/// box.
extension StageBuilder {
  /// Whether a gradient flows back along an arrow at this step of the pass.
  func flows(_ link: Sheet.Link) -> Bool {
    let operand = sheet.spots[link.from].node
    return stage == .backward && isReached(operand) && !BoxSizes.isPlainConstant(graph.nodes[operand])
      && graph.passesBack(user: sheet.spots[link.to].node, position: link.position)
  }

  /// Whether a shared leaf has no box where a lane uses it, so that its line passes through.
  func passesThrough(_ spot: Int) -> Bool {
    guard isShared, case .slot(let lane, _) = sheet.spots[spot].kind, lane != nil,
      let main = sheet.mainSpot(of: sheet.spots[spot].node)
    else { return false }
    return sheet.spots[main].kind == .shared
  }

  /// Whether the box at the end of a gradient's arrow shows more than the share of this use.
  private func needsShare(_ link: Sheet.Link) -> Bool {
    let node = sheet.spots[link.from].node
    if context.flowing[link.from].count > 1 { return true }
    guard !context.isCopy(link.from) else { return false }
    return context.passingUses[node] > 1
      || graph.nodes[node].hidesUses
        && text.amounts([(sheet.spots[link.to].node, link.position)]) != graph.nodes[node].gradient
  }

  /// Where a shared leaf's line passes through its place in a lane: what this sample adds to its gradient.
  mutating func addShare(_ index: Int) {
    let spot = sheet.spots[index]
    let uses = context.uses(atSpot: index)
    guard stage == .backward, isReached(spot.node), case .slot(let lane, _) = spot.kind,
      let words = text.share(spot.node, uses), let size = text.shareSize(spot.node, uses)
    else { return }
    let isFinite = text.amounts(uses)?.allSatisfy(\.isFinite) ?? true
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(center: spot.frame.center, size: size), text: words,
        textSize: ValueText.shareSize, textTint: isFinite ? .laneInk(lane ?? 0) : .warning, isBold: true,
        fill: .laneChip(lane ?? 0), isRounded: true, id: context.spotID(index),
        classes: ["share", "same-\(graph.nodes[spot.node].id)"],
        tooltip: text.shareTooltip(spot.node, uses)))
  }

  /// Adds the badges of the steps and the labels on the arrows: shares, then local derivatives, once all
  /// obstacles are known.
  mutating func addMarks() {
    var placer = LabelPlacer(right: sheet.bounds.right + Measure.margin - 4)
    for spot in sheet.spots {
      placer.avoid(spot.frame.insetBy(-2))
      if let disc = spot.disc { placer.avoid(disc) }
    }
    for chip in figure.chips where !chip.text.isEmpty { placer.avoid(chip.frame) }
    for arrow in figure.arrows { placer.avoid(arrow.path, of: Self.wire(arrow.id)) }
    addSteps(&placer)
    addWireShares(&placer)
    addLocalDerivatives(&placer)
  }

  /// The arrow beside which a gradient's arrow runs, or the arrow itself.
  private static func wire(_ id: String) -> Substring {
    id.hasSuffix("-gradient") ? id.dropLast("-gradient".count) : id[...]
  }

  private mutating func addWireShares(_ placer: inout LabelPlacer) {
    for (number, link) in sheet.links.enumerated() where flows(link) && needsShare(link) {
      let node = sheet.spots[link.from].node
      let uses = [(user: sheet.spots[link.to].node, position: link.position)]
      guard let words = text.share(node, uses), let size = text.shareSize(node, uses) else { continue }
      let isFinite = text.amounts(uses)?.allSatisfy(\.isFinite) ?? true
      // It covers both the arrow and the gradient's arrow, wherever its center is between them.
      let paths = [0, 0.4, 0.8, -0.4].map { link.path.beside(-gradientSide(link) * $0) }
      let center = placer.place(size, on: paths, of: "edge-\(number + 1)")
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(center: center, size: size), text: words, textSize: ValueText.shareSize,
          textTint: isFinite ? .gradientInk : .warning, isBold: true,
          fill: !isFinite ? .warningRow : isOfThisStep(node) ? .backwardRow : .plain, stroke: .gradientInk,
          isRounded: true, id: "edge-\(number + 1)-share",
          classes: ["share", "same-\(graph.nodes[node].id)", "into-\(context.spotID(link.from))"],
          tooltip: text.shareTooltip(node, uses)))
    }
  }

  private mutating func addLocalDerivatives(_ placer: inout LabelPlacer) {
    // Lines with the same end share one label if their labels are equal.
    var said: [Int: [(end: Point, words: String)]] = [:]
    for (number, link) in sheet.links.enumerated() where flows(link) {
      let user = sheet.spots[link.to].node
      guard let words = text.local(user: user, position: link.position) else { continue }
      if link.isBundled {
        guard !said[link.to, default: []].contains(where: { $0 == (link.path.end, words) }) else { continue }
        said[link.to, default: []].append((link.path.end, words))
      }
      let isFinite = graph.nodes[user].localDerivatives?[link.position].isFinite ?? true
      let (run, center) = roomForLabel(words, isFinite ? .gradientInk : .warning, on: link, &placer)
      placer.avoid(Rectangle(center: center, size: Self.size(run)))
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: center.x - run.width / 2, y: center.y + 0.35 * run.size),
          width: run.width,
          classes: ["local-derivative", "edge-\(number + 1)"]))
    }
  }

  /// Places a local derivative, without its factor's name if there is not enough space.
  private func roomForLabel(
    _ words: String, _ tint: Tint, on link: Sheet.Link, _ placer: inout LabelPlacer
  ) -> (run: Figure.Run, center: Point) {
    // Where lines fan in from the lanes, the label stays near its box.
    let isLong = link.path.start.distance(to: link.path.end) > context.rankGap * 2.5
    // A line from the previous row has space above the level part before its operation.
    let isWrapped = link.path.end.x < link.path.start.x && !sheet.isTransposed
    let range = isWrapped ? 0.5...0.97 : isLong ? 0.3...0.85 : 0...1
    let side: Double = gradientSide(link) < 0 ? 1 : -1
    func room(_ run: Figure.Run) -> (center: Point, obstruction: Double) {
      placer.room(Self.size(run), along: link.path, in: range, side: side)
    }
    let whole = Figure.Run(text: words, size: Measure.derivativeSize, tint: tint)
    let first = room(whole)
    // `×w₁ = 4` may become `×4`; a mask such as `[a = b]/2` has no number.
    guard first.obstruction > 0, !words.contains("["), let equals = words.firstRange(of: " = ") else {
      return (whole, first.center)
    }
    var short = whole
    short.text = "×\(words[equals.upperBound...])"
    let second = room(short)
    return second.obstruction < first.obstruction ? (short, second.center) : (whole, first.center)
  }

  private static func size(_ run: Figure.Run) -> Size {
    Size(width: run.width * 1.05, height: run.size + 2)
  }
}
