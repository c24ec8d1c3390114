import GradvizDrawing
import GradvizGraph

/// Which view of a graph fits on a page, and where everything is.
extension FigureSet {
  /// The graphs laid out alike, in the first view that fits on the page; where none does in the narrowest, and of those
  /// narrow enough in the lowest.
  static func fitting(_ graphs: [ComputationGraph], _ options: FigureOptions) throws -> [FigureSet] {
    // What is recovered is the same in all views.
    let graphs = options.only == nil ? graphs.map { $0.recovered(for: options) } : graphs
    var best: [FigureSet] = []
    var isNarrow = false
    // How many boxes there were with heat maps of each height, to lay nothing out twice.
    var seen: [MatrixContent.Detail: Int] = [:]
    func width(_ sets: [FigureSet]) -> Double { sets.map(\.sheetWidth).max() ?? 0 }
    func height(_ sets: [FigureSet]) -> Double { sets.map(\.page.height).max() ?? 0 }
    var views = graphs.map { FoldedViews($0, options) }
    for view in SheetView.allCases where !isNarrow || view.showsParts {
      let parts = try views.indices.map { try SheetParts(&views[$0], options, view) }
      if !best.isEmpty, parts.allSatisfy({ !$0.isChanged }) { continue }
      let boxes = parts.reduce(0) { $0 + $1.graph.nodes.count }
      if isNarrow, seen[view.detail] == boxes { continue }
      seen[view.detail] = boxes
      var sets = try parts.map { own in
        var own = own
        for other in parts { own.widen(to: other) }
        return try FigureSet(own, options)
      }
      let isNarrower = best.isEmpty || view == .table || width(sets) < width(best)
      guard sets.allSatisfy(\.fits) else {
        if !isNarrow && isNarrower { best = sets }
        continue
      }
      for index in sets.indices { sets[index].choosePage() }
      // What shows less has to be worth it.
      if isNarrow ? height(sets) < 0.9 * height(best) : isNarrower { best = sets }
      isNarrow = true
      if sets.allSatisfy({ !$0.isTooHigh }) { break }
    }
    for index in best.indices where best[index].page.height == 0 { best[index].choosePage() }
    return best
  }

  init(_ parts: SheetParts, _ options: FigureOptions) throws {
    let (graph, shown) = (parts.graph, parts.graph.presentation)
    let asked = options.width ?? shown.width
    let asksForNeurons = (options.view ?? shown.view) == .neurons
    let room = asked ?? (asksForNeurons ? Self.defaultWidth : Self.room(of: parts))
    var composer = SheetComposer(
      graph: graph, division: parts.division, units: parts.units, slotUnits: parts.slotUnits, uses: parts.uses,
      width: parts.isTransposed ? nil : room - 2 * Measure.sheetMargin,
      isTransposed: parts.isTransposed, sharesLeaves: (options.parameters ?? shown.parameters) != .repeated)
    composer.isLarge = parts.isLarge
    composer.isTable = parts.isTable
    // In a page every value is a box.
    if !parts.isTransposed, !options.isLive { composer.merging = graph.sumsOfProducts(parts.uses) }
    composer.cellSizes = parts.sizes.cells
    composer.checkpoint = { try Task.checkCancellation() }
    let composed =
      asksForNeurons ? (Sheet(), FigureContext(parts, options, Sheet())) : try Self.composed(composer, parts, options)
    (sheet, context) = composed
    isDense = parts.isDense
    hasArrays = parts.hasArrays
    isTurned = parts.isTurned
    title = shown.title ?? "Computation"
    caption = shown.caption
    let extent = parts.isTransposed ? sheet.bounds.height : sheet.bounds.width
    widths = Self.widths(asked, room: room, sheet: extent + 2 * Measure.sheetMargin, hiddenParts: options.hiddenParts)
    page = Page(width: widths[0], bounds: Size(width: 0, height: 0), top: 0)
    if options.blanks == nil { context.nudge = Nudge(context) }
    self.options = options
    guard (options.view ?? shown.view) != .values, asksForNeurons || parts.view.isWhole && !parts.isTransposed else {
      return
    }
    network = try NetworkSheet.chosen(
      parts.text, options, insteadOf: asksForNeurons ? nil : sheet, isTransposed: parts.isTransposed,
      width: asked ?? Self.defaultWidth, top: 0)
    if let network { context.nudge?.keep { network.frames[$0] != nil || network.restFrames[$0] != nil } }
  }

