import GradvizDrawing
import GradvizGraph

/// The boxes and tabs of a stage.
extension StageBuilder {
  /// How prominent a value is in this stage.
  enum Emphasis { case full, calm, receded, pending }

  func emphasis(_ node: Int) -> Emphasis {
    let members = context.lossMembers
    let isConstant = isConstantOfLoss(node)
    let isLossPart = members.contains(node) && graph.nodes[node].role != .prediction || isConstant
    switch stage {
    case .forward where text.notation.blanks != nil: return .full
    case .forward:
      guard context.hasPrediction, isLossPart else { return .full }
      // Targets are known; values computed from them are not yet.
      return graph.nodes[node].isLeaf ? .receded : .pending
    case .loss: return members.contains(node) || isConstant ? .full : .receded
    case .backward, .shares, .accumulation, .overview, .forwardMode, .secondOrder: return .full
    case .update: return graph.nodes[node].role == .parameter || node == graph.loss ? .full : .calm
    }
  }

  /// Whether a constant is used where the loss is computed, and nowhere else.
  private func isConstantOfLoss(_ node: Int) -> Bool {
    let uses = context.uses[node]
    return graph.nodes[node].isLeaf && graph.nodes[node].role == .constant && !uses.isEmpty
      && uses.allSatisfy { context.lossMembers.contains($0.user) && graph.nodes[$0.user].role != .prediction }
  }

  func recedes(_ node: Int) -> Bool { [.receded, .pending].contains(emphasis(node)) }

  mutating func addSpot(_ index: Int) {
    let spot = sheet.spots[index]
    let node = graph.nodes[spot.node]
    let emphasis = emphasis(spot.node)
    if passesThrough(index) {
      addShare(index)
      return
    }
    if spot.isTab, let disc = spot.disc {
      addDisc(spot.node, disc, id: context.spotID(index), emphasis)
      return
    }
    if BoxSizes.isPlainConstant(node) {
      addConstant(index, emphasis)
      return
    }
    var box = Figure.Box(
      id: context.spotID(index), classes: classes(index), tooltip: tooltip(index), frame: spot.frame,
      name: spot.isCell ? [] : name(spot.node, emphasis),
      nameWidth: spot.isCell ? 0 : context.sizes.nameWidths[spot.node],
      nameFill: emphasis == .full || emphasis == .calm ? node.role.tint : .plain, rows: rows(index, emphasis))
    switch emphasis {
    case .full, .calm: break
    case .receded, .pending: box.lineTint = .faint
    }
    if stage == .secondOrder, node.scope == BackwardGraph.scope { box.lineTint = .gradientInk }
    if context.recorded.marks(node, in: stage), !context.isCopy(index) { box.lineTint = .warning }
    if context.isCopy(index) { box.line = .dashed }
    if stage == .update, node.updated != nil, !context.isCopy(index) { box.lineTint = .updateInk }
    figure.boxes.append(box)
    if let disc = spot.disc { addDisc(spot.node, disc, id: box.id, emphasis) }
  }

  /// The value, and for a copy the share of its own uses in the gradient.
  func tooltip(_ index: Int) -> String {
    let node = sheet.spots[index].node
    guard stage.showsFlow, context.isCopy(index), shownGradient(index) != nil else {
      return text.tooltip(node)
    }
    return text.tooltip(node) + context.words.semicolon + text.shareTooltip(node, context.uses(atSpot: index))
  }

  func classes(_ index: Int) -> [String] {
    let spot = sheet.spots[index]
    let node = graph.nodes[spot.node]
    var classes = ["node", node.role.rawValue]
    if let lane = node.lane { classes.append("lane-\(lane + 1)") }
    if spot.isCell { classes.append("cell") }
    if context.isCopy(index) {
      classes += ["same", "same-\(node.id)"]
      if stage.showsFlow, shownGradient(index) != nil { classes.append("share") }
    }
    if stage.showsFlow, let own = context.steps[spot.node] { classes.append("step-\(own)") }
    return classes
  }

  func name(_ node: Int, _ emphasis: Emphasis) -> [[Figure.Run]] {
    let tint: Tint = emphasis == .full || emphasis == .calm ? .ink : .muted
    var lines = [text.notation.name(node, size: Measure.nameSize, tint: tint)]
    if !graph.nodes[node].shape.isEmpty {
      let shape = BoxSizes.shape(graph.nodes[node])
      lines.append([Figure.Run(text: shape, size: Measure.derivativeSize, tint: .muted)])
    }
    return lines
  }

