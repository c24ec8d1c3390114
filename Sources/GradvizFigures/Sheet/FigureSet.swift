import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// Why a graph is not drawn.
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

/// All figures of one graph, on one sheet: what stands in one of them stands there in all.
public struct FigureSet {
  let context: FigureContext
  private let title: String
  private let caption: String?
  private let contentWidth: Double

  /// More boxes than these are drawn only where ``FigureOptions/maxBoxes`` says so: nobody reads such a figure,
  /// and its file has a hundred megabytes.
  public static let maxBoxes = 60_000

  /// Of more values than these the boxes are placed without the placer: at this size dot takes as long as all the
  /// rest, at three times as many a hundred times as long.
  public static let maxBoxesOfPlacer = 300

  /// As wide as a README's column: a small figure is shown there in its own size, not blown up.
  private static let minWidth = 814.0
  /// Text of 12 points stays legible where a figure of this width is shown as wide as a README's column.
  public static let defaultWidth = 1140.0

  /// The title's line, and one each for the caption and for what was folded.
  private static func headerHeight(caption: String?, _ graph: ComputationGraph) -> Double {
    32 + (caption == nil ? 0 : 18) + (graph.folding == nil ? 0 : 18)
  }

  /// Lays the graph out; the figures are drawn by ``figure(_:)``.
  ///
  /// - Throws: ``FigureError`` for a graph that is too large to be drawn, or an excerpt of values that it has not;
  ///   what the placer throws; `CancellationError` soon after the task is cancelled.
  /// - Complexity: linear; below ``maxBoxesOfPlacer`` the placer's, on one lane and on what is outside the lanes.
  public init(
    _ graph: ComputationGraph, options: FigureOptions = .init(), placer: some PiecePlacer
  ) throws {
    let whole = graph.hidingMisfits().withoutRounding().withShares().withoutIdleUpdates()
    let graph = try (options.only.map(whole.excerpted) ?? whole).folded(options.collapse ?? .auto)
      .withElementIDs()
    try Self.requireSize(graph, options)
    let isLarge = Self.isLarge(graph)
    try Task.checkCancellation()
    let shown = graph.presentation
    let notation = Notation(
      graph: graph, format: NumberFormat(precision: options.precision ?? shown.precision ?? 4),
      symbolic: Symbolic(graph), words: Words(options.language ?? shown.language ?? .english))
    var text = ValueText(
      graph: graph, notation: notation, gradients: options.gradients ?? shown.gradients ?? .numeric)
    text.isBrief = isLarge
    let uses = graph.uses
    let division = LaneDivision(graph)
    let sizes = BoxSizes(text, uses: uses, lanes: division.lanes)
    try Task.checkCancellation()
    let isTransposed = (options.direction ?? shown.direction ?? .leftToRight) == .topToBottom
    let rankGap = isTransposed ? 46 : Measure.minGap
    func turned(_ size: Size) -> Size {
      isTransposed ? Size(width: size.height, height: size.width) : size
    }
    let shared = Set(division.sharedLeaves)
    let places = division.alike
    let passingUses = graph.passingUseCounts
    var leads = graph.nodes.indices.map { node in
      max(
        Self.lead(text, node: node, isTransposed: isTransposed),
        Self.shareLead(
          text, node: node, uses: uses, passing: passingUses, shared: shared, isTransposed: isTransposed))
    }
    for lane in division.lanes.dropFirst() {
      // The first lane is laid out for all.
      for (own, first) in zip(lane, division.lanes[0]) { leads[first] = max(leads[first], leads[own]) }
    }
    let units = graph.nodes.indices.map { node -> Unit in
      Unit(
        box: turned(sizes.boxes[node]), disc: sizes.discs[node].map { turned($0.size) }, lead: leads[node])
    }
    var room = options.width ?? shown.width ?? Self.defaultWidth
    if isLarge, options.width == nil, shown.width == nil {
      // A chain of many thousands becomes a page, not a ribbon.
      let area = units.reduce(0) { $0 + ($1.along + rankGap) * ($1.across + Measure.boxGap * 2) }
      room = max(room, (area * 1.6).squareRoot())
    }
    var composer = SheetComposer(
      graph: graph, division: division, placer: placer, units: units,
      slotUnits: graph.nodes.indices.map { Unit(box: turned(sizes.slots[$0])) }, rankGap: rankGap,
      width: isTransposed ? nil : room - 2 * Measure.margin - 12,
      isTransposed: isTransposed,
      shareLead: { node, position in
        // The first lane is laid out for all.
        (places[node] ?? [node]).map {
          Self.shareLead(Self.shareRoom(text, node: $0, position: position), isTransposed)
        }.max() ?? 0
      })
    composer.isLarge = isLarge
    composer.checkpoint = { try Task.checkCancellation() }
    let sheet = try composer.compose()
    try Task.checkCancellation()
    title = shown.title ?? "Computation"
    caption = shown.caption
    let hasBadge = !sheet.lossRegions.isEmpty
    let top = Measure.margin + Self.headerHeight(caption: caption, graph) + (hasBadge ? 24 : 8)
    let placed = sheet.placed(at: Point(x: Measure.margin + 6, y: top), transposed: isTransposed)
    context = FigureContext(
      graph: graph, text: text, sizes: sizes, sheet: placed, steps: graph.backwardSteps, uses: uses,
      passingUses: passingUses, lossMembers: graph.lossMembers, rankGap: rankGap,
      flowing: FigureContext.flowing(placed, graph),
      parameterStyle: options.parameters ?? shown.parameters,
      showsAllFormulas: (options.formulas ?? shown.formulas) == .all,
      nonFinite: NonFiniteNumbers(graph),
      hasPrediction: graph.nodes.contains { $0.role == .prediction })
    contentWidth = max(placed.bounds.right, Self.minWidth)
  }

