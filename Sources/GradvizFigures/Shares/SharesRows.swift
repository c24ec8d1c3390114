import Autograd
import GradvizDrawing
import GradvizGraph

/// The rows of the samples: loss, error × slope = push, and where on the curve each slope was taken.
extension SharesFigure {
  private struct Column {
    var heading: [Inline]
    var words: String
    var values: [Double]
    var isResult = false
    /// The sign before the column.
    var sign: String?
    var frame = Rectangle(x: 0, y: 0, width: 0, height: 0)
  }

  /// - Returns: the lower end.
  mutating func addRows(_ pushes: [SamplePushes.Push], top: Double) -> Double {
    let hasCurve = pushes.allSatisfy { $0.place != nil }
    let frame = Rectangle(
      x: Self.margin, y: top, width: hasCurve ? (width * 0.665).rounded() : width - 2 * Self.margin,
      height: points(50) + points(rowHeight) * Double(pushes.count) + points(8))
    add(region: Figure.Region(id: "shares-rows", classes: ["panel"], frame: frame, fill: .panel, stroke: .gradientInk))
    var columns = columns(pushes)
    let widest = pushes.reduce(0) { width, push in
      let shown = push.place ?? push.prediction
      let own =
        notation.name(shown, size: size).width
        + TextMetrics.width(of: " = \(text(graph.nodes[shown].value[0]))", size: size)
      return max(width, own)
    }
    let left = frame.x + points(43) + widest * 1.04
    let each = (frame.right - points(10) - left) / Double(columns.count)
    add(words.sampleColumn, at: Point(x: frame.x + points(15), y: top + points(38)), tint: .muted)
    for place in columns.indices {
      columns[place].frame = Rectangle(x: left + each * Double(place), y: top, width: each, height: frame.height)
      addColumn(columns[place], place)
    }
    for sample in pushes.indices {
      let y = middle(sample, top)
      addMark(sample, at: Point(x: frame.x + points(27), y: y), id: "shares-sample-\(sample + 1)")
      let shown = pushes[sample].place ?? pushes[sample].prediction
      let name = notation.name(shown, size: size).map { Inline.run($0) }
      set(
        name + [notation.text(" = \(text(graph.nodes[shown].value[0]))", size: size)],
        at: Point(x: frame.x + points(43), y: y + points(4)))
    }
    if hasCurve {
      addCurve(
        pushes,
        Rectangle(
          x: frame.right + points(15), y: top, width: width - Self.margin - frame.right - points(15),
          height: frame.height))
    }
    return frame.bottom
  }

  private var rowHeight: Double { 40 }
  private func middle(_ sample: Int, _ top: Double) -> Double {
    top + points(50) + points(rowHeight) * (Double(sample) + 0.5)
  }

  private func columns(_ pushes: [SamplePushes.Push]) -> [Column] {
    var columns: [Column] = []
    let losses = pushes.compactMap(\.loss)
    if losses.count == pushes.count {
      columns.append(Column(heading: [], words: words.itsLoss, values: losses))
    }
    func partial(_ node: Int) -> [Inline] {
      guard let loss = graph.loss else { return [] }
      return [notation.text("∂", size: size)] + notation.name(loss, size: size).map { .run($0) }
        + [notation.text("/∂", size: size)]
        + notation.name(node, size: size, ofEverySample: true).map { .run($0) }
    }
    let first = pushes[0]
    let slopes = pushes.compactMap(\.slope)
    guard slopes.count == pushes.count, let place = first.place else {
      columns.append(
        Column(heading: partial(first.prediction), words: words.itsPush, values: pushes.map(\.push), isResult: true))
      return columns
    }
    columns.append(Column(heading: partial(first.prediction), words: words.errorSentBack, values: pushes.map(\.error)))
    columns.append(Column(heading: [], words: words.slopeOfFunction(function(first)), values: slopes, sign: "×"))
    columns.append(
      Column(heading: partial(place), words: words.itsPush, values: pushes.map(\.push), isResult: true, sign: "="))
    return columns
  }

