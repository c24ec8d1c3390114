import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// The reason why a graph cannot be drawn.
public struct FigureError: Error, CustomStringConvertible, Sendable {
  /// What has to be allowed for a figure that is too large.
  public enum Excess: Equatable, Sendable { case boxes(Int), arrows(Int) }

  public var message: String
  /// nil where it is not the size.
  public var excess: Excess?
  /// Whether the graph was drawn less folded than it could be.
  public var canFold: Bool
  public var description: String { message }

  package init(message: String, excess: Excess? = nil, canFold: Bool = false) {
    self.message = message
    self.excess = excess
    self.canFold = canFold
  }
}

/// All figures of a graph on one sheet: a value has the same position in every figure.
public struct FigureSet {
  let context: FigureContext
  private let title: String
  private let caption: String?
  private let contentWidth: Double
  /// Where the neurons stand, if the figures show a network.
  private let network: NetworkSheet?

  /// The default of ``FigureOptions/maxBoxes``: a larger figure cannot be read, and its file has a hundred
  /// megabytes.
  public static let maxBoxes = 60_000

  /// Figures of more values than these are too large to see at once: they become a page, with short tooltips.
  public static let maxBoxesOfPlacer = 300

  /// The width of a README's column: a small figure is shown at its own size there, not scaled up.
  private static let minWidth = 814.0
  /// Text of 12 points stays legible if a figure of this width is scaled to a README's column.
  public static let defaultWidth = 1140.0

  /// A line for the title, and one each for the caption and the note about folding.
  private static func headerHeight(caption: String?, _ graph: ComputationGraph) -> Double {
    32 + (caption == nil ? 0 : 18) + (graph.folding == nil ? 0 : 18)
  }

  /// Lays out the graph; ``figure(_:)`` draws the figures.
  ///
  /// The placer is not asked: the boxes of figures of all sizes are placed in columns, see `WiredGraph`.
  ///
  /// - Throws: ``FigureError`` for a graph that is too large to be drawn, or an excerpt of values that it does not have;
  ///   `CancellationError` soon after the task is cancelled.
  /// - Complexity: linear in the boxes, the wires and the columns that wires pass.
  public init(
    _ graph: ComputationGraph, options: FigureOptions = .init(), placer: some PiecePlacer
  ) throws {
    let whole = graph.hidingMisfits().withoutRounding().withShares().withoutIdleUpdates()
    let excerpt = (options.view ?? whole.presentation.view) == .neurons
      ? whole.ofNetwork : try (options.only.map(whole.excerpted) ?? whole).folded(options.collapse ?? .auto)
    let folded = excerpt.withElementIDs()
    let hasLanes = !LaneDivision(folded).lanes.isEmpty
    // The data of a batch is not learned.
    let graph = hasLanes && options.dataGradients != true ? folded.withoutDataGradients() : folded
    try Self.requireSize(graph, options)
    let isLarge = Self.isLarge(graph)
    try Task.checkCancellation()
    let shown = graph.presentation
    let notation = Notation(
      graph: graph, format: NumberFormat(precision: options.precision ?? shown.precision ?? (hasLanes ? 3 : 4)),
      symbolic: Symbolic(graph), words: Words(options.language ?? shown.language ?? .english))
    var text = ValueText(
      graph: graph, notation: notation, gradients: options.gradients ?? shown.gradients ?? .numeric)
    text.isBrief = isLarge
    let uses = graph.uses
    let division = LaneDivision(graph)
    let sizes = BoxSizes(text, uses: uses, lanes: division.lanes)
    try Task.checkCancellation()
    let isTransposed = (options.direction ?? shown.direction ?? .leftToRight) == .topToBottom
    let style = options.parameters ?? shown.parameters
    let planner = UnitPlanner(text, sizes, uses: uses, division: division, isTransposed: isTransposed)
    let units = planner.units()
    var room = options.width ?? shown.width ?? Self.defaultWidth
    if isLarge, options.width == nil, shown.width == nil {
      // A chain of many thousands becomes a page, not a ribbon.
      let area = units.reduce(0) { $0 + ($1.along + Measure.minGap) * ($1.box.height + Measure.boxGap * 2) }
      room = max(room, (area * 1.6).squareRoot())
    }
    var composer = SheetComposer(
      graph: graph, division: division, units: units, slotUnits: planner.slotUnits(), uses: uses,
      width: isTransposed ? nil : room - 2 * Measure.sheetMargin,
      isTransposed: isTransposed, sharesLeaves: style != .repeated)
    composer.isLarge = isLarge
    composer.checkpoint = { try Task.checkCancellation() }
    let asksForNeurons = (options.view ?? shown.view) == .neurons
    let sheet = asksForNeurons ? Sheet() : try composer.compose()
    try Task.checkCancellation()
    title = shown.title ?? "Computation"
    caption = shown.caption
    let hasBadge = !sheet.lossRegions.isEmpty
    let top = Measure.margin + Self.headerHeight(caption: caption, graph) + (hasBadge ? 24 : 8)
    var placed = sheet.placed(at: Point(x: Measure.sheetMargin, y: top), transposed: isTransposed)
    network = (options.view ?? shown.view) == .values
      ? nil : try NetworkSheet.chosen(text, options, insteadOf: asksForNeurons ? nil : placed,
        width: options.width ?? shown.width ?? Self.defaultWidth, top: top)
    if let network { placed = network.sheet(graph) }
    context = FigureContext(
      graph: graph, text: text, sizes: sizes, sheet: placed, steps: graph.backwardSteps, uses: uses,
      passingUses: graph.passingUseCounts, lossMembers: graph.lossMembers, flowing: FigureContext.flowing(placed, graph),
      parameterStyle: style,
      showsAllFormulas: (options.formulas ?? shown.formulas) == .all,
      nonFinite: NonFiniteNumbers(graph),
      hasPrediction: graph.nodes.contains { $0.role == .prediction })
    contentWidth = max(placed.bounds.right + Measure.sheetMargin - Measure.margin, network == nil ? Self.minWidth : 0)
  }

