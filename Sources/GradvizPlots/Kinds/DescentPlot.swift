import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The loss over the steps of one or several training runs, on a logarithmic scale if that helps; below it the
  /// metrics, and the learning rate if it changes.
  ///
  /// - Parameters:
  ///   - curves: the losses of every step; the first one belongs to the program itself.
  ///   - heldOut: the losses on held-out samples, as (step, loss).
  ///   - rates: the learning rate of each step; drawn if it changes.
  ///   - metrics: metrics of the program's own run; those of one name share a chart.
  ///   - lossName: the label of the axis.
  ///   - options: the title, language, precision and so on.
  /// - Complexity: O(steps); the size of the file does not depend on them.
  public static func descent(
    _ curves: [LossCurve], heldOut: [(step: Int, loss: Double)] = [], rates: BoundedSeries? = nil,
    metrics: [MetricCurve] = [], lossName: String = "L", options: PlotOptions
  ) -> Plot {
    let words = options.words
    let format = options.format
    let changing = rates.flatMap { rates in
      rates.points.contains { $0.value != rates.first?.value } ? rates : nil
    }
    let small = SmallChart.list(metrics, changing, words, format)
    var plot = Plot(
      options, kind: "descent", name: words.descent,
      description: descentSentence(curves, lossName, options), width: 830,
      height: 400 + Double(small.count) * SmallChart.pitch)
    plot.header(words.descent, title: options.title, note: words.descentNote)

    let losses =
      curves.flatMap { $0.losses.points.map(\.value).filter(\.isFinite) }
      + heldOut.map(\.loss).filter(\.isFinite)
    let (least, greatest) = (losses.min() ?? 0, losses.max() ?? 1)
    let isLogarithmic = least > 0 && greatest / least > 30
    let y = Axis(losses, isLogarithmic: isLogarithmic, ticks: 5)
    let lastStep = max(curves.compactMap(\.losses.last?.step).max() ?? 1, 1)
    let x = Axis([0, Double(lastStep)], isTight: true)
    let ends = labels(curves, heldOut, words, format)
    let texts = ends.map(\.text) + small.flatMap { $0.lines.map(\.label) }
    let room = min((texts.map { Plot.width($0, 12, true) }.max() ?? 0) * 1.08 + 34, 260)
    let left = max(Chart.margin(y), small.map { Chart.margin($0.axis) }.max() ?? 0)
    let name = NumberFormat.name(lossName)
    let chart = Chart(
      left: left, top: 84, width: 830 - left - room, height: 250, x: x, y: y,
      xName: small.isEmpty ? words.iteration : "", yName: isLogarithmic ? words.logarithmic(name) : name)
    chart.add(to: &plot)

    var wanted: [Double] = []
    for (index, curve) in curves.enumerated() {
      wanted.append(add(curve, index, chart, options, to: &plot) ?? chart.bottom)
    }
    if let last = heldOut.last(where: { $0.loss.isFinite }) {
      plot.group("held-out", "curve") { plot in
        chart.add(heldOut.map { (Double($0.step), $0.loss) }, to: &plot, tint: .updateInk, line: .dashed)
      }
      wanted.append(chart.place(Double(last.step), last.loss).y)
    }
    addFirst(curves, heldOut, chart, format, to: &plot)
    let places = Chart.spread(wanted, gap: 16, from: chart.top, to: chart.bottom)
    for (label, y) in zip(ends, places) {
      plot.text(
        Plot.cut(label.text, 12, true, to: (room - 20) / 1.08), x: chart.right + 12, y: y + 4, size: 12,
        tint: label.tint,
        isBold: true)
    }
    if curves.first?.means != nil { addKey(chart, words, to: &plot) }
    for (number, one) in small.enumerated() { one.add(number, of: small.count, below: chart, words, to: &plot) }
    return plot
  }

  /// What stands at the ends of the curves, in their order: the last loss, or its mean where that is what is drawn.
  private static func labels(
    _ curves: [LossCurve], _ heldOut: [(step: Int, loss: Double)], _ words: Words, _ format: NumberFormat
  ) -> [(text: String, tint: Tint)] {
    var labels = curves.enumerated().map { index, curve in
      let last = (curve.means ?? curve.losses).points.last { $0.value.isFinite }
      let text = last.map { "\(curve.name) \(format.text($0.value))" } ?? curve.name
      return (text: text, tint: index == 0 ? Tint.lossInk : Plot.style(index).tint)
    }
    if let last = heldOut.last(where: { $0.loss.isFinite }) {
      labels.append(("\(words.heldOut) \(format.text(last.loss))", .updateInk))
    }
    return labels
  }

  /// Which of the two curves of a training with batches is which.
  private static func addKey(_ chart: Chart, _ words: Words, to plot: inout Plot) {
    var x = chart.right
    for (text, tint, width) in [(words.meanOfEpoch, Tint.lossInk, 1.8), (words.eachStep, .faint, 0.8)] {
      x -= Plot.width(text, 11.5) * 1.08
      plot.text(text, x: x, y: chart.top - 12, size: 11.5, tint: .muted)
      plot.line([.init(x: x - 34, y: chart.top - 16), .init(x: x - 8, y: chart.top - 16)], tint, width: width)
      x -= 54
    }
  }

  /// One curve with its ends; how high the last one stands, nil where no loss is finite.
  private static func add(
    _ curve: LossCurve, _ index: Int, _ chart: Chart, _ options: PlotOptions, to plot: inout Plot
  ) -> Double? {
    let words = options.words
    var height: Double?
    let tint = index == 0 ? Tint.lossInk : Plot.style(index).tint
    // As in the landscape: the program's own run is solid, others are not.
    let line = index == 0 ? Drawing.Line.solid : index % 2 == 1 ? .dashed : .dotted
    plot.group("curve-\(index + 1)", "curve", tooltip: descentTooltip(curve, words)) { plot in
      let columns = Int(chart.width)
      if curve.means != nil {
        chart.add(Plot.thinned(curve.losses, columns: columns), to: &plot, tint: .faint, width: 0.8)
      }
      let shown = curve.means ?? curve.losses
      chart.add(Plot.thinned(shown, columns: columns), to: &plot, tint: tint, line: line)
      guard let last = curve.losses.points.last(where: \.value.isFinite) else { return }
      let end = chart.place(Double(last.step), shown.points.last(where: \.value.isFinite)?.value ?? last.value)
      plot.items.append(.circle(end, radius: 3, fill: tint, stroke: nil))
      height = end.y
      if let first = curve.losses.first?.value, first.isFinite, last.step > 0 {
        let start = chart.place(0, first)
        plot.items.append(.circle(start, radius: 3, fill: tint, stroke: nil))
      }
      if let bad = curve.losses.last, bad.step > last.step {
        addEnd(at: end, words.notFinite(last.step + 1), chart, to: &plot)
      }
    }
    return height
  }

  /// The first loss of the program's own run, off all curves.
  private static func addFirst(
    _ curves: [LossCurve], _ heldOut: [(step: Int, loss: Double)], _ chart: Chart, _ format: NumberFormat,
    to plot: inout Plot
  ) {
    guard let own = curves.first, let first = own.losses.first?.value, first.isFinite, own.losses.points.count > 1
    else { return }
    var places = LabelPlaces(chart)
    let series = curves.flatMap { [$0.losses, $0.means].compactMap(\.self) }
    let lines =
      series.map { Plot.thinned($0, columns: Int(chart.width)) } + [heldOut.map { (Double($0.step), $0.loss) }]
    for line in lines {
      places.avoid(line.filter { $0.0.isFinite && $0.1.isFinite }.map { chart.place($0.0, $0.1) })
    }
    let text = format.text(first)
    let start = chart.place(0, first)
    let box = places.place(Size(width: Plot.width(text, 11.5) * 1.08 + 4, height: 14), near: start, gap: 6)
    plot.rectangle(x: box.x, y: box.y, width: box.width, height: box.height, fill: .page)
    plot.text(text, x: box.center.x, y: box.y + 11, size: 11.5, tint: .lossInk, anchor: .middle)
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

  private static func descentTooltip(_ curve: LossCurve, _ words: Words) -> String {
    let full = words.numbers(12)
    guard let first = curve.losses.first, let last = curve.losses.last else { return curve.name }
    return "\(curve.name)\(words.colon)\(full.text(first.value)) → \(full.text(last.value)) (\(last.step))"
  }

  private static func descentSentence(_ curves: [LossCurve], _ loss: String, _ options: PlotOptions) -> String {
    let format = options.format
    return curves.map { curve -> String in
      guard let first = curve.losses.first, let last = curve.losses.last else {
        return curve.name + options.words.colon + "–"
      }
      let (a, b, count) = (format.text(first.value), format.text(last.value), last.step)
      return (curves.count > 1 ? curve.name + options.words.colon : "")
        + options.words.descent(of: loss, from: a, to: b, steps: count)
    }.joined(separator: " ")
  }
}