  private mutating func addColumn(_ column: Column, _ place: Int) {
    let top = column.frame.y
    let texts = column.values.map(text)
    let widest = texts.reduce(0) { max($0, TextMetrics.width(of: $1, size: size, bold: column.isResult) + 10) }
    let most = column.values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    let least = column.values.reduce(0) { $1.isFinite ? min($0, $1) : $0 }
    let greatest = column.values.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
    let room = column.frame.width - widest - points(34)
    // As long to either side as its values need.
    let length = greatest > least ? room * most / (greatest - least) : 0
    let axis = column.frame.x + points(26) + (most > 0 ? -least / most * length : 0)
    set(column.heading, at: Point(x: column.frame.x + points(26), y: top + points(20)))
    add(column.words, at: Point(x: column.frame.x + points(26), y: top + points(38)), tint: .muted)
    addLine(
      Point(x: axis, y: top + points(52)), Point(x: axis, y: column.frame.bottom - points(8)), id: "axis-\(place)")
    for (sample, value) in column.values.enumerated() {
      let y = middle(sample, top)
      if let sign = column.sign { add(sign, at: Point(x: column.frame.x + points(4), y: y + points(4))) }
      let extent = most > 0 && value.isFinite ? max(abs(value) / most * length, value == 0 ? 0 : 1) : 0
      let bar = Rectangle(x: value < 0 ? axis - extent : axis, y: y - points(10), width: extent, height: points(20))
      if extent > 0 {
        add(
          chip: Figure.Chip(
            frame: bar, fill: .laneInk(sample), classes: ["bar", "lane-\(sample + 1)"],
            tooltip: notation.precise.format.text(value)))
      }
      add(
        texts[sample], at: Point(x: max(bar.right, axis) + points(6), y: y + points(4)),
        tint: !value.isFinite ? .warning : column.isResult ? .gradientInk : .ink, isBold: column.isResult,
        classes: ["value", "column-\(place + 1)", "lane-\(sample + 1)"])
    }
  }

  // MARK: The curve

  private mutating func addCurve(_ pushes: [SamplePushes.Push], _ frame: Rectangle) {
    add(region: Figure.Region(id: "shares-curve", classes: ["panel"], frame: frame, fill: .panel, stroke: .gradientInk))
    add(words.pushIsProduct(function(pushes[0])), at: Point(x: frame.x + points(14), y: frame.y + points(22)))
    let places = pushes.compactMap(\.place).map { graph.nodes[$0].value[0] }
    guard let operation = operation(pushes[0]), places.allSatisfy(\.isFinite) else { return }
    let reach = max(2, (places.map(abs).max() ?? 2) * 1.15)
    let plot = Rectangle(
      x: frame.x + points(20), y: frame.y + points(44), width: frame.width - points(40),
      height: frame.height - points(60))
    let steps = 80
    let values = (0...steps).map { Self.value(operation, reach * (2 * Double($0) / Double(steps) - 1)) }
    let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 1, 1e-6))
    func point(_ x: Double, _ y: Double) -> Point {
      Point(x: plot.x + plot.width * (x + reach) / (2 * reach), y: plot.bottom - plot.height * (y - low) / (high - low))
    }
    addLine(point(-reach, 0), point(reach, 0), id: "curve-x")
    addLine(point(0, low), point(0, high), id: "curve-y")
    let curve = (0...steps).map { point(reach * (2 * Double($0) / Double(steps) - 1), values[$0]) }
    addPath(Path(through: curve, radius: 0), id: "curve-line", tint: .line, width: 1.4)
    var marked: [Point] = []
    for (sample, push) in pushes.enumerated() {
      let (x, y) = (places[sample], Self.value(operation, places[sample]))
      let slope = push.slope ?? 0
      // A tangent of one length wherever it stands.
      let unit = point(x, y).distance(to: point(x + 1, y + slope))
      let half = points(30) / max(unit, 1e-6)
      addLine(
        point(x - half, y - half * slope), point(x + half, y + half * slope), id: "curve-tangent-\(sample + 1)",
        tint: .laneInk(sample), width: 2.4)
      // Of samples at one place each disc stands above the one before.
      var mark = point(x, y)
      while marked.contains(where: { $0.distance(to: mark) < points(15) }) { mark.y -= points(16) }
      marked.append(mark)
      addMark(sample, at: mark, id: "shares-curve-\(sample + 1)")
    }
  }

  private func operation(_ push: SamplePushes.Push) -> Tape.Operation? {
    guard let place = push.place else { return nil }
    return graph.nodes.first { $0.operands == [place] && $0.localDerivatives?.first == push.slope }?.operation
  }

  private static func value(_ operation: Tape.Operation, _ x: Double) -> Double {
    ElementRules.value(operation, x)
  }
}