  /// The stages with something to show: without a loss, only the forward pass; without a learning rate or a
  /// parameter, no update.
  public var stages: [Stage] { Stage.usual.filter { reasonAgainst($0) == nil } }

  /// The reason why a stage cannot be drawn; nil if it can.
  public func reasonAgainst(_ stage: Stage) -> String? {
    let graph = context.graph
    switch stage {
    case .forward: return nil
    case .shares: return SampleShares.reasonAgainst(graph)
    case .loss, .backward: return graph.loss == nil ? "the program has no `loss`" : nil
    case .update, .overview:
      if graph.loss == nil { return "the program has no `loss`" }
      if !graph.nodes.contains(where: { $0.role == .parameter }) { return "the program has no `param`" }
      return graph.learningRate == nil ? "the program has no `rate`" : nil
    }
  }

  /// The number of steps of the backward pass; values of the same step do not depend on each other.
  public var stepCount: Int { context.steps.compactMap { $0 }.max() ?? 0 }

  /// Draws the figure of one stage.
  ///
  /// - Throws: ``FigureError`` where the stage has nothing to show; see ``stages``.
  public func figure(_ stage: Stage) throws(FigureError) -> Figure {
    if let reason = reasonAgainst(stage) {
      throw FigureError(message: "there is no \(stage.rawValue) figure: \(reason)")
    }
    return drawn(stage, step: nil)
  }

  /// One frame of the backward pass: the gradients up to a step; later ones are blank, and everything keeps its
  /// place.
  ///
  /// - Parameter step: 1 to ``stepCount``.
  /// - Throws: ``FigureError`` for any other number, and where there is no backward pass.
  public func frame(_ step: Int) throws(FigureError) -> Figure {
    if let reason = reasonAgainst(.backward) {
      throw FigureError(message: "there is no backward figure: \(reason)")
    }
    guard step >= 1, step <= stepCount else {
      throw FigureError(message: "there is no step \(step): the backward pass has steps 1 to \(stepCount)")
    }
    return drawn(.backward, step: step)
  }

  private func drawn(_ stage: Stage, step: Int?) -> Figure {
    var figure = Figure(
      stage: stage, id: "",
      title: "\(title): \(context.words.title(stage))"
        + (step.map { ", " + context.words.step($0, of: stepCount) } ?? ""),
      description: Description.sentence(context, stage: stage, title: title, step: step, of: stepCount),
      size: Size(width: 0, height: 0))
    figure.page = PageStyle(context.graph.presentation)
    addHeader(&figure, step)
    if stage == .overview {
      Overview(context).add(
        to: &figure, top: Measure.margin + Self.headerHeight(caption: caption, context.graph) + 10)
    } else if stage == .shares {
      let width = contentWidth + Measure.margin
      var shares = SharesFigure(context, width: max(width, Self.defaultWidth), figure: figure)
      let bottom = shares.build(top: Measure.margin + Self.headerHeight(caption: caption, context.graph) + 10)
      figure = shares.figure
      figure.size = Size(width: shares.width, height: bottom)
    } else {
      if let network {
        var picture = NetworkStage(context, network, stage: stage, step: step, figure: figure)
        picture.build()
        figure = picture.builder.figure
      } else {
        var builder = StageBuilder(context, stage: stage, step: step, figure: figure)
        builder.build()
        figure = builder.figure
      }
      addPanel(&figure, step)
      if stage == .update {
        if let network {
          network.addUpdateFlow(to: &figure)
        } else {
          var flow = UpdateFlow(context)
          flow.add(to: &figure)
        }
      }
    }
    addLegend(&figure)
    figure.id = Figure.identity(figure, title: title, step: step)
    return figure
  }