  /// The stages that have something to show: without a loss there is a forward pass only, without a
  /// learning rate or a parameter no update.
  public var stages: [Stage] { Stage.allCases.filter { reasonAgainst($0) == nil } }

  /// Why a stage cannot be drawn, nil where it can.
  public func reasonAgainst(_ stage: Stage) -> String? {
    let graph = context.graph
    switch stage {
    case .forward: return nil
    case .loss, .backward: return graph.loss == nil ? "the program has no `loss`" : nil
    case .update, .overview:
      if graph.loss == nil { return "the program has no `loss`" }
      if !graph.nodes.contains(where: { $0.role == .parameter }) { return "the program has no `param`" }
      return graph.learningRate == nil ? "the program has no `rate`" : nil
    }
  }

  /// How many steps the backward pass has; values of one step do not wait for each other.
  public var stepCount: Int { context.steps.compactMap { $0 }.max() ?? 0 }

  /// The figure of one stage.
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
    } else {
      var builder = StageBuilder(context, stage: stage, step: step, figure: figure)
      builder.build()
      figure = builder.figure
      addPanel(&figure, step)
      if stage == .update {
        var flow = UpdateFlow(context)
        flow.add(to: &figure)
      }
    }
    addLegend(&figure)
    figure.id = Figure.identity(figure, title: title, step: step)
    return figure
  }

  /// A word for ids, from a title: lower-case letters, digits and hyphens.
  package static func identifier(_ title: String) -> String {
    var word = ""
    for character in title.prefix(200).lowercased() {
      if character.isASCII, character.isLetter || character.isNumber {
        word.append(character)
      } else if !word.isEmpty, !word.hasSuffix("-") {
        word += "-"
      }
    }
    // Short, as it stands before every id of the file; whole words where it can.
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
    let bottom = Panel(context, stage: figure.stage, step: step).add(
      to: &figure, at: Point(x: Measure.margin, y: top), width: contentWidth - Measure.margin)
    figure.size = Size(width: contentWidth + Measure.margin, height: bottom)
  }

  private func addLegend(_ figure: inout Figure) {
    let bottom = Legend(context, stage: figure.stage).add(
      to: &figure, at: Point(x: Measure.margin, y: figure.size.height + 12))
    let right = max(
      figure.labels.map { $0.origin.x + $0.width * 1.06 }.max() ?? 0,
      figure.chips.map(\.frame.right).max() ?? 0)
    figure.size = Size(
      width: max(figure.size.width, right + Measure.margin).rounded(.up), height: (bottom + 12).rounded(.up))
  }
}
