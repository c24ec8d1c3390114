import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// All figures of a graph on one sheet: a value has the same position in every figure.
public struct FigureSet {
  var context: FigureContext
  /// As it was composed, not yet on its page.
  let sheet: Sheet
  let title: String
  let caption: String?
  var page: Page
  /// The widths that a page may have, the least first.
  let widths: [Double]
  let isDense: Bool
  let hasArrays: Bool
  let isTurned: Bool
  /// Where the neurons stand, if the figures show a network.
  var network: NetworkSheet?
  var options = FigureOptions()

  /// The default of ``FigureOptions/maxBoxes``: a larger figure cannot be read, and its file has a hundred
  /// megabytes.
  public static let maxBoxes = FigureLimits.maxBoxes
  /// The default of ``FigureOptions/maxArrows``.
  public static let maxArrows = FigureLimits.maxArrows

  /// Of a batch of more samples than these the first is drawn in full, the others as a table.
  public static let maxRows = FigureLimits.maxRows
  /// Text of 12 points stays legible if a figure of this width is scaled to a README's column.
  public static let defaultWidth = Page.wide

  /// How much of the page is above the sheet.
  var headHeight: Double {
    let heads = stages.filter { !$0.isApart }.map { head($0).height }
    return (heads.max() ?? 0) + Legend.lineHeight * Double(page.legendLines)
  }

  /// Lays out the graph; ``figure(_:)`` draws the figures.
  ///
  /// ```swift
  /// let figures = try FigureSet(loss.tape.graph(loss: loss, level: .scalar))
  /// for stage in figures.stages { print(try figures.figure(stage).svg()) }
  /// ```
  ///
  /// - Throws: ``FigureError`` for a graph that is too large to be drawn or whose parts do not fit together, an excerpt of
  ///   values that it does not have, and soon after the task is cancelled.
  /// - Complexity: linear in the boxes, the wires and the columns that wires pass.
  public init(_ graph: ComputationGraph, options: FigureOptions = .init()) throws(FigureError) {
    self = try Self.laidOut([graph], options)[0]
  }

  /// Lays out several steps of one training: a value has the same position in all of their figures, which are alike
  /// in size.
  ///
  /// - Throws: as for a single graph.
  /// - Complexity: as for a single graph, times their number.
  public static func alike(
    _ graphs: [ComputationGraph], options: FigureOptions = .init()
  ) throws(FigureError) -> [FigureSet] {
    var sets = try laidOut(graphs, options)
    guard let width = sets.map(\.page.width).max() else { return [] }
    for index in sets.indices where sets[index].page.width < width { sets[index].turnPage(width) }
    let height = sets.map(\.page.height).max() ?? 0
    for index in sets.indices { sets[index].page.height = height }
    return sets
  }

  private static func laidOut(
    _ graphs: [ComputationGraph], _ options: FigureOptions
  ) throws(FigureError) -> [FigureSet] {
    for graph in graphs { try FigureLimits.requireFit(graph, options) }
    do {
      return try fitting(graphs, options)
    } catch {
      // The layout itself ends early for one reason.
      throw error as? FigureError ?? .cancelled
    }
  }

  /// The stages with something to show: without a loss, only the forward pass; without a learning rate or a
  /// parameter, no update.
  public var stages: [Stage] {
    if let lesson = options.lesson { return [lesson.stage] }
    // Where numbers are missing, in the one figure.
    return Stage.defaults.filter { reasonAgainst($0) == nil && (options.blanks.map(\.stage) ?? $0) == $0 }
  }

  package var words: Words { context.words }

  /// The reason why a stage cannot be drawn, in the language of the figures; nil if it can.
  public func reasonAgainst(_ stage: Stage) -> String? { reasonAgainst(stage, words) }

  package func reasonAgainst(_ stage: Stage, _ words: Words) -> String? {
    let graph = context.graph
    switch stage {
    case .forward: return nil
    case .shares, .accumulation, .forwardMode, .secondOrder:
      // Numbers that a fold has put together are not the program's arrays.
      if graph.level == .tensor, context.text.whole?.graph.level == .scalar { return words.accumulationFolded }
      return reasonAgainstExtra(stage, words)
    case .loss, .backward: return graph.loss == nil ? words.lacks(.loss, graph) : nil
    case .update, .overview:
      if graph.loss == nil { return words.lacks(.loss, graph) }
      if !graph.nodes.contains(where: { $0.role == .parameter }) { return words.lacks(.param, graph) }
      return graph.learningRate == nil ? words.lacks(.rate, graph) : nil
    }
  }