  /// A chain of many thousands becomes a page, not a ribbon.
  private static func room(of parts: SheetParts) -> Double {
    guard parts.graph.nodes.count > Collapse.maxBoxesUnfolded else { return defaultWidth }
    let area = parts.units.reduce(0) { $0 + ($1.along + Measure.minGap) * ($1.box.height + Measure.boxGap * 2) }
    return max(defaultWidth, (area * 1.6).squareRoot())
  }

  /// The sheet, and everything that is known of it.
  ///
  /// Where columns have heads, boxes of samples need no room for their marks.
  private static func composed(
    _ composer: SheetComposer, _ parts: SheetParts, _ options: FigureOptions
  ) throws -> (Sheet, FigureContext) {
    func composed(_ composer: SheetComposer) throws -> (Sheet, FigureContext) {
      let sheet = try composer.compose()
      try Task.checkCancellation()
      return (sheet, FigureContext(parts, options, sheet))
    }
    let lanes = parts.division.lanes
    if !parts.isTransposed, parts.graph.level == .scalar, !lanes.isEmpty {
      var low = composer
      low.placed = PlacedPieces()
      for node in lanes.joined() { low.units[node].above = 0 }
      let result = try composed(low)
      if ColumnHeads(result.1) != nil { return result }
    }
    return try composed(composer)
  }

  /// Whether arrays, of which there may be any number, make it higher than a page that one still reads.
  private var isTooHigh: Bool {
    hasArrays && network == nil && !context.isTransposed && !context.text.isBrief && options.collapse == nil
      && options.only == nil
      && options.width ?? context.graph.presentation.width ?? Page.wide >= Page.wide && !context.showsAllFormulas
      && context.closeUps != .all && page.height > Self.maxHeight
  }

  /// Of a page that is still read at once.
  static let maxHeight = 1620.0

  /// Whether the sheet fits its page: no wider, and at most four rows a sample (two where the others are in full).
  private var fits: Bool {
    if network != nil || context.text.isBrief { return true }
    let isInFull = sheet.lanes.count > 1 && sheet.heads.isEmpty
    // Who asks for each sample in full gets it, however many rows one takes.
    let isAsked = (options.samples ?? context.graph.presentation.samples) == .rows
    let most = isAsked ? .max : isInFull ? 2 : FigureLimits.maxRowsOfSample
    let isLong = !context.isTransposed && !sheet.lanes.isEmpty && sheet.spots.contains { $0.row >= most }
    return sheetWidth <= (widths.last ?? 0) + Page.marginToSpare && !isLong
  }

  /// How wide the sheet is with its margins.
  private var sheetWidth: Double {
    (context.isTransposed ? sheet.bounds.height : sheet.bounds.width) + 2 * Measure.sheetMargin
  }

  /// The widths that a page may have, the least first: what is as wide as a page is the title's or the panel's.
  static func widths(_ asked: Double?, room: Double, sheet: Double, hiddenParts: Set<FigureOptions.Part>) -> [Double] {
    if let asked { return [asked] }
    let pages = room > Page.wide ? [room.rounded(.up)] : [Page.narrow, Page.wide]
    guard hiddenParts.isSuperset(of: [.title, .panel]) else { return pages }
    let least = hiddenParts.contains(.legend) ? 0 : ComputationGraph.Presentation.widths.lowerBound
    return [max(sheet.rounded(.up), least)] + pages
  }

