import GradvizDrawing
import GradvizGraph

/// For each parameter the samples' shares one after the other, and their sum, on one scale for all.
extension SharesFigure {
  private static let gap = 9.0

  /// - Returns: the lower end.
  mutating func addWaterfalls(top: Double) -> Double {
    let shown = shares.shown
    let labels = shown.flatMap { $0.shares + [$0.total] }.map(text)
    let widest = labels.reduce(0) { max($0, TextMetrics.width(of: $1, size: size, bold: true)) }
    let bars = shares.count + 1 + (shown.contains { $0.others != 0 } ? 1 : 0)
    let room = width - 2 * Self.margin
    // As many beside each other as leave room for the numbers of all bars.
    let least = Double(bars) * (widest + points(8)) + points(24)
    let perRow = max(1, min(shown.count, 6, Int((room + Self.gap) / (least + Self.gap))))
    let each = (room - Self.gap * Double(perRow - 1)) / Double(perRow)
    let rows = stride(from: 0, to: shown.count, by: perRow).map { Array(shown[$0..<min($0 + perRow, shown.count)]) }
    let extent = rows.map(reach).reduce(0) { max($0, $1.high - $1.low) }
    let unit = extent > 0 && extent.isFinite ? points(190) / extent : 0
    var y = top
    for row in rows {
      let reach = reach(row)
      let plot = unit > 0 ? (reach.high - reach.low) * unit : points(40)
      let height = (points(62) + plot + points(96)).rounded(.up)
      for (place, parameter) in row.enumerated() {
        let frame = Rectangle(x: Self.margin + (each + Self.gap) * Double(place), y: y, width: each, height: height)
        addWaterfall(parameter, frame, zero: frame.y + points(58) + (unit > 0 ? reach.high * unit : 0), unit: unit)
      }
      y += height + Self.gap
    }
    return y
  }

  /// How far the bars of a row go down and up.
  private func reach(_ row: [SamplePushes.Parameter]) -> (low: Double, high: Double) {
    row.reduce((low: 0.0, high: 0.0)) { reach, parameter in
      steps(parameter).reduce(reach) { (min($0.low, $1.from, $1.to), max($0.high, $1.from, $1.to)) }
    }
  }

  private struct Step {
    /// nil for what belongs to no sample, and for the sum.
    var sample: Int?
    var amount: Double
    var from: Double
    var to: Double
    var isSum = false
  }

  private func steps(_ parameter: SamplePushes.Parameter) -> [Step] {
    var at = 0.0
    var steps: [Step] = []
    for (sample, share) in parameter.shares.enumerated() {
      steps.append(Step(sample: sample, amount: share, from: at, to: at + share))
      at += share
    }
    if parameter.others != 0 {
      steps.append(Step(sample: nil, amount: parameter.others, from: at, to: at + parameter.others))
    }
    steps.append(Step(sample: nil, amount: parameter.total, from: 0, to: parameter.total, isSum: true))
    return steps
  }

  private mutating func addWaterfall(
    _ parameter: SamplePushes.Parameter, _ frame: Rectangle, zero: Double, unit: Double
  ) {
    let id = graph.nodes[parameter.node].id
    add(region: Figure.Region(id: "shares-\(id)", classes: ["panel"], frame: frame, fill: .panel, stroke: .gradientInk))
    addTitle(parameter, frame)
    add(sentence(parameter), at: Point(x: frame.x + points(14), y: frame.bottom - points(54)), tint: .muted)
    addLine(
      Point(x: frame.x + points(8), y: zero), Point(x: frame.right - points(8), y: zero), id: "zero-\(id)", tint: .line)
    let steps = steps(parameter)
    let pitch = (frame.width - points(20)) / Double(steps.count)
    for (place, step) in steps.enumerated() {
      let middle = frame.x + points(10) + pitch * (Double(place) + 0.5)
      let (from, to) = (zero - step.from * unit, zero - step.to * unit)
      addBar(step, id, middle: middle, width: min(pitch * 0.76, points(56)), from: from, to: to, zero: zero)
      if place + 1 < steps.count, to.isFinite {
        addLine(
          Point(x: middle, y: to), Point(x: middle + pitch, y: to), id: "step-\(id)-\(place + 1)", line: .dotted,
          tint: .line)
      }
      addFoot(step, parameter, id, at: Point(x: middle, y: frame.bottom - points(32)))
    }
  }

