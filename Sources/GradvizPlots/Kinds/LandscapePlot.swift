import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The loss over two parameters as a map with contours, and the path of gradient descent on it.
  ///
  /// - Parameters:
  ///   - field: the loss over the frame.
  ///   - horizontal: the range of the first parameter, which the field covers.
  ///   - vertical: the range of the second parameter.
  ///   - names: the names of both parameters and of the loss.
  ///   - path: the two parameters before each step and after the last.
  ///   - others: the paths of other training runs from the same start.
  ///   - options: the title, language, precision and so on.
  package static func landscape(
    _ field: Field, horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>,
    names: (x: String, y: String, loss: String), path: [(x: Double, y: Double)],
    others: [(name: String, path: [(x: Double, y: Double)])] = [], options: PlotOptions
  ) -> Plot {
    let words = options.words
    let format = NumberFormat(precision: 3)
    var plot = Plot(
      options, kind: "landscape", name: words.landscape,
      description: words.landscapeNote + ". "
        + [path.first, path.last].compactMap { $0.map { "(\(format.text($0.x)), \(format.text($0.y)))" } }
        .joined(separator: " → "), width: 830, height: 560)
    plot.header(words.landscape, title: options.title, note: words.landscapeNote)
    let (x, y) = (Axis(over: horizontal), Axis(over: vertical))
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 78, width: 830 - left - 130, height: 420, x: x, y: y,
      xName: NumberFormat.name(names.x),
      yName: NumberFormat.name(names.y))

    // Levels that divide the map into areas of equal size, so that both narrow valleys and wide plains show.
    let sorted = field.values.filter(\.isFinite).sorted()
    let bands = Palette.bands
    let levels = (1..<bands).compactMap { sorted.isEmpty ? nil : sorted[sorted.count * $0 / bands] }
    func tint(_ band: Int) -> Tint { .band(band) }
    plot.rectangle(x: chart.left, y: chart.top, width: chart.width, height: chart.height, fill: tint(0))
    for (index, level) in levels.enumerated() where index == 0 || level > levels[index - 1] {
      plot.group("contour-\(index + 1)", "contour", tooltip: "\(names.loss) = \(format.text(level))") {
        plot in
        chart.add(field, above: level, fill: tint(index + 1), to: &plot)
        for line in field.contours(at: level) {
          plot.line(line.map { chart.place($0, of: field) }, .muted, width: 0.7)
        }
      }
    }
    chart.addAxes(to: &plot)
    for (index, other) in others.enumerated() { addOther(other, index, chart, to: &plot) }
    addPath(path, chart, words, to: &plot)

    plot.text(NumberFormat.name(names.loss), x: chart.right + 18, y: chart.top + 4, size: 12, isBold: true)
    for band in 0..<bands {
      let y = chart.top + 14 + Double(bands - 1 - band) * 24
      plot.rectangle(
        x: chart.right + 18, y: y, width: 20, height: 24, fill: tint(band),
        stroke: .init(tint: .muted, width: 0.6))
      if band < levels.count {
        plot.text(format.text(levels[band]), x: chart.right + 44, y: y + 4, size: 11, tint: .muted)
      }
    }
    return plot
  }

  private static func addPath(
    _ path: [(x: Double, y: Double)], _ chart: Chart, _ words: Words, to plot: inout Plot
  ) {
    let places = path.filter { $0.x.isFinite && $0.y.isFinite }.map { chart.place($0.x, $0.y) }
    guard let first = places.first, let last = places.last else { return }
    // Points less than two points apart on the page are merged.
    var shown = [first]
    for place in places.dropFirst() where distance(place, shown[shown.count - 1]) > 2 { shown.append(place) }
    if shown.count < 2 || distance(last, shown[shown.count - 1]) > 0 { shown.append(last) }
    let visible = shown.filter { chart.contains($0) }
    plot.group("path", "path") { plot in
      plot.line(visible, .page, width: 4.5)
      plot.line(visible, .ink, width: 2)
      var since = 0.0
      for (a, b) in zip(visible, visible.dropFirst()) {
        since += distance(a, b)
        guard since > 42, distance(a, b) > 1 else { continue }
        since = 0
        head(from: a, to: b, to: &plot)
      }
      if visible.count < 400 {
        for place in visible.dropFirst().dropLast() {
          plot.items.append(.circle(place, radius: 1.8, fill: .ink, stroke: nil))
        }
      }
    }
    if chart.contains(first) {
      plot.items.append(.circle(first, radius: 5, fill: .page, stroke: .init(tint: .ink, width: 2)))
      // On the side away from the path.
      label(
        words.start, at: first, chart, isLeft: (shown.dropFirst().first?.x ?? first.x) > first.x, to: &plot)
    }
    if chart.contains(last), distance(first, last) > 12 {
      plot.items.append(.circle(last, radius: 5, fill: .ink, stroke: .init(tint: .page, width: 1.4)))
      label(words.end, at: last, chart, to: &plot)
    }
  }

  /// Adds the path of another training run, dashed, with its name at the end.
  private static func addOther(
    _ other: (name: String, path: [(x: Double, y: Double)]), _ index: Int, _ chart: Chart, to plot: inout Plot
  ) {
    let places = other.path.filter { $0.x.isFinite && $0.y.isFinite }.map { chart.place($0.x, $0.y) }
      .filter { chart.contains($0) }
    guard let last = places.last else { return }
    var shown: [Point] = []
    for place in places where shown.last.map({ distance($0, place) > 1.5 }) ?? true { shown.append(place) }
    plot.group("other-path-\(index + 1)", "path") { plot in
      plot.line(shown, .page, width: 4)
      plot.line(shown, .laneInk(index + 1), width: 2, line: .dashed)
      plot.items.append(
        .circle(last, radius: 4, fill: .laneInk(index + 1), stroke: .init(tint: .page, width: 1)))
    }
    label(other.name, at: Point(x: last.x, y: last.y - 20), chart, to: &plot)
  }

  private static func label(
    _ text: String, at point: Point, _ chart: Chart, isLeft: Bool = false, to plot: inout Plot
  ) {
    let width = Plot.width(text, 11.5, true) * 1.08 + 10
    let isLeft = isLeft && point.x - 12 - width > chart.left || point.x + 12 + width > chart.right
    let x = isLeft ? point.x - 12 - width : point.x + 12
    let y = min(max(point.y - 9, chart.top + 2), chart.bottom - 20)
    plot.rectangle(x: x, y: y, width: width, height: 18, fill: .page, stroke: .init(tint: .faint, width: 0.8))
    plot.text(text, x: x + width / 2, y: y + 13, size: 11.5, isBold: true, anchor: .middle)
  }

  private static func head(from a: Point, to b: Point, to plot: inout Plot) {
    let length = distance(a, b)
    let (dx, dy) = ((b.x - a.x) / length, (b.y - a.y) / length)
    plot.items.append(
      .area(
        [
          b, Point(x: b.x - 8 * dx + 4 * dy, y: b.y - 8 * dy - 4 * dx),
          Point(x: b.x - 8 * dx - 4 * dy, y: b.y - 8 * dy + 4 * dx),
        ], fill: .ink, stroke: nil))
  }

  private static func distance(_ a: Point, _ b: Point) -> Double {
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
  }
}
