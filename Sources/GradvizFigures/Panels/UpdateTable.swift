import Autograd
import GradvizDrawing

/// The table of the update: before · gradient · optimizer terms · step · after, with a row for each
/// parameter; for an array, its norms (Euclidean) and the entry with the largest gradient.
struct UpdateTable {
  let context: FigureContext
  let isBrief: Bool

  init(_ context: FigureContext, isBrief: Bool) {
    self.context = context
    self.isBrief = isBrief
  }

  private static let size = 12.5
  private static let rowHeight = 19.0
  private static let rowsOfColumn = 14
  private static let blockGap = 30.0
  private static let columnGap = 22.0
  private static let minColumnGap = 14.0

  private struct Row {
    var name: [Figure.Run]
    var cells: [(text: String, tint: Tint, isBold: Bool)]
  }

  private var format: NumberFormat { context.text.notation.format }

  func add(to figure: inout Figure, at origin: Point, width: Double) -> Size {
    let graph = context.graph
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].updated != nil || graph.nodes[$0].role == .parameter && graph.nodes[$0].gradient == nil
    }
    let columns = terms(parameters)
    let groups = UpdateGroup.all(
      parameters, context.text.notation, maxRows: isBrief ? UpdateGroup.maxRowsOfOverview : UpdateGroup.maxRows)
    let rows = groups.flatMap { self.rows($0, columns) }
    guard !rows.isEmpty else { return Size(width: 0, height: 0) }
    let headings = self.headings(columns)
    var widths = Self.widths(rows, headings, gap: Self.columnGap)
    // A narrow card takes its columns closer together.
    let excess = (widths.reduce(0, +) - width) / Double(widths.count)
    if excess > 0 { widths = Self.widths(rows, headings, gap: max(Self.minColumnGap, Self.columnGap - excess)) }
    let total = widths.reduce(0, +)
    let fitting = max(1, Int((width + Self.blockGap) / (total + Self.blockGap)))
    let blocks = min(fitting, (rows.count + Self.rowsOfColumn - 1) / Self.rowsOfColumn)
    let perBlock = (rows.count + blocks - 1) / blocks
    var size = Size(width: 0, height: 0)
    for block in 0..<blocks {
      let part = rows.dropFirst(block * perBlock).prefix(perBlock)
      let x = origin.x + Double(block) * (total + Self.blockGap)
      let bottom = add(part, headings, widths, at: Point(x: x, y: origin.y), to: &figure)
      size = Size(width: x - origin.x + total, height: max(size.height, bottom - origin.y + 8))
    }
    if groups.count < parameters.count {
      addNote(
        context.words.parametersByArray(parameters.count, hasNumbers: !isBrief), at: origin, below: &size, to: &figure)
    } else if parameters.contains(where: { !graph.nodes[$0].shape.isEmpty }) {
      addNote(context.words.normOfArray, at: origin, below: &size, to: &figure)
    }
    return size
  }

  /// Says what the rows of arrays are.
  private func addNote(_ words: String, at origin: Point, below size: inout Size, to figure: inout Figure) {
    let run = Figure.Run(text: words, size: Typography.smallest, tint: .muted)
    size.height += 18
    figure.labels.append(
      Figure.Label(run: run, origin: Point(x: origin.x, y: origin.y + size.height - 6), width: run.width))
    size.width = max(size.width, run.width)
  }

  private static func widths(_ rows: [Row], _ headings: [String], gap: Double) -> [Double] {
    var widths = headings.map { Figure.Run(text: $0, size: Typography.smallest).width }
    for row in rows {
      widths[0] = max(widths[0], row.name.width)
      for (column, cell) in row.cells.enumerated() {
        let run = Figure.Run(text: cell.text, size: size, isBold: cell.isBold)
        widths[column + 1] = max(widths[column + 1], run.width)
      }
    }
    return widths.map { $0 * 1.06 + gap }
  }

  /// Adds the rows below their headings; returns the last baseline.
  private func add(
    _ rows: ArraySlice<Row>, _ headings: [String], _ widths: [Double], at origin: Point,
    to figure: inout Figure
  ) -> Double {
    var baseline = origin.y + 13
    func right(_ column: Int) -> Double { origin.x + widths[...column].reduce(0, +) - 10 }
    for (column, heading) in headings.enumerated() where !heading.isEmpty {
      place(heading, Typography.smallest, .muted, false, right: right(column), baseline, &figure)
    }
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(x: origin.x, y: baseline + 5, width: widths.reduce(0, +), height: 1), fill: .faint))
    for row in rows {
      baseline += Self.rowHeight
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: baseline - 13.5, width: widths[0] - 8, height: 18),
          fill: .parameter))
      Typesetter.set(
        row.name.map { .run($0) }, at: Point(x: origin.x + 6, y: baseline), in: &figure,
        classes: ["parameter"])
      for (column, cell) in row.cells.enumerated() where !cell.text.isEmpty {
        place(cell.text, Self.size, cell.tint, cell.isBold, right: right(column + 1), baseline, &figure)
      }
    }
    return baseline
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

  // MARK: Columns

  /// A term of the optimizer: its index among a parameter's terms, and the heading of its column.
  private struct Column {
    var term: Int
    var heading: String
  }

  /// The optimizer terms with a column; the state of earlier steps only if there is any.
  private func terms(_ parameters: [Int]) -> [Column] {
    let nodes = context.graph.nodes
    guard let first = parameters.first(where: { !nodes[$0].updateTerms.isEmpty }) else { return [] }
    return nodes[first].updateTerms.enumerated().compactMap { place, term in
      guard term.isBefore else { return Column(term: place, heading: term.name) }
      let isShown =
        !isBrief
        && parameters.contains { node in
          let terms = nodes[node].updateTerms
          return terms.indices.contains(place) && terms[place].value.contains { $0 != 0 }
        }
      return isShown ? Column(term: place, heading: context.words.beforeStep(term.name)) : nil
    }
  }

  private func headings(_ columns: [Column]) -> [String] {
    let words = context.words
    let notation = context.text.notation
    let step = context.graph.updateRule == nil ? words.step(notation.rule("−lr·g")) : words.stepOfRule
    return ["", words.before, words.gradient] + columns.map { notation.rule($0.heading) } + [step, words.after]
  }

  // MARK: Rows

  private func rows(_ group: UpdateGroup, _ columns: [Column]) -> [Row] {
    let (graph, notation) = (context.graph, context.text.notation)
    let node = group.nodes[0]
    guard group.nodes.count == 1 else { return rowsOfNumbers(group, columns) }
    let parameter = graph.nodes[node]
    let name = notation.name(node, size: Self.size, isBold: true)
    guard !parameter.shape.isEmpty else { return [row(node, entry: 0, name, columns)] }
    guard let gradient = parameter.gradient else { return [lengths(group, name, columns)] }
    let entry = gradient.indices.max { gradient[$0].magnitude < gradient[$1].magnitude } ?? 0
    let entryName = MathText(notation.entry(node, entry)).runs(size: Self.size)
    return [lengths(group, name, columns)] + (isBrief ? [] : [row(node, entry: entry, entryName, columns)])
  }

  /// The rows of an array that is drawn as numbers.
  private func rowsOfNumbers(_ group: UpdateGroup, _ columns: [Column]) -> [Row] {
    let (nodes, notation) = (context.graph.nodes, context.text.notation)
    let base = MathText(TypesetName(asWritten: group.base)).runs(size: Self.size)
    func slope(_ node: Int) -> Double { nodes[node].gradient?.first?.magnitude ?? 0 }
    let steepest = group.nodes.max { slope($0) < slope($1) }
    let entry = (isBrief ? nil : steepest).map { row($0, entry: 0, notation.name($0, size: Self.size), columns) }
    return [lengths(group, base, columns)] + (entry.map { [$0] } ?? [])
  }

  private func row(_ node: Int, entry: Int, _ name: [Figure.Run], _ columns: [Column]) -> Row {
    let row = UpdateRow(context.graph, node: node, entry: entry, format: format)
    func cell(_ cell: UpdateRow.Cell, _ tint: Tint, isBold: Bool = false) -> (String, Tint, Bool) {
      (cell.text, cell.isFinite ? tint : .warning, isBold || !cell.isFinite)
    }
    let between = columns.map { column in
      row.terms.indices.contains(column.term) ? cell(row.terms[column.term], .ink) : ("", .ink, false)
    }
    var after = row.after
    if row.isUnchanged {
      after.text = row.gradient == nil ? context.words.noGradient : "\(after.text) (\(context.words.unchanged))"
    }
    let hasStep = row.gradient != nil || !row.isUnchanged
    return Row(
      name: name,
      cells: [cell(row.before, .ink), row.gradient.map { cell($0, .gradientInk) } ?? ("–", .muted, false)]
        + between
        + [hasStep ? cell(row.step, .updateInk) : ("", .ink, false), cell(after, .updateInk, isBold: true)])
  }

  /// The norms of an array, to which the rule does not apply.
  private func lengths(_ group: UpdateGroup, _ name: [Figure.Run], _ columns: [Column]) -> Row {
    let graph = context.graph
    let value = group.value(graph)
    func length(_ numbers: [Double]) -> Double { numbers.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    func cell(_ value: Double, _ tint: Tint, isBold: Bool = false) -> (String, Tint, Bool) {
      (format.text(value), value.isFinite ? tint : .warning, isBold || !value.isFinite)
    }
    let bar = Figure.Run(text: "‖", size: Self.size, isBold: true)
    guard let updated = group.updated(graph), let gradient = group.gradient(graph) else {
      let none = [(String, Tint, Bool)](repeating: ("", .ink, false), count: columns.count)
      return Row(
        name: [bar] + name + [bar],
        cells: [cell(length(value), .ink), ("–", .muted, false)] + none
          + [("", .ink, false), (context.words.noGradient, .updateInk, true)])
    }
    let (old, new) = (length(value), length(updated))
    var after = cell(new, .updateInk, isBold: true)
    let change = PrintedChange(old, new, format)
    after.0 = value == updated ? "\(change.after) (\(context.words.unchanged))" : change.after
    let terms = columns.map { column in
      group.term(column.term, graph).map { cell(length($0), .ink) } ?? ("", .ink, false)
    }
    return Row(
      name: [bar] + name + [bar],
      cells: [(change.before, old.isFinite ? .ink : .warning, !old.isFinite), cell(length(gradient), .gradientInk)]
        + terms
        + [cell(length(zip(updated, value).map { $0 - $1 }), .updateInk), after])
  }
}
