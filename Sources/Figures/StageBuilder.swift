import Autograd

/// Draws one stage on the sheet: which boxes speak, which recede, and the arrows of the stage.
struct StageBuilder {
  let context: FigureContext
  let stage: Stage
  /// The step of the backward pass that the frame shows; nil for the whole pass.
  let step: Int?
  var figure: Figure

  init(_ context: FigureContext, stage: Stage, step: Int? = nil, figure: Figure) {
    self.context = context
    self.stage = stage
    self.step = step
    self.figure = figure
  }

  private var graph: ComputationGraph { context.graph }
  private var sheet: Sheet { context.sheet }
  private var text: ValueText { context.text }

  /// Whether the leaves that lanes share are one box with lines to every lane, or repeated in each.
  private var isShared: Bool {
    guard sheet.sharedRegion != nil else { return false }
    return context.parameterStyle.map { $0 == .shared } ?? (stage == .backward || stage == .update)
  }

  mutating func build() {
    addRegions()
    // In the order of evaluation, which is the order in which a screen reader comes to them.
    for index in sheet.spots.indices.sorted(by: { (sheet.spots[$0].node, $0) < (sheet.spots[$1].node, $1) }) {
      addSpot(index)
    }
    addLinks()
    if isShared { addBranches() }
    if stage == .backward {
      addSteps()
      addLocalDerivatives()
    }
    if stage == .update { addUpdateFlow() }
  }

  /// Whether the gradient of a value is known at the frame's step.
  private func isReached(_ node: Int) -> Bool {
    guard let step else { return true }
    return (context.steps[node] ?? .max) <= step
  }

  // MARK: Regions

  private mutating func addRegions() {
    for (lane, frame) in sheet.lanes.enumerated() {
      figure.regions.append(
        Figure.Region(
          id: "lane-\(lane + 1)", classes: ["lane"], frame: frame, fill: .laneFill(lane), stroke: .laneChip(lane)))
      figure.labels.append(
        label(context.words.sample(lane + 1), size: 10.5, tint: .laneInk(lane), isBold: true, at: Point(x: frame.x + 10, y: frame.y + 14)))
    }
    if let frame = sheet.sharedRegion {
      figure.labels.append(
        label(context.words.parameters, size: 10.5, tint: .updateInk, isBold: true, at: Point(x: frame.x + 10, y: frame.y + 2)))
    }
    if stage == .loss, let frame = sheet.lossRegion {
      figure.regions.append(
        Figure.Region(
          id: "loss-region", classes: ["region", "loss"], frame: frame, fill: nil, stroke: .lossInk, line: .dashed))
      addBadge(number: 2, title: context.words.title(.loss), stage: .loss, at: Point(x: frame.x, y: frame.y - 20), size: 11)
    }
  }

