import GradvizDrawing
import GradvizGraph

/// For each parameter the gradients of two passes as bars: beside one another where they are set to zero in between, one
/// on top of the other where they are not.
struct AccumulationFigure: BarFigure {
  let context: FigureContext
  let gradients: AccumulatedGradients
  let width: Double
  let scale: Double
  static let prefix = "accumulation"
  var figure: Figure

  init(_ context: FigureContext, _ gradients: AccumulatedGradients, width: Double, figure: Figure) {
    self.context = context
    self.gradients = gradients
    self.width = width
    scale = Self.scale(width)
    self.figure = figure
  }

  private var graph: ComputationGraph { context.graph }
  private static let gap = 9.0

  /// A bar of a half, from the sum so far.
  private struct Bar {
    var word: String
    var amount: Double
    var from: Double
    var tint: Tint
    /// Whether it is what the second step uses.
    var isUsed = false
  }

  /// - Returns: the lower end.
  mutating func build(top: Double) -> Double {
    let shown = gradients.shown
    var y = top
    if shown.count < gradients.parameters.count {
      add(words.greatestOf(shown.count, gradients.parameters.count), at: Point(x: Self.margin, y: y + points(12)))
      y += points(20)
    }
    let room = width - 2 * Self.margin
    let halves = halves(shown)
    let least = halves.left + halves.right
    let perRow = max(1, min(shown.count, Int((room + Self.gap) / (least + Self.gap))))
    let each = (room - Self.gap * Double(perRow - 1)) / Double(perRow)
    let rows = stride(from: 0, to: shown.count, by: perRow).map { Array(shown[$0..<min($0 + perRow, shown.count)]) }
    let extent = rows.map(reach).reduce(0) { max($0, $1.high - $1.low) }
    let unit = extent > 0 && extent.isFinite ? points(150) / extent : 0
    for row in rows {
      let reach = reach(row)
      let plot = unit > 0 ? (reach.high - reach.low) * unit : points(40)
      let height = (points(88) + plot + points(84)).rounded(.up)
      for (place, parameter) in row.enumerated() {
        let frame = Rectangle(x: Self.margin + (each + Self.gap) * Double(place), y: y, width: each, height: height)
        let zero = frame.y + points(84) + (unit > 0 ? reach.high * unit : 0)
        addParameter(parameter, frame, middle: frame.x + each * halves.left / least, zero: zero, unit: unit)
      }
      y += height + Self.gap
    }
    return y
  }

  /// How much room both halves need at least: that of the numbers of their bars, of their title, and of the way of the
  /// parameter.
  private func halves(_ shown: [AccumulatedGradients.Parameter]) -> (left: Double, right: Double) {
    func width(_ text: String) -> Double { TextMetrics.width(of: text, size: size, bold: true) }
    func most(_ texts: [String]) -> Double { texts.map(width).max() ?? 0 }
    func way(_ own: AccumulatedGradients.Parameter, _ end: Double?) -> Double {
      Typesetter.extent(wayItems(own, end)).width
    }
    let bar = most(shown.flatMap { [$0.first, $0.second, $0.sum] }.map(text) + [words.pass(1)]) + points(12)
    let margins = points(30)
    return (
      max(2 * bar, width(words.withZeroing), shown.map { way($0, $0.steps?.second) }.max() ?? 0) + margins,
      max(3 * bar, width(words.withoutZeroing), shown.map { way($0, $0.secondOfSum) }.max() ?? 0) + margins
    )
  }

  /// `w: 3 → 2.4 → 1.92`, or nothing.
  private func wayItems(_ own: AccumulatedGradients.Parameter, _ end: Double?) -> [Inline] {
    guard let end, let steps = own.steps else { return [] }
    // With the digits that show every step.
    let formats = [(steps.start, steps.first), (steps.first, end)].map {
      PrintedChange($0, $1, notation.format).format
    }
    let format = formats.max { $0.precision < $1.precision } ?? notation.format
    let way = [steps.start, steps.first, end].map { format.text($0) }.joined(separator: " → ")
    return notation.name(own.node, size: size).map { Inline.run($0) }
      + [notation.text(words.colon + way, size: size, tint: .muted)]
  }

  /// How far the bars of a row go down and up.
  private func reach(_ row: [AccumulatedGradients.Parameter]) -> (low: Double, high: Double) {
    row.reduce((low: 0.0, high: 0.0)) { reach, own in
      let ends = [own.first, own.second, own.sum]
      return (min(reach.low, ends.min() ?? 0), max(reach.high, ends.max() ?? 0))
    }
  }

