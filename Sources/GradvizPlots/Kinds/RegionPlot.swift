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
  /// What the scores of a classifier are, which says where it is sure.
  package enum Confidence: Sendable {
    /// Probabilities of the classes: sure from three quarters on.
    case probabilities
    /// Numbers around a threshold, and how far from it the targets are: sure from half of the way on.
    case distance(ofTargets: Double)
  }

  /// The decision regions of a network with two inputs, and the samples it was trained on.
  ///
  /// One unit is as long across as upwards, unless one feature's range is many times the other's.
  ///
  /// - Parameters:
  ///   - points: the samples.
  ///   - scores: for each class, a field over the frame; the class with the largest score wins.
  ///   - confidence: what the scores are; where they are not far enough from the line, the region is pale. Nil for
  ///     regions of one tint.
  ///   - horizontal: the range of the first feature, which the fields cover.
  ///   - vertical: the range of the second feature.
  ///   - names: the names of the two features.
  ///   - classNames: the names in the order of the fields; classes without a name are numbered.
  ///   - options: the title, language, precision and so on.
  /// - Precondition: all fields have the same size.
  package static func decisionRegion(
    _ points: [ClassifiedPoint], scores: [Field], confidence: Confidence? = nil, horizontal: ClosedRange<Double>,
    vertical: ClosedRange<Double>, names: (x: String, y: String), classNames: [String] = [],
    options: PlotOptions
  ) -> Plot {
    let words = options.words
    let wrong = points.count { $0.predicted != $0.classIndex }
    let (x, y) = (Axis(over: horizontal), Axis(over: vertical))
    let left = Chart.margin(y)
    let size = frame(of: x, y, in: Size(width: 830 - left - 24, height: 440))
    var plot = Plot(
      options, kind: "decision", name: words.decision,
      description: words.decisionNote(wrong, points.count), width: 830, height: 104 + size.height + 62)
    plot.header(words.decision, title: options.title, note: words.decisionNote(wrong, points.count))
    let chart = Chart(
      left: left, top: 104, width: size.width, height: size.height, x: x, y: y, xName: NumberFormat.name(names.x),
      yName: NumberFormat.name(names.y), hasVariables: true)
    for (index, field) in scores.enumerated() {
      var margin = field
      for place in field.values.indices {
        let others = scores.indices.filter { $0 != index }.map { scores[$0].values[place] }
        margin.values[place] = field.values[place] - (others.max() ?? 0)
      }
      plot.group("region-\(index + 1)", "class-region") { plot in
        let sure = sureLevel(field, confidence)
        chart.add(margin, above: 0, fill: sure == nil ? .laneChip(index) : .lanePale(index), to: &plot)
        if let sure { chart.add(sure.field, above: sure.level, fill: .laneChip(index), to: &plot) }
        // Two classes share one line.
        if index > 0 || scores.count > 2 {
          for line in margin.contours(at: 0) {
            plot.line(line.map { chart.place($0, of: field) }, .ink, width: 1.2)
          }
        }
      }
    }
    chart.addAxes(to: &plot)
    add(points, classNames, chart, words, to: &plot)
    addClasses(scores.count, classNames, confidence, chart, words, to: &plot)
    return plot
  }

  /// Where a class wins clearly: a field, and the level from which on it does.
  private static func sureLevel(_ field: Field, _ confidence: Confidence?) -> (field: Field, level: Double)? {
    switch confidence {
    case nil: nil
    case .probabilities: (field, 0.75)
    case .distance(let targets): (field, targets / 2)
    }
  }

  /// The largest frame in which one unit is as long across as upwards; all of the room where that would leave less than
  /// a quarter of it in one direction.
  private static func frame(of x: Axis, _ y: Axis, in room: Size) -> Size {
    let (across, upwards) = (x.high - x.low, y.high - y.low)
    let unit = min(room.width / across, room.height / upwards)
    let size = Size(width: (unit * across).rounded(), height: (unit * upwards).rounded())
    return size.width.isFinite && size.height.isFinite && size.width > room.width / 4 && size.height > room.height / 4
      ? size : room
  }

  private static func add(
    _ points: [ClassifiedPoint], _ classNames: [String], _ chart: Chart, _ words: Words, to plot: inout Plot
  ) {
    for (index, point) in points.enumerated() {
      let place = chart.place(point.x, point.y)
      guard point.x.isFinite, point.y.isFinite, chart.contains(place, margin: 4) else { continue }
      let full = words.numbers(12)
      plot.group(
        "sample-\(index + 1)", "sample class-\(point.classIndex + 1)",
        tooltip:
          "(\(full.text(point.x))\(words.separator)\(full.text(point.y)))\(words.colon)\(name(point.classIndex, classNames, words))"
      ) { plot in
        plot.mark(
          point.classIndex, at: place, radius: points.count > 400 ? 2.6 : 4,
          isWrong: point.predicted != point.classIndex)
      }
    }
  }

  /// The classes in one line above the chart, with what pale means.
  private static func addClasses(
    _ count: Int, _ classNames: [String], _ confidence: Confidence?, _ chart: Chart, _ words: Words,
    to plot: inout Plot
  ) {
    var x = chart.left + 40
    let y = 70.0
    for index in 0..<count {
      plot.rectangle(
        x: x, y: y - 11, width: 22, height: 22, fill: .laneChip(index), stroke: .init(tint: .faint, width: 0.8))
      plot.mark(index, at: Point(x: x + 11, y: y), radius: 4)
      let label = fitted(name(index, classNames, words))
      plot.text(label, x: x + 29, y: y + 4, size: 12)
      x += 29 + width(label, 12) * 1.08 + 20
    }
    let pale: String? =
      switch confidence {
      case nil: nil
      case .probabilities: words.unsureProbability
      case .distance: words.unsureScore
      }
    if let pale, x + width(pale, 11.5) * 1.08 <= plot.width - 16 {
      plot.text(pale, x: x, y: y + 4, size: 11.5, tint: .muted)
    }
  }

  /// Shortens a word to fit beside the others; the samples' tooltips show all of it.
  private static func fitted(_ word: String) -> String { cut(word, 12, to: 120) }

  private static func name(_ index: Int, _ names: [String], _ words: Words) -> String {
    names.indices.contains(index) ? names[index] : words.className(index)
  }
}
