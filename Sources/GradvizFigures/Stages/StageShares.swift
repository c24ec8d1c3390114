import Autograd
import GradvizDrawing

/// Draws the flow of gradients and the share of each use: the share is on its wire, the total in the solid
/// box.
extension StageBuilder {
  /// Whether a gradient flows back along an arrow at this step of the pass.
  func flows(_ link: Sheet.Link) -> Bool {
    let operand = sheet.spots[link.from].node
    return stage.showsFlow && isReached(operand) && !BoxSizes.isPlainConstant(graph.nodes[operand])
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
    // A page of arrays has them with each entry.
    if text.isLive, graph.level == .tensor { return false }
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
    guard stage.showsFlow, isReached(spot.node), case .slot(let lane, _) = spot.kind,
      let words = text.share(spot.node, uses), let size = text.shareSize(spot.node, uses)
    else { return }
    let isFinite = text.amounts(uses)?.allSatisfy(\.isFinite) ?? true
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(center: spot.frame.center, size: size),
        runs: words.runs(
          size: ValueText.shareSize, tint: isFinite ? context.laneInk(lane ?? 0) : .warning, isBold: true),
        fill: context.laneChip(lane ?? 0), stroke: context.laneInk(lane ?? 0), isRounded: true,
        id: context.spotID(index),
        classes: ["share", "same-\(graph.nodes[spot.node].id)"],
        tooltip: text.shareTooltip(spot.node, uses)))
  }

  /// The badges of the steps, and what stands on the wires: shares and local derivatives.
  mutating func addMarks() {
    addSteps(above: ColumnHeads(context)?.marksAbove ?? [])
    for link in sheet.links where link.isDrawn && flows(link) {
      if needsShare(link) { addShare(of: link, context.edgeID(link)) }
      addLocalDerivative(of: link, context.edgeID(link))
    }
  }

  private mutating func addShare(of link: Sheet.Link, _ edge: String) {
    let node = sheet.spots[link.from].node
    let uses = [(user: sheet.spots[link.to].node, position: link.position)]
    guard let words = text.share(node, uses), let size = text.shareSize(node, uses) else { return }
    let isFinite = text.amounts(uses)?.allSatisfy(\.isFinite) ?? true
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(center: link.wire.share, size: size),
        runs: words.runs(size: ValueText.shareSize, tint: isFinite ? .gradientInk : .warning, isBold: true),
        fill: !isFinite ? .warningRow : isOfThisStep(node) ? .backwardRow : .plain, stroke: .gradientInk,
        id: "\(edge)-share",
        classes: ["share", "same-\(graph.nodes[node].id)", "into-\(context.spotID(link.from))"],
        tooltip: text.shareTooltip(node, uses)))
  }

  private mutating func addLocalDerivative(of link: Sheet.Link, _ edge: String) {
    let user = sheet.spots[link.to].node
    guard let local = text.local(user: user, position: link.position) else { return }
    let isFinite = graph.nodes[user].localDerivatives?[link.position].isFinite ?? true
    var frame = Rectangle(center: link.wire.mark, size: local.size)
    if sheet.isTransposed, case .rule = local, link.wire.mark.y < link.wire.forward.start.y + 40 {
      // Beside the value's wire.
      frame.x = max(frame.x, link.wire.forward.start.x + Measure.besideWire)
    }
    switch local {
    case .unchanged, .negated:
      figure.discs.append(
        Figure.Disc(
          id: "\(edge)-unchanged", classes: ["unchanged", edge], tooltip: "", center: frame.center,
          size: local.size, text: "", textSize: 8, fill: .page, stroke: .gradientInk))
      if case .negated = local {
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(center: frame.center, size: Size(width: 4, height: 1.2)), fill: .gradientInk,
            classes: ["minus"]))
      }
    case .rule(let words):
      figure.chips.append(
        Figure.Chip(
          frame: frame, runs: LocalDerivative.runs(words, tint: isFinite ? .gradientInk : .warning), fill: .page,
          stroke: .gradientInk, isRounded: true,
          id: "\(edge)-derivative", classes: ["local-derivative", edge]))
    }
  }
}