  private mutating func addParameter(
    _ own: AccumulatedGradients.Parameter, _ frame: Rectangle, middle: Double, zero: Double, unit: Double
  ) {
    let id = graph.nodes[own.node].id
    add(
      region: Figure.Region(
        id: "accumulation-\(id)", classes: ["panel"], frame: frame, fill: .panel, stroke: .gradientInk))
    func runs(_ node: Int) -> [Inline] { notation.name(node, size: size * 1.05, isBold: true).map { .run($0) } }
    let sign = notation.text("∂", size: size * 1.05)
    let partial = [sign] + (graph.loss.map(runs) ?? []) + [notation.text("/∂", size: size * 1.05)] + runs(own.node)
    set([.chip(partial, .parameter)], at: Point(x: frame.x + points(14), y: frame.y + points(26)))
    addLine(
      Point(x: middle, y: frame.y + points(40)), Point(x: middle, y: frame.bottom - points(10)), id: "between-\(id)",
      line: .dotted)
    let first = Bar(word: words.pass(1), amount: own.first, from: 0, tint: .muted)
    let second = Bar(word: words.pass(2), amount: own.second, from: 0, tint: .gradientInk, isUsed: true)
    addHalf(
      [first, second], own, id: "\(id)-zeroed", title: words.withZeroing, result: own.steps?.second,
      Rectangle(x: frame.x, y: frame.y, width: middle - frame.x, height: frame.height), zero: zero, unit: unit)
    var onTop = second
    (onTop.from, onTop.isUsed, onTop.tint) = (own.first, false, .gradientInk)
    let sum = Bar(word: words.inGrad, amount: own.sum, from: 0, tint: .warning, isUsed: true)
    addHalf(
      [first, onTop, sum], own, id: "\(id)-kept", title: words.withoutZeroing, result: own.secondOfSum,
      Rectangle(x: middle, y: frame.y, width: frame.right - middle, height: frame.height), zero: zero, unit: unit)
  }

  private mutating func addHalf(
    _ bars: [Bar], _ own: AccumulatedGradients.Parameter, id: String, title: String, result: Double?,
    _ frame: Rectangle, zero: Double, unit: Double
  ) {
    add(title, at: Point(x: frame.x + points(14), y: frame.y + points(56)), isBold: true)
    addLine(
      Point(x: frame.x + points(10), y: zero), Point(x: frame.right - points(10), y: zero), id: "zero-\(id)",
      tint: .line)
    let pitch = (frame.width - points(20)) / Double(bars.count)
    for (place, bar) in bars.enumerated() {
      let middle = frame.x + points(10) + pitch * (Double(place) + 0.5)
      addBar(bar, "\(id)-\(place + 1)", middle: middle, width: min(pitch * 0.7, points(52)), zero: zero, unit: unit)
      if place + 1 < bars.count, bars[place + 1].from != 0 {
        let y = zero - bars[place + 1].from * unit
        addLine(
          Point(x: middle, y: y), Point(x: middle + pitch, y: y), id: "step-\(id)-\(place + 1)", line: .dotted,
          tint: .line)
      }
      let foot = TextMetrics.width(of: bar.word, size: size, bold: bar.isUsed)
      add(
        bar.word, at: Point(x: middle - foot / 2, y: frame.bottom - points(44)), tint: bar.isUsed ? bar.tint : .muted,
        isBold: bar.isUsed)
    }
    set(wayItems(own, result), at: Point(x: frame.x + points(14), y: frame.bottom - points(16)))
  }

  private mutating func addBar(
    _ bar: Bar, _ id: String, middle: Double, width: Double, zero: Double, unit: Double
  ) {
    let (from, to) = (zero - bar.from * unit, zero - (bar.from + bar.amount) * unit)
    let number = text(bar.amount)
    let extent = TextMetrics.width(of: number, size: size, bold: true)
    guard bar.amount.isFinite, from.isFinite, to.isFinite else {
      add(number, at: Point(x: middle - extent / 2, y: zero - points(5)), tint: .warning, isBold: true)
      return
    }
    let frame = Rectangle(x: middle - width / 2, y: min(from, to), width: width, height: max(abs(to - from), 1))
    add(
      chip: Figure.Chip(
        frame: frame, fill: bar.tint, id: "accumulation-\(id)", classes: ["gradient-bar"],
        tooltip: notation.precise.format.text(bar.amount)))
    let isInside = frame.height >= points(22) && extent + 4 <= width
    let baseline =
      isInside
      ? frame.center.y + size * 0.36 : bar.amount < 0 ? frame.bottom + points(3) + size * 0.75 : frame.y - points(5)
    add(
      number, at: Point(x: middle - extent / 2, y: baseline), tint: isInside ? .page : bar.tint, isBold: true,
      classes: ["gradient-number"])
  }
}
