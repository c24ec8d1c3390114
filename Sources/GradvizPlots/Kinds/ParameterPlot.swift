import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The paths of parameters during training; of more than twelve, those that moved most.
  ///
  /// - Parameters:
  ///   - paths: the name of each parameter, and its value before every step and after the last.
  ///   - options: the title, language, precision and so on.
  package static func parameterPaths(_ paths: [(name: String, values: BoundedSeries)], options: PlotOptions)
    -> Plot
  {
    let words = options.words
    let format = options.format
    func reach(_ values: BoundedSeries) -> Double {
      let finite = values.points.map(\.value).filter(\.isFinite)
      return (finite.max() ?? 0) / 2 - (finite.min() ?? 0) / 2
    }
    let limit = 12
    let order = paths.indices.sorted { (-reach(paths[$0].values), $0) < (-reach(paths[$1].values), $1) }
    let shown = paths.count <= limit ? paths : order.prefix(limit).sorted().map { paths[$0] }
    var note = words.parametersNote
    if shown.count < paths.count { note += ": " + words.mostMoved(shown.count, paths.count) }
    var plot = Plot(
      options, kind: "parameters", name: words.parameters,
      description: shown.map { path in
        "\(path.name): \(format.text(path.values.first?.value ?? 0)) → \(format.text(path.values.last?.value ?? 0))"
      }.joined(separator: "; "), width: 830, height: 430)
    plot.header(words.parameters, title: options.title, note: note)
    let y = Axis(shown.flatMap { $0.values.points.map(\.value) }, ticks: 6)
    let lastStep = max(shown.compactMap(\.values.last?.step).max() ?? 1, 1)
    let labels = shown.map { path in
      "\(NumberFormat.name(path.name)) \(path.values.last.map { format.text($0.value) } ?? "")"
    }
    let room = min((labels.map { Plot.width($0, 11.5, true) }.max() ?? 0) * 1.08 + 42, 280)
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 72, width: 830 - left - room, height: 300,
      x: Axis([0, Double(lastStep)], isTight: true),
      y: y, xName: words.step)
    chart.add(to: &plot)
    var ends: [Double] = []
    for (index, path) in shown.enumerated() {
      let (tint, line) = Plot.style(index)
      let full = NumberFormat(precision: 12)
      let tooltip =
        [path.values.first, path.values.last].map { full.text($0?.value ?? .nan) }.joined(separator: " → ")
      plot.group("path-\(index + 1)", "curve", tooltip: "\(path.name): \(tooltip)") { plot in
        chart.add(Plot.thinned(path.values, columns: Int(chart.width)), to: &plot, tint: tint, line: line)
      }
      let last = path.values.points.last { $0.value.isFinite }?.value ?? y.low
      ends.append(chart.place(Double(lastStep), last).y)
    }
    let places = Chart.spread(ends, gap: 15.5, from: chart.top, to: chart.bottom)
    for (index, label) in labels.enumerated() {
      let (tint, line) = Plot.style(index)
      let y = places[index]
      plot.line(
        [
          .init(x: chart.right + 2, y: ends[index]), .init(x: chart.right + 10, y: y),
          .init(x: chart.right + 26, y: y),
        ],
        tint, width: 1.4, line: line)
      plot.text(label, x: chart.right + 31, y: y + 4, size: 11.5, tint: tint, isBold: true)
    }
    return plot
  }
}
