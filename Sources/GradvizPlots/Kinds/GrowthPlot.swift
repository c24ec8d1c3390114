import GradvizDrawing
import GradvizFigures

/// Positive measurements by size, to show how they grow.
public struct GrowthSeries: Sendable {
  /// The label of the curve.
  public var name: String
  /// The measurements in order of size.
  public var points: [(size: Double, value: Double)]

  /// Omits points that are not positive and finite.
  public init(name: String, points: [(size: Double, value: Double)]) {
    self.name = name
    self.points = points.filter { $0.size > 0 && $0.value > 0 && $0.size.isFinite && $0.value.isFinite }
      .sorted { $0.size < $1.size }
  }

  /// The power and the factor of value = factor · size^power that fit the logarithms of the points best
  /// (least squares); nil for fewer than two sizes.
  public var fit: (power: Double, factor: Double)? {
    let logarithms = points.map { (x: Axis.logarithm($0.size), y: Axis.logarithm($0.value)) }
    let count = Double(logarithms.count)
    let middle = (
      x: logarithms.reduce(0) { $0 + $1.x } / max(count, 1),
      y: logarithms.reduce(0) { $0 + $1.y } / max(count, 1)
    )
    let spread = logarithms.reduce(0) { $0 + ($1.x - middle.x) * ($1.x - middle.x) }
    guard spread > 0 else { return nil }
    let power = logarithms.reduce(0) { $0 + ($1.x - middle.x) * ($1.y - middle.y) } / spread
    return (power, Axis.exponential(middle.y - power * middle.x))
  }
}

extension Plot {
  /// Measurements against size on logarithmic axes, where a power law is a straight line; its exponent is
  /// shown at the end of each.
  ///
  /// - Parameters:
  ///   - series: at most twelve.
  ///   - xName: the unit of the sizes.
  ///   - yName: the measured quantity, with its unit.
  ///   - options: the title, language and precision of the exponents.
  public static func growth(
    _ series: [GrowthSeries], xName: String, yName: String, options: PlotOptions
  ) -> Plot {
    let words = options.words
    var plot = Plot(
      options, kind: "growth", name: words.growth,
      description: series.map { "\($0.name): \(exponent($0, options))." }.joined(separator: " "), width: 830,
      height: 440)
    plot.header(words.growth, title: options.title, note: words.growthNote)
    let points = series.flatMap(\.points)
    let x = Axis(points.map(\.size), isLogarithmic: true)
    let y = Axis(points.map(\.value), isLogarithmic: true, ticks: 8)
    let labels = series.map { "\($0.name) \(exponent($0, options))" }
    let room = min((labels.map { Plot.width($0, 12, true) }.max() ?? 0) * 1.08 + 34, 320)
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 84, width: 830 - left - room, height: 290, x: x, y: y, xName: xName, yName: yName)
    chart.add(to: &plot)
    var wanted: [Double] = []
    for (index, own) in series.enumerated() {
      let (tint, _) = style(index)
      plot.group("series-\(index + 1)", "curve", tooltip: labels[index]) { plot in
        if let fit = own.fit, let first = own.points.first, let last = own.points.last {
          let ends = [first, last].map {
            (x: $0.size, y: fit.factor * Axis.exponential(fit.power * Axis.logarithm($0.size)))
          }
          chart.add(ends, to: &plot, tint: tint, width: 1.2, line: .dashed)
        }
        for point in own.points { plot.mark(index, at: chart.place(point.size, point.value), radius: 4) }
      }
      wanted.append(own.points.last.map { chart.place($0.size, $0.value).y } ?? chart.bottom)
    }
    let places = Chart.spread(wanted, gap: 16, from: chart.top, to: chart.bottom)
    for (index, label) in labels.enumerated() {
      plot.mark(index, at: Point(x: chart.right + 14, y: places[index]), radius: 4)
      plot.text(
        label, x: chart.right + 24, y: places[index] + 4, size: 12, tint: style(index).tint, isBold: true)
    }
    return plot
  }

  private static func exponent(_ series: GrowthSeries, _ options: PlotOptions) -> String {
    guard let fit = series.fit else { return "–" }
    // At most two decimals: further digits are noise.
    return "∝ n^" + options.words.numbers(fit.power < 1 ? 2 : 3).text(fit.power)
  }
}
