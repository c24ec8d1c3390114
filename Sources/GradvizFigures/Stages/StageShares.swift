import Autograd
import GradvizDrawing

/// Where a gradient flows, and what each use adds to it: the share stands on its wire, the total in the
/// solid box.
extension StageBuilder {
  /// Whether a gradient comes back along an arrow at this moment of the pass.
  func flows(_ link: Sheet.Link) -> Bool {
    let operand = sheet.spots[link.from].node
    return stage == .backward && isReached(operand) && !BoxSizes.isPlainConstant(graph.nodes[operand])
      && graph.passesBack(user: sheet.spots[link.to].node, position: link.position)
  }

  /// Whether a shared leaf has no box where a lane uses it: its line passes through there.
  func passesThrough(_ spot: Int) -> Bool {
    guard isShared, case .slot(let lane, _) = sheet.spots[spot].kind, lane != nil,
      let main = sheet.mainSpot(of: sheet.spots[spot].node)
    else { return false }
    return sheet.spots[main].kind == .shared
  }

  /// Whether the box at the end of a gradient's arrow says more than what this one use adds.
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

  /// The badges of the steps, and what stands on the arrows: shares, then the local derivatives, when all
  /// they have to keep clear of is known.
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

  /// The arrow that a gradient's arrow runs beside, or itself.
  private static func wire(_ id: String) -> Substring {
    id.hasSuffix("-gradient") ? id.dropLast("-gradient".count) : id[...]
  }

  private mutating func addWireShares(_ placer: inout LabelPlacer) {
    for (number, link) in sheet.links.enumerated() where flows(link) && needsShare(link) {
      let node = sheet.spots[link.from].node
      let uses = [(user: sheet.spots[link.to].node, position: link.position)]
      guard let words = text.share(node, uses), let size = text.shareSize(node, uses) else { continue }
      let isFinite = text.amounts(uses)?.allSatisfy(\.isFinite) ?? true
      // It covers the arrow and the gradient's beside it, wherever between them its middle is.
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
    // Lines that end as one have one label where they say the same.
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

  /// Where a local derivative stands; without its factor's name where there is no room for that.
  private func roomForLabel(
    _ words: String, _ tint: Tint, on link: Sheet.Link, _ placer: inout LabelPlacer
  ) -> (run: Figure.Run, center: Point) {
    // Where lines fan in from the lanes, the label stays near the box it belongs to.
    let isLong = link.path.start.distance(to: link.path.end) > context.rankGap * 2.5
    // A line that goes on in the next row has room over the level part before its operation.
    let isWrapped = link.path.end.x < link.path.start.x && !sheet.isTransposed
    let range = isWrapped ? 0.5...0.97 : isLong ? 0.3...0.85 : 0...1
    let side: Double = gradientSide(link) < 0 ? 1 : -1
    func room(_ run: Figure.Run) -> (center: Point, obstruction: Double) {
      placer.room(Self.size(run), along: link.path, in: range, side: side)
    }
    let whole = Figure.Run(text: words, size: Measure.derivativeSize, tint: tint)
    let first = room(whole)
    // `×w₁ = 4` may be `×4`; a mask such as `[a = b]/2` has no number of its own.
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
