import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// What the gradient is to the curve of a derivative.
  package enum Slope: Sendable {
    /// The slope of its tangent.
    case tangent
    /// A number by convention: the curve has another slope on each side.
    case kink
    /// The same where the curve jumps.
    case jump
    /// Another number than the slope, as behind a stopped gradient.
    case other
  }

  /// The loss as a function of one value around its current value, the tangent whose slope is the gradient,
  /// and secants (f(x + h) − f(x)) / h, which approach it as h shrinks.
  ///
  /// - Parameters:
  ///   - loss: the name of the loss.
  ///   - name: the name of the value.
  ///   - curve: points of the function, in order.
  ///   - point: the current value and the loss there.
  ///   - slope: the gradient.
  ///   - kind: what that is to the curve.
  ///   - secants: h and the loss at x + h.
  ///   - options: the title, language, precision and so on.
  package static func derivative(
    of loss: String, by name: String, curve: [(x: Double, y: Double)], at point: (x: Double, y: Double),
    slope: Double, kind: Slope = .tangent, secants: [(h: Double, y: Double)], options: PlotOptions
  ) -> Plot {
    let words = options.words
    let format = options.format
    let names = TypesetNames([loss, name])
    let (lossName, valueName) = (names.flat(loss), names.flat(name))
    let height = 78 + 300 + 56 + 25 + Double(secants.count) * 21 + 18
    var plot = Plot(
      options, kind: "derivative", name: words.derivative,
      description:
        "∂\(loss)/∂\(name) = \(format.text(slope)) (\(name) = \(format.text(point.x)))",
      width: 830, height: height)
    plot.header(words.derivative, title: options.title, note: words.derivativeNote(lossName, valueName))

    let x = Axis(curve.map(\.x), isTight: true)
    // The curve and the ends of the secants determine the height; the tangent is clipped to the frame.
    let y = Axis(curve.map(\.y) + secants.map(\.y).filter(\.isFinite) + [point.y])
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 78, width: 830 - left - 24, height: 300, x: x, y: y, xName: valueName, yName: lossName,
      hasVariables: true)
    chart.add(to: &plot)
    var places = LabelPlaces(chart)
    places.avoid(curve.filter { $0.x.isFinite && $0.y.isFinite }.map { chart.place($0.x, $0.y) })
    plot.group("function", "curve") { chart.add(curve, to: &$0, tint: .lossInk, width: 2.2) }
    let drawn = secants.filter { $0.y.isFinite && $0.h != 0 }
    let name = kind == .other ? words.gradient : words.tangent
    let tangent = kind == .tangent || kind == .other ? slope : .nan
    for straight in drawn.map({ ($0.y - point.y) / $0.h }) + [tangent] where straight.isFinite {
      places.avoid(ends(through: point, slope: straight, chart))
    }
    if let widest = drawn.first {
      addDifference(widest, point, (lossName, valueName), chart, &places, format, to: &plot)
    }
    if tangent.isFinite { addSlope(slope, point, (lossName, valueName), chart, &places, format, to: &plot) }
    addLines(secants, point, (name, tangent), chart, words, format, &places, to: &plot)
    if let end = curve.dropFirst(curve.count / 8).first(where: { chart.contains(chart.place($0.x, $0.y)) }) {
      plot.label("\(name: lossName)(\(name: valueName))", near: chart.place(end.x, end.y), &places, tint: .lossInk)
    }
    addTable(secants, point, slope, kind, (lossName, valueName), chart, words, format, to: &plot)
    return plot
  }

  /// Tangent and secants with their names, and where each secant meets the curve again.
  private static func addLines(
    _ secants: [(h: Double, y: Double)], _ point: (x: Double, y: Double), _ tangent: (name: String, slope: Double),
    _ chart: Chart, _ words: Words, _ format: NumberFormat, _ places: inout LabelPlaces, to plot: inout Plot
  ) {
    let slope = tangent.slope
    var names: [(text: String, slope: Double, tint: Tint)] = []
    if slope.isFinite { names.append((tangent.name, slope, .gradientInk)) }
    var marks: [(kind: Int, at: Point)] = []
    for (index, secant) in secants.enumerated() where secant.y.isFinite && secant.h != 0 {
      let own = (secant.y - point.y) / secant.h
      let (tint, line) = (Tint.laneInk(index + 1), index == 0 ? Drawing.Line.dashed : .dotted)
      plot.group(
        "secant-\(index + 1)", "secant", tooltip: "h = \(format.text(secant.h))\(words.colon)\(format.text(own))"
      ) { straight(through: point, slope: own, chart, tint: tint, line: line, to: &$0) }
      marks.append((index + 1, chart.place(point.x + secant.h, secant.y)))
      names.append((words.secant("h = \(format.text(secant.h))"), own, tint))
    }
    let tooltip = slope.isFinite ? "\(words.slope) \(words.numbers(12).text(slope))" : ""
    plot.group("tangent", "tangent", tooltip: tooltip) {
      if slope.isFinite { straight(through: point, slope: slope, chart, tint: .gradientInk, line: .solid, to: &$0) }
      // A ring, in which the end of the shortest secant can be seen.
      $0.items.append(
        .circle(chart.place(point.x, point.y), radius: 7, fill: nil, stroke: .init(tint: .gradientInk, width: 2)))
    }
    for mark in marks where chart.contains(mark.at) { plot.mark(mark.kind, at: mark.at, radius: 4) }
    // Names stand where the lines are farthest apart: at the left or at the right end.
    func spread(_ isLeft: Bool) -> Double {
      let heights = names.map { end(through: point, slope: $0.slope, chart, isLeft: isLeft).y }.sorted()
      return zip(heights, heights.dropFirst()).reduce(0) { $0 + min($1.1 - $1.0, 18) }
    }
    let isLeft = spread(true) >= spread(false)
    for name in names {
      let end = end(through: point, slope: name.slope, chart, isLeft: isLeft)
      let box = plot.label(name.text, near: end, &places, tint: name.tint)
      let near = Point(x: min(max(end.x, box.x), box.right), y: min(max(end.y, box.y), box.bottom))
      // Where another line is between a name and its own.
      if abs(near.x - end.x) + abs(near.y - end.y) > 12 { plot.line([end, near], name.tint, width: 0.7) }
    }
  }

  /// The difference quotient of one secant as a right triangle: h along, and how much the loss changes up or down.
  private static func addDifference(
    _ secant: (h: Double, y: Double), _ point: (x: Double, y: Double), _ names: (loss: String, value: String),
    _ chart: Chart, _ places: inout LabelPlaces, _ format: NumberFormat, to plot: inout Plot
  ) {
    let (from, to) = (chart.place(point.x, point.y), chart.place(point.x + secant.h, secant.y))
    let corner = Point(x: to.x, y: from.y)
    guard chart.contains(from), chart.contains(to) else { return }
    places.avoid([from, corner, to])
    plot.group("difference", "secant") { plot in
      plot.line([from, corner, to], .laneInk(1), width: 1.1)
      plot.label(
        "h = \(format.text(secant.h))", near: Point(x: (from.x + corner.x) / 2, y: from.y), &places, tint: .laneInk(1),
        isBold: false)
      plot.label(
        "\(name: names.loss)(\(name: names.value) + h) − \(name: names.loss)(\(name: names.value)) = \(format.text(secant.y - point.y))",
        near: Point(x: corner.x, y: (corner.y + to.y) / 2), &places, tint: .laneInk(1), isBold: false)
    }
  }

  /// The tangent's slope as a right triangle of a round length, on the other side of the point.
  private static func addSlope(
    _ slope: Double, _ point: (x: Double, y: Double), _ names: (loss: String, value: String), _ chart: Chart,
    _ places: inout LabelPlaces, _ format: NumberFormat, to plot: inout Plot
  ) {
    let room = (chart.x.high - chart.x.low) / 6
    guard slope != 0,
      let run = [1.0, 0.5, 0.2, 0.1].first(where: { run in
        let end = chart.place(point.x - run, point.y - slope * run)
        return run <= 2 * room && chart.contains(end)
      })
    else { return }
    let (from, to) = (chart.place(point.x, point.y), chart.place(point.x - run, point.y - slope * run))
    let corner = Point(x: to.x, y: from.y)
    guard abs(to.y - corner.y) > 4 else { return }
    places.avoid([from, corner, to])
    plot.group("slope", "tangent") { plot in
      plot.line([from, corner, to], .gradientInk, width: 1.1)
      plot.label(
        "Δ\(name: names.value) = \(format.text(run))", near: Point(x: (from.x + corner.x) / 2, y: from.y), &places,
        tint: .gradientInk, isBold: false)
      plot.label(
        "Δ\(name: names.loss) = \(format.text(slope * run))", near: Point(x: corner.x, y: (corner.y + to.y) / 2),
        &places,
        tint: .gradientInk, isBold: false)
    }
  }

  private static func straight(
    through point: (x: Double, y: Double), slope: Double, _ chart: Chart, tint: Tint, line: Drawing.Line,
    to plot: inout Plot
  ) {
    let ends = [chart.x.low, chart.x.high].map { (x: $0, y: point.y + slope * ($0 - point.x)) }
    chart.add(ends, to: &plot, tint: tint, width: line == .solid ? 2 : 1.5, line: line)
  }

  /// A straight line's two ends on the frame.
  private static func ends(through point: (x: Double, y: Double), slope: Double, _ chart: Chart) -> [Point] {
    let ends = [chart.x.low, chart.x.high].map { chart.place($0, point.y + slope * ($0 - point.x)) }
    guard let (a, b) = Chart.clipped(ends[0], ends[1], chart.top, chart.bottom) else { return [] }
    return [a, b]
  }

  private static func end(
    through point: (x: Double, y: Double), slope: Double, _ chart: Chart, isLeft: Bool
  ) -> Point {
    let both = ends(through: point, slope: slope, chart)
    return (isLeft ? both.first : both.last) ?? chart.place(point.x, point.y)
  }

  private static func addTable(
    _ secants: [(h: Double, y: Double)], _ point: (x: Double, y: Double), _ slope: Double, _ kind: Slope,
    _ names: (loss: String, value: String), _ chart: Chart, _ words: Words, _ format: NumberFormat,
    to plot: inout Plot
  ) {
    let top = chart.bottom + 56
    let (loss, value) = names
    let numbers = DifferenceQuotients(secants, here: point.y, derivative: slope, format: format)
    let headings: [PlotText] = [
      "h", "\(name: loss)(\(name: value) + h)",
      "(\(name: loss)(\(name: value) + h) − \(name: loss)(\(name: value))) / h", "\(words.error)",
    ]
    // Long names move the columns to the right.
    var columns = [58.0, 190, 330, 480, 640]
    for (column, heading) in headings.enumerated() {
      let begin = columns[column + 1] + 60 - heading.width(size: 11.5, isBold: false)
      let short = max(columns[column] + (column == 0 ? 0 : 60) + 14 - begin, 0)
      for next in (column + 1)..<columns.count { columns[next] += short }
    }
    for (column, heading) in zip(columns.dropFirst(), headings) {
      plot.text(heading, x: column + 60, y: top, size: 11.5, tint: .muted, anchor: .end)
    }
    plot.line([.init(x: 30, y: top + 7), .init(x: max(720, columns[4] + 60), y: top + 7)], .faint)
    func row(_ index: Int, _ label: String, _ tint: Tint, _ cells: [PlotText]) {
      let y = top + 25 + Double(index) * 21
      plot.text(label, x: 54, y: y, size: 12, tint: tint, isBold: true)
      for (column, cell) in cells.enumerated() {
        plot.text(
          cell, x: columns[column + 1] + 60, y: y, size: 12, tint: column == 2 ? tint : .ink,
          isBold: column == 2, anchor: .end)
      }
    }
    for (index, secant) in secants.enumerated() {
      let own = (secant.y - point.y) / secant.h
      plot.mark(index + 1, at: Point(x: 40, y: top + 21 + Double(index) * 21), radius: 4)
      row(
        index, words.secant, own.isFinite ? .laneInk(index + 1) : .warning,
        [
          "\(numbers.lines[index].h)", "\(numbers.lines[index].value)", "\(numbers.lines[index].slope)",
          "\(numbers.lines[index].error)",
        ])
    }
    let y = top + 21 + Double(secants.count) * 21
    plot.items.append(.circle(Point(x: 40, y: y), radius: 5, fill: .gradientInk, stroke: nil))
    let isConvention = kind == .kink || kind == .jump
    let label = [.tangent: words.tangent, .kink: words.kink, .jump: words.jump, .other: words.gradient][kind] ?? ""
    row(
      secants.count, label, slope.isFinite ? .gradientInk : .warning,
      [
        "→ 0", "\(name: loss)(\(name: value)) = \(numbers.here)",
        "∂\(name: loss)/∂\(name: value) = \(numbers.derivative)",
        isConvention ? "\(words.byConvention)" : "",
      ])
  }
}
