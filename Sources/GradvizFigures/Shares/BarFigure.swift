import GradvizDrawing

/// A figure of bars with words, not of boxes: its pieces, in the size that its width leaves them.
protocol BarFigure {
  var context: FigureContext { get }
  var width: Double { get }
  var scale: Double { get }
  var figure: Figure { get set }
  /// The beginning of the ids of its lines.
  static var prefix: String { get }
  /// - Returns: the lower end.
  mutating func build(top: Double) -> Double
}

extension BarFigure {
  /// The figure with its bars, below its head.
  func drawn(top: Double) -> Figure {
    var bars = self
    let bottom = bars.build(top: top)
    bars.figure.size = Size(width: width, height: bottom)
    return bars.figure
  }

  static var margin: Double { 5 }
  static func scale(_ width: Double) -> Double {
    min(1, max(width / Page.wide, 9.05 / Measure.valueSize))
  }

  var words: Words { context.words }
  var notation: Notation { context.text.notation }
  var size: Double { Measure.valueSize * scale }
  func points(_ length: Double) -> Double { (length * scale * 4).rounded() / 4 }
  func text(_ number: Double) -> String { notation.format.text(number) }

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
        id: "\(Self.prefix)-\(id)", kind: .note, tail: "\(Self.prefix)-place", head: "\(Self.prefix)-place",
        path: path.onGrid, line: line,
        tint: tint,
        width: width, hasHead: false))
  }

  func lines(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = (lines.last.map { $0 + " " } ?? "") + word
      if lines.isEmpty
        || TextMetrics.width(of: longer, size: 13 * scale, bold: true) * 1.04 > width - 2 * Self.margin
      {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] = longer
      }
    }
    return lines
  }

  func percent(_ part: Double, of whole: Double) -> Int { whole > 0 ? Int((100 * part / whole).rounded()) : 0 }
}
