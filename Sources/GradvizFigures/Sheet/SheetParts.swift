import GradvizDrawing
import GradvizGraph

/// What a figure that is too wide or too high for its page gives up, one after the other.
enum SheetView: CaseIterable {
  case whole
  /// Draws from left to right what would be too wide from top to bottom.
  case across
  /// Samples in the columns of the first one, whose rows would be more than two each.
  case table
  /// Arrays with two digits.
  case dense
  /// Low heat maps, with fewer of the rows of large arrays.
  case low
  /// Heat maps without their least and greatest number.
  case bare
  /// Of parts that repeat the first and the last, and all between them in one box.
  case repeats, bareRepeats
  /// Layers, and arrays of samples, in one box each.
  case layers, bareLayers
  /// The parameters of each layer in one box, too.
  case sets
  /// At most so many boxes.
  case someBoxes, fewBoxes

  var collapse: Collapse? {
    switch self {
    case .whole, .across, .table, .dense, .low, .bare, .repeats, .bareRepeats: nil
    case .layers, .bareLayers, .sets: .layers
    case .someBoxes: .boxes(24)
    case .fewBoxes: .boxes(8)
    }
  }

  /// What is folded besides.
  var steps: [FoldingStep] {
    switch self {
    case .repeats, .bareRepeats, .layers, .bareLayers: [.repeats]
    case .sets: [.parameters, .repeats]
    default: []
    }
  }

  var detail: MatrixContent.Detail {
    switch self {
    case .whole, .across, .table, .dense: .full
    case .low, .repeats, .layers: .low
    case .bare, .bareRepeats, .bareLayers, .sets, .someBoxes, .fewBoxes: .bare
    }
  }

  /// Whether what a box shows has a meaning of its own.
  var showsParts: Bool { self != .someBoxes && self != .fewBoxes }

  /// Whether everything is shown that a figure may show.
  var isWhole: Bool { self == .whole || self == .across }
}

/// What the sheet of a graph is laid out from: the values that it shows, their texts, and the room these need.
struct SheetParts {
  let graph: ComputationGraph
  let text: ValueText
  let uses: [[(user: Int, position: Int)]]
  let division: LaneDivision
  let isTransposed: Bool
  /// Whether it is drawn from left to right though it should be from top to bottom.
  let isTurned: Bool
  let isLarge: Bool
  /// Whether the samples after the first are rows of a table.
  let isTable: Bool
  /// Whether arrays have two digits.
  let isDense: Bool
  /// Whether the graph has arrays, which are boxes of any height.
  let hasArrays: Bool
  /// Whether the view differs from the whole one.
  let isChanged: Bool
  let view: SheetView
  private(set) var sizes: BoxSizes
  private(set) var units: [Unit]
  private(set) var slotUnits: [Unit]

  /// - Throws: ``FigureError`` for a graph that is too large, or an excerpt of values that it does not have.
  init(_ views: inout FoldedViews, _ options: FigureOptions, _ view: SheetView = .whole) throws {
    let whole = views.whole
    let samples = options.samples ?? whole.presentation.samples
    self.view = view
    let folded = try views.graph(for: view)
    let hasLanes = !LaneDivision(folded).lanes.isEmpty
    // The data of a batch is not learned, and a constant never is.
    var graph = folded
    if options.dataGradients != true {
      graph = graph.withoutConstantGradients()
      if hasLanes || folded.isBatchOfArrays { graph = graph.withoutDataGradients() }
    }
    try FigureLimits.requireSize(graph, options)
    try Task.checkCancellation()
    self.graph = graph
    isLarge = FigureLimits.isLarge(graph)
    let shown = graph.presentation
    text = Self.text(graph, of: whole, options, isLarge: isLarge, hasLanes: hasLanes)
    uses = graph.uses
    division = LaneDivision(graph)
    // A network has its layers from left to right.
    let isUpright =
      (options.direction ?? shown.direction ?? .leftToRight) == .topToBottom
      && (options.view ?? shown.view) != .neurons
    isTransposed = isUpright && view == .whole
    isTurned = isUpright && view != .whole
    let isBatch = division.lanes.count > 1 && !isTransposed
    isTable =
      isBatch
      && (samples == .table || samples != .rows && (division.lanes.count > FigureLimits.maxRows || !view.isWhole))
    hasArrays = graph.nodes.contains { !$0.shape.isEmpty }
    isDense = !view.isWhole && view != .table && (options.precision ?? shown.precision) == nil && hasArrays
    sizes = BoxSizes(text, uses: uses, lanes: division.lanes, isDense: isDense, detail: view.detail, isTable: isTable)
    isChanged =
      isDense || view.detail != .full && hasArrays || view == .across && isTurned
      || view == .table && isTable && division.lanes.count <= FigureLimits.maxRows
      || view.collapse != nil && options.collapse == nil
    try Task.checkCancellation()
    let planner = UnitPlanner(text, sizes, uses: uses, division: division, isTransposed: isTransposed, isTable: isTable)
    units = planner.units()
    slotUnits = planner.slotUnits()
  }

