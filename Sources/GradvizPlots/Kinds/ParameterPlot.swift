import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The paths of a parameter's numbers during training.
  package struct ParameterPath: Sendable {
    /// The number's name, such as `hidden.w[0, 1]`, and that of the parameter it is one of.
    package var name: String
    package var parameter: String
    /// Its value before every step and after the last.
    package var values: BoundedSeries

    package init(name: String, parameter: String, values: BoundedSeries) {
      self.name = name
      self.parameter = parameter
      self.values = values
    }
  }

  /// The paths of parameters during training: up to twelve numbers in one chart, with their names; of more, one chart
  /// for each parameter, in order.
  ///
  /// - Parameters:
  ///   - paths: the numbers of each parameter, as many as are kept.
  ///   - sizes: the parameters in order, with how many numbers they have; nil for those of `paths`.
  ///   - options: the title, language, precision and so on.
  package static func parameterPaths(
    _ paths: [ParameterPath], sizes: [(parameter: String, count: Int)]? = nil, options: PlotOptions
  ) -> Plot {
    let sizes = sizes ?? Self.sizes(paths.map(\.parameter))
    return paths.count <= maxNamed && paths.count == sizes.reduce(0) { $0 + $1.count }
      ? namedPaths(paths, options) : multiples(paths, sizes, options)
  }

  /// The parameters in order, and how many of the numbers, each with its parameter's name, are theirs.
  package static func sizes(_ parameters: [String]) -> [(parameter: String, count: Int)] {
    var sizes: [(parameter: String, count: Int)] = []
    for name in parameters {
      if sizes.last?.parameter != name { sizes.append((name, 0)) }
      sizes[sizes.count - 1].count += 1
    }
    return sizes
  }

  private static let maxNamed = 12
  /// More parameters than these are counted.
  private static let maxMultiples = 12
  /// More numbers of one parameter than these are thinned out to those that moved most.
  private static let maxOfMultiple = 64

  private static func namedPaths(_ paths: [ParameterPath], _ options: PlotOptions) -> Plot {
    let (words, format) = (options.words, options.format)
    var plot = Plot(
      options, kind: "parameters", name: words.parametersTitle, description: sentence(paths, options), width: 830,
      height: 430
    )
    plot.header(words.parametersTitle, title: options.title, note: words.parametersNote)
    let y = Axis(paths.flatMap { $0.values.points.map(\.value) }, ticks: 6)
    let lastStep = lastStep(paths)
    let names = TypesetNames(paths.map(\.name))
    let labels = paths.map { path -> (typeset: PlotText, plain: String) in
      let (name, value) = (names.flat(path.name), path.values.last.map { format.text($0.value) } ?? "")
      return ("\(name: name) \(value)", "\(name) \(value)")
    }
    let room = min((labels.map { $0.typeset.width(size: 11.5, isBold: true) }.max() ?? 0) * 1.08 + 42, 280)
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 72, width: 830 - left - room, height: 300,
      x: Axis([0, Double(lastStep)], isTight: true),
      y: y, xName: words.iteration, yName: words.value)
    chart.add(to: &plot)
    var ends: [Double] = []
    for (index, path) in paths.enumerated() {
      let (tint, line) = Plot.style(index)
      add(path, index + 1, chart, tint: tint, width: 1.8, line: line, words, to: &plot)
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
      let free = (room - 42) / 1.08
      let fits = label.typeset.width(size: 11.5, isBold: true) <= free + 0.5
      plot.text(
        fits ? label.typeset : "\(cut(label.plain, 11.5, true, to: free))", x: chart.right + 31, y: y + 4, size: 11.5,
        tint: tint, isBold: true)
    }
    return plot
  }

  /// One small chart for each parameter, two beside each other.
  private static func multiples(
    _ paths: [ParameterPath], _ names: [(parameter: String, count: Int)], _ options: PlotOptions
  ) -> Plot {
    let words = options.words
    var paths = paths[...]
    var shown: [(name: String, count: Int, paths: [ParameterPath])] = []
    for (name, count) in names.prefix(maxMultiples) where !paths.isEmpty {
      shown.append((name, count, Array(paths.prefix(count))))
      paths = paths.dropFirst(count)
    }
    let rows = Double((shown.count + 1) / 2)
    var note = words.byParameter
    if shown.count < names.count { note += words.colon + words.first(shown.count, of: names.count) }
    let pitch = 196.0
    var plot = Plot(
      options, kind: "parameters", name: words.parametersTitle,
      description: sentence(Array(shown.flatMap(\.paths).prefix(maxNamed)), options),
      width: 830, height: 62 + rows * pitch + 24)
    plot.header(words.parametersTitle, title: options.title, note: note)
    let x = Axis([0, Double(lastStep(shown.flatMap(\.paths)))], isTight: true, ticks: 4)
    var number = 0
    for (place, (name, size, all)) in shown.enumerated() {
      let order = all.indices.sorted { (-reach(all[$0].values), $0) < (-reach(all[$1].values), $1) }
      let own = order.prefix(maxOfMultiple).sorted().map { all[$0] }
      let y = Axis(own.flatMap { $0.values.points.map(\.value) }, ticks: 4)
      let left = 16 + Double(place % 2) * 407 + Chart.margin(y) - 14
      let top = 92 + Double(place / 2) * pitch
      let isLast = place + 2 >= shown.count
      let chart = Chart(
        left: left, top: top, width: 407 + Double(place % 2) * 407 - left, height: 124, x: x, y: y,
        xName: isLast ? words.iteration : "")
      chart.add(to: &plot)
      let count =
        own.count < all.count
        ? ", " + words.movedMost(own.count, all.count, of: size) : all.count > 1 ? " (\(all.count))" : ""
      let title = NumberFormat.name(name) + count
      plot.text(cut(title, 12, true, to: 360 / 1.08), x: left, y: top - 9, size: 12, isBold: true)
      for (index, path) in own.enumerated() {
        number += 1
        let isFew = own.count <= maxNamed
        let style = isFew ? Plot.style(index) : (.laneInk(index), .solid)
        add(path, number, chart, tint: style.0, width: isFew ? 1.6 : 1, line: style.1, words, to: &plot)
      }
    }
    return plot
  }

  private static func add(
    _ path: ParameterPath, _ number: Int, _ chart: Chart, tint: Tint, width: Double, line: Drawing.Line,
    _ words: Words, to plot: inout Plot
  ) {
    let full = words.numbers(12)
    let ends =
      [path.values.first, path.values.last].map { full.text($0?.value ?? .nan) }.joined(separator: " → ")
    plot.group("path-\(number)", "curve", tooltip: path.name + words.colon + ends) { plot in
      chart.add(
        Plot.thinned(path.values, columns: Int(chart.width / 2)), to: &plot, tint: tint, width: width, line: line)
    }
  }

  private static func reach(_ values: BoundedSeries) -> Double {
    let finite = values.points.map(\.value).filter(\.isFinite)
    return (finite.max() ?? 0) / 2 - (finite.min() ?? 0) / 2
  }

  private static func lastStep(_ paths: [ParameterPath]) -> Int {
    max(paths.compactMap(\.values.last?.step).max() ?? 1, 1)
  }

  private static func sentence(_ paths: [ParameterPath], _ options: PlotOptions) -> String {
    let (format, words) = (options.format, options.words)
    return paths.map { path in
      path.name + words.colon
        + "\(format.text(path.values.first?.value ?? 0)) → \(format.text(path.values.last?.value ?? 0))"
    }.joined(separator: words.semicolon)
  }
}