  func rows(_ index: Int, _ emphasis: Emphasis) -> [Figure.Box.Row] {
    let spot = sheet.spots[index]
    let node = graph.nodes[spot.node]
    let isComputed = !node.isLeaf
    var valueFill: Tint?
    var gradientFill: Tint?
    switch stage {
    case _ where !isKnown(spot.node): break
    case .forward: if isComputed, emphasis == .full { valueFill = .forwardRow }
    case .loss:
      if isComputed, emphasis == .full, node.role != .prediction || context.lossIsPrediction {
        valueFill = .lossRow
      }
    case .backward, .shares, .accumulation, .overview, .forwardMode, .secondOrder:
      // Highlights the gradients of a frame's own step.
      if shownGradient(index) != nil, isOfThisStep(spot.node) { gradientFill = .backwardRow }
    case .update: if node.updated != nil, !context.isCopy(index) { valueFill = .updateRow }
    }
    let ink: Tint = emphasis == .receded ? .muted : .ink
    if let matrix = context.sizes.matrices[spot.node] {
      return matrixRows(index, matrix, emphasis, valueFill, gradientFill, ink)
    }
    var isFinite = node.value[0].isFinite
    var value = text.value(spot.node)
    // A copy repeats the parameter of the forward pass; only the solid box shows the update.
    if stage == .update, !context.isCopy(index), let update = text.update(spot.node) {
      value = update
      isFinite = isFinite && node.updated?[0].isFinite ?? true
    }
    let showsValue = emphasis != .pending && isKnown(spot.node)
    let isLow = BoxSizes.isLow(node, graph)
    let showsGradient = !isLow && (stage.showsFlow || stage == .update)
    let first = Figure.Box.Row(
      content: .text(
        showsValue
          ? [
            Figure.Run(
              text: value, size: Measure.valueSize, tint: isFinite ? ink : .warning,
              isBold: !isFinite || stage == .update && node.updated != nil && !context.isCopy(index))
          ]
          : []), height: isLow ? Int(spot.frame.height) - 2 : rowHeight(index) * (showsGradient ? 1 : 2),
      fill: isFinite || !showsValue ? valueFill : .warningRow)
    return showsGradient ? [first] + tangentRow(index) + [gradientRow(index, gradientFill)] : [first]
  }

  /// The gradient that a box shows: the whole one in the value's own box, that of its own uses in a copy; nil
  /// where nothing flows, and before the pass reaches the value.
  func shownGradient(_ index: Int) -> [Double]? {
    let node = sheet.spots[index].node
    guard stage.showsFlow || stage == .update, let gradient = graph.nodes[node].gradient, isReached(node)
    else { return nil }
    return context.isCopy(index) ? text.amounts(context.uses(atSpot: index)) : gradient
  }

  /// Highlights the gradients of a frame's own step, and in a replay all that are there.
  func isOfThisStep(_ node: Int) -> Bool {
    step == nil || (known.isEmpty ? context.steps[node] == step : isReached(node))
  }

  func gradientRow(_ index: Int, _ fill: Tint?) -> Figure.Box.Row {
    let node = sheet.spots[index].node
    guard let gradient = shownGradient(index) else {
      return Figure.Box.Row(content: .text([]), height: rowHeight(index), fill: nil)
    }
    let room = sheet.spots[index].frame.width - Double(context.sizes.nameWidths[node]) - 4
    let words =
      context.isCopy(index) ? text.share(node, context.uses(atSpot: index), within: room) : text.gradient(node)
    let isFinite = gradient.allSatisfy(\.isFinite)
    return Figure.Box.Row(
      content: .text(
        words?.runs(
          size: Measure.valueSize, tint: isFinite ? .gradientInk : .warning, isBold: stage.showsFlow || !isFinite)
          ?? []), height: rowHeight(index), fill: isFinite ? fill : .warningRow)
  }

  /// Of a number or its gradient: half of the box.
  private func rowHeight(_ index: Int) -> Int {
    max(Measure.rowHeightInt, (Int(sheet.spots[index].frame.height) - 2) / text.rowCount)
  }

