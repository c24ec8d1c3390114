import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

/// A low chart below the loss, with the same steps across: a metric, or the learning rate.
struct SmallChart {
  struct Line {
    var points: [(x: Double, y: Double)]
    /// What stands at its end, empty for nothing.
    var label: String
    var tint: Tint
    var line = Drawing.Line.solid
  }

  var id: String
  var name: String
  var axis: Axis
  var lines: [Line]

  /// From one chart to the next below it.
  static let pitch = 112.0
  /// More metrics than these are in the table only.
  private static let maxMetrics = 4

  /// Metrics in their order, each with its curve on held-out samples, then the learning rate.
  static func list(
    _ metrics: [MetricCurve], _ rates: BoundedSeries?, _ words: Words, _ format: NumberFormat
  ) -> [SmallChart] {
    var names: [String] = []
    for metric in metrics where !names.contains(metric.name) { names.append(metric.name) }
    var charts = names.prefix(maxMetrics).enumerated().map { index, name in
      let own = metrics.filter { $0.name == name }
      let lines = own.map { metric in
        let last = metric.points.last { $0.value.isFinite }.map { " " + format.text($0.value) } ?? ""
        return Line(
          points: metric.points.map { (Double($0.step), $0.value) },
          label: (metric.isHeldOut ? words.heldOut : own.count > 1 ? words.training : NumberFormat.name(name)) + last,
          tint: metric.isHeldOut ? .updateInk : .ink, line: metric.isHeldOut ? .dashed : .solid)
      }
      let values = lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
      // A share of all is seen between none and all of them.
      let isShare = values.allSatisfy { (0...1).contains($0) }
      return SmallChart(
        id: "metric-\(index + 1)", name: NumberFormat.name(name), axis: Axis(isShare ? [0, 1] : values, ticks: 2),
        lines: lines)
    }
    if let rates {
      let line = Line(points: Plot.thinned(rates, columns: 400), label: "", tint: .updateInk)
      charts.append(
        SmallChart(id: "rate", name: words.rate, axis: Axis([0] + rates.points.map(\.value), ticks: 2), lines: [line]))
    }
    return charts
  }

  /// - Parameter number: which of the charts below `chart` it is, of how many.
  func add(_ number: Int, of count: Int, below chart: Chart, _ words: Words, to plot: inout Plot) {
    let own = Chart(
      left: chart.left, top: chart.bottom + 52 + Double(number) * Self.pitch, width: chart.width, height: 62,
      x: chart.x,
      y: axis, xName: number == count - 1 ? words.iteration : "")
    plot.text(name, x: own.left, y: own.top - 8, size: 11.5, tint: .muted)
    plot.group(id, "curve") { plot in
      own.add(to: &plot)
      for line in lines { own.add(line.points, to: &plot, tint: line.tint, width: 1.4, line: line.line) }
    }
    let labelled = lines.filter { !$0.label.isEmpty }
    let wanted = labelled.map { line in
      line.points.last { $0.y.isFinite }.map { own.place($0.x, $0.y).y } ?? own.bottom
    }
    for (line, y) in zip(labelled, Chart.spread(wanted, gap: 16, from: own.top, to: own.bottom)) {
      plot.text(
        Plot.cut(line.label, 12, true, to: (plot.width - own.right - 16) / 1.08), x: own.right + 12, y: y + 4, size: 12,
        tint: line.tint, isBold: true)
    }
  }
}
