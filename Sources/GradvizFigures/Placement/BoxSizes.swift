import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// The size of each value's box: wide enough for its text in any stage.
struct BoxSizes {
  /// By node; the width includes the frame's one point on either side.
  private(set) var boxes: [Size] = []
  /// By node, for places where a lane repeats a parameter, which shows its value and its share, not its
  /// update.
  private(set) var slots: [Size] = []
  private(set) var nameWidths: [Int] = []
  /// By node what the samples' table shows of it: its numbers without its name.
  private(set) var cells: [Size] = []
  private(set) var discs: [OperationSymbol?] = []
  private(set) var matrices: [MatrixContent?] = []

  /// The room beside a text of the box; substitutes for the measured font have nearly its widths.
  private static func padded(_ width: Double) -> Int { Int((width + 3).rounded(.up)) }

  init(
    _ text: ValueText, uses: [[(user: Int, position: Int)]], lanes: [[Int]], isDense: Bool = false,
    detail: MatrixContent.Detail = .full, isTable: Bool = false
  ) {
    let graph = text.graph
    discs = graph.nodes.map { node in
      if node.operationName == nil { return node.fold != nil && node.operands.count > 1 ? .several : nil }
      return node.isLeaf ? nil : OperationSymbol(node, text.notation.words)
    }
    matrices = Self.matrices(text, uses, detail, isDense ? text.notation.format.dense : text.notation.format)
    var valueWidths: [Int] = []
    var slotWidths = [Int](repeating: 0, count: graph.nodes.count)
    var rowHeights = [Int](repeating: Measure.rowHeightInt, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      if Self.isPlainConstant(node) {
        nameWidths.append(0)
        valueWidths.append(Self.padded(MathText(text.value(index)).runs(size: Measure.valueSize).width))
        continue
      }
      let name = text.notation.name(index, size: Measure.nameSize).width
      nameWidths.append(max(22, Int((name + (name > 30 ? 6 : 2)).rounded(.up))))
      if let matrix = matrices[index] {
        let shape = TextMetrics.width(of: Self.shape(node), size: Measure.derivativeSize)
        nameWidths[index] = max(nameWidths[index], Self.padded(shape))
        valueWidths.append(
          max(
            matrix.width + 6,
            text.gradients == .numeric ? 0 : max(Self.rangeWidth, Self.padded(formulaWidth(text, index)))))
        if text.gradients == .symbolic, let gradient = text.gradient(index),
          gradient.hasPowerOfNumber || gradient.hasIndexAndExponent
        {
          rowHeights[index] = Self.highRow
        }
        continue
      }
      var texts = [MathText(text.value(index))]
      if let gradient = text.gradient(index) { texts.append(gradient) }
      if let tangent = text.tangent(index) { texts.append(MathText(tangent)) }
      if uses[index].count > 1 { texts += Self.shares(text, index, uses[index]) }
      slotWidths[index] = Self.width(texts, of: node)
      texts += [text.update(index)].compactMap { $0.map { MathText($0) } }
      valueWidths.append(Self.width(texts, of: node))
      if texts.contains(where: { $0.hasPowerOfNumber || $0.hasIndexAndExponent }) { rowHeights[index] = Self.highRow }
    }
    if text.isLive { LiveRoom.widen(&valueWidths, &slotWidths, graph) }
    let cellWidths = isTable ? Self.cellWidths(lanes, nameWidths, valueWidths) : valueWidths
    if graph.level == .scalar { Self.even(&nameWidths, &valueWidths, &slotWidths, graph, isTable: isTable) }
    if !isTable {
      Self.alike(lanes, &nameWidths)
      Self.alike(lanes, &valueWidths)
    }
    Self.alike(lanes, &rowHeights)
    cells = graph.nodes.indices.map { index in
      Size(
        width: Double(cellWidths[index] + 2),
        height: Self.isLow(graph.nodes[index], graph)
          ? SampleTable.lowCellHeight : Double(text.rowCount * rowHeights[index] + 2))
    }
    setBoxes(text, valueWidths, slotWidths, rowHeights)
  }

