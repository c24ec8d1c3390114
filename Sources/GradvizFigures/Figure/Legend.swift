import Autograd
import GradvizDrawing

/// The lines below a figure that say what its tints, marks and wires mean: only those it uses.
struct Legend {
  let context: FigureContext
  let stage: Stage

  init(_ context: FigureContext, stage: Stage) {
    self.context = context
    self.stage = stage
  }

  private static let size = 10.5

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
      let width = (Figure.Run(text: text, size: Legend.size).width * 1.08 + 14).rounded(.up)
      add(width, gap: 6) { figure, origin in
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 17), text: text,
            textSize: Legend.size, fill: fill, stroke: .faint, classes: ["legend"]))
      }
    }

    mutating func addWords(_ text: String, _ tint: Tint, gap: Double = 14) {
      let run = Figure.Run(text: text, size: Legend.size, tint: tint)
      add(run.width * 1.08, gap: gap) { figure, origin in
        figure.labels.append(
          Figure.Label(run: run, origin: origin.moved(0, 12), width: run.width, classes: ["legend"]))
      }
    }

    mutating func addArrow(_ kind: Figure.Arrow.Kind, _ tint: Tint, forward: Bool) {
      add(30, gap: 6) { figure, origin in
        let (left, right) = (origin.moved(0, 8.5), origin.moved(30, 8.5))
        figure.arrows.append(
          Figure.Arrow(
            id: "legend-\(kind.rawValue)", classes: ["legend"], kind: kind, tail: "legend-place",
            head: "legend-place", path: forward ? Path(from: left, to: right) : Path(from: right, to: left),
            line: .dotted, tint: tint, width: 1.3))
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

  /// Adds the legend with its top left at `origin`, in as many lines as `width` needs; returns its lower end.
  func add(to figure: inout Figure, at origin: Point, width: Double) -> Double {
    var at = origin
    for item in items(figure) {
      if at.x > origin.x, at.x + item.width > origin.x + width { at = Point(x: origin.x, y: at.y + 22) }
      for part in item.parts { part(&figure, at) }
      at.x += item.width
    }
    return addClasses(to: &figure, at: Point(x: origin.x, y: at.y + 18))
  }

  private func items(_ figure: Figure) -> [Item] {
    var items: [Item] = []
    guard stage != .shares else { return items }
    let roles = Set(context.graph.nodes.map(\.role))
    if roles.contains(.input) || roles.contains(.target) { items.append(Self.chip(context.words.data, .data)) }
    if roles.contains(.parameter) { items.append(Self.chip(context.words.parameter, .parameter)) }
    if roles.contains(.prediction) { items.append(Self.chip(context.words.prediction, .prediction)) }
    if context.graph.loss != nil { items.append(Self.chip(context.words.loss, .loss)) }
    switch stage {
    case .forward: items.append(Self.chip(context.words.computedHere, .forwardRow))
    case .loss: items.append(Self.chip(context.words.computedHere, .lossRow))
    case .backward: items += backwardItems(figure)
    case .update:
      if figure.arrows.contains(where: { $0.kind == .update }) {
        var item = Item()
        item.addArrow(.update, .updateInk, forward: true)
        item.addWords(context.words.update, .updateInk)
        items.append(item)
      }
    case .overview, .shares: break
    }
    items += scales.map(scaleItem)
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
    var items = [flow, Self.words(context.words.bracketedGradient, .gradientInk)]
    if figure.chips.contains(where: { $0.classes.contains("local-derivative") }) {
      let text = context.words.localDerivativeMark
      let width = (Figure.Run(text: text, size: LocalDerivative.textSize).width * 1.06 + 12).rounded(.up)
      var item = Item()
      item.add(width, gap: 5) { figure, origin in
        figure.chips.append(
          Figure.Chip(
            frame: Rectangle(x: origin.x, y: origin.y, width: width, height: Measure.markHeight), text: text,
            textSize: LocalDerivative.textSize, textTint: .gradientInk, fill: .page, stroke: .gradientInk,
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
    var order = Item()
    order.add(15, gap: 5) { figure, origin in
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y + 1, width: 15, height: 14), text: "1", textSize: 9.5,
          isBold: true, fill: .backwardBadge, stroke: .gradientInk, isRounded: true, classes: ["legend"]))
    }
    order.addWords(context.words.order, .gradientInk)
    return items + [order]
  }

  private func scaleItem(_ scale: Scale) -> Item {
    var item = Item()
    guard case .heat = scale else {
      item.addWords(context.words.shades, .muted)
      return item
    }
    item.addWords("−max", .muted, gap: 6)
    item.add(13 * Double(2 * Palette.heatLevels + 1), gap: 6) { figure, origin in
      figure.chips += Self.scale(at: origin)
    }
    item.addWords(context.words.heatScale, .muted)
    return item
  }

  /// Adds a line for each value whose numbers stand for words: `species: 0 setosa · 1 versicolor`.
  private func addClasses(to figure: inout Figure, at origin: Point) -> Double {
    var bottom = origin.y
    for classes in context.graph.classes {
      let words = classes.words.prefix(Self.maxClasses).enumerated().map { "\($0) \(Self.cut($1))" }
      let text =
        NumberFormat.name(classes.name) + ": " + words.joined(separator: " · ")
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

  private enum Scale { case heat, shades }

  /// The tint scales of the figure's arrays.
  private var scales: [Scale] {
    guard stage != .overview else { return [] }
    let matrices = context.sheet.spots.compactMap { context.sizes.matrices[$0.node] }
    return (matrices.contains { $0.isHeatMap } ? [.heat] : [])
      + (matrices.contains { !$0.isHeatMap } ? [.shades] : [])
  }

  /// The nine colors of heat maps, with 0 in the middle.
  private static func scale(at origin: Point) -> [Figure.Chip] {
    (-Palette.heatLevels...Palette.heatLevels).enumerated().map { place, level in
      Figure.Chip(
        frame: Rectangle(x: origin.x + 13 * Double(place), y: origin.y + 2, width: 13, height: 13),
        text: level == 0 ? "0" : "", textSize: 9.5, fill: .heat(level), stroke: .faint,
        classes: ["legend", "scale"])
    }
  }
}
