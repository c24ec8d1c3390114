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
  ///   - run: the name of the path, where there are others.
  ///   - momentum: how much of its last step each step carries on, in gradient descent with momentum at one learning
  ///     rate; one step is then shown as the sum that it is.
  ///   - others: the paths of other training runs from the same start.
  ///   - options: the title, language, precision and so on.
  package static func landscape(
    _ field: Field, horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>,
    names: (x: String, y: String, loss: String), path: [(x: Double, y: Double)], run: String? = nil,
    momentum: Double? = nil, others: [(name: String, path: [(x: Double, y: Double)])] = [], options: PlotOptions
  ) -> Plot {
    let words = options.words
    let format = words.numbers(3)
    var plot = Plot(
      options, kind: "landscape", name: words.landscape,
      description: words.landscapeNote + ". "
        + [path.first, path.last].compactMap {
          $0.map { "(\(format.text($0.x))\(words.separator)\(format.text($0.y)))" }
        }
        .joined(separator: " → "), width: 830, height: 560)
    let isRace = !others.isEmpty && path.count > 1 && others.allSatisfy { $0.path.count == path.count }
    let race = isRace ? " · " + words.stepsEach(path.count - 1) : ""
    plot.header(words.landscape, title: options.title, note: words.landscapeNote + race)
    let (x, y) = (Axis(over: horizontal), Axis(over: vertical))
    let typeset = TypesetNames([names.x, names.y, names.loss])
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 78, width: 830 - left - 130, height: 420, x: x, y: y, xName: typeset.flat(names.x),
      yName: typeset.flat(names.y), hasVariables: true)

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
    addPaths(path, run, momentum, others, chart, words, to: &plot)
    addScale(field, levels, typeset.flat(names.loss), chart, format, to: &plot)
    return plot
  }

  /// The bands with the loss at their bounds, the least and the greatest of the map at the ends.
  private static func addScale(
    _ field: Field, _ levels: [Double], _ loss: String, _ chart: Chart, _ format: NumberFormat, to plot: inout Plot
  ) {
    let bands = Palette.bands
    plot.name(loss, x: chart.right + 18, y: chart.top + 4)
    let finite = field.values.filter(\.isFinite)
    let bounds = [finite.min()] + levels.map(Optional.some) + [finite.max()]
    let top = chart.top + 18
    for band in 0..<bands {
      plot.rectangle(
        x: chart.right + 18, y: top + Double(bands - 1 - band) * 24, width: 20, height: 24, fill: .band(band),
        stroke: .init(tint: .muted, width: 0.6))
    }
    for (number, bound) in bounds.enumerated() {
      guard let bound else { continue }
      let y = top + Double(bands - number) * 24 + 4
      plot.text(format.text(bound), x: chart.right + 44, y: y, size: 11, tint: .muted)
    }
  }

  private static func addPaths(
    _ path: [(x: Double, y: Double)], _ run: String?, _ momentum: Double?,
    _ others: [(name: String, path: [(x: Double, y: Double)])], _ chart: Chart, _ words: Words, to plot: inout Plot
  ) {
    func places(_ path: [(x: Double, y: Double)]) -> [Point] {
      path.filter { $0.x.isFinite && $0.y.isFinite }.map { chart.place($0.x, $0.y) }
    }
    var labels = LabelPlaces(chart)
    let own = places(path)
    labels.avoid(own)
    for other in others { labels.avoid(places(other.path)) }
    for (index, other) in others.enumerated() { addOther(places(other.path), index, chart, to: &plot) }
    add(own, chart, to: &plot)
    if let momentum { addVelocity(own, momentum, chart, words, &labels, to: &plot) }
    guard let first = own.first, let last = own.last else { return }
    let ended = own.count > 1 && first.distance(to: last) > 12 && chart.contains(last)
    if chart.contains(first) {
      plot.items.append(.circle(first, radius: 5, fill: .page, stroke: .init(tint: .ink, width: 2)))
      plot.label(words.start, near: first, &labels)
    }
    if ended {
      plot.items.append(.circle(last, radius: 5, fill: .ink, stroke: .init(tint: .page, width: 1.4)))
      plot.label(others.isEmpty ? words.end : run ?? words.end, near: last, &labels)
    }
    for (index, other) in others.enumerated() {
      guard let end = places(other.path).last(where: { chart.contains($0) }) else { continue }
      plot.label(other.name, near: end, &labels, tint: .laneInk(index + 1))
    }
  }

  /// This training's path, with heads along it.
  private static func add(_ places: [Point], _ chart: Chart, to plot: inout Plot) {
    guard let first = places.first, let last = places.last else { return }
    // Points less than two points apart on the page are merged.
    var shown = [first]
    for place in places.dropFirst() where place.distance(to: shown[shown.count - 1]) > 2 { shown.append(place) }
    if shown.count < 2 || last.distance(to: shown[shown.count - 1]) > 0 { shown.append(last) }
    let visible = shown.filter { chart.contains($0) }
    plot.group("path", "path") { plot in
      plot.line(visible, .page, width: 4.5)
      plot.line(visible, .ink, width: 2)
      var since = 0.0
      for (a, b) in zip(visible, visible.dropFirst()) {
        since += a.distance(to: b)
        guard since > 42, a.distance(to: b) > 1 else { continue }
        since = 0
        head(from: a, to: b, to: &plot)
      }
      if visible.count < 400 {
        for place in visible.dropFirst().dropLast() {
          plot.items.append(.circle(place, radius: 1.8, fill: .ink, stroke: nil))
        }
      }
    }
  }

  /// The path of another training run, dashed.
  private static func addOther(_ path: [Point], _ index: Int, _ chart: Chart, to plot: inout Plot) {
    let places = path.filter { chart.contains($0) }
    guard let last = places.last else { return }
    var shown: [Point] = []
    for place in places where shown.last.map({ $0.distance(to: place) > 1.5 }) ?? true { shown.append(place) }
    plot.group("other-path-\(index + 1)", "path") { plot in
      plot.line(shown, .page, width: 4)
      plot.line(shown, .laneInk(index + 1), width: 2, line: .dashed)
      plot.items.append(
        .circle(last, radius: 4, fill: .laneInk(index + 1), stroke: .init(tint: .page, width: 1)))
    }
  }

  /// One step with momentum as a sum: what it carries on of the last step, and the gradient's part (PyTorch's form:
  /// m ← µ·m + g, w ← w − lr·m, so that each step is µ times the last one minus lr·g).
  private static func addVelocity(
    _ path: [Point], _ momentum: Double, _ chart: Chart, _ words: Words, _ labels: inout LabelPlaces,
    to plot: inout Plot
  ) {
    var best: (score: Double, from: Point, carried: Point, to: Point)?
    for index in path.indices.dropFirst().dropLast() {
      let (a, b, c) = (path[index - 1], path[index], path[index + 1])
      let carried = Point(x: b.x + momentum * (b.x - a.x), y: b.y + momentum * (b.y - a.y))
      let (one, two) = (b.distance(to: carried), carried.distance(to: c))
      guard [b, carried, c].allSatisfy({ chart.contains($0) }), min(one, two) > 14 else { continue }
      // How wide the triangle of the three is.
      let area = abs((carried.x - b.x) * (c.y - b.y) - (carried.y - b.y) * (c.x - b.x))
      if area > best?.score ?? 0 { best = (area, b, carried, c) }
    }
    guard let best else { return }
    plot.group("velocity", "velocity") { plot in
      for (from, to, tint, line) in [
        (best.from, best.carried, Tint.updateInk, Drawing.Line.dashed), (best.carried, best.to, .gradientInk, .solid),
      ] {
        plot.line([from, to], .page, width: 4.5)
        plot.line([from, to], tint, width: 2, line: line)
        head(from: from, to: to, tint: tint, to: &plot)
      }
    }
    labels.avoid([best.from, best.carried, best.to])
    func middle(_ a: Point, _ b: Point) -> Point { Point(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2) }
    plot.label(
      words.carriedOn(words.numbers(3).text(momentum)), near: middle(best.from, best.carried), &labels,
      tint: .updateInk)
    plot.label(words.gradientsPart, near: middle(best.carried, best.to), &labels, tint: .gradientInk)
  }

  private static func head(from a: Point, to b: Point, tint: Tint = .ink, to plot: inout Plot) {
    let length = a.distance(to: b)
    let (dx, dy) = ((b.x - a.x) / length, (b.y - a.y) / length)
    plot.items.append(
      .area(
        [
          b, Point(x: b.x - 8 * dx + 4 * dy, y: b.y - 8 * dy - 4 * dx),
          Point(x: b.x - 8 * dx - 4 * dy, y: b.y - 8 * dy + 4 * dx),
        ], fill: tint, stroke: nil))
  }
}
