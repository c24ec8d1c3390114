import Autograd
import GradvizDrawing
import GradvizGraph

/// What a figure's tints, marks and wires mean: only those it uses.
struct Legend {
  let context: FigureContext
  let stage: Stage

  init(_ context: FigureContext, stage: Stage) {
    self.context = context
    self.stage = stage
  }

  private static let size = Typography.smallest

  /// A mark and what it means, which stay on one line.
  private struct Item {
    var width = 0.0
    /// Each gets the item's top left.
    var parts: [(inout Figure, Point) -> Void] = []

    mutating func add(_ width: Double, gap: Double, _ part: @escaping (inout Figure, Point) -> Void) {
      let x = self.width
      parts.append { figure, origin in part(&figure, origin.moved(x, 0)) }
      self.width += width + gap
    }

    mutating func addChip(_ text: String, _ fill: Tint) {
      let width = (Figure.Run(text: text, size: Legend.size).width + 12).rounded(.up)
      add(width, gap: 6) { figure, origin in
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 17), text: text,
            textSize: Legend.size, fill: fill, stroke: .faint, classes: ["legend"]))
      }
    }

    mutating func addWords(_ text: String, _ tint: Tint, gap: Double = Legend.gap) {
      let run = Figure.Run(text: text, size: Legend.size, tint: tint)
      add(run.width, gap: gap) { figure, origin in
        figure.labels.append(
          Figure.Label(run: run, origin: origin.moved(0, 12), width: run.width, classes: ["legend"]))
      }
    }

    mutating func addArrow(
      _ kind: Figure.Arrow.Kind, _ tint: Tint, forward: Bool, line: Figure.Line = .dotted
    ) {
      add(30, gap: 6) { figure, origin in
        let (left, right) = (origin.moved(0, 8.5), origin.moved(30, 8.5))
        figure.arrows.append(
          Figure.Arrow(
            id: "legend-\(kind.rawValue)", classes: ["legend"], kind: kind, tail: "legend-place",
            head: "legend-place", path: forward ? Path(from: left, to: right) : Path(from: right, to: left),
            line: line, tint: tint, width: 1.3))
      }
    }
  }

  private static func chip(_ text: String, _ fill: Tint) -> Item {
    var item = Item()
    item.addChip(text, fill)
    return item
  }

  private static func words(_ text: String, _ tint: Tint) -> Item {
    var item = Item()
    item.addWords(text, tint)
    return item
  }

  static let lineHeight = 22.0
  private static let linesBeside = 2

  /// Adds the legend in two lines at the right of a place beside the title, or below it where they do not fit there;
  /// returns the number of lines below.
  ///
  /// - Parameter place: nil where there is only the place below.
  func add(to figure: inout Figure, beside place: Rectangle?, below: Rectangle) -> Int {
    let items = context.hiddenParts.contains(.legend) ? [] : items(figure)
    guard !items.isEmpty else { return 0 }
    let box = stage.showsFlow ? anatomy : nil
    let indent = box.map { $0.frame.width + 14 } ?? 0
    var lines = place.map { Self.lines(items, width: $0.width - indent) } ?? []
    var origin = Point(x: below.x, y: below.y)
    let widest = lines.map { $0.reduce(-Self.gap) { $0 + $1.width } }.max() ?? 0
    let fits = (1...Self.linesBeside).contains(lines.count)
    if fits, let place {
      origin = Point(x: place.right - indent - widest, y: place.y)
    } else {
      lines = Self.lines(items, width: below.width - indent)
    }
    if var box {
      box.frame = box.frame.moved(origin.x, origin.y)
      figure.boxes.append(box)
    }
    for (number, line) in lines.enumerated() {
      var at = origin.moved(indent, Self.lineHeight * Double(number))
      for item in line {
        for part in item.parts { part(&figure, at) }
        at.x += item.width
      }
    }
    return fits ? 0 : max(lines.count, box == nil ? 1 : stage == .forwardMode ? 3 : Self.linesBeside)
  }

  /// As many of the items in each line as fit, at least one.
  private static func lines(_ items: [Item], width: Double) -> [[Item]] {
    var lines: [[Item]] = []
    var used = 0.0
    for item in items {
      if lines.isEmpty || used + item.width - gap > width {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(item)
      used += item.width
    }
    return lines
  }

  /// What stands where in a box.
  private var anatomy: Figure.Box {
    let words = context.words
    func run(_ text: String, _ tint: Tint) -> Figure.Run {
      Figure.Run(text: text, size: Self.size, tint: tint, isBold: tint != .ink)
    }
    let gradient =
      stage == .forwardMode ? words.adjoint : stage == .secondOrder ? words.secondDerivative : words.bracketedGradient
    var rows = [(run: run(words.value, .ink), fill: Tint?.none), (run(gradient, .gradientInk), .backwardRow)]
    if stage == .forwardMode { rows.insert((run(words.tangent, .forwardInk), .forwardRow), at: 1) }
    let width = ((rows.map(\.run.width).max() ?? 0) + 8).rounded(.up)
    return Figure.Box(
      id: "legend-box", classes: ["legend"], tooltip: "",
      frame: Rectangle(x: 0, y: 0, width: width, height: Double(rows.count * Self.rowHeight) + 2), name: [],
      nameWidth: 0, nameFill: .plain,
      rows: rows.map { .init(content: .text([$0.run]), height: Self.rowHeight, fill: $0.fill) })
  }

  private static let rowHeight = 17
  /// After each item.
  private static let gap = 14.0

  private func items(_ figure: Figure) -> [Item] {
    var items: [Item] = []
    guard !stage.isOfBars else { return items }
    let roles = Set(context.graph.nodes.map(\.role))
    if roles.contains(.input) || roles.contains(.target) { items.append(Self.chip(context.words.data, .data)) }
    if roles.contains(.parameter) { items.append(Self.chip(context.words.parameter, .parameter)) }
    if roles.contains(.prediction) { items.append(Self.chip(context.words.prediction, .prediction)) }
    if context.graph.loss != nil { items.append(Self.chip(context.words.loss, .loss)) }
    switch stage {
    case .forward: items.append(Self.chip(context.words.computedHere, .forwardRow))
    case .loss: items.append(Self.chip(context.words.computedHere, .lossRow))
    case .backward: items += backwardItems(figure)
    case .forwardMode:
      var item = Item()
      item.addArrow(.forward, .forwardInk, forward: true, line: .solid)
      item.addWords(context.words.carriesTangent, .forwardInk)
      items += [item] + backwardItems(figure)
    case .secondOrder:
      var item = Item()
      item.add(17, gap: 5) { figure, origin in
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: origin.x, y: origin.y + 2, width: 17, height: 13), fill: .plain, stroke: .gradientInk,
            classes: ["legend"]))
      }
      item.addWords(context.words.ofBackwardPass, .gradientInk)
      items += [item] + backwardItems(figure)
    case .update:
      if figure.arrows.contains(where: { $0.kind == .update }) {
        var item = Item()
        item.addArrow(.update, .updateInk, forward: true)
        item.addWords(context.words.update, .updateInk)
        items.append(item)
      }
    case .overview, .shares, .accumulation: break
    }
    if hasHeat { items.append(scaleItem) }
    if stage != .overview,
      figure.boxes.contains(where: { $0.line == .dashed && !$0.classes.contains("constant") })
    {
      items.append(Self.words(context.words.sameParameter, .muted))
    }
    return items
  }

  private func backwardItems(_ figure: Figure) -> [Item] {
    var flow = Item()
    flow.addArrow(.gradient, .gradientInk, forward: false)
    flow.addWords(context.words.gradientFlow, .gradientInk)
    var items = [flow]
    if figure.chips.contains(where: { $0.classes.contains("local-derivative") }) {
      let text = context.words.localDerivativeMark
      let width = (Figure.Run(text: text, size: Legend.size).width * 1.06 + 12).rounded(.up)
      var item = Item()
      item.add(width, gap: 5) { figure, origin in
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: origin.x, y: origin.y, width: width, height: Measure.markHeight), text: text,
            textSize: Legend.size, textTint: .gradientInk, fill: .page, stroke: .gradientInk,
            isRounded: true, classes: ["legend"]))
      }
      item.addWords(context.words.localDerivative, .gradientInk)
      items.append(item)
    }
    if figure.discs.contains(where: { $0.classes.contains("unchanged") }) {
      var item = Item()
      item.add(Measure.dot, gap: 5) { figure, origin in
        figure.discs.append(
          Figure.Disc(
            id: "legend-unchanged", classes: ["legend"], tooltip: "", center: origin.moved(Measure.dot / 2, 8.5),
            size: Size(width: Measure.dot, height: Measure.dot), text: "", textSize: 8, fill: .page,
            stroke: .gradientInk))
      }
      item.addWords(context.words.passedOn, .gradientInk)
      items.append(item)
    }
    if figure.chips.contains(where: { $0.classes.contains("share") }) {
      items.append(Self.words(context.words.share, .gradientInk))
      if hasRangeOfArray(figure) { items.append(Self.words(context.words.shareOfArray, .gradientInk)) }
    }
    if context.hiddenParts.contains(.order) { return items }
    var order = Item()
    order.add(15, gap: 5) { figure, origin in
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y, width: Measure.badgeHeight, height: Measure.badgeHeight),
          text: "1",
          isBold: true, fill: .backwardBadge, stroke: .gradientInk, isRounded: true, classes: ["legend"]))
    }
    order.addWords(context.words.order, .gradientInk)
    return items + [order]
  }

  private var scaleItem: Item {
    var item = Item()
    item.addWords("−max", .muted, gap: 6)
    item.add(13 * Double(2 * Palette.heatLevels + 1), gap: 6) { figure, origin in
      figure.chips += Self.scale(at: origin)
    }
    item.addWords(context.words.heatScale, .muted)
    return item
  }

  /// Adds a line for each value whose numbers stand for words: `species: 0 setosa · 1 versicolor`.
  func addClasses(to figure: inout Figure, at origin: Point) -> Double {
    var bottom = origin.y
    if context.hiddenParts.contains(.legend) { return bottom }
    for classes in context.graph.classes {
      let words = classes.words.prefix(Self.maxClasses).enumerated().map { "\($0) \(Self.cut($1))" }
      let text =
        NumberFormat.name(classes.name) + context.words.colon + words.joined(separator: " · ")
        + (classes.words.count > words.count ? " · \(context.words.more(classes.words.count - words.count))" : "")
      let run = Figure.Run(text: text, size: Self.size, tint: .muted)
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: origin.x, y: bottom + 13), width: run.width, classes: ["legend"]))
      bottom += 18
    }
    return bottom
  }

  private static let maxClasses = 8
  private static let maxClassLength = 24

  private static func cut(_ word: String) -> String {
    word.count <= maxClassLength ? word : "\(word.prefix(maxClassLength - 1))…"
  }

  /// Whether a share of an array stands as its least and greatest number.
  private func hasRangeOfArray(_ figure: Figure) -> Bool {
    let arrays = Set(context.graph.nodes.filter { !$0.shape.isEmpty }.map { "same-\($0.id)" })
    return figure.chips.contains {
      $0.classes.contains("share") && $0.text.contains("…") && !arrays.isDisjoint(with: $0.classes)
    }
  }

  /// Whether numbers are shown by a tint.
  private var hasHeat: Bool {
    stage != .overview && context.sheet.spots.contains { context.sizes.matrices[$0.node] != nil }
  }

  /// The nine colors of heat maps, with 0 in the middle.
  private static func scale(at origin: Point) -> [Figure.Chip] {
    (-Palette.heatLevels...Palette.heatLevels).enumerated().map { place, level in
      Figure.Chip(
        frame: Rectangle(x: origin.x + 13 * Double(place), y: origin.y + 2, width: 13, height: 13),
        text: level == 0 ? "0" : "", fill: .heat(level), stroke: .faint,
        classes: ["legend", "scale"])
    }
  }
}
