import Autograd
import GradvizDrawing
import GradvizGraph

/// The lines of a stage's panel, wrapped to a width.
struct PanelContent {
  /// A line whose parts may wrap onto the next, which is indented to the first `=`.
  struct Line {
    var parts: [[Inline]]
    /// The step that it belongs to, before it.
    var badge: [Inline] = []
    /// The operation that it is about, in a column of its own before it.
    var law: [Inline] = []
    /// Words after it that are not part of the formula.
    var remark: [Inline] = []
    var indent = 0.0
    /// Additional space above.
    var gap = 0.0
    var isHeading = false
    /// Whether it may be beside its neighbors instead of below them.
    var isFree = false
    fileprivate(set) var classes: [String] = []
    fileprivate(set) var lawClasses: [String] = []
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
    if stage == .forward, let neuron = NeuronPicture(context, showsTargets: isBrief) {
      let size = neuron.add(to: &figure, at: origin)
      // Text beside the picture, or below it if there is not enough space.
      if width - size.width > 300 {
        textLeft = origin.x + size.width + 28
        right = textLeft
      } else {
        y += size.height + 10
        right = origin.x + size.width
        // In an overview arrows come from below to the weights.
        if isBrief { textLeft = origin.x + neuron.rightOfWeights + 8 }
      }
      let text = set(lines(), at: Point(x: textLeft, y: y), width: width - (textLeft - origin.x), in: &figure)
      return Size(
        width: max(right, textLeft + text.width) - origin.x,
        height: max(y + text.height - origin.y, size.height))
    }
    if stage == .loss, isBrief, let size = addLossRows(to: &figure, at: origin) { return size }
    if stage == .update {
      let table = UpdateTable(context, isBrief: isBrief)
      let text = set(lines(), at: origin, width: width, in: &figure)
      let size = table.add(to: &figure, at: Point(x: origin.x, y: origin.y + text.height + 6), width: width)
      return Size(width: max(text.width, size.width), height: text.height + 6 + size.height)
    }
    if stage == .backward, step == nil, !isBrief, let blocks = ChainRuleBlocks(context, width: width) {
      let size = blocks.add(to: &figure, at: origin)
      let rest = ChainRuleLines(context, blocks: blocks.shares, isBrief: false).lines()
      let text = set(
        rest, at: Point(x: origin.x, y: origin.y + size.height + 6), width: width, after: blocks.shares.rows.count,
        in: &figure)
      return Size(width: max(size.width, text.width), height: size.height + 6 + text.height)
    }
    if let lesson = context.lesson { return lesson.addPanel(to: &figure, at: origin, width: width, context) }
    return set(lines(), at: origin, width: width, in: &figure)
  }

  /// The part of each sample at the height of its prediction in the neuron's picture; nil without these.
  private func addLossRows(to figure: inout Figure, at origin: Point) -> Size? {
    guard let neuron = NeuronPicture(context), let loss = LossOfSamples(context), let total = loss.total else {
      return nil
    }
    let (rows, offsets) = (loss.rows(), neuron.outputOffsets)
    guard rows.count == offsets.count else { return nil }
    let widest = rows.map { Typesetter.extent($0).width }.max() ?? 0
    for (lane, row) in rows.enumerated() {
      let y = origin.y + offsets[lane]
      Typesetter.set(
        row, at: Point(x: origin.x + 16, y: y + 4.5), in: &figure, classes: ["loss-row", "product-loss-\(lane + 1)"])
      var disc = Figure.Disc.sample(lane, tint: context.laneInk(lane), at: Point(x: origin.x + 16 + widest + 18, y: y))
      disc.id = "loss-sample-\(lane + 1)"
      figure.discs.append(disc)
    }
    let top = (offsets.last ?? 0) + 20
    let size = set([total], at: Point(x: origin.x, y: origin.y + top), width: width, in: &figure)
    return Size(width: max(size.width, widest + 44), height: top + size.height)
  }

  private func lines() -> [Line] {
    switch stage {
    case .forward: FormulaLines(context, isBrief: isBrief).forward()
    case .loss: FormulaLines(context, isBrief: isBrief).loss()
    case .backward, .shares, .accumulation, .overview, .forwardMode, .secondOrder:
      ChainRuleLines(context, step: step, isBrief: isBrief).lines()
    case .update: FormulaLines(context, isBrief: isBrief).update()
    }
  }

