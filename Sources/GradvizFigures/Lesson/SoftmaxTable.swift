import Autograd
import GradvizDrawing
import GradvizGraph

/// What the gradients of scores say under softmax and cross-entropy: for each class its probability, its target, and
/// the difference, which is the gradient.
struct SoftmaxTable {
  /// One class.
  struct Row {
    var name: MathText
    var score: Double
    var probability: Double
    var target: Double
    var gradient: Double
  }

  let rows: [Row]
  /// The gradient of the logarithm of the sum, 1 for a single sample; each difference is multiplied by it.
  let factor: Double
  /// The 1-based sample that is shown; nil without several.
  let sample: Int?
  private let context: FigureContext

  private static let maxClasses = 8
  private static let size = 13.0
  private static let rowHeight = 24.0
  private static let barWidth = 90.0

  /// Returns nil for a graph without scores whose right class is known.
  init?(_ context: FigureContext) {
    self.context = context
    let (graph, notation) = (context.graph, context.text.notation)
    for (node, value) in graph.nodes.enumerated()
    where value.operation == .logSumExp && value.fold == nil && !value.hidesOperands {
      guard let found = value.operands.count > 1 ? Self.scalars(node, notation) : Self.array(node, notation),
        (2...Self.maxClasses).contains(found.rows.count), found.rows.count(where: { $0.target == 1 }) == 1
      else { continue }
      rows = found.rows
      factor = found.factor
      sample = graph.sampleCount > 1 ? 1 : nil
      return
    }
    return nil
  }

  private typealias Found = (rows: [Row], factor: Double)

  /// Scores that are numbers, of the first sample.
  private static func scalars(_ node: Int, _ notation: Notation) -> Found? {
    let graph = notation.graph
    let value = graph.nodes[node]
    guard value.lane ?? 0 == 0, let factor = value.gradient?.first, factor != 0, let local = value.localDerivatives
    else { return nil }
    let rows = value.operands.indices.compactMap { place -> Row? in
      let score = graph.nodes[value.operands[place]]
      return row(
        MathText(notation.typesetName(value.operands[place])), score.value.first, local[place], score.gradient?.first,
        factor)
    }
    return rows.count == value.operands.count ? (rows, factor) : nil
  }

  /// Scores in the rows of an array: the first row.
  private static func array(_ node: Int, _ notation: Notation) -> Found? {
    let graph = notation.graph
    let value = graph.nodes[node]
    guard let operand = value.operands.first, let factor = value.gradient?.first, factor != 0 else { return nil }
    let scores = graph.nodes[operand]
    let isRow = scores.shape.count == 2 && value.axis == 1
    guard isRow || scores.shape.count == 1, let count = scores.shape.last, let gradient = scores.gradient,
      let sum = value.value.first
    else { return nil }
    let words = graph.classes.first { $0.words.count == count }?.words
    let rows = (0..<count).compactMap { place in
      row(
        words.map { MathText($0[place]) } ?? MathText(notation.entry(operand, place)),
        scores.value[place],
        ElementRules.value(.exp, scores.value[place] - sum), gradient[place], factor)
    }
    return rows.count == count ? (rows, factor) : nil
  }

  /// nil where the gradient is not that of a probability and a target of 0 or 1.
  private static func row(
    _ name: MathText, _ score: Double?, _ probability: Double, _ gradient: Double?, _ factor: Double
  ) -> Row? {
    guard let score, let gradient, gradient.isFinite, probability.isFinite else { return nil }
    let target = probability - gradient / factor
    guard abs(target - target.rounded()) < 1e-6, [0, 1].contains(target.rounded()) else { return nil }
    return Row(name: name, score: score, probability: probability, target: target.rounded(), gradient: gradient)
  }

  // MARK: Drawing

  private var notation: Notation { context.text.notation }

  private func text(_ words: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
    notation.text(words, size: Self.size, tint: tint, isBold: isBold)
  }

  private func name(_ name: MathText, tint: Tint = .ink, isBold: Bool = false) -> [Inline] {
    name.runs(size: Self.size, tint: tint, isBold: isBold).map { .run($0) }
  }

