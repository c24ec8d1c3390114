import Autograd
import GradvizDOT
import GradvizDrawing

/// The reason why a graph cannot be drawn.
public struct FigureError: Error, CustomStringConvertible, Sendable {
  public var message: String
  public var description: String { message }

  package init(message: String) { self.message = message }
}

/// All figures of a graph on one sheet: a value has the same position in every figure.
public struct FigureSet {
  let context: FigureContext
  private let title: String
  private let caption: String?
  private let contentWidth: Double

  /// The default of ``FigureOptions/maxBoxes``: a larger figure cannot be read, and its file has a hundred
  /// megabytes.
  public static let maxBoxes = 60_000

  /// With more values, boxes are placed in layers instead of by the placer: at this size, dot takes as long
  /// as everything else, and at three times this size a hundred times as long.
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
  /// - Throws: ``FigureError`` for a graph that is too large, or an excerpt of unknown values; errors of the
  ///   placer; `CancellationError` soon after the task is cancelled.
  /// - Complexity: linear; below ``maxBoxesOfPlacer``, that of the placer for one lane and for everything
  ///   outside the lanes.
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
      // The layout of the first lane serves all lanes.
      for (own, first) in zip(lane, division.lanes[0]) { leads[first] = max(leads[first], leads[own]) }
    }
    let units = graph.nodes.indices.map { node -> Unit in
      Unit(
        box: turned(sizes.boxes[node]), disc: sizes.discs[node].map { turned($0.size) }, lead: leads[node])
    }
    var room = options.width ?? shown.width ?? Self.defaultWidth
    if isLarge, options.width == nil, shown.width == nil {
      // Wraps a chain of many thousands into a page instead of a ribbon.
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

  /// The space needed by the local derivatives on the arrows to a value, beyond the gap between ranks.
  private static func lead(_ text: ValueText, node: Int, isTransposed: Bool) -> Double {
    if isTransposed { return 0 }
    let widest =
      text.graph.nodes[node].operands.indices.compactMap { text.local(user: node, position: $0) }
      .map { TextMetrics.width(of: $0, size: Measure.derivativeSize) }.max() ?? 0
    return min(max(widest + 8 - Measure.minGap, 0), 120)
  }

  /// The space needed by the shares on the arrows to a value, beyond that gap.
  private static func shareLead(
    _ text: ValueText, node: Int, uses: [[(user: Int, position: Int)]], passing: [Int], shared: Set<Int>,
    isTransposed: Bool
  ) -> Double {
    let graph = text.graph
    guard graph.nodes[node].gradient != nil else { return 0 }
    let widest = graph.nodes[node].operands.enumerated().map { position, operand -> Double? in
      guard passing[operand] > 1, !shared.contains(operand), !BoxSizes.isPlainConstant(graph.nodes[operand]),
        !graph.nodes[operand].isLeaf || uses[operand].count <= Piece.maxUsesOfOneBox
          || uses[operand].first.map({ $0 == (node, position) }) == true
      else { return nil }
      return shareRoom(text, node: node, position: position)
    }
    return widest.map { shareLead($0, isTransposed) }.max() ?? 0
  }

  /// How wide the share of a use is on its wire; nil where none stands.
  private static func shareRoom(_ text: ValueText, node: Int, position: Int) -> Double? {
    let operand = text.graph.nodes[node].operands[position]
    guard text.graph.nodes[node].gradient != nil, !BoxSizes.isPlainConstant(text.graph.nodes[operand]) else { return nil }
    let label = text.local(user: node, position: position).map {
      TextMetrics.width(of: $0, size: Measure.derivativeSize) + 4
    }
    // The local derivative stands over the arrow between the share and the operation.
    return text.shareSize(operand, [(node, position)]).map { $0.width + min(label ?? 0, 40) / 2 }
  }

  private static func shareLead(_ room: Double?, _ isTransposed: Bool) -> Double {
    room.map { isTransposed ? 16 : min(max($0 + 30 - Measure.minGap, 0), 120) } ?? 0
  }

  /// The stages with something to show: without a loss, only the forward pass; without a learning rate or a
  /// parameter, no update.
  public var stages: [Stage] { Stage.allCases.filter { reasonAgainst($0) == nil } }

  /// The reason why a stage cannot be drawn; nil if it can.
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
          folding.replacing("`", with: ""), size: 11.5, tint: .muted,
          at: Point(x: Measure.margin, y: Measure.margin + (caption == nil ? 44 : 62))))
    }
    figure = builder.figure
  }

  /// A note on what was folded and how to see all of it, in the figure's language; nil if every value has its
  /// own box.
  public var folding: String? {
    context.graph.folding.map {
      context.words.folded($0, boxes: context.graph.nodes.count, arrows: context.graph.operandCount)
    }
  }

  /// At most `count` characters; the file's `<title>` has the full title.
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
