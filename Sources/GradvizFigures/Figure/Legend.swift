import Autograd

/// The line below a figure that explains the tints and arrows it uses.
struct Legend {
  let context: FigureContext
  let stage: Stage

  init(_ context: FigureContext, stage: Stage) {
    self.context = context
    self.stage = stage
  }

  private static let size = 10.5

  /// Adds the legend with its top left at `origin`; returns its lower end.
  func add(to figure: inout Figure, at origin: Point) -> Double {
    var (x, y) = (origin.x, origin.y)
    let right = figure.size.width - Measure.margin
    /// What does not fit beside the rest begins a line of its own.
    func makeRoom(_ width: Double) {
      guard x > origin.x, x + width > right else { return }
      (x, y) = (origin.x, y + 21)
    }
    func chip(_ text: String, _ fill: Tint) {
      let width = (Figure.Run(text: text, size: Self.size).width * 1.08 + 14).rounded(.up)
      makeRoom(width)
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: y, width: width, height: 17), text: text, textSize: Self.size,
          fill: fill, stroke: .faint, classes: ["legend"]))
      x += width + 6
    }
    func words(_ text: String, _ tint: Tint) {
      let run = Figure.Run(text: text, size: Self.size, tint: tint)
      makeRoom(run.width * 1.08)
      figure.labels.append(
        Figure.Label(run: run, origin: Point(x: x, y: y + 12), width: run.width, classes: ["legend"]))
      x += run.width * 1.08 + 14
    }
    /// An arrow, and what it means.
    func arrow(_ kind: Figure.Arrow.Kind, _ line: Figure.Line, _ tint: Tint, forward: Bool, _ text: String) {
      makeRoom(36 + Figure.Run(text: text, size: Self.size).width * 1.08)
      let (left, right) = (Point(x: x, y: y + 8.5), Point(x: x + 30, y: y + 8.5))
      figure.arrows.append(
        Figure.Arrow(
          id: "legend-\(kind.rawValue)", classes: ["legend"], kind: kind, tail: "legend-place", head: "legend-place",
          path: forward ? Path(from: left, to: right) : Path(from: right, to: left), line: line, tint: tint,
          width: 1.3))
      x += 36
      words(text, tint)
    }
    let roles = Set(context.graph.nodes.map(\.role))
    if roles.contains(.input) || roles.contains(.target) { chip(context.words.data, .data) }
    if roles.contains(.parameter) { chip(context.words.parameter, .parameter) }
    if roles.contains(.prediction) { chip(context.words.prediction, .prediction) }
    if context.graph.loss != nil { chip(context.words.loss, .loss) }
    x += 6
    switch stage {
    case .forward: chip(context.words.computedHere, .forwardRow)
    case .loss: chip(context.words.computedHere, .lossRow)
    case .backward:
      arrow(.gradient, .dotted, .gradientInk, forward: false, context.words.gradientFlow)
      words(context.words.bracketedGradient, .gradientInk)
      if context.graph.level == .scalar { words(context.words.localDerivative, .gradientInk) }
      if figure.chips.contains(where: { $0.classes.contains("share") }) {
        words(context.words.share, .gradientInk)
        if hasRangeOfArray(figure) { words(context.words.shareOfArray, .gradientInk) }
      }
      makeRoom(20 + Figure.Run(text: context.words.order, size: Self.size).width * 1.08)
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: x, y: y + 1, width: 15, height: 14), text: "1", textSize: 9.5,
          isBold: true,
          fill: .backwardBadge, stroke: .gradientInk, isRounded: true, classes: ["legend"]))
      x += 20
      words(context.words.order, .gradientInk)
    case .update:
      if figure.arrows.contains(where: { $0.kind == .update }) {
        arrow(.update, .dotted, .updateInk, forward: true, context.words.update)
      }
    case .overview: break
    }
    for scale in scales {
      switch scale {
      case .heat:
        let width = 13 * Double(2 * Palette.heatLevels + 1) + 6
        makeRoom(width + Figure.Run(text: "−max" + context.words.heatScale, size: Self.size).width * 1.08 + 20)
        words("−max", .muted)
        x -= 8
        figure.chips += Self.scale(at: Point(x: x, y: y))
        x += width
        words(context.words.heatScale, .muted)
      case .shades: words(context.words.shades, .muted)
      }
    }
    if stage != .overview,
      context.sheet.spots.contains(where: {
        if case .slot = $0.kind { context.graph.nodes[$0.node].role != .constant } else { false }
      }),
      context.parameterStyle.map({ $0 == .repeated }) ?? (stage == .forward || stage == .loss)
    {
      words(context.words.sameParameter, .muted)
    }
    return addClasses(to: &figure, at: Point(x: origin.x, y: y + 18))
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
