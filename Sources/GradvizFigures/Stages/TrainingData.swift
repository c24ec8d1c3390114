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
    func cut(_ cells: [String]) -> [String] {
      guard cells.count > Self.maxColumns else { return cells }
      let shown = cells.prefix(Self.maxColumns - 1)
      return Array(shown) + [context.words.moreRows(cells.count - shown.count)]
    }
    let inputs = shown.map { cut($0.inputs) }
    let targets = shown.map { cut($0.targets) }
    func cell(_ texts: [[String]]) -> Double {
      let widest = texts.joined().map { Figure.Run(text: $0, size: Self.size).width }.max() ?? 20
      return (widest * 1.06 + 12).rounded(.up)
    }
    let (inputCell, targetCell) = (cell(inputs), cell(targets))
    let inputColumns = inputs.map(\.count).max() ?? 0
    let targetColumns = targets.map(\.count).max() ?? 0
    let hasArrow = inputColumns > 0 && targetColumns > 0
    let targetLeft = origin.x + Double(inputColumns) * (inputCell + 4) + (hasArrow ? 34 : 0)
    func heading(_ text: String, _ x: Double) {
      let run = Figure.Run(text: text, size: Self.size - 0.5, tint: .muted)
      figure.labels.append(Figure.Label(run: run, origin: Point(x: x, y: origin.y + 11), width: run.width))
    }
    if inputColumns > 0 { heading(context.words.inputs, origin.x) }
    if targetColumns > 0 { heading(context.words.targets, targetLeft) }
    var y = origin.y + 20
    func put(_ text: String, _ x: Double, width: Double) {
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: y, width: width, height: 19), text: text, textSize: Self.size, fill: .data)
      )
    }
    for (row, line) in inputs.enumerated() {
      for (column, text) in line.enumerated() {
        put(text, origin.x + Double(column) * (inputCell + 4), width: inputCell)
      }
      if hasArrow {
        figure.arrows.append(
          Figure.Arrow(
            id: "data-\(row + 1)", kind: .data, tail: "data-place", head: "data-place",
            path: Path(from: Point(x: targetLeft - 30, y: y + 9.5), to: Point(x: targetLeft - 6, y: y + 9.5)),
            tint: .dataInk))
      }
      for (column, text) in targets[row].enumerated() {
        put(text, targetLeft + Double(column) * (targetCell + 4), width: targetCell)
      }
      y += 23
    }
    let count = max(rows, context.graph.sampleCount)
    if count > shown.count {
      heading(context.words.moreRows(count - shown.count), origin.x)
      figure.labels[figure.labels.count - 1].origin.y = y + 11
      y += 18
    }
    let heading = Figure.Run(text: context.words.targets, size: Self.size - 0.5).width * 1.05
    let width =
      targetLeft + max(Double(targetColumns) * (targetCell + 4), targetColumns > 0 ? heading : 0) - origin.x
    return Size(width: max(width, 90), height: y - origin.y)
  }
}