  /// The tangent between value and gradient; of a copy its place.
  private func tangentRow(_ index: Int) -> [Figure.Box.Row] {
    guard stage == .forwardMode else { return [] }
    let node = sheet.spots[index].node
    guard !context.isCopy(index), let tangent = text.tangent(node) else {
      return [Figure.Box.Row(content: .text([]), height: rowHeight(index), fill: nil)]
    }
    let number = text.tangents[node]
    let isFinite = number?.isFinite ?? true
    let run = Figure.Run(
      text: tangent, size: Measure.valueSize,
      tint: !isFinite ? .warning : number == nil ? .muted : .forwardInk, isBold: number != nil)
    return [
      Figure.Box.Row(
        content: .text([run]), height: rowHeight(index),
        fill: !isFinite ? .warningRow : number == nil ? nil : .forwardRow)
    ]
  }

  func matrixRows(
    _ index: Int, _ matrix: MatrixContent, _ emphasis: Emphasis, _ valueFill: Tint?, _ gradientFill: Tint?,
    _ ink: Tint
  ) -> [Figure.Box.Row] {
    let node = sheet.spots[index].node
    let value = graph.nodes[node]
    let updated = stage == .update && !context.isCopy(index) ? value.updated : nil
    var first = matrix.row(updated ?? value.value, ink: ink, isBold: updated != nil, fill: valueFill)
    // A box may be higher than its own numbers need: as high as those of another step.
    let room = Int(sheet.spots[index].frame.height) - 2
    if value.gradient != nil, text.gradients != .symbolic { first.height = max(first.height, room / 2) }
    let gradientHeight =
      value.gradient == nil ? max(BoxSizes.emptyHeight(value, matrix), room - first.height) : room - first.height
    if emphasis == .pending || !isKnown(node) { first.content = .text([]) }
    guard let gradient = shownGradient(index) else {
      // In a replay the value has its place from the beginning.
      if value.gradient != nil, stage == .backward, !isReached(node), !known.isEmpty {
        return [first, .init(content: .text([]), height: gradientHeight, fill: nil)]
      }
      first.height += gradientHeight
      return [first]
    }
    if text.gradients == .symbolic {
      let words = context.isCopy(index) ? text.share(node, context.uses(atSpot: index)) : text.gradient(node)
      let runs = words?.runs(size: Measure.derivativeSize, tint: .gradientInk, isBold: true) ?? []
      return [first, .init(content: .text(runs), height: gradientHeight, fill: gradientFill)]
    }
    var second = matrix.row(gradient, ink: .gradientInk, isBold: stage == .backward, fill: gradientFill)
    second.height = gradientHeight
    return [first, second]
  }

  mutating func addConstant(_ index: Int, _ emphasis: Emphasis) {
    let spot = sheet.spots[index]
    let value = graph.nodes[spot.node].value[0]
    let isReceded = emphasis == .receded || emphasis == .pending
    figure.boxes.append(
      Figure.Box(
        id: context.spotID(index), classes: ["node", "constant"],
        tooltip: context.words.constant(text.value(spot.node)),
        frame: spot.frame, name: [], nameWidth: 0, nameFill: .plain,
        rows: [
          .init(
            content: .text([
              Figure.Run(
                text: text.value(spot.node), size: Measure.valueSize,
                tint: !value.isFinite ? .warning : isReceded ? .muted : .ink)
            ]), height: Int(spot.frame.height) - 2, fill: nil)
        ], lineTint: .faint))
  }

  /// The operation's tab.
  mutating func addDisc(_ node: Int, _ frame: Rectangle, id: String, _ emphasis: Emphasis) {
    guard let symbol = context.sizes.discs[node] else { return }
    let operation = graph.nodes[node].operationName
    let words = context.words
    let isReceded = stage == .update || emphasis == .receded || emphasis == .pending
    figure.discs.append(
      Figure.Disc(
        id: "\(id)_operation", classes: ["operation", operation ?? "several"],
        tooltip: graph.nodes[node].operation.map(words.operation) ?? operation ?? words.severalOperations,
        center: frame.center,
        size: Size(width: frame.width, height: frame.height), text: symbol.text,
        textSize: symbol.textSize, textTint: isReceded ? .muted : .ink, stroke: isReceded ? .faint : .line,
        isTab: true))
  }
}