  private mutating func addBar(
    _ step: Step, _ id: String, middle: Double, width: Double, from: Double, to: Double, zero: Double
  ) {
    let number = text(step.amount)
    let tint: Tint = step.isSum ? .gradientInk : step.sample.map { .laneInk($0) } ?? .muted
    let isFinite = step.amount.isFinite && from.isFinite && to.isFinite
    let bar =
      isFinite
      ? Rectangle(x: middle - width / 2, y: min(from, to), width: width, height: max(abs(to - from), 1))
      : Rectangle(x: middle - width / 2, y: 0, width: width, height: 0)
    let own = step.isSum ? "sum" : step.sample.map { "lane-\($0 + 1)" } ?? "others"
    if isFinite {
      add(
        chip: Figure.Chip(
          frame: bar, fill: tint, id: "shares-\(id)-\(own)", classes: ["share-bar", own, "of-\(id)"],
          tooltip: step.isSum
            ? "∂\(graph.loss.map { graph.nodes[$0].name } ?? "L")/∂\(graph.nodes[parameterNode(id)].name) = \(notation.precise.format.text(step.amount))"
            : notation.precise.format.text(step.amount)))
    }
    let extent = TextMetrics.width(of: number, size: size, bold: true)
    let isInside = isFinite && bar.height >= points(22) && extent + 4 <= width
    // Above the bar, or below it where the zero line runs through the number above.
    let above = bar.y - points(5)
    let isBelow = zero > above - size && zero < above + 2.5
    let baseline = isInside ? bar.center.y + size * 0.36 : isBelow ? bar.bottom + points(4) + size * 0.75 : above
    add(
      number, at: Point(x: middle - extent / 2, y: isFinite ? baseline : zero - points(5)),
      tint: isInside ? .page : isFinite ? tint : .warning, isBold: true, classes: ["share-number", own, "of-\(id)"])
  }

  private func parameterNode(_ id: String) -> Int { graph.nodes.firstIndex { $0.id == id } ?? 0 }

  private mutating func addFoot(_ step: Step, _ parameter: SamplePushes.Parameter, _ id: String, at place: Point) {
    guard let sample = step.sample else {
      let words = step.isSum ? words.sum : words.otherTerms
      let extent = TextMetrics.width(of: words, size: size, bold: true)
      add(
        words, at: Point(x: place.x - extent / 2, y: place.y + points(4)), tint: step.isSum ? .gradientInk : .muted,
        isBold: true)
      return
    }
    addMark(sample, at: place, id: "shares-\(id)-mark-\(sample + 1)")
    guard let factors = parameter.factors else { return }
    let words = "× \(notation.format.factor(factors[sample]))"
    let extent = TextMetrics.width(of: words, size: size)
    add(words, at: Point(x: place.x - extent / 2, y: place.y + points(24)), tint: .muted)
  }

  private mutating func addTitle(_ parameter: SamplePushes.Parameter, _ frame: Rectangle) {
    func runs(_ node: Int) -> [Inline] { notation.name(node, size: size * 1.05, isBold: true).map { .run($0) } }
    func words(_ text: String, tint: Tint = .ink, isBold: Bool = false) -> Inline {
      notation.text(text, size: size * 1.05, tint: tint, isBold: isBold)
    }
    let partial = [words("∂")] + (graph.loss.map(runs) ?? []) + [words("/∂")] + runs(parameter.node)
    var items: [Inline] = [.chip(partial, .parameter), words(" = Σ")]
    if let factors = parameter.factors {
      let factor = parameter.factor.map {
        notation.name($0, size: size * 1.05, isBold: true, ofEverySample: true).map { Inline.run($0) }
      }
      let isPlain = factor == nil && factors.allSatisfy { $0 == 1 }
      items +=
        isPlain ? [words(" " + self.words.push)] : [words(" " + self.words.itsPushTimes)] + (factor ?? [words("…")])
    }
    items += [words(" = "), words(text(parameter.total), tint: .gradientInk, isBold: true)]
    set(items, at: Point(x: frame.x + points(14), y: frame.y + points(26)))
  }

  /// One sentence of what the bars show.
  private func sentence(_ parameter: SamplePushes.Parameter) -> String {
    let sizes = parameter.shares.map(abs)
    let all = sizes.reduce(0, +)
    guard all > 0, all.isFinite else { return words.addNothing(Array(1...shares.count), factor: nil) }
    if abs(parameter.total) < 0.2 * all, parameter.others == 0 {
      return parameter.total == 0 ? words.cancelOut : words.cancel(percent(abs(parameter.total), of: all))
    }
    let idle = sizes.indices.filter { sizes[$0] == 0 }
    let most = sizes.indices.max { (sizes[$0], -$0) < (sizes[$1], -$1) } ?? 0
    let decides = sizes[most] * 3 > 2 * (all + abs(parameter.others)) ? words.addsMost(most + 1) : nil
    if !idle.isEmpty, idle.count <= 3 {
      let isFactor = parameter.factors.map { factors in idle.allSatisfy { factors[$0] == 0 } } ?? false
      return words.addNothing(idle.map { $0 + 1 }, factor: isFactor ? "0" : nil) + (decides.map { " " + $0 } ?? "")
    }
    if let decides { return decides }
    let isOneWay = parameter.shares.allSatisfy { $0 >= 0 } || parameter.shares.allSatisfy { $0 <= 0 }
    return isOneWay && parameter.others == 0 ? words.allPushOneWay : ""
  }
}