  /// What boxes and panels say, in the language and with the digits that are asked for.
  private static func text(
    _ graph: ComputationGraph, of whole: ComputationGraph, _ options: FigureOptions, isLarge: Bool, hasLanes: Bool
  ) -> ValueText {
    let shown = graph.presentation
    let words = Words(options.language ?? shown.language ?? .english, decimal: shown.decimal)
    let notation = Notation(
      graph: graph, format: words.numbers(options.precision ?? shown.precision ?? (hasLanes ? 3 : 4)),
      symbolic: Symbolic(graph), words: words, blanks: options.blanks)
    var text = ValueText(
      graph: graph, notation: notation, gradients: options.gradients ?? shown.gradients ?? .numeric)
    text.isBrief = isLarge
    text.isLive = options.isLive
    if case .tangents(let own) = options.lesson { text.tangents = own.tangents }
    // The formulas of more values would take longer than the drawing, and no box has one that is read.
    if graph.level == .tensor, graph.folding != nil, whole.nodes.count <= Collapse.maxBoxesUnfolded {
      text.whole = Notation(whole: whole, drawnAs: notation)
    }
    return text
  }

  /// Leaves as much room as another step of the same training needs; nothing for a graph of another structure.
  mutating func widen(to other: SheetParts) {
    guard other.units.count == units.count,
      zip(other.graph.nodes, graph.nodes).allSatisfy({ $0.operands == $1.operands })
    else { return }
    sizes.widen(to: other.sizes)
    for index in units.indices {
      units[index].widen(to: other.units[index])
      slotUnits[index].widen(to: other.slotUnits[index])
    }
  }
}

extension FigureContext {
  /// What is known of a graph that is laid out on a sheet.
  init(_ parts: SheetParts, _ options: FigureOptions, _ sheet: Sheet) {
    let (graph, shown) = (parts.graph, parts.graph.presentation)
    self.init(
      graph: graph, text: parts.text, sizes: parts.sizes, sheet: sheet, steps: graph.backwardSteps,
      marks: StepMarks(graph, steps: graph.backwardSteps, sheet, lanes: parts.division.lanes), uses: parts.uses,
      passingUses: graph.passingUseCounts, lossMembers: graph.lossMembers, flowing: Self.flowing(sheet, graph),
      parameterStyle: options.parameters ?? shown.parameters, isTransposed: parts.isTransposed,
      showsAllFormulas: (options.formulas ?? shown.formulas) == .all,
      closeUps: options.closeUps ?? shown.closeUps ?? .auto,
      nonFinite: NonFiniteNumbers(graph), recorded: RecordedMarks(graph),
      hasPrediction: graph.nodes.contains { $0.role == .prediction })
    hiddenParts = options.hiddenParts
    marks.areHidden = hiddenParts.contains(.order)
    lesson = options.lesson
  }
}

extension Unit {
  /// At least as large as another one.
  fileprivate mutating func widen(to other: Unit) {
    func most(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { max($0, $1) } }
    box = Size(width: max(box.width, other.box.width), height: max(box.height, other.box.height))
    tab = tab.map { max($0, other.tab ?? 0) }
    rise = max(rise, other.rise)
    above = max(above, other.above)
    below = max(below, other.below)
    marks = most(marks, other.marks)
    shares = most(shares, other.shares)
    entry = max(entry, other.entry)
    rowEntry = max(rowEntry, other.rowEntry)
    port = max(port, other.port)
    widestRule = max(widestRule, other.widestRule)
  }
}
