import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The loss as a function of one value around its current value, the tangent whose slope is the gradient,
  /// and secants (f(x + h) − f(x)) / h, which approach it as h shrinks.
  ///
  /// - Parameters:
  ///   - loss: the name of the loss.
  ///   - name: the name of the value.
  ///   - curve: points of the function, in order.
  ///   - point: the current value and the loss there.
  ///   - slope: the gradient.
  ///   - secants: h and the loss at x + h.
  ///   - options: the title, language, precision and so on.
  package static func derivative(
    of loss: String, by name: String, curve: [(x: Double, y: Double)], at point: (x: Double, y: Double),
    slope: Double, secants: [(h: Double, y: Double)], options: PlotOptions
  ) -> Plot {
    let words = options.words
    let format = options.format
    let (lossName, valueName) = (NumberFormat.name(loss), NumberFormat.name(name))
    var plot = Plot(
      options, kind: "derivative", name: words.derivative,
      description:
        "∂\(lossName)/∂\(valueName) = \(format.text(slope)) (\(valueName) = \(format.text(point.x)))",
      width: 830, height: 570)
    plot.header(words.derivative, title: options.title, note: words.derivativeNote(lossName, valueName))

    let x = Axis(curve.map(\.x), isTight: true)
    // The curve and the ends of the secants determine the height; the tangent is clipped to the frame.
    let y = Axis(curve.map(\.y) + secants.map(\.y).filter(\.isFinite) + [point.y])
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 78, width: 830 - left - 24, height: 300, x: x, y: y, xName: valueName, yName: lossName)
    chart.add(to: &plot)
    plot.group("function", "curve") { chart.add(curve, to: &$0, tint: .lossInk, width: 2.2) }

    for (index, secant) in secants.enumerated() where secant.y.isFinite && secant.h != 0 {
      let own = (secant.y - point.y) / secant.h
      let (tint, line) = (Tint.laneInk(index + 1), index == 0 ? Drawing.Line.dashed : .dotted)
      plot.group(
        "secant-\(index + 1)", "secant", tooltip: "h = \(format.text(secant.h)): \(format.text(own))"
      ) {
        straight(through: point, slope: own, chart, tint: tint, line: line, to: &$0)
        let end = chart.place(point.x + secant.h, secant.y)
        if chart.contains(end) { $0.mark(index + 1, at: end, radius: 4) }
      }
    }
    plot.group("tangent", "tangent", tooltip: "\(words.slope) \(NumberFormat(precision: 12).text(slope))") {
      straight(through: point, slope: slope, chart, tint: .gradientInk, line: .solid, to: &$0)
      $0.items.append(
        .circle(
          chart.place(point.x, point.y), radius: 5, fill: .gradientInk, stroke: .init(tint: .page, width: 1.2)
        ))
    }
    addTable(secants, point, slope, (lossName, valueName), chart, words, format, to: &plot)
    return plot
  }

  private static func straight(
    through point: (x: Double, y: Double), slope: Double, _ chart: Chart, tint: Tint, line: Drawing.Line,
    to plot: inout Plot
  ) {
    let ends = [chart.x.low, chart.x.high].map { (x: $0, y: point.y + slope * ($0 - point.x)) }
    chart.add(ends, to: &plot, tint: tint, width: line == .solid ? 2 : 1.5, line: line)
  }

  private static func addTable(
    _ secants: [(h: Double, y: Double)], _ point: (x: Double, y: Double), _ slope: Double,
    _ names: (loss: String, value: String), _ chart: Chart, _ words: Words, _ format: NumberFormat,
    to plot: inout Plot
  ) {
    let top = chart.bottom + 56
    let columns = [58.0, 190, 330, 480, 640]
    let (loss, value) = names
    let numbers = DifferenceQuotients(secants, here: point.y, derivative: slope, format: format)
    let headings = [
      "", "h", "\(loss)(\(value) + h)", "(\(loss)(\(value) + h) − \(loss)(\(value))) / h", words.error,
    ]
    for (column, heading) in headings.enumerated() where !heading.isEmpty {
      plot.text(heading, x: columns[column] + 60, y: top, size: 11.5, tint: .muted, anchor: .end)
    }
    plot.line([.init(x: 30, y: top + 7), .init(x: 720, y: top + 7)], .faint)
    func row(_ index: Int, _ label: String, _ tint: Tint, _ cells: [String]) {
      let y = top + 25 + Double(index) * 21
      plot.text(label, x: 54, y: y, size: 12, tint: tint, isBold: true)
      for (column, cell) in cells.enumerated() where !cell.isEmpty {
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
        [numbers.lines[index].h, numbers.lines[index].value, numbers.lines[index].slope, numbers.lines[index].error])
    }
    let y = top + 21 + Double(secants.count) * 21
    plot.items.append(.circle(Point(x: 40, y: y), radius: 5, fill: .gradientInk, stroke: nil))
    row(
      secants.count, words.tangent, slope.isFinite ? .gradientInk : .warning,
      [
        "→ 0", "\(loss)(\(value)) = \(numbers.here)", "∂\(loss)/∂\(value) = \(numbers.derivative)",
        "",
      ])
  }
}
