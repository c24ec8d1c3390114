import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

/// One sample with two features and a class.
package struct ClassifiedPoint: Sendable {
  package var x, y: Double
  package var classIndex: Int
  /// The class that the network predicts.
  package var predicted: Int

  package init(x: Double, y: Double, classIndex: Int, predicted: Int) {
    self.x = x
    self.y = y
    self.classIndex = classIndex
    self.predicted = predicted
  }
}

extension Plot {
  /// The decision regions of a network with two inputs, and the samples it was trained on.
  ///
  /// - Parameters:
  ///   - points: the samples.
  ///   - scores: for each class, a field over the frame; the class with the largest score wins.
  ///   - horizontal: the range of the first feature, which the fields cover.
  ///   - vertical: the range of the second feature.
  ///   - names: the names of the two features.
  ///   - classNames: the names in the order of the fields; classes without a name are numbered.
  ///   - options: the title, language, precision and so on.
  /// - Precondition: all fields have the same size.
  package static func decisionRegion(
    _ points: [ClassifiedPoint], scores: [Field], horizontal: ClosedRange<Double>,
    vertical: ClosedRange<Double>, names: (x: String, y: String), classNames: [String] = [],
    options: PlotOptions
  ) -> Plot {
    let words = options.words
    let wrong = points.count { $0.predicted != $0.classIndex }
    var plot = Plot(
      options, kind: "decision", name: words.decision,
      description: words.decisionNote(wrong, points.count), width: 830, height: 560)
    plot.header(words.decision, title: options.title, note: words.decisionNote(wrong, points.count))
    let (x, y) = (Axis(over: horizontal), Axis(over: vertical))
    let left = Chart.margin(y)
    let chart = Chart(
      left: left, top: 78, width: 830 - left - 150, height: 420, x: x, y: y,
      xName: NumberFormat.name(names.x),
      yName: NumberFormat.name(names.y))
    for (index, field) in scores.enumerated() {
      var margin = field
      for place in field.values.indices {
        let others = scores.indices.filter { $0 != index }.map { scores[$0].values[place] }
        margin.values[place] = field.values[place] - (others.max() ?? 0)
      }
      plot.group("region-\(index + 1)", "class-region") { plot in
        chart.add(margin, above: 0, fill: .laneChip(index), to: &plot)
        // Two classes share one line.
        if index > 0 || scores.count > 2 {
          for line in margin.contours(at: 0) {
            plot.line(line.map { chart.place($0, of: field) }, .ink, width: 1.2)
          }
        }
      }
    }
    chart.addAxes(to: &plot)
    for (index, point) in points.enumerated() {
      let place = chart.place(point.x, point.y)
      guard point.x.isFinite, point.y.isFinite, chart.contains(place, margin: 4) else { continue }
      let full = NumberFormat(precision: 12)
      plot.group(
        "sample-\(index + 1)", "sample class-\(point.classIndex + 1)",
        tooltip:
          "(\(full.text(point.x)), \(full.text(point.y))): \(name(point.classIndex, classNames, words))"
      ) { plot in
        plot.mark(
          point.classIndex, at: place, radius: points.count > 400 ? 2.6 : 4,
          isWrong: point.predicted != point.classIndex)
      }
    }
    for index in scores.indices {
      let y = chart.top + 16 + Double(index) * 26
      plot.rectangle(
        x: chart.right + 16, y: y - 11, width: 22, height: 22, fill: .laneChip(index),
        stroke: .init(tint: .faint, width: 0.8))
      plot.mark(index, at: Point(x: chart.right + 27, y: y), radius: 4)
      plot.text(fitted(name(index, classNames, words)), x: chart.right + 46, y: y + 4, size: 12)
    }
    return plot
  }

  /// Shortens a word to fit beside the chart; the samples' tooltips show all of it.
  private static func fitted(_ word: String) -> String {
    func width(_ text: String) -> Double { Plot.width(text, 12, false) * 1.08 }
    guard width(word) > 100 else { return word }
    var text = word.prefix(40)
    while !text.isEmpty, width(text + "…") > 100 { text.removeLast() }
    return text + "…"
  }

  private static func name(_ index: Int, _ names: [String], _ words: Words) -> String {
    names.indices.contains(index) ? names[index] : words.className(index)
  }

  /// A curve fitted to data with one feature; thin lines are the residuals.
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
      y: y, xName: NumberFormat.name(names.x), yName: NumberFormat.name(names.y))
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
      let full = NumberFormat(precision: 12)
      plot.group("sample-\(index + 1)", "sample", tooltip: "(\(full.text(point.x)), \(full.text(point.y)))") {
        $0.items.append(
          .circle(
            chart.place(point.x, point.y), radius: 4, fill: .data, stroke: .init(tint: .dataInk, width: 1.2)))
      }
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
}