  /// How high the page of a graph is with the graph's own settings; nil if it cannot be drawn.
  package static func height(of graph: ComputationGraph) -> Double? {
    (try? FigureSet(graph))?.page.height
  }

  /// Chooses the first of its widths on which the sheet and all panels have room.
  private mutating func choosePage() {
    placeOnPage()
    // What a gradient is has room where the figure is not too high already.
    guard context.graph.folding != nil, context.nudge != nil, page.height > Self.maxHeight else { return }
    context.nudge = nil
    placeOnPage()
  }

  private mutating func placeOnPage() {
    if network != nil {
      turnPage(options.width ?? context.graph.presentation.width ?? Self.defaultWidth)
      return
    }
    for width in widths where width >= sheetWidth || width == widths.last {
      if turnPage(width) <= width || page.isBeside && turnPage(width, mayBeBeside: false) <= width { return }
    }
  }

  /// Places everything on a page of a width; returns the width that the widest stage needs.
  @discardableResult mutating func turnPage(_ width: Double, mayBeBeside: Bool = true) -> Double {
    let isTransposed = context.isTransposed
    let bounds = network?.sheet(context.graph).bounds ?? sheet.bounds
    let size =
      isTransposed
      ? Size(width: bounds.height, height: bounds.width) : Size(width: bounds.width, height: bounds.height)
    let hasBadge = !sheet.lossRegions.isEmpty
    let hasHeads = network == nil && ColumnHeads(context) != nil
    func place(_ lines: Int) {
      page.legendLines = lines
      let top = headHeight + (hasBadge ? 26 : 14) + (hasHeads ? ColumnHeads.height : 0)
      page = Page(
        width: width, bounds: size, top: top, legendLines: lines,
        mayBeBeside: mayBeBeside && !options.hiddenParts.contains(.panel))
      if network != nil,
        let placed = try? NetworkSheet.chosen(
          context.text, options, insteadOf: nil, isTransposed: false, width: width, top: top)
      {
        network = placed
        context.sheet = placed.sheet(context.graph)
        page.width = max(page.width, placed.width)
        page.panel.width = page.width - 2 * Measure.sheetMargin
      } else {
        context.sheet = sheet.placed(at: page.sheet, transposed: isTransposed)
      }
    }
    page.width = width
    place(0)
    let figures = stages.map { context.text.isBrief ? outline($0) : drawn($0, step: nil) }
    // The legend is of what is drawn; it moves down all that is below it.
    let lines =
      figures.map { figure in
        var figure = figure
        return head(figure.stage).add(to: &figure)
      }.max() ?? 0
    if lines > 0 { place(lines) }
    let sizes = figures.filter { $0.stage != .overview }.map(\.size)
    page.height = (sizes.map(\.height).max() ?? 0) + (Legend.lineHeight * Double(lines)).rounded(.up)
    return sizes.map(\.width).max() ?? 0
  }

  /// A stage without its boxes and wires, as a large figure has too many of them, with one of each mark for the legend.
  private func outline(_ stage: Stage) -> Figure {
    let (nowhere, place) = (Point(x: 0, y: 0), Rectangle(x: 0, y: 0, width: 0, height: 0))
    var figure = Figure(stage: stage, id: "", title: "", description: "", size: Size(width: 0, height: 0))
    figure.chips = ["local-derivative", "share"].map { Figure.Chip(frame: place, classes: [$0]) }
    figure.discs = [
      Figure.Disc(
        id: "", classes: ["unchanged"], tooltip: "", center: nowhere, size: figure.size, text: "", textSize: 8)
    ]
    figure.arrows = [
      Figure.Arrow(id: "", kind: .update, tail: "", head: "", path: Path(from: nowhere, to: nowhere))
    ]
    if stage != .overview { addPanel(&figure, nil) }
    addPage(&figure)
    return figure
  }
}