  /// The same of a stage that is drawn when it is asked for, where each number has its box.
  private func reasonAgainstExtra(_ stage: Stage, _ words: Words) -> String? {
    switch stage {
    case .shares: SamplePushes.reasonAgainst(context.graph, words)
    case .accumulation: AccumulatedGradients.reasonAgainst(context.graph, words)
    default: Lesson.reasonAgainst(stage, context, of: options.of, words)
    }
  }

  /// The number of steps of the backward pass; values of the same step do not depend on each other.
  public var stepCount: Int { context.steps.compactMap { $0 }.max() ?? 0 }

  /// The name of a frame, such as `backward-03` of 12: the names of all have the order of the steps.
  public func frameName(_ step: Int) -> String {
    let digits = "\(step)"
    return "backward-" + String(repeating: "0", count: max(0, "\(stepCount)".count - digits.count)) + digits
  }

  /// Draws the figure of one stage.
  ///
  /// - Throws: ``FigureError`` where the stage has nothing to show; see ``stages``.
  public func figure(_ stage: Stage) throws(FigureError) -> Figure {
    if let reason = reasonAgainst(stage) {
      throw FigureError(message: words.noFigure(stage, because: reason))
    }
    guard stage.hasOwnSheet, let lesson = Lesson(stage, context, of: options.of) else {
      return drawn(stage, step: nil)
    }
    return try lesson.figure(options)
  }

  /// One frame of the backward pass: the gradients up to a step; later ones are blank, and everything keeps its
  /// place.
  ///
  /// - Parameter step: 1 to ``stepCount``.
  /// - Throws: ``FigureError`` for any other number, and where there is no backward pass.
  public func frame(_ step: Int) throws(FigureError) -> Figure {
    if let reason = reasonAgainst(.backward) {
      throw FigureError(message: words.noFigure(.backward, because: reason))
    }
    guard step >= 1, step <= stepCount else {
      throw FigureError(message: "there is no step \(step): the backward pass has steps 1 to \(stepCount)")
    }
    return drawn(.backward, step: step)
  }

  func drawn(_ stage: Stage, step: Int?) -> Figure {
    var figure = Figure(
      stage: stage, id: "",
      title: "\(title)\(context.words.colon)\(context.words.title(stage))"
        + (step.map { ", " + context.words.step($0, of: stepCount) } ?? ""),
      description: Description.sentence(context, stage: stage, title: title, step: step, of: stepCount),
      size: Size(width: 0, height: 0))
    figure.page = PageStyle(context.graph.presentation)
    if stage == .overview {
      let overview = Overview(context, width: max(page.width, Page.narrow))
      let blank = figure
      let top = head(stage).height
      overview.add(to: &figure, top: top)
      // Its legend is its own.
      var legend = figure
      let lines = head(stage).add(to: &legend)
      if lines > 0 {
        figure = blank
        overview.add(to: &figure, top: top + Legend.lineHeight * Double(lines))
      }
    } else if stage == .shares {
      figure = SharesFigure(context, width: max(page.width, Page.narrow), figure: figure).drawn(top: headHeight + 8)
    } else if stage == .accumulation, let gradients = AccumulatedGradients(context.graph) {
      let bars = AccumulationFigure(context, gradients, width: max(page.width, Page.narrow), figure: figure)
      figure = bars.drawn(top: headHeight + 8)
    } else if let network {
      var picture = NetworkStage(context, network, stage: stage, step: step, figure: figure)
      picture.build()
      figure = picture.builder.figure
      addPanel(&figure, step)
      if stage == .update, hasPanel { network.addUpdateFlow(to: &figure) }
    } else {
      var builder = StageBuilder(context, stage: stage, step: step, figure: figure)
      builder.build()
      figure = builder.figure
      addPanel(&figure, step)
      if stage == .update, hasPanel {
        var flow = UpdateFlow(context)
        flow.add(to: &figure)
      }
    }
    head(stage, step).add(to: &figure)
    addPage(&figure)
    figure.id = Figure.identity(figure, title: title, step: step)
    return figure
  }