  /// Sets the lines; those between two headings are side by side if they are short.
  ///
  /// - Parameter count: the number of lines before.
  private func set(
    _ lines: [Line], at origin: Point, width: Double, after count: Int = 0, in figure: inout Figure
  ) -> Size {
    var y = origin.y
    var widest = 0.0
    var count = count
    // The texts of each line share a class, by which a page can find them; those of a law have one of their own.
    var lastLaw = ""
    var rest = lines.map { line in
      var line = line
      count += 1
      line.classes = [line.isHeading ? "note" : "formula", "\(stage.rawValue)-\(count)"]
      // Of several lines about one operation the first says it.
      let law = line.law.plainText
      if law == lastLaw { line.law = [] }
      lastLaw = law
      if !line.law.isEmpty {
        count += 1
        line.lawClasses = ["formula", "\(stage.rawValue)-\(count)"]
      }
      return line
    }[...]
    while let line = rest.first {
      if line.isHeading {
        let size = column([line], .init(), at: Point(x: origin.x, y: y), width: width, in: &figure)
        y += size.height
        widest = max(widest, size.width)
        rest = rest.dropFirst()
        continue
      }
      let group = Array(rest.prefix { !$0.isHeading })
      rest = rest.dropFirst(group.count)
      let columns = PanelColumns(group, width: width, gap: Self.columnGap, measure: height)
      var height = 0.0
      for place in columns.places {
        let at = Point(x: origin.x + place.left, y: y)
        let size = column(place.lines, columns.heads, at: at, width: place.width, in: &figure)
        height = max(height, size.height)
        widest = max(widest, place.left + size.width)
      }
      y += height
    }
    return Size(width: widest, height: y - origin.y)
  }

  /// How high a line is in a column.
  private func height(_ line: Line, _ heads: PanelColumns.Heads, width: Double) -> Double {
    var scratch = Figure(stage: stage, id: "", title: "", description: "", size: Size(width: 0, height: 0))
    return column([line], heads, at: Point(x: 0, y: 0), width: width, in: &scratch).height
  }

  private static let columnGap = 44.0
  /// Between a line and its remark.
  static let besideRemark = 16.0

  private func column(
    _ lines: [Line], _ heads: PanelColumns.Heads, at origin: Point, width: Double, in figure: inout Figure
  ) -> Size {
    var y = origin.y
    var widest = 0.0
    for line in lines {
      y += line.gap
      let left = heads.width(of: line)
      if heads.isLawAbove, !line.law.isEmpty {
        let extent = Typesetter.extent(line.law)
        y += max(extent.ascent, 11)
        Typesetter.set(line.law, at: Point(x: origin.x + left, y: y), in: &figure, classes: line.lawClasses)
        y += extent.descent + 3
      }
      var rows: [[Inline]] = [[]]
      var rowWidth = left
      for part in Self.fitting(line.parts, width - left - line.indent) {
        let partWidth = Typesetter.extent(part).width
        if rowWidth + partWidth > width, !(rows.last ?? []).isEmpty {
          rows.append([])
          rowWidth = left + line.indent
        }
        rows[rows.count - 1] += part
        rowWidth += partWidth
      }
      for (number, row) in rows.enumerated() {
        let extent = Typesetter.extent(row)
        let ascent = max(extent.ascent, 11)
        let x = origin.x + left + (number == 0 ? 0 : line.indent)
        y += ascent
        if number == 0 {
          Typesetter.set(line.badge, at: Point(x: origin.x, y: y), in: &figure)
          if !heads.isLawAbove {
            Typesetter.set(line.law, at: Point(x: origin.x + heads.badge, y: y), in: &figure, classes: line.lawClasses)
          }
        }
        Typesetter.set(row, at: Point(x: x, y: y), in: &figure, classes: line.classes)
        if number == rows.count - 1, !line.remark.isEmpty {
          let remark = Typesetter.extent(line.remark).width
          let isBelow = x - origin.x + extent.width + Self.besideRemark + remark > width
          if isBelow { y += max(extent.descent + 13, 20) }
          let left = isBelow ? origin.x + left + line.indent : x + extent.width + Self.besideRemark
          Typesetter.set(line.remark, at: Point(x: left, y: y), in: &figure, classes: ["remark"])
          widest = max(widest, left - origin.x + remark)
        }
        y += max(extent.descent, 4) + 5
        widest = max(widest, x - origin.x + extent.width)
      }
    }
    return Size(width: widest, height: y - origin.y)
  }

  /// Parts that are wider than a row in pieces; an index, an exponent and a closing bracket stay with what they belong to.
  private static func fitting(_ parts: [[Inline]], _ width: Double) -> [[Inline]] {
    parts.flatMap { part in
      guard part.count > 1, Typesetter.extent(part).width > width else { return [part] }
      return part.reduce(into: [[Inline]]()) { pieces, item in
        if case .run(let run) = item, !pieces.isEmpty, Self.staysBehind(run) {
          pieces[pieces.count - 1].append(item)
        } else {
          pieces.append([item])
        }
      }
    }
  }

  /// Whether a run is a script or an index of the one before it, or closes a bracket.
  private static func staysBehind(_ run: Figure.Run) -> Bool {
    guard run.script == .normal, run.typeface != .index, let first = run.text.unicodeScalars.first else { return true }
    return ")],[".unicodeScalars.contains(first) || "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ₀₁₂₃₄₅₆₇₈₉".unicodeScalars.contains(first)
  }
}
