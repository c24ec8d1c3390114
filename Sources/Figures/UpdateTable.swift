import Autograd

/// The table of the update: name · before · gradient · step · after, one line for each parameter; of
/// arrays the lengths (Euclidean norms) of all that.
struct UpdateTable {
  let context: FigureContext
  let isBrief: Bool

  init(_ context: FigureContext, isBrief: Bool) {
    self.context = context
    self.isBrief = isBrief
  }

  private static let size = 12.5
  private static let rowHeight = 19.0

  private struct Row {
    var name: [Figure.Run]
    var cells: [(text: String, tint: Tint, isBold: Bool)]
    /// What is said in place of the other cells.
    var note: String?
  }

  func add(to figure: inout Figure, at origin: Point, width: Double) -> Size {
    let graph = context.graph
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].updated != nil || graph.nodes[$0].role == .parameter && graph.nodes[$0].gradient == nil
    }
    let isArrays = graph.level == .tensor && parameters.contains { !graph.nodes[$0].shape.isEmpty }
    let rows = parameters.compactMap { row($0, isArrays) }
    guard !rows.isEmpty else { return Size(width: 0, height: 0) }
    var headings = context.words.tableHeadings
    if graph.updateRule != nil { headings = context.words.stepHeadings }
    if isArrays { headings = context.words.normHeadings }
    var widths = headings.map { Figure.Run(text: $0, size: Self.size - 1).width }
    for row in rows {
      widths[0] = max(widths[0], row.name.width)
      for (column, cell) in row.cells.enumerated() {
        widths[column + 1] = max(
          widths[column + 1], Figure.Run(text: cell.text, size: Self.size, isBold: cell.isBold).width)
      }
    }
    widths = widths.map { $0 * 1.06 + 22 }
    var baseline = origin.y + 13
    func right(_ column: Int) -> Double { origin.x + widths[...column].reduce(0, +) - 10 }
    for (column, heading) in headings.enumerated() where !heading.isEmpty {
      place(heading, Self.size - 1, .muted, false, right: right(column), baseline, &figure)
    }
    let total = widths.reduce(0, +)
    let left = origin.x
    var widest = total
    figure.chips.append(
      Figure.Chip(frame: Rectangle(x: origin.x, y: baseline + 5, width: total, height: 1), fill: .faint))
    for row in rows {
      baseline += Self.rowHeight
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: baseline - 13.5, width: widths[0] - 8, height: 18),
          fill: .parameter))
      Typesetter.set(
        row.name.map { .run($0) }, at: Point(x: origin.x + 6, y: baseline), in: &figure,
        classes: ["parameter"])
      for (column, cell) in row.cells.enumerated() {
        place(cell.text, Self.size, cell.tint, cell.isBold, right: right(column + 1), baseline, &figure)
      }
      if let note = row.note {
        let run = Figure.Run(text: note, size: Self.size - 1, tint: .muted)
        let origin = Point(x: right(row.cells.count) + 22, y: baseline)
        figure.labels.append(Figure.Label(run: run, origin: origin, width: run.width, classes: ["table"]))
        widest = max(widest, origin.x + run.width * 1.06 - left)
      }
    }
    return Size(width: widest, height: baseline - origin.y + 8)
  }

  private func place(
    _ text: String, _ size: Double, _ tint: Tint, _ isBold: Bool, right: Double, _ baseline: Double,
    _ figure: inout Figure
  ) {
    let run = Figure.Run(text: text, size: size, tint: tint, isBold: isBold)
    figure.labels.append(
      Figure.Label(
        run: run, origin: Point(x: right - run.width, y: baseline), width: run.width, classes: ["table"]))
  }

  private func row(_ index: Int, _ isArrays: Bool) -> Row? {
    let node = context.graph.nodes[index]
    if node.updated == nil { return unchanged(index, isArrays) }
    guard let updated = node.updated else { return nil }
    let format = context.text.notation.format
    func length(_ numbers: [Double]) -> Double { Self.length(numbers, isArrays) }
    let step = zip(updated, node.value).map { $0 - $1 }
    func cell(_ value: Double, _ tint: Tint, _ isBold: Bool) -> (text: String, tint: Tint, isBold: Bool) {
      (format.text(value), value.isFinite ? tint : .warning, isBold)
    }
    // The step from its own factors: the difference of the values would show their rounding.
    let isPlain = !isArrays && context.graph.updateRule == nil
    let exactStep =
      isPlain ? node.gradient.map { -(context.graph.learningRate ?? 0) * $0[0] } ?? step[0] : length(step)
    return Row(
      name: context.text.notation.name(index, size: Self.size, isBold: true),
      cells: [
        cell(length(node.value), .ink, false),
        node.gradient.map { cell(length($0), .gradientInk, false) } ?? ("–", .muted, false),
        cell(exactStep, .updateInk, false), cell(length(updated), .updateInk, true),
      ])
  }

  /// What the loss does not depend on keeps its value.
  private func unchanged(_ index: Int, _ isArrays: Bool) -> Row {
    let value = Self.length(context.graph.nodes[index].value, isArrays)
    return Row(
      name: context.text.notation.name(index, size: Self.size, isBold: true),
      cells: [(context.text.notation.format.text(value), value.isFinite ? .ink : .warning, false)],
      note: context.words.unchanged)
  }

  private static func length(_ numbers: [Double], _ isArrays: Bool) -> Double {
    isArrays ? numbers.reduce(0) { $0 + $1 * $1 }.squareRoot() : numbers[0]
  }
}
