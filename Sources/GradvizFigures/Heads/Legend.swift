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

  static let size = Typography.smallest

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
  static let gap = 14.0

  private func items(_ figure: Figure) -> [Item] {
    var items: [Item] = []
    guard !stage.isOfBars else { return items }
    let shown = fills(figure)
    let roles: [(Tint, String)] = [
      (.data, context.words.data), (.parameter, context.words.parameter), (.prediction, context.words.prediction),
      (.loss, context.words.loss),
    ]
    for (tint, word) in roles where shown.contains(tint) { items.append(Self.chip(word, tint)) }
    switch stage {
    case .forward: if shows(.forwardRow, figure) { items.append(Self.chip(context.words.computedHere, .forwardRow)) }
    case .loss: if shows(.lossRow, figure) { items.append(Self.chip(context.words.computedHere, .lossRow)) }
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
    if stage != .overview, let turn = figure.chips.first(where: { $0.classes.contains("turn") }) {
      items.append(turnItem(turn))
    }
    if stage != .overview,
      figure.boxes.contains(where: { $0.line == .dashed && !$0.classes.contains("constant") })
    {
      let hasShare = figure.boxes.contains {
        $0.line == .dashed && ($0.classes.contains("share") || stage == .update && $0.rows.count > 1)
      }
      items.append(Self.words(context.words.sameParameter(stage, hasShare: hasShare), .muted))
    }
    return items
  }

  /// Whether a tint is behind a number, not hidden by the colors of an array's cells.
  private func shows(_ tint: Tint, _ figure: Figure) -> Bool {
    figure.boxes.isEmpty
      || figure.boxes.contains { box in
        box.rows.contains { row in if case .text = row.content { row.fill == tint } else { false } }
      }
  }

  /// The tints of roles that a figure shows; of a large one, drawn without its boxes to see how large it is, all.
  private func fills(_ figure: Figure) -> Set<Tint> {
    guard !figure.boxes.isEmpty || stage == .overview else {
      return Set(context.graph.nodes.map(\.role.tint))
    }
    return Set(figure.boxes.map(\.nameFill) + figure.chips.compactMap(\.fill) + figure.discs.compactMap(\.fill))
  }

  private func backwardItems(_ figure: Figure) -> [Item] {
    var flow = Item()
    // Its head would touch the chip before it.
    flow.add(8, gap: 0) { _, _ in }
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
    let dots = figure.discs.count { $0.classes.contains("unchanged") }
    let negated = figure.chips.count { $0.classes.contains("minus") }
    if dots > negated { items.append(Self.dot(context.words.passedOn, isNegative: false)) }
    if negated > 0 { items.append(Self.dot(context.words.passedOnNegated, isNegative: true)) }
    let shares = figure.chips.filter { $0.classes.contains("share") }
    if !shares.isEmpty {
      items.append(shareItem(isRounded: shares.allSatisfy(\.isRounded)))
      if hasRangeOfArray(figure) { items.append(Self.words(context.words.shareOfArray, .gradientInk)) }
    }
    if context.hiddenParts.contains(.order) { return items }
    var order = Item()
    order.add(Measure.badgeHeight, gap: 5) { figure, origin in
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y, width: Measure.badgeHeight, height: Measure.badgeHeight),
          text: "1",
          isBold: true, fill: .backwardBadge, stroke: .gradientInk, isRounded: true, classes: ["legend"]))
    }
    order.addWords(context.words.order, .gradientInk)
    return items + [order]
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
}