  /// Room for the widest of a box's texts, and beside it for the badge on its corner.
  private static func width(_ texts: [MathText], of node: ComputationGraph.Node) -> Int {
    let widest = texts.map { text in
      text.runs(size: Measure.valueSize, isBold: true).width
        + (text.hasPowerOfNumber ? node.gradient == nil ? 4 : besideBadge : 0)
    }
    return max(30, padded(widest.max() ?? 0))
  }

  /// The columns of the samples' table: as wide as the widest of their cells, and as the name above.
  private static func cellWidths(_ lanes: [[Int]], _ nameWidths: [Int], _ valueWidths: [Int]) -> [Int] {
    guard let first = lanes.first, lanes.count > 1 else { return valueWidths }
    var widths = valueWidths
    let others = Array(lanes.dropFirst())
    alike(others, &widths)
    for (place, node) in first.enumerated() { widths[node] = max(widths[others[0][place]], nameWidths[node]) }
    // Leaves of all samples, where each repeats them.
    let inLanes = Set(lanes.joined())
    for node in widths.indices where !inLanes.contains(node) { widths[node] = max(widths[node], nameWidths[node]) }
    return widths
  }

  /// The arrays, with room for the shares of those that are drawn at several uses.
  private static func matrices(
    _ text: ValueText, _ uses: [[(user: Int, position: Int)]], _ detail: MatrixContent.Detail, _ format: NumberFormat
  ) -> [MatrixContent?] {
    let detail = text.isLive && MatrixContent.cellCount(text.graph) > LiveRoom.maxCells ? .low : detail
    return text.graph.nodes.enumerated().map { index, node in
      guard !node.shape.isEmpty else { return nil }
      let shares = uses[index].count > 1 && !text.isLive ? uses[index].compactMap { text.amounts([$0]) } : []
      return MatrixContent(
        node, shares: shares, detail: detail, format: format, words: text.notation.words, isLive: text.isLive)
    }
  }

  /// Of a number with an exponent, or a letter with an index below one: as high as that is raised, and as wide as the badge on the corner reaches into its box.
  static let highRow = 23
  private static let besideBadge = 28.0

  /// Room for `[−0.0332…−0.0257]`, which stands for a formula that is too long.
  private static let rangeWidth = 114

  /// The boxes of columns this wide, as high as what stands in them.
  private mutating func setBoxes(_ text: ValueText, _ valueWidths: [Int], _ slotWidths: [Int], _ rowHeights: [Int]) {
    let graph = text.graph
    for (index, node) in graph.nodes.enumerated() {
      let width = Double(nameWidths[index] + valueWidths[index] + 2)
      let height: Double
      if nameWidths[index] == 0 {
        height = Double(Measure.rowHeight + 4)
      } else if let matrix = matrices[index] {
        let gradientHeight = text.gradients == .symbolic ? rowHeights[index] : matrix.height + 6
        let below = node.gradient == nil ? Self.emptyHeight(node, matrix) : gradientHeight
        height = Double(matrix.height + 6 + below + 2)
      } else if Self.isLow(node, graph) {
        height = Measure.lowHeight + 2
      } else {
        height = Double(text.rowCount * rowHeights[index] + 2)
      }
      boxes.append(Size(width: width, height: height))
      let slot = Double(nameWidths[index] + slotWidths[index] + 2)
      slots.append(Size(width: slotWidths[index] == 0 ? width : min(slot, width), height: height))
    }
  }

  /// At least as large as those of another graph of the same structure.
  mutating func widen(to other: BoxSizes) {
    func most(_ a: Size, _ b: Size) -> Size { Size(width: max(a.width, b.width), height: max(a.height, b.height)) }
    boxes = zip(boxes, other.boxes).map(most)
    slots = zip(slots, other.slots).map(most)
    cells = zip(cells, other.cells).map(most)
    nameWidths = zip(nameWidths, other.nameWidths).map { max($0, $1) }
  }

  /// The possible texts in copies of a value: the share of one use, or of all uses in a lane.
  private static func shares(_ text: ValueText, _ node: Int, _ uses: [(user: Int, position: Int)]) -> [MathText] {
    var byLane: [Int: [(user: Int, position: Int)]] = [:]
    for use in uses { byLane[text.graph.nodes[use.user].lane ?? -1, default: []].append(use) }
    let together = byLane.keys.sorted().compactMap { byLane[$0] }.filter { $0.count > 1 }
    return (uses.map { [$0] } + together).compactMap { text.share(node, $0) }
  }

