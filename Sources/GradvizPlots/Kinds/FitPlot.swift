import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// A curve fitted to data with one feature.
  ///
  /// Thin lines are the residuals; a straight line's equation stands beside it.
  package static func fittedCurve(
    _ points: [(x: Double, y: Double)], curve: [(x: Double, y: Double)],
    names: (x: String, y: String, prediction: String), options: PlotOptions
  ) -> Plot {
    let words = options.words
    var plot = Plot(
      options, kind: "fit", name: words.fit, description: words.fitNote,
      width: 830,
      height: 470)
    plot.header(words.fit, title: options.title, note: words.fitNote)
    let y = Axis(points.map(\.y) + curve.map(\.y), ticks: 6)
    let x = Axis(points.map(\.x) + curve.map(\.x), isTight: !curve.isEmpty)
    let label = NumberFormat.name(names.prediction)
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 78, width: 830 - left - max(Plot.width(label, 13, true) * 1.08 + 34, 60), height: 330,
      x: x,
      y: y, xName: NumberFormat.name(names.x), yName: NumberFormat.name(names.y), hasVariables: true)
    chart.add(to: &plot)
    let sorted = curve.sorted { $0.x < $1.x }
    plot.group("residuals", "residuals") { plot in
      for point in points where point.x.isFinite && point.y.isFinite {
        guard let fitted = interpolated(sorted, at: point.x) else { continue }
        plot.line([chart.place(point.x, point.y), chart.place(point.x, fitted)], .faint, width: 0.9)
      }
    }
    plot.group("curve-1", "curve") { plot in chart.add(sorted, to: &plot, tint: .forwardInk, width: 2.2) }
    for (index, point) in points.enumerated() where point.x.isFinite && point.y.isFinite {
      let full = words.numbers(12)
      plot.group(
        "sample-\(index + 1)", "sample", tooltip: "(\(full.text(point.x))\(words.separator)\(full.text(point.y)))"
      ) {
        $0.items.append(
          .circle(
            chart.place(point.x, point.y), radius: 4, fill: .data, stroke: .init(tint: .dataInk, width: 1.2)))
      }
    }
    if let equation = equation(of: sorted, names, options.format) {
      var places = LabelPlaces(chart)
      places.avoid(sorted.filter { $0.x.isFinite && $0.y.isFinite }.map { chart.place($0.x, $0.y) })
      for point in points where point.x.isFinite && point.y.isFinite { places.avoid([chart.place(point.x, point.y)]) }
      let middle = sorted[sorted.count / 3]
      plot.label(equation, near: chart.place(middle.x, middle.y), &places, tint: .forwardInk, isBold: false)
    }
    if let last = sorted.last(where: { $0.y.isFinite }) {
      let end = chart.place(last.x, last.y)
      plot.text(
        label, x: end.x + 9, y: min(max(end.y + 4, chart.top + 8), chart.bottom), size: 13, tint: .forwardInk,
        isBold: true)
    }
    return plot
  }

  private static func interpolated(_ curve: [(x: Double, y: Double)], at x: Double) -> Double? {
    guard let next = curve.firstIndex(where: { $0.x >= x }) else { return nil }
    if next == 0 { return curve[0].x == x ? curve[0].y : nil }
    let (a, b) = (curve[next - 1], curve[next])
    let y = b.x == a.x ? b.y : a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)
    return y.isFinite ? y : nil
  }

  /// `estimate = 2.458·area + 28.77` where the curve is a straight line; nil where it is not.
  private static func equation(
    of curve: [(x: Double, y: Double)], _ names: (x: String, y: String, prediction: String), _ format: NumberFormat
  ) -> String? {
    guard curve.count > 2, let first = curve.first, let last = curve.last, last.x > first.x else { return nil }
    let slope = (last.y - first.y) / (last.x - first.x)
    let whole = first.y - slope * first.x
    // What the two cancel out to is rounding.
    let start = abs(whole) <= 1e-12 * max(abs(first.y), abs(slope * first.x)) ? 0 : whole
    let reach = curve.reduce(abs(start)) { max($0, abs($1.y)) }
    guard slope.isFinite, start.isFinite,
      curve.allSatisfy({ abs(start + slope * $0.x - $0.y) <= 1e-9 * reach })
    else { return nil }
    let (left, right) = (NumberFormat.name(names.prediction), NumberFormat.name(names.x))
    let constant = start == 0 ? "" : (start < 0 ? " − " : " + ") + format.text(abs(start))
    return "\(left) = \(format.text(slope))·\(right)\(constant)"
  }
}
