import Autograd
import GradvizDrawing
import GradvizGraph

/// Whose push: a row of bars for each sample, from its loss to its push, and for each parameter what the samples add
/// to its gradient.
struct SharesFigure {
  let context: FigureContext
  let shares: SamplePushes
  let width: Double
  let scale: Double
  private(set) var figure: Figure

  init(_ context: FigureContext, width: Double, figure: Figure) {
    self.context = context
    shares = SamplePushes(context.graph)
    self.width = width
    scale = min(1, max(width / FigureSet.defaultWidth, 9.05 / Measure.valueSize))
    self.figure = figure
  }

  var graph: ComputationGraph { shares.graph }
  var words: Words { context.words }
  var notation: Notation { context.text.notation }
  var size: Double { Measure.valueSize * scale }
  func points(_ length: Double) -> Double { (length * scale * 4).rounded() / 4 }
  func text(_ number: Double) -> String { notation.format.text(number) }

  static let margin = 5.0

  /// - Returns: the lower end.
  mutating func build(top: Double) -> Double {
    var y = top
    if let pushes = shares.pushes {
      for line in lines(sentence(pushes)) {
        add(line, at: Point(x: Measure.margin, y: y + points(14)), tint: .muted, size: 13 * scale)
        y += points(20)
      }
      y = addRows(pushes, top: y + 6) + points(24)
    }
    let heading =
      words.gradientIsSum(shares.count)
      + (shares.parameters.count > shares.shown.count
        ? " " + words.greatestOf(shares.shown.count, shares.parameters.count) : "")
    for line in lines(heading) {
      add(line, at: Point(x: Measure.margin, y: y + points(2)), isBold: true)
      y += points(18)
    }
    return addWaterfalls(top: y)
  }

  // MARK: Pieces

  mutating func add(
    _ words: String, at origin: Point, tint: Tint = .ink, isBold: Bool = false, size: Double? = nil,
    classes: [String] = []
  ) {
    let run = Figure.Run(text: words, size: size ?? self.size, tint: tint, isBold: isBold)
    figure.labels.append(Figure.Label(run: run, origin: origin, width: run.width, classes: classes))
  }

  mutating func add(chip: Figure.Chip) { figure.chips.append(chip) }
  mutating func add(region: Figure.Region) { figure.regions.append(region) }
  mutating func set(_ items: [Inline], at origin: Point) { Typesetter.set(items, at: origin, in: &figure) }

  /// The sample's mark: its number in a disc of its color.
  mutating func addMark(_ sample: Int, at center: Point, id: String) {
    figure.discs.append(
      Figure.Disc(
        id: id, classes: ["sample", "lane-\(sample + 1)"], tooltip: words.sample(sample + 1), center: center,
        size: Size(width: points(20), height: points(20)), text: "\(sample + 1)", textSize: size, textTint: .page,
        fill: .laneInk(sample), stroke: nil))
  }

  mutating func addLine(
    _ from: Point, _ to: Point, id: String, line: Figure.Line = .solid, tint: Tint = .faint, width: Double = 1
  ) {
    addPath(Path(from: from, to: to), id: id, line: line, tint: tint, width: width)
  }

  mutating func addPath(_ path: Path, id: String, line: Figure.Line = .solid, tint: Tint, width: Double) {
    figure.arrows.append(
      Figure.Arrow(
        id: "shares-\(id)", kind: .note, tail: "shares-place", head: "shares-place", path: path.onGrid, line: line,
        tint: tint,
        width: width, hasHead: false))
  }

  private func lines(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = (lines.last.map { $0 + " " } ?? "") + word
      if lines.isEmpty
        || TextMetrics.width(of: longer, size: 13 * scale, bold: true) * 1.04 > width - 2 * Measure.margin
      {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines
  }

  // MARK: Words

  func percent(_ part: Double, of whole: Double) -> Int { whole > 0 ? Int((100 * part / whole).rounded()) : 0 }

  private func sentence(_ pushes: [SamplePushes.Push]) -> String {
    let losses = pushes.compactMap(\.loss)
    guard losses.count == pushes.count,
      let most = pushes.indices.max(by: { (losses[$0], -$0) < (losses[$1], -$1) })
    else { return "" }
    let own = pushes[most]
    let all = pushes.reduce(0) { $0 + abs($1.push) }
    var slope: (name: String, number: String, function: String, percent: Int)?
    if let place = own.place, let number = own.slope {
      slope = (notation.flatName(place), text(graph.nodes[place].value[0]), function(own), percent(number, of: 1))
    }
    return words.pushSentence(
      sample: most + 1, loss: percent(losses[most], of: losses.reduce(0, +)), push: percent(abs(own.push), of: all),
      slope: slope)
  }

  func function(_ push: SamplePushes.Push) -> String {
    guard let place = push.place,
      let user = graph.nodes.first(where: { $0.operands == [place] && $0.localDerivatives?.first == push.slope })
    else { return "" }
    return OperationSymbol.text(user, context.words)
  }
}