  /// Boxes at the same position in their lanes have the same width in all lanes.
  private static func alike(_ lanes: [[Int]], _ widths: inout [Int]) {
    guard let first = lanes.first else { return }
    for place in first.indices {
      let widest = lanes.map { widths[$0[place]] }.max() ?? 0
      for lane in lanes { widths[lane[place]] = widest }
    }
  }

  private func formulaWidth(_ text: ValueText, _ node: Int) -> Double {
    text.gradient(node)?.runs(size: Measure.valueSize, isBold: true).width ?? 0
  }

  /// Gives boxes of similar width the same width, so that they line up, separately for parameters, which have
  /// more text; a single long text among many short ones keeps its own width.
  private static func even(
    _ names: inout [Int], _ values: inout [Int], _ slots: inout [Int], _ graph: ComputationGraph, isTable: Bool
  ) {
    // The samples of a table have no boxes.
    let boxes = graph.nodes.indices.filter { names[$0] > 0 && !(isTable && graph.nodes[$0].lane ?? 0 > 0) }
    let parameters = boxes.filter { graph.nodes[$0].updated != nil }
    let others = boxes.filter { graph.nodes[$0].updated == nil }
    if graph.laneCount < 2, boxes.count <= maxAlike {
      for group in [parameters, others] {
        even(&names, group)
        even(&values, group)
      }
    } else {
      for group in [parameters] + columns(others, graph) {
        even(&names, group)
        even(&values, group)
      }
    }
    even(&slots, parameters)
    guard let usual = others.map({ values[$0] }).min() else { return }
    for parameter in parameters { slots[parameter] = max(slots[parameter], usual) }
  }

  /// In larger figures only boxes of one column are alike.
  private static let maxAlike = 16

  /// By how many operations stand before a value, those that are not computed by their role.
  private static func columns(_ boxes: [Int], _ graph: ComputationGraph) -> [[Int]] {
    var depths = [Int](repeating: 0, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() where !node.operands.isEmpty {
      depths[index] = 1 + node.operands.reduce(0) { max($0, depths[$1]) }
    }
    var groups = OrderedTable<String, [Int]>()
    for box in boxes {
      groups[depths[box] > 0 ? "\(depths[box])" : graph.nodes[box].role.rawValue, default: []].append(box)
    }
    return groups.values
  }

  private static func even(_ widths: inout [Int], _ group: [Int]) {
    let sorted = group.map { widths[$0] }.sorted()
    guard let widest = sorted.last else { return }
    let most = sorted[(sorted.count - 1) * 9 / 10]
    let usual = widest * 10 <= most * 14 ? widest : most
    for index in group { widths[index] = max(widths[index], usual) }
  }

  /// Of the row below an array without a gradient: data have none, what is computed may be drawn with one elsewhere;
  /// together they are high enough for a name over a shape.
  static func emptyHeight(_ node: ComputationGraph.Node, _ matrix: MatrixContent) -> Int {
    max(node.isLeaf ? 4 : Measure.rowHeight, 2 * Measure.rowHeight - 4 - matrix.height)
  }

  /// Whether a box has a value only: data of a batch, which is not learned.
  static func isLow(_ node: ComputationGraph.Node, _ graph: ComputationGraph) -> Bool {
    node.isLeaf && node.lane != nil && node.shape.isEmpty && node.gradient == nil && graph.laneCount > 1
      && [.input, .target].contains(node.role)
  }

  /// `4×3`; a list is `(4)`, as 4 alone would be a number.
  static func shape(_ node: ComputationGraph.Node) -> String {
    node.shape.count == 1 ? "(\(node.shape[0]))" : Shapes.text(node.shape)
  }

  /// A number in the program, shown without a name and without a gradient.
  static func isPlainConstant(_ node: ComputationGraph.Node) -> Bool {
    node.isLeaf && node.role == .constant && !node.isNamed && node.shape.isEmpty
  }
}
