import Autograd
import GradvizDrawing
import GradvizGraph

/// The training data as rows of inputs and targets, for the overview.
struct TrainingData {
  let context: FigureContext

  init(_ context: FigureContext) { self.context = context }

  private static let size = 13.0
  private static let maxRows = 6
  private static let maxColumns = 5

  /// Whether each row of the inputs has its own targets; the time steps of a sequence have those of the whole.
  private var isPaired: Bool {
    let graph = context.graph
    guard graph.laneCount <= 1 else { return true }
    let leaves = graph.nodes.filter(\.isLeaf)
    let count = leaves.filter { $0.role == .input }.compactMap(\.shape.first).max() ?? 1
    return count == 1 || leaves.allSatisfy { $0.role != .target || $0.shape.first == count }
  }

  /// How many samples there are, and the rows of the first ones: the inputs and the targets of each.
  ///
  /// A graph from elsewhere may have a million samples and few values.
  private var rows: (count: Int, first: [(inputs: [String], targets: [String])]) {
    let graph = context.graph
    let format = context.text.notation.format
    func leaves(_ role: Role) -> [ComputationGraph.Node] {
      graph.nodes.filter { $0.role == role && $0.isLeaf }
    }
    if graph.laneCount > 1 {
      let count = graph.laneCount - (graph.sampleCount > graph.laneCount ? 1 : 0)
      let first = (0..<min(count, Self.maxRows)).map { lane in
        func texts(_ role: Role) -> [String] {
          leaves(role).filter { $0.lane == lane }.map { format.text($0.value[0]) }
        }
        return (inputs: texts(.input), targets: texts(.target))
      }
      return (count, first)
    }
    let count = leaves(.input).compactMap(\.shape.first).max() ?? 1
    func texts(_ role: Role, _ row: Int) -> [String] {
      leaves(role).flatMap { node -> [String] in
        guard node.shape.first == count, count > 1 else { return row == 0 ? node.value.map(format.text) : [] }
        let width = node.value.count / count
        return node.value[(row * width)..<(row * width + width)].map(format.text)
      }
    }
    return (max(count, 1), (0..<max(min(count, Self.maxRows), 1)).map { (texts(.input, $0), texts(.target, $0)) })
  }

  func add(to figure: inout Figure, at origin: Point) -> Size {
    let (rows, shown) = rows
    // Two wide tables beside one another leave no room for what follows.
    let areWide = shown.contains { $0.inputs.count > Self.maxColumns && $0.targets.count > Self.maxColumns }
    let most = areWide ? Self.maxColumns - 2 : Self.maxColumns
    func cut(_ cells: [String]) -> [String] {
      guard cells.count > most else { return cells }
      let shown = cells.prefix(most - 1)
      return Array(shown) + [context.words.moreRows(cells.count - shown.count)]
    }
    let inputs = shown.map { cut($0.inputs) }
    let targets = shown.map { cut($0.targets) }
    let (inputCells, targetCells) = (Self.columns(inputs), Self.columns(targets))
    let gap = areWide ? 26.0 : 34
    let hasArrow = !inputCells.isEmpty && !targetCells.isEmpty
    let targetLeft = origin.x + (inputCells.last?.right ?? 0) + (hasArrow ? gap : 0)
    func heading(_ text: String, _ x: Double) {
      let run = Figure.Run(text: text, size: Self.size - 0.5, tint: .muted)
      figure.labels.append(Figure.Label(run: run, origin: Point(x: x, y: origin.y + 11), width: run.width))
    }
    if !inputCells.isEmpty { heading(context.words.inputs, origin.x) }
    if !targetCells.isEmpty { heading(context.words.targets, targetLeft) }
    var y = origin.y + 20
    func put(_ text: String, _ x: Double, width: Double) {
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: y, width: width, height: 19), text: text, textSize: Self.size, fill: .data)
      )
    }
    func putTargets(_ row: Int) {
      if hasArrow { figure.arrows.append(Self.arrow(row, from: targetLeft - gap + 4, to: targetLeft - 6, y: y + 9.5)) }
      for (column, text) in targets[row].enumerated() {
        put(text, targetLeft + targetCells[column].left, width: targetCells[column].width)
      }
    }
    let pairs = isPaired
    for (row, line) in inputs.enumerated() {
      for (column, text) in line.enumerated() {
        put(text, origin.x + inputCells[column].left, width: inputCells[column].width)
      }
      if pairs { putTargets(row) }
      y += 23
    }
    if !pairs {
      let bottom = y
      y = origin.y + 20 + 23 * Double(inputs.count - 1) / 2
      putTargets(0)
      y = bottom
    }
    let count = max(rows, context.graph.sampleCount)
    if count > shown.count {
      heading(context.words.moreRows(count - shown.count), origin.x)
      figure.labels[figure.labels.count - 1].origin.y = y + 11
      y += 18
    }
    let heading = Figure.Run(text: context.words.targets, size: Self.size - 0.5).width * 1.05
    let width = targetLeft + max(targetCells.last?.right ?? 0, targetCells.isEmpty ? 0 : heading) - origin.x
    return Size(width: max(width, 90), height: y - origin.y)
  }

  private static func arrow(_ row: Int, from left: Double, to right: Double, y: Double) -> Figure.Arrow {
    Figure.Arrow(
      id: "data-\(row + 1)", kind: .data, tail: "data-place", head: "data-place",
      path: Path(from: Point(x: left, y: y), to: Point(x: right, y: y)), tint: .dataInk)
  }

  private typealias Column = (left: Double, width: Double, right: Double)

  /// The columns of a table: numbers are alike, what says how many are left out has a width of its own.
  private static func columns(_ rows: [[String]]) -> [Column] {
    let count = rows.map(\.count).max() ?? 0
    func width(_ texts: [String]) -> Double {
      let widest = texts.map { Figure.Run(text: $0, size: size).width }.max() ?? 20
      return (widest * 1.06 + 12).rounded(.up)
    }
    let isNote = rows.contains { $0.last?.first == "…" }
    let alike = width(rows.flatMap { $0.prefix(isNote ? count - 1 : count) })
    var columns: [Column] = []
    for place in 0..<count {
      let own = isNote && place == count - 1 ? width(rows.compactMap { $0.count == count ? $0[place] : nil }) : alike
      let left = columns.last?.right ?? 0
      columns.append((left, own, left + own + 4))
    }
    return columns
  }
}