  mutating func addBadge(number: Int?, title: String, stage: Stage, at origin: Point, size: Double) {
    let height = (size * 1.75).rounded()
    var x = origin.x
    if let number {
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: origin.y, width: height, height: height), text: "\(number)",
          textSize: size, isBold: true, fill: stage.badge, classes: ["badge"]))
      x += height
    }
    let width = (Figure.Run(text: title, size: size, isBold: true).width * 1.06 + 16).rounded(.up)
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: x, y: origin.y, width: width, height: height), text: title, textSize: size,
        isBold: true, fill: stage.row, classes: ["badge"]))
  }

  func label(_ text: String, size: Double, tint: Tint, isBold: Bool = false, at origin: Point) -> Figure.Label {
    let run = Figure.Run(text: text, size: size, tint: tint, isBold: isBold)
    return Figure.Label(run: run, origin: origin, width: run.width)
  }

  // MARK: Boxes

  /// How much a value has to say in this stage.
  private enum Emphasis { case full, calm, receded, pending }

  private func emphasis(_ node: Int) -> Emphasis {
    let members = context.lossMembers
    let isLossPart = members.contains(node) && graph.nodes[node].role != .prediction
    switch stage {
    case .forward:
      guard context.hasPrediction, isLossPart else { return .full }
      // Targets are known, what is computed from them is not yet.
      return graph.nodes[node].operation == nil ? .receded : .pending
    case .loss: return members.contains(node) ? .full : .receded
    case .backward, .overview: return .full
    case .update: return graph.nodes[node].role == .parameter || node == graph.loss ? .full : .calm
    }
  }

  private func recedes(_ node: Int) -> Bool { [.receded, .pending].contains(emphasis(node)) }

  private mutating func addSpot(_ index: Int) {
    let spot = sheet.spots[index]
    let node = graph.nodes[spot.node]
    let emphasis = emphasis(spot.node)
    if case .slot(let lane, _) = spot.kind, isShared, lane != nil, node.role != .constant, !context.isLaneLeaf(spot.node) {
      addShare(index, lane: lane)
      return
    }
    if BoxSizes.isPlainConstant(node) {
      addConstant(index, emphasis)
      return
    }
    var box = Figure.Box(
      id: context.spotID(index), classes: classes(spot), tooltip: text.tooltip(spot.node), frame: spot.frame,
      name: name(spot.node, emphasis), nameWidth: context.sizes.nameWidths[spot.node],
      nameFill: emphasis == .full || emphasis == .calm ? roleTint(node) : .plain, rows: rows(index, emphasis))
    switch emphasis {
    case .full, .calm: break
    case .receded, .pending: box.lineTint = .faint
    }
    if case .slot = spot.kind { box.line = .dashed }
    if stage == .update, emphasis == .full, node.role == .parameter { box.lineTint = .updateInk }
    figure.boxes.append(box)
    if let disc = spot.disc { addDisc(spot.node, disc, id: box.id, emphasis) }
  }

  private func classes(_ spot: Sheet.Spot) -> [String] {
    let node = graph.nodes[spot.node]
    var classes = ["node", node.role.rawValue]
    if let lane = node.lane { classes.append("lane-\(lane + 1)") }
    if case .slot = spot.kind { classes += ["same", "same-\(node.id)"] }
    if stage == .backward, let own = context.steps[spot.node] { classes.append("step-\(own)") }
    return classes
  }

  private func name(_ node: Int, _ emphasis: Emphasis) -> [[Figure.Run]] {
    let tint: Tint = emphasis == .full || emphasis == .calm ? .ink : .muted
    var lines = [text.notation.name(node, size: Measure.nameSize, tint: tint, isBold: true)]
    let shape = graph.nodes[node].shape
    if !shape.isEmpty, !BoxSizes.isFolded(graph.nodes[node]) {
      lines.append([Figure.Run(text: Shapes.text(shape), size: Measure.derivativeSize, tint: .muted)])
    }
    return lines
  }

  private func roleTint(_ node: ComputationGraph.Node) -> Tint {
    switch node.role {
    case .input, .target: .data
    case .parameter: .parameter
    case .prediction: .prediction
    case .loss: .loss
    case .constant, .intermediate: .plain
    }
  }

  private func rows(_ index: Int, _ emphasis: Emphasis) -> [Figure.Box.Row] {
    let spot = sheet.spots[index]
    let node = graph.nodes[spot.node]
    let isComputed = node.operation != nil
    var valueFill: Tint?
    var gradientFill: Tint?
    switch stage {
    case .forward: if isComputed, emphasis == .full { valueFill = .forwardRow }
    case .loss: if isComputed, emphasis == .full, node.role != .prediction || context.lossIsPrediction { valueFill = .lossRow }
    case .backward, .overview:
      // Of a frame's gradients, those of its own step stand out.
      if node.gradient != nil, step == nil || context.steps[spot.node] == step { gradientFill = .backwardRow }
    case .update: if node.updated != nil { valueFill = .updateRow }
    }
    let ink: Tint = emphasis == .receded ? .muted : .ink
    if let matrix = context.sizes.matrices[spot.node] {
      return matrixRows(spot.node, matrix, emphasis, valueFill, gradientFill, ink)
    }
    if BoxSizes.isFolded(node) { return foldedRows(spot.node, emphasis, valueFill, gradientFill, ink) }
    let isFinite = node.value[0].isFinite
    var value = text.value(spot.node)
    if stage == .update, let update = text.update(spot.node) { value = update }
    let showsValue = emphasis != .pending
    let showsGradient = stage == .backward || stage == .update
    let first = Figure.Box.Row(
      content: .text(
        showsValue
          ? [Figure.Run(text: value, size: Measure.valueSize, tint: isFinite ? ink : .warning, isBold: !isFinite || stage == .update && node.updated != nil)]
          : []), height: Measure.rowHeightInt * (showsGradient ? 1 : 2),
      fill: isFinite || !showsValue ? valueFill : .warningRow)
    return showsGradient ? [first, gradientRow(index, gradientFill)] : [first]
  }

  /// The shape in place of the numbers, above and, where there is a gradient, below.
  private func foldedRows(
    _ index: Int, _ emphasis: Emphasis, _ valueFill: Tint?, _ gradientFill: Tint?, _ ink: Tint
  ) -> [Figure.Box.Row] {
    let node = graph.nodes[index]
    let isFinite = node.value.allSatisfy(\.isFinite)
    let shape = Shapes.text(node.shape)
    func run(_ text: String, _ tint: Tint, _ isBold: Bool) -> Figure.Box.Row.Content {
      .text([Figure.Run(text: text, size: Measure.valueSize, tint: tint, isBold: isBold)])
    }
    let showsGradient = (stage == .backward || stage == .update) && node.gradient != nil && isReached(index)
    var rows = [
      Figure.Box.Row(
        content: emphasis == .pending ? .text([]) : run(isFinite ? shape : "NaN, ∞", isFinite ? ink : .warning, !isFinite),
        height: Measure.rowHeightInt * (showsGradient ? 1 : 2), fill: isFinite ? valueFill : .warningRow)
    ]
    if showsGradient {
      rows.append(
        .init(content: run("[\(shape)]", .gradientInk, stage == .backward), height: Measure.rowHeightInt, fill: gradientFill))
    }
    return rows
  }

  private func gradientRow(_ index: Int, _ fill: Tint?) -> Figure.Box.Row {
    let spot = sheet.spots[index]
    let node = graph.nodes[spot.node]
    guard let gradient = node.gradient?.first, isReached(spot.node) else {
      return Figure.Box.Row(
        content: .text([]), height: Measure.rowHeightInt, fill: nil)
    }
    var words = text.gradient(spot.node) ?? ""
    if case .slot = spot.kind, let share = context.share(ofSpot: index) { words = text.share(share) }
    let isFinite = gradient.isFinite
    return Figure.Box.Row(
      content: .text([
        Figure.Run(
          text: words, size: Measure.valueSize, tint: isFinite ? .gradientInk : .warning,
          isBold: stage == .backward || !isFinite)
      ]), height: Measure.rowHeightInt, fill: isFinite ? fill : .warningRow)
  }

  private func matrixRows(
    _ node: Int, _ matrix: MatrixContent, _ emphasis: Emphasis, _ valueFill: Tint?, _ gradientFill: Tint?,
    _ ink: Tint
  ) -> [Figure.Box.Row] {
    let value = graph.nodes[node]
    let gradientHeight =
      value.gradient == nil || text.gradients == .symbolic ? Measure.rowHeightInt : matrix.height + 6
    let shown = stage == .update ? value.updated ?? value.value : value.value
    var first = matrix.row(shown, ink: ink, isBold: stage == .update && value.updated != nil, fill: valueFill)
    if emphasis == .pending { first.content = .text([]) }
    guard let gradient = value.gradient, stage == .backward || stage == .update, isReached(node) else {
      first.height += gradientHeight
      return [first]
    }
    if text.gradients == .symbolic {
      let run = Figure.Run(
        text: text.gradient(node) ?? "", size: Measure.derivativeSize + 1, tint: .gradientInk, isBold: true)
      return [first, .init(content: .text([run]), height: gradientHeight, fill: gradientFill)]
    }
    return [first, matrix.row(gradient, ink: .gradientInk, isBold: stage == .backward, fill: gradientFill)]
  }

  private mutating func addConstant(_ index: Int, _ emphasis: Emphasis) {
    let spot = sheet.spots[index]
    let value = graph.nodes[spot.node].value[0]
    let isReceded = emphasis == .receded || emphasis == .pending
    figure.boxes.append(
      Figure.Box(
        id: context.spotID(index), classes: ["node", "constant"], tooltip: context.words.constant(text.value(spot.node)),
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

  private mutating func addDisc(_ node: Int, _ frame: Rectangle, id: String, _ emphasis: Emphasis) {
    guard let symbol = context.sizes.discs[node], let operation = graph.nodes[node].operation else { return }
    let isReceded = stage == .update || emphasis == .receded || emphasis == .pending
    let discID = "\(id)_operation"
    figure.discs.append(
      Figure.Disc(
        id: discID, classes: ["operation", operation.rawValue], tooltip: OperationSymbol.words(operation),
        center: frame.center, size: Size(width: frame.width, height: frame.height), text: symbol.text,
        textSize: symbol.textSize, textTint: isReceded ? .muted : .ink, stroke: isReceded ? .faint : .line))
    // From the circle to the box of its result.
    guard let spot = sheet.mainSpot(of: node) else { return }
    let box = sheet.spots[spot].frame
    let forward = sheet.isTransposed
      ? Path(from: Point(x: frame.center.x, y: frame.bottom), to: Point(x: frame.center.x, y: box.y))
      : Path(from: Point(x: frame.right, y: frame.center.y), to: Point(x: box.x, y: frame.center.y))
    figure.arrows.append(
      Figure.Arrow(
        id: "\(id)-result", kind: .forward, tail: discID, head: id, path: forward, tint: isReceded ? .faint : .line))
    if stage == .backward, graph.nodes[node].gradient != nil, step.map({ (context.steps[node] ?? .max) < $0 }) ?? true {
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-result-gradient", kind: .gradient, tail: id, head: discID,
          path: forward.reversed().beside(-6), line: .dotted, tint: .gradientInk, width: 1.3))
    }
  }

  /// Where a shared leaf's line passes through its place in a lane: what this sample adds to its gradient.
  private mutating func addShare(_ index: Int, lane: Int?) {
    guard stage == .backward, isReached(sheet.spots[index].node), let share = context.share(ofSpot: index) else { return }
    let frame = sheet.spots[index].frame
    let words = text.share(share)
    let run = Figure.Run(text: words, size: 11, tint: .ink, isBold: true)
    let size = Size(width: (run.width * 1.06 + 10).rounded(.up), height: 18)
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(center: frame.center, size: size), text: words, textSize: 11,
        textTint: share.isFinite ? .laneInk(lane ?? 0) : .warning, isBold: true, fill: .laneChip(lane ?? 0),
        isRounded: true, id: context.spotID(index), classes: ["share", "same-\(graph.nodes[sheet.spots[index].node].id)"]))
  }

  // MARK: Links

  private mutating func addLinks() {
    for (number, link) in sheet.links.enumerated() {
      let (from, to) = (sheet.spots[link.from], sheet.spots[link.to])
      let isReceded = stage == .update || recedes(to.node) || recedes(from.node)
      let discID = "\(context.spotID(link.to))_operation"
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

  private func passesThrough(_ spot: Int) -> Bool {
    guard isShared, case .slot(let lane, _) = sheet.spots[spot].kind, lane != nil else { return false }
    return graph.nodes[sheet.spots[spot].node].role != .constant && !context.isLaneLeaf(sheet.spots[spot].node)
  }

  /// The gradient runs on the side of the forward arrow that looks to the operation's middle, the local
  /// derivative stands on the other.
  private func gradientSide(_ link: Sheet.Link) -> Double {
    let (start, end) = (link.path.start, link.path.end)
    let slope = sheet.isTransposed ? end.x - start.x : end.y - start.y
    // Travelling backwards, right of the path is up for an arrow that ran to the right.
    let isFalling = slope > 2
    let below = sheet.isTransposed ? 5.0 : -5.0
    return isFalling ? below : slope < -2 ? -below : below
  }

  /// The labels come last, when all they have to keep clear of is known.
  private mutating func addLocalDerivatives() {
    var placer = LabelPlacer()
    for spot in sheet.spots {
      placer.avoid(spot.frame)
      if let disc = spot.disc { placer.avoid(disc) }
    }
    for chip in figure.chips where !chip.text.isEmpty { placer.avoid(chip.frame) }
    for arrow in figure.arrows { placer.avoid(arrow.path) }
    for link in sheet.links where passesGradient(link) && isReached(sheet.spots[link.from].node) {
      guard let words = text.local(user: sheet.spots[link.to].node, position: link.position) else { continue }
      let run = Figure.Run(text: words, size: Measure.derivativeSize, tint: .gradientInk)
      let size = Size(width: run.width * 1.05, height: run.size)
      // Where lines fan in from the lanes, the label stays near the box it belongs to.
      let near = link.path.start.distance(to: link.path.end) > context.rankGap * 2.5
        ? Path(from: link.path.point(at: 0.08), to: link.path.point(at: 0.5)) : link.path
      let center = placer.place(size, along: near, side: gradientSide(link) < 0 ? 1 : -1)
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: center.x - run.width / 2, y: center.y + 0.35 * run.size), width: run.width,
          classes: ["local-derivative"]))
    }
  }

  private func passesGradient(_ link: Sheet.Link) -> Bool {
    graph.nodes[sheet.spots[link.to].node].gradient != nil
      && !BoxSizes.isPlainConstant(graph.nodes[sheet.spots[link.from].node])
  }

  // MARK: Shared leaves

  private mutating func addBranches() {
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
            size: Size(width: 4, height: 4), text: "", textSize: 8, fill: isCalm ? .faint : .line, stroke: nil))
      }
      guard stage == .backward, graph.nodes[node].gradient != nil, isReached(node) else { continue }
      figure.arrows.append(
        Figure.Arrow(
          id: "\(id)-gradient", kind: .gradient, tail: context.spotID(branch.slot),
          head: context.spotID(branch.shared), path: branch.path.reversed().beside(sheet.isTransposed ? 5 : -5),
          line: .dotted, tint: .gradientInk, width: 1.3, hasHead: !branch.beginsOnTrunk))
    }
  }

  // MARK: Steps and update

  private mutating func addSteps() {
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
          text: words, textSize: 9.5, isBold: true, fill: .backwardBadge, stroke: .gradientInk, isRounded: true,
          id: "\(context.spotID(index))_step", classes: ["order", "step-\(step)"]))
    }
  }

  /// Blue dotted arrows from the rule below the graph to every parameter.
  private mutating func addUpdateFlow() {
    let bottom = sheet.bounds.bottom + 14
    let obstacles = sheet.spots.map(\.frame) + sheet.spots.compactMap(\.disc)
    let targets = sheet.spots.indices.filter { index in
      graph.nodes[sheet.spots[index].node].updated != nil
        && sheet.mainSpot(of: sheet.spots[index].node) == index
    }
    let left = (targets.map { sheet.spots[$0].frame.x }.min() ?? 0) - 14
    for index in targets {
      let frame = sheet.spots[index].frame
      let corridor = Rectangle(x: frame.center.x - 6, y: frame.bottom + 1, width: 12, height: max(bottom - frame.bottom - 2, 1))
      let path: Path
      if !obstacles.contains(where: { $0.intersects(corridor) }) {
        path = Path(from: Point(x: frame.center.x, y: bottom), to: Point(x: frame.center.x, y: frame.bottom))
      } else {
        let side = frame.x - left < 24 ? left : frame.x - 12
        path = Path(
          through: [
            Point(x: side, y: bottom), Point(x: side, y: frame.center.y + 6), Point(x: frame.x, y: frame.center.y + 6),
          ], radius: 6)
      }
      figure.arrows.append(
        Figure.Arrow(
          id: "update-\(graph.nodes[sheet.spots[index].node].id)", kind: .update, tail: "panel",
          head: context.spotID(index), path: path, line: .dotted, tint: .updateInk, width: 1.5))
    }
  }
}