  /// Adds the table with its top left at `origin`; returns its extent.
  func add(to figure: inout Figure, at origin: Point) -> Size {
    let words = context.words
    let right = rows.first { $0.target == 1 }?.name ?? ""
    let sentence = words.rightClass("\n", sample: sample).split(separator: "\n").map { text(String($0), tint: .muted) }
    let title = [text(words.scoresSay + " ", isBold: true), sentence[0]] + name(right, tint: .muted) + sentence[1...]
    Typesetter.set(title, at: Point(x: origin.x, y: origin.y + 13), in: &figure)
    let headings =
      [
        words.classOfScore, words.score, words.probability, words.target,
        factor == 1 ? words.differenceIsGradient : words.difference,
      ]
      + (factor == 1 ? [] : [words.timesFactor(printedFactor.text, isExact: printedFactor.isExact)])
    let columns = columns(headings)
    var y = origin.y + 36
    var x = origin.x
    for (place, heading) in headings.enumerated() {
      Typesetter.set([text(heading, tint: .muted)], at: Point(x: x, y: y), in: &figure)
      x += columns[place]
    }
    for (number, row) in rows.enumerated() {
      y += Self.rowHeight
      add(row, number, columns, at: Point(x: origin.x, y: y), to: &figure)
    }
    let width = max(columns.reduce(0, +), Typesetter.extent(title).width)
    return Size(width: width, height: y + 8 - origin.y)
  }

  /// `1/8`, as of a mean over eight samples, or the number, which may be rounded.
  private var printedFactor: (text: String, value: WideNumber, isExact: Bool) {
    let count = (1 / factor).rounded()
    if count > 1, 1 / count == factor { return ("1/\(notation.exact.text(count))", 1 / WideNumber(count), true) }
    let number = notation.format.printed(factor)
    return (number.text, number.value, number.value.high == factor)
  }

  private func columns(_ headings: [String]) -> [Double] {
    let content: [Double] = [
      rows.map { Typesetter.extent(name($0.name, isBold: true)).width + 10 }.max() ?? 0,
      rows.map { Typesetter.extent([text(notation.format.text($0.score))]).width }.max() ?? 0,
      Self.barWidth + 8
        + (rows.map { Typesetter.extent([text(notation.format.text($0.probability))]).width }.max() ?? 0),
      40,
      rows.map { Typesetter.extent(difference($0)).width * 1.04 }.max() ?? 0,
      rows.map { Typesetter.extent([text("≈ " + notation.format.text($0.gradient), isBold: true)]).width }.max() ?? 0,
    ]
    return headings.enumerated().map { max(content[$0], Typesetter.extent([text($1)]).width) + 22 }
  }

  /// `0.42 − 1 = −0.58`, what is predicted and what is right in their tints.
  private func difference(_ row: Row) -> [Inline] {
    let difference = row.probability - row.target
    let sum = PrintedSum([[row.probability], [-row.target]], result: difference, format: notation.format)
    return [
      .token([text(sum.terms[0].text)], .prediction), text(" − "),
      .token([text(notation.format.text(row.target))], .data),
      text(" \(sum.relation.rawValue) "),
      notation.number(difference, size: Self.size, tint: .gradientInk, isBold: factor == 1),
    ]
  }

  private func add(_ row: Row, _ number: Int, _ columns: [Double], at origin: Point, to figure: inout Figure) {
    let isRight = row.target == 1
    var x = origin.x
    func put(_ items: [Inline], _ place: Int, _ classes: [String] = []) {
      Typesetter.set(items, at: Point(x: x, y: origin.y), in: &figure, classes: classes)
      x += columns[place]
    }
    put([.token(name(row.name, isBold: isRight), isRight ? .data : .panel)], 0)
    put([text(notation.format.text(row.score))], 1)
    figure.chips.append(
      Figure.Chip(
        frame: Rectangle(
          x: x, y: origin.y - 12, width: max(1, Self.barWidth * min(max(row.probability, 0), 1)), height: 15),
        fill: .prediction))
    x += Self.barWidth + 8
    put([text(notation.format.text(row.probability))], 2)
    x -= Self.barWidth + 8
    put([.token([text(notation.format.text(row.target))], .data)], 3)
    let difference = row.probability - row.target
    put(self.difference(row), 4, ["product-softmax-\(number + 1)"])
    if factor != 1 {
      let product = notation.format.printed(difference).value * printedFactor.value
      let sign = notation.format.printed(row.gradient).admits(product) ? [] : [text("≈ ")]
      put(sign + [notation.number(row.gradient, size: Self.size, tint: .gradientInk, isBold: true)], 5)
    }
  }
}
