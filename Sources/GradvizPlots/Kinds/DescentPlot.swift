import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The loss over the steps of one or several training runs, on a logarithmic scale if that helps, and below
  /// it the learning rate if it changes.
  ///
  /// - Parameters:
  ///   - curves: the losses of every step; the first one belongs to the program itself.
  ///   - heldOut: the losses on held-out samples, as (step, loss).
  ///   - rates: the learning rate of each step; drawn if it changes.
  ///   - lossName: the label of the axis.
  ///   - options: the title, language, precision and so on.
  /// - Complexity: O(steps); the size of the file does not depend on them.
  public static func descent(
    _ curves: [LossCurve], heldOut: [(step: Int, loss: Double)] = [], rates: BoundedSeries? = nil,
    lossName: String = "L",
    options: PlotOptions
  ) -> Plot {
    let words = options.words
    let format = options.format
    let changing = rates.flatMap { rates in
      rates.points.contains { $0.value != rates.first?.value } ? rates : nil
    }
    let showsRate = changing != nil
    var plot = Plot(
      options, kind: "descent", name: words.descent,
      description: descentSentence(curves, lossName, options), width: 830, height: showsRate ? 500 : 400)
    plot.header(words.descent, title: options.title, note: words.descentNote)

    let losses =
      curves.flatMap { $0.losses.points.map(\.value).filter(\.isFinite) }
      + heldOut.map(\.loss).filter(\.isFinite)
    let (least, greatest) = (losses.min() ?? 0, losses.max() ?? 1)
    let isLogarithmic = least > 0 && greatest / least > 30
    let y = Axis(losses, isLogarithmic: isLogarithmic, ticks: 5)
    let lastStep = max(curves.compactMap(\.losses.last?.step).max() ?? 1, 1)
    let x = Axis([0, Double(lastStep)], isTight: true)
    let ends = curves.map { curve in
      curve.losses.points.last { $0.value.isFinite }.map { "\(curve.name) \(format.text($0.value))" }
        ?? curve.name
    }
    let room = min((ends.map { Plot.width($0, 12, true) }.max() ?? 0) * 1.08 + 34, 260)
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 84, width: 830 - left - room, height: 250, x: x, y: y,
      xName: showsRate ? "" : words.step,
      yName: NumberFormat.name(lossName))
    chart.add(to: &plot)

    var wanted: [Double] = []
    for (index, curve) in curves.enumerated() {
      wanted.append(add(curve, index, chart, options, to: &plot) ?? chart.bottom)
    }
    let places = Chart.spread(wanted, gap: 16, from: chart.top, to: chart.bottom)
    for (index, label) in ends.enumerated() {
      let tint = index == 0 ? Tint.lossInk : Plot.style(index).tint
      plot.text(label, x: chart.right + 12, y: places[index] + 4, size: 12, tint: tint, isBold: true)
    }
    addHeldOut(heldOut, chart, words, to: &plot)
    if let changing { addRates(changing, below: chart, words, format, to: &plot) }
    return plot
  }

  /// One curve with its ends; how high the last one stands, nil where no loss is finite.
  private static func add(
    _ curve: LossCurve, _ index: Int, _ chart: Chart, _ options: PlotOptions, to plot: inout Plot
  ) -> Double? {
    let (format, words) = (options.format, options.words)
    var height: Double?
    let (tint, line) = index == 0 ? (Tint.lossInk, Drawing.Line.solid) : Plot.style(index)
    plot.group("curve-\(index + 1)", "curve", tooltip: descentTooltip(curve, format)) { plot in
      let columns = Int(chart.width)
      if curve.means != nil {
        chart.add(Plot.thinned(curve.losses, columns: columns), to: &plot, tint: .faint, width: 0.8)
      }
      let shown = curve.means ?? curve.losses
      chart.add(Plot.thinned(shown, columns: columns), to: &plot, tint: tint, line: line)
      guard let last = curve.losses.points.last(where: \.value.isFinite) else { return }
      let end = chart.place(Double(last.step), last.value)
      plot.items.append(.circle(end, radius: 3, fill: tint, stroke: nil))
      height = end.y
      if let first = curve.losses.first?.value, first.isFinite, last.step > 0 {
        let start = chart.place(0, first)
        plot.items.append(.circle(start, radius: 3, fill: tint, stroke: nil))
        if index == 0 {
          let words = format.text(first)
          let y = max(start.y - 9, chart.top + 2)
          plot.rectangle(
            x: start.x + 7, y: y - 10, width: Plot.width(words, 11.5) * 1.08 + 4, height: 14, fill: .page)
          plot.text(words, x: start.x + 9, y: y + 1, size: 11.5, tint: tint)
        }
      }
      if let bad = curve.losses.last, bad.step > last.step {
        addEnd(at: end, words.notFinite(last.step + 1), chart, to: &plot)
      }
    }
    return height
  }

  private static func addEnd(at point: Point, _ words: String, _ chart: Chart, to plot: inout Plot) {
    plot.line(
      [.init(x: point.x - 5, y: point.y - 5), .init(x: point.x + 5, y: point.y + 5)], .warning, width: 2)
    plot.line(
      [.init(x: point.x - 5, y: point.y + 5), .init(x: point.x + 5, y: point.y - 5)], .warning, width: 2)
    let isRight = point.x > (chart.left + chart.right) / 2
    plot.text(
      words, x: point.x + (isRight ? -9 : 9), y: max(point.y - 9, chart.top + 12), size: 12, tint: .warning,
      isBold: true, anchor: isRight ? .end : .start)
  }

  private static func addHeldOut(
    _ heldOut: [(step: Int, loss: Double)], _ chart: Chart, _ words: Words, to plot: inout Plot
  ) {
    guard !heldOut.isEmpty else { return }
    plot.group("held-out", "curve") { plot in
      chart.add(heldOut.map { (Double($0.step), $0.loss) }, to: &plot, tint: .updateInk, line: .dashed)
    }
    plot.line(
      [.init(x: chart.right - 150, y: chart.top - 16), .init(x: chart.right - 120, y: chart.top - 16)],
      .updateInk,
      width: 1.8, line: .dashed)
    plot.text(words.heldOut, x: chart.right - 112, y: chart.top - 12, size: 11.5, tint: .updateInk)
  }

  private static func addRates(
    _ rates: BoundedSeries, below chart: Chart, _ words: Words, _ format: NumberFormat,
    to plot: inout Plot
  ) {
    let y = Axis([0] + rates.points.map(\.value), ticks: 2)
    let small = Chart(
      left: chart.left, top: chart.bottom + 52, width: chart.width, height: 62, x: chart.x, y: y,
      xName: words.step, yName: "")
    plot.text(words.rate, x: chart.left, y: small.top - 8, size: 11.5, tint: .muted)
    plot.group("rate", "curve") { plot in
      small.add(to: &plot)
      small.add(Plot.thinned(rates, columns: 400), to: &plot, tint: .updateInk, width: 1.4)
    }
  }

  private static func descentTooltip(_ curve: LossCurve, _ format: NumberFormat) -> String {
    let full = NumberFormat(precision: 12)
    guard let first = curve.losses.first, let last = curve.losses.last else { return curve.name }
    return "\(curve.name): \(full.text(first.value)) → \(full.text(last.value)) (\(last.step))"
  }

  private static func descentSentence(_ curves: [LossCurve], _ loss: String, _ options: PlotOptions) -> String {
    let format = options.format
    return curves.map { curve -> String in
      guard let first = curve.losses.first, let last = curve.losses.last else { return "\(curve.name): –" }
      let (a, b, count) = (format.text(first.value), format.text(last.value), last.step)
      return curve.name + options.words.word(": ", " : ")
        + options.words.descent(of: loss, from: a, to: b, steps: count)
    }.joined(separator: " ")
  }
}