  /// A word for ids from a title: lower-case letters, digits and hyphens.
  package static func identifier(_ title: String) -> String {
    var word = ""
    for character in title.prefix(200).lowercased() {
      if character.isASCII, character.isLetter || character.isNumber {
        word.append(character)
      } else if !word.isEmpty, !word.hasSuffix("-") {
        word += "-"
      }
    }
    // Short, as it prefixes every id in the file; cut between words if possible.
    if word.count > 20, let cut = word.prefix(21).lastIndex(of: "-"), cut > word.startIndex {
      word = String(word[..<cut])
    }
    word = String(word.prefix(20))
    while word.hasSuffix("-") { word.removeLast() }
    return word.first?.isLetter == true ? word : "figure" + (word.isEmpty ? "" : "-\(word)")
  }

  private func addHeader(_ figure: inout Figure, _ step: Int?) {
    var builder = StageBuilder(context, stage: figure.stage, figure: figure)
    builder.addBadge(
      number: figure.stage.number, title: context.words.title(figure.stage), stage: figure.stage,
      at: Point(x: Measure.margin, y: Measure.margin), size: 15)
    let end = builder.figure.chips.map(\.frame.right).max() ?? 0
    let label = builder.label(
      Self.cut(title, 90), size: 15, tint: .ink, isBold: true, at: Point(x: end + 14, y: Measure.margin + 18))
    builder.figure.labels.append(label)
    builder.figure.labels.append(
      builder.label(
        step.map { context.words.step($0, of: stepCount) } ?? context.words.explanation(figure.stage),
        size: 11.5, tint: .muted, at: Point(x: end + 14 + label.width * 1.08 + 12, y: Measure.margin + 18)))
    if let caption {
      builder.figure.labels.append(
        builder.label(
          Self.cut(caption, 160), size: 11.5, tint: .muted,
          at: Point(x: Measure.margin, y: Measure.margin + 44)))
    }
    if let folding {
      builder.figure.labels.append(
        builder.label(
          folding + (isFolded ? "; \(context.words.collapseNone)" : ""), size: 11.5, tint: .muted,
          at: Point(x: Measure.margin, y: Measure.margin + (caption == nil ? 44 : 62))))
    }
    figure = builder.figure
  }

  /// What was folded or left out, in the figure's language; nil where every value has its box.
  public var folding: String? {
    context.graph.folding.map {
      context.words.folded($0, boxes: context.graph.nodes.count, arrows: context.graph.operandCount)
    }
  }

  /// Whether several values stand in one box, or several arrows in one line.
  public var isFolded: Bool {
    context.graph.folding.map { !$0.isExcerpt || $0.values > context.graph.nodes.count || $0.arrows != nil } ?? false
  }

  /// At most `count` characters; the file's `<title>` has a long title whole.
  private static func cut(_ text: String, _ count: Int) -> String {
    text.count <= count ? text : String(text.prefix(count - 1)) + "…"
  }

  private func addPanel(_ figure: inout Figure, _ step: Int?) {
    let top = context.sheet.bounds.bottom + 22
    if let network, figure.stage == .backward,
      let bottom = NetworkPanel(context, network.network, step: step).add(
        to: &figure, at: Point(x: Measure.margin, y: top), width: contentWidth - Measure.margin)
    {
      figure.size = Size(width: contentWidth + Measure.margin, height: bottom)
      return
    }
    let bottom = Panel(context, stage: figure.stage, step: step).add(
      to: &figure, at: Point(x: Measure.margin, y: top), width: contentWidth - Measure.margin)
    figure.size = Size(width: contentWidth + Measure.margin, height: bottom)
  }

  private func addLegend(_ figure: inout Figure) {
    let bottom = Legend(context, stage: figure.stage).add(
      to: &figure, at: Point(x: Measure.margin, y: figure.size.height + 12),
      width: max(contentWidth, figure.size.width - Measure.margin) - Measure.margin)
    let right = max(
      figure.labels.map { $0.origin.x + $0.width * 1.06 }.max() ?? 0,
      figure.chips.map(\.frame.right).max() ?? 0)
    figure.size = Size(
      width: max(figure.size.width, right + Measure.margin).rounded(.up), height: (bottom + 12).rounded(.up))
  }
}
