import Autograd
import GradvizDrawing

/// The lines of a stage's panel, wrapped to a width.
struct PanelContent {
  /// A line whose parts may wrap onto the next, which is indented to the first `=`.
  struct Line {
    var parts: [[Inline]]
    var indent = 0.0
    /// Additional space above.
    var gap = 0.0
    var isHeading = false
    /// Whether it may be beside its neighbors instead of below them.
    var isFree = false
    fileprivate(set) var classes: [String] = []
  }

  let context: FigureContext
  let stage: Stage
  /// The step of the backward pass in a frame; nil for all.
  let step: Int?
  let width: Double
  /// Whether to omit details, as in the narrow panels of the overview.
  var isBrief = false

  init(_ context: FigureContext, stage: Stage, step: Int? = nil, width: Double, isBrief: Bool = false) {
    self.context = context
    self.stage = stage
    self.step = step
    self.width = width
    self.isBrief = isBrief
  }

  static let size = 13.0

  /// Adds the content with its top left at `origin`; returns its extent.
  func add(to figure: inout Figure, at origin: Point) -> Size {
    var y = origin.y
    var right = origin.x
    var textLeft = origin.x
    if stage == .forward, let neuron = NeuronPicture(context) {
      let size = neuron.add(to: &figure, at: origin)
      // Text beside the picture, or below it if there is not enough space.
      if width - size.width > 300 {
        textLeft = origin.x + size.width + 28
        right = textLeft
      } else {
        y += size.height + 10
        right = origin.x + size.width
      }
      let text = set(lines(), at: Point(x: textLeft, y: y), width: width - (textLeft - origin.x), in: &figure)
      return Size(
        width: max(right, textLeft + text.width) - origin.x,
        height: max(y + text.height - origin.y, textLeft > origin.x ? size.height : 0))
    }
    if stage == .update {
      let table = UpdateTable(context, isBrief: isBrief)
      let text = set(lines(), at: origin, width: width, in: &figure)
      let size = table.add(to: &figure, at: Point(x: origin.x, y: origin.y + text.height + 6), width: width)
      return Size(width: max(text.width, size.width), height: text.height + 6 + size.height)
    }
    return set(lines(), at: origin, width: width, in: &figure)
  }

  private func lines() -> [Line] {
    switch stage {
    case .forward: FormulaLines(context, isBrief: isBrief).forward()
    case .loss: FormulaLines(context, isBrief: isBrief).loss()
    case .backward, .shares, .overview: ChainRuleLines(context, step: step, isBrief: isBrief).lines()
    case .update: FormulaLines(context, isBrief: isBrief).update()
    }
  }

  /// Sets the lines; those between two headings are side by side if they are short.
  private func set(_ lines: [Line], at origin: Point, width: Double, in figure: inout Figure) -> Size {
    var y = origin.y
    var widest = 0.0
    var count = 0
    // The texts of each line share a class, by which a page can find them.
    var rest = lines.map { line in
      var line = line
      count += 1
      line.classes = [line.isHeading ? "note" : "formula", "\(stage.rawValue)-\(count)"]
      return line
    }[...]
    while let line = rest.first {
      if line.isHeading {
        let size = column([line], at: Point(x: origin.x, y: y), width: width, in: &figure)
        y += size.height
        widest = max(widest, size.width)
        rest = rest.dropFirst()
        continue
      }
      let group = Array(rest.prefix { !$0.isHeading })
      rest = rest.dropFirst(group.count)
      let lineWidth = group.map { Typesetter.extent($0.parts.flatMap { $0 }).width }.max() ?? 0
      let fitting = max(1, Int((width + Self.columnGap) / (lineWidth * 1.06 + Self.columnGap)))
      let columns = group.count < 4 || !group.allSatisfy(\.isFree) ? 1 : min(fitting, (group.count + 2) / 3)
      let perColumn = (group.count + columns - 1) / columns
      var height = 0.0
      for number in 0..<columns {
        let part = Array(group.dropFirst(number * perColumn).prefix(perColumn))
        let x = origin.x + Double(number) * (lineWidth * 1.06 + Self.columnGap)
        let size = column(part, at: Point(x: x, y: y), width: width, in: &figure)
        height = max(height, size.height)
        widest = max(widest, x - origin.x + size.width)
      }
      y += height
    }
    return Size(width: widest, height: y - origin.y)
  }

  private static let columnGap = 44.0

  private func column(_ lines: [Line], at origin: Point, width: Double, in figure: inout Figure) -> Size {
    var y = origin.y
    var widest = 0.0
    for line in lines {
      y += line.gap
      var rows: [[Inline]] = [[]]
      var rowWidth = 0.0
      for part in line.parts {
        let partWidth = Typesetter.extent(part).width
        if rowWidth + partWidth > width, !(rows.last ?? []).isEmpty {
          rows.append([])
          rowWidth = line.indent
        }
        rows[rows.count - 1] += part
        rowWidth += partWidth
      }
      for (number, row) in rows.enumerated() {
        let extent = Typesetter.extent(row)
        let ascent = max(extent.ascent, 11)
        let x = origin.x + (number == 0 ? 0 : line.indent)
        y += ascent
        Typesetter.set(row, at: Point(x: x, y: y), in: &figure, classes: line.classes)
        y += max(extent.descent, 4) + 5
        widest = max(widest, x - origin.x + extent.width)
      }
    }
    return Size(width: widest, height: y - origin.y)
  }
}