  func head(_ stage: Stage, _ step: Int? = nil) -> Head {
    Head(
      context: context, stage: stage, step: step.map { ($0, stepCount) }, title: title, caption: caption,
      notes: notes(stage),
      width: page.width, isExplained: network != nil && !stage.isApart)
  }

  /// What the figure folds or leaves out, and how to see it; nothing for the overview and for stages that are drawn apart,
  /// which have no such boxes.
  private func notes(_ stage: Stage) -> [String] {
    let recorded = context.graph.asRecorded
    let origin = recorded.isEmpty ? [] : [context.words.asRecorded(recorded)]
    guard !stage.isApart else { return origin }
    var notes = folding.map { [$0 + (isFolded ? "\(context.words.semicolon)\(context.words.collapseNone)" : "")] } ?? []
    if !sheet.heads.isEmpty { notes.append(context.words.samplesInTable(2, context.graph.laneCount)) }
    if isDense { notes.append(context.words.denseArrays) }
    if context.sizes.matrices.contains(where: { $0.map { $0.isExtract && $0.isLow } ?? false }) {
      notes.append(context.words.largeArraysInPart)
    }
    if isTurned { notes.append(context.words.fromLeftToRight) }
    return notes + origin
  }

  /// Without its rule the update has no arrows: they come from there.
  private var hasPanel: Bool { !options.hiddenParts.contains(.panel) }

  func addPanel(_ figure: inout Figure, _ step: Int?) {
    guard hasPanel else {
      // The badge of a frame may hang below the sheet.
      let bottom = figure.chips.reduce(context.sheet.bounds.bottom) { max($0, $1.frame.bottom) }
      figure.size = Size(width: page.width, height: bottom)
      return
    }
    if let network, figure.stage == .backward,
      let bottom = NetworkPanel(context, network.network, step: step).add(
        to: &figure, at: Point(x: page.panel.x, y: page.panel.y), width: page.panel.width)
    {
      let card = step == nil && context.text.notation.blanks == nil ? NudgePicture(context) : nil
      let place = Rectangle(x: page.panel.x, y: bottom + Panel.gap, width: page.panel.width, height: 0)
      figure.size = Size(width: page.width, height: card?.addCard(to: &figure, in: place).bottom ?? bottom)
      return
    }
    let bottom = Panel(context, stage: figure.stage, step: step).add(to: &figure, in: page.panel)
    figure.size = Size(width: page.width, height: max(bottom, context.sheet.bounds.bottom))
  }

  /// The page around what is drawn.
  func addPage(_ figure: inout Figure) {
    let bottom = Legend(context, stage: figure.stage).addClasses(
      to: &figure, at: Point(x: Measure.margin, y: GivenValues(context).add(to: &figure, width: page.width)))
    // The mark of a step stands in the margin.
    let right = max(
      figure.labels.map { $0.origin.x + $0.width }.max() ?? 0,
      figure.chips.filter { !$0.classes.contains("order") }.map(\.frame.right).max() ?? 0)
    // Only what would leave the page makes it wider: texts may come near its edge.
    let least = max(page.width, figure.size.width, (right + 2).rounded(.up))
    let height = (bottom + Measure.sheetMargin).rounded(.up)
    figure.size = Size(
      width: widths.first { $0 >= least } ?? least,
      height: figure.stage.isApart ? height : max(height, page.height))
  }
}

/// What the limits have left out.
extension FigureSet {
  /// What was folded or left out, in the figure's language; nil where every value has its box.
  public var folding: String? {
    context.graph.folding.map {
      context.words.folded($0, boxes: boxCount, arrows: context.graph.operandCount)
    }
  }

  /// A value whose operation stands as a tab on its user's box has no box of its own.
  private var boxCount: Int {
    let drawn = Set(context.sheet.spots.map(\.node)).count
    return network == nil && drawn > 0 ? drawn : context.graph.nodes.count
  }

  /// Whether several values stand in one box, or several arrows in one line.
  public var isFolded: Bool {
    context.graph.folding.map { !$0.isExcerpt || $0.values > context.graph.nodes.count || $0.arrows != nil } ?? false
  }
}
