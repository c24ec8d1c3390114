import GradvizDrawing
import GradvizGraph

/// Draws one stage on the sheet: highlighted boxes, receded boxes, and the arrows of the stage.
struct StageBuilder {
  let context: FigureContext
  let stage: Stage
  /// The step of the backward pass in a frame, or of a replay of another stage; nil for the whole stage.
  let step: Int?
  /// In a replay, the step in which each value or gradient is known.
  var known: [Int] = []
  var figure: Figure

  init(_ context: FigureContext, stage: Stage, step: Int? = nil, figure: Figure) {
    self.context = context
    self.stage = stage
    self.step = step
    self.figure = figure
  }

  var graph: ComputationGraph { context.graph }
  var sheet: Sheet { context.sheet }
  var text: ValueText { context.text }

  /// Whether leaves shared by lanes are one box with lines to every lane, or repeated in each.
  var isShared: Bool {
    !sheet.branches.isEmpty
  }

  mutating func build() {
    addRegions()
    // In evaluation order, in which a screen reader visits them.
    for index in sheet.spots.indices.sorted(by: { (sheet.spots[$0].node, $0) < (sheet.spots[$1].node, $1) }) {
      addSpot(index)
    }
    addLinks()
    if isShared { addBranches() }
    if stage.showsFlow { addMarks() }
    if stage != .update, let heads = ColumnHeads(context) {
      let marked = stage.showsFlow ? Set(graph.nodes.indices.filter(isReached)) : []
      heads.add(to: &figure, marked: marked)
    }
    addLossBadge()
  }

  /// Whether the gradient of a value is known at the frame's step.
  func isReached(_ node: Int) -> Bool {
    guard let step, stage == .backward else { return true }
    return (context.steps[node] ?? .max) <= step
  }

  /// Whether a value is known at the step of a replay.
  func isKnown(_ node: Int) -> Bool {
    guard let step, stage != .backward, known.indices.contains(node) else { return true }
    return known[node] <= step
  }

  // MARK: Regions

  mutating func addRegions() {
    for (lane, frame) in sheet.lanes.enumerated() {
      figure.regions.append(
        Figure.Region(
          id: "lane-\(lane + 1)", classes: ["lane"], frame: frame, fill: .lane, stroke: nil))
      addSample(lane, frame, title: sheet.titles[lane])
    }
    addTableHeads()
    if let frame = sheet.sharedRegion {
      var heading = label(
        context.words.parameters, size: Typography.smallest, tint: .updateInk, isBold: true,
        at: Point(x: frame.x + 2, y: frame.y - 2))
      // Above the badge of the first box where it would reach it; a badge with a letter is some 26 wide.
      if heading.width > frame.width - 28 { heading.origin.y -= Measure.badgeHeight - 6 }
      figure.labels.append(heading)
    }
    var frames = sheet.lossRegions
    if sheet.lossRegions.count == 1, ColumnHeads(context) != nil {
      // The columns' heads stand in the frame.
      frames[0].y -= ColumnHeads.height
      frames[0].height += ColumnHeads.height
    }
    if stage == .loss {
      for (number, frame) in frames.enumerated() {
        figure.regions.append(
          Figure.Region(
            id: number == 0 ? "loss-region" : "loss-region-\(number)", classes: ["region", "loss"],
            frame: frame, fill: nil, stroke: .lossInk, line: .dashed))
      }
    }
  }

  /// A sample's bar at the left of its band, and its number in a disc: what says whose a share is, in print too.
  private mutating func addSample(_ lane: Int, _ frame: Rectangle, title: Point) {
    let ink = context.laneInk(lane)
    figure.regions.append(
      Figure.Region(
        id: "lane-\(lane + 1)-bar", classes: ["sample"],
        frame: Rectangle(x: frame.x, y: frame.y, width: Measure.laneBar, height: frame.height), fill: ink, stroke: nil))
    let isMany = graph.folding.map { $0.samplesInLastLane > 1 && lane == graph.laneCount - 1 } ?? false
    var x = title.x + 2
    if !isMany {
      figure.discs.append(.sample(lane, tint: ink, at: Point(x: x + Figure.Disc.sampleSide / 2, y: title.y - 4.4)))
      x += Figure.Disc.sampleSide + 6
    }
    let isRow = lane > 0 && !sheet.heads.isEmpty
    // In a row of the table the disc says which sample it is.
    if isRow, !isMany { return }
    figure.labels.append(
      label(
        isRow ? "+\(graph.folding?.samplesInLastLane ?? 1)" : laneTitle(lane), size: Typography.smallest, tint: .ink,
        isBold: true, at: Point(x: x, y: title.y)))
  }

  private func laneTitle(_ lane: Int) -> String {
    if let folding = graph.folding, folding.samplesInLastLane > 1, lane == graph.laneCount - 1 {
      return context.words.moreSamples(folding.samplesInLastLane)
    }
    return context.words.sample(lane + 1)
  }

  mutating func addBadge(number: Int?, title: String, stage: Stage, at origin: Point, size: Double) {
    let height = (size * 1.88).rounded()
    var x = origin.x
    if let number {
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: origin.y, width: height, height: height), text: "\(number)",
          textSize: size, isBold: true, fill: stage.badge, classes: ["badge"]))
      x += height
    }
    let width = (Figure.Run(text: title, size: size, isBold: true).width + 1.4 * size).rounded(.up)
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: x, y: origin.y, width: width, height: height), text: title, textSize: size,
        isBold: true, fill: stage.row, classes: ["badge"]))
  }

  func label(_ text: String, size: Double, tint: Tint, isBold: Bool = false, at origin: Point) -> Figure.Label {
    let run = Figure.Run(text: text, size: size, tint: tint, isBold: isBold)
    return Figure.Label(run: run, origin: origin, width: run.width)
  }
}
