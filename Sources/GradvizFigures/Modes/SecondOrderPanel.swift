import GradvizDrawing
import GradvizGraph

/// The panel of second order: what is differentiated, the Hessian times a vector, and the whole Hessian where it is small.
struct SecondOrderPanel {
  private let context: FigureContext
  private let lesson: SecondOrder
  private let width: Double

  private static let size = 13.0
  private static let rowHeight = 21.0
  private static let gap = 20.0
  /// More variables are counted.
  static let maxRows = 24

  init(_ context: FigureContext, _ lesson: SecondOrder, width: Double) {
    self.context = context
    self.lesson = lesson
    self.width = width
  }

  private var graph: ComputationGraph { context.graph }
  private var notation: Notation { context.text.notation }
  private var words: Words { context.words }

  private func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: Self.size, tint: tint, isBold: isBold)
  }

  private func name(_ node: Int) -> [Inline] { notation.name(node, size: Self.size).map { .run($0) } }
  private func number(_ number: Double, _ tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.number(number, size: Self.size, tint: tint, isBold: isBold)
  }

  func add(to figure: inout Figure, at origin: Point) -> Size {
    var (y, widest) = (origin.y, 0.0)
    func line(_ items: [Inline], _ classes: [String], to figure: inout Figure) {
      for row in wrapped(items) {
        let extent = Typesetter.extent(row)
        y += max(extent.ascent, 12) + 3
        Typesetter.set(row, at: Point(x: origin.x, y: y), in: &figure, classes: classes)
        y += max(extent.descent, 4) + 2
        widest = max(widest, extent.width)
      }
    }
    line(sum, ["sum"], to: &figure)
    line(
      [text(words.hessianTimesVector + words.colon, tint: .gradientInk, isBold: true)]
        + sentence(words.onePassForProduct), ["note"], to: &figure)
    let shown = min(lesson.variables.count, Self.maxRows)
    let isWhole = lesson.hessian != nil
    if isWhole {
      line(
        [text(words.hessian + words.colon, tint: .gradientInk, isBold: true)]
          + sentence(words.rowsOfHessian(lesson.variables.count)), ["note"], to: &figure)
    } else {
      line(
        sentence(words.hessianTooLarge(lesson.variables.count, SecondOrder.maxRows), tint: .muted), ["note"],
        to: &figure)
    }
    let size = addTable(to: &figure, at: Point(x: origin.x, y: y + 6), rows: shown)
    y += 6 + size.height
    if shown < lesson.variables.count {
      line([text(words.more(lesson.variables.count - shown), tint: .muted)], ["note"], to: &figure)
    }
    return Size(width: max(widest, size.width), height: y - origin.y)
  }

  /// `s = ∂L/∂w + ∂L/∂b, v = (1, 1)`.
  private var sum: [Inline] {
    guard let loss = graph.loss else { return [] }
    let terms = zip(lesson.variables, lesson.direction).filter { $0.1 != 0 }.map { partial($0.0) }
    var items = terms.count > 1 ? name(loss) + [text(" = ")] : []
    for (place, term) in terms.prefix(Self.maxTerms).enumerated() { items += place > 0 ? [text(" + ")] + term : term }
    if terms.count > Self.maxTerms { items.append(text(" + …")) }
    items += [text(" = "), number(graph.nodes[loss].value[0], isBold: true)]
    let vector = lesson.direction.prefix(Self.maxTerms).map { notation.format.text($0) }
    let rest = lesson.direction.count > Self.maxTerms ? [words.separator + "…"] : []
    let list = (vector.joined(separator: words.separator) + rest.joined())
    return items + [text("    v = (\(list))", tint: .muted)]
  }

  private static let maxTerms = 8

  /// ∂L/∂w of the graph whose backward pass it is.
  private func partial(_ variable: Int) -> [Inline] {
    let size = Self.size * Typography.nameRatio
    return [.run(Figure.Run(text: "∂\(lesson.lossName)/∂", size: size, typeface: .variable))] + name(variable)
  }

  private func sentence(_ sentence: String, tint: Tint = .ink) -> [Inline] {
    sentence.split(separator: " ").map { text(" " + $0, tint: tint) }
  }

  private func wrapped(_ line: [Inline]) -> [[Inline]] {
    line.reduce(into: [[Inline]]()) { rows, item in
      if let last = rows.last, Typesetter.extent(last + [item]).width <= width {
        rows[rows.count - 1].append(item)
      } else {
        rows.append([item])
      }
    }
  }

  // MARK: The table

  /// A row for each gradient: its derivatives by each variable, and their sum in the direction of v.
  private func addTable(to figure: inout Figure, at origin: Point, rows: Int) -> Size {
    let variables = lesson.variables.prefix(rows)
    let matrix = lesson.hessian
    var cells: [[[Inline]]] = [
      [[]] + (matrix == nil ? [] : variables.map { [text("∂/∂", tint: .muted)] + name($0) })
        + [[text("H·v", tint: .gradientInk, isBold: true)]]
    ]
    for (row, variable) in variables.enumerated() {
      cells.append(
        [partial(variable)] + (matrix.map { $0[row].map { [number($0)] } } ?? [])
          + [[number(lesson.product[row], .gradientInk, isBold: true)]])
    }
    let columns = cells[0].indices.map { column in
      (cells.map { Typesetter.extent($0[column]).width }.max() ?? 0) + Self.gap
    }
    let total = columns.reduce(0, +) - Self.gap
    let scale = min(1, width / max(total, 1))
    var y = origin.y
    for (number, row) in cells.enumerated() {
      y += Self.rowHeight
      var x = origin.x
      for (column, items) in row.enumerated() {
        let extent = Typesetter.extent(items)
        // Numbers end where their column ends.
        let left = column == 0 ? x : x + columns[column] * scale - Self.gap * scale - extent.width
        let kind =
          number == 0 ? "table-head" : column == 0 ? "table" : column == row.count - 1 ? "product" : "hessian"
        Typesetter.set(
          items, at: Point(x: left, y: y - 5), in: &figure, classes: [kind, "row-\(number)", "column-\(column)"])
        x += columns[column] * scale
      }
      if number == 0 {
        figure.chips.append(
          Figure.Chip(frame: Rectangle(x: origin.x, y: y + 1, width: total * scale, height: 1), fill: .faint))
        y += 3
      }
    }
    return Size(width: total * scale, height: y - origin.y)
  }
}
