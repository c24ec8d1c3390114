import Autograd
import GradvizDrawing
import GradvizGraph

/// The whole loop on one sheet: training data, forward, loss, backward, update, and the arrows between them, which
/// end on the very symbols; in the middle the loop, below it what is called backpropagation, and gradient descent.
struct Overview {
  let context: FigureContext

  let width: Double

  init(_ context: FigureContext, width: Double) {
    self.context = context
    self.width = width
  }

  private static let badgeHeight = 22.0
  /// Between the two rows of cards, where the loop stands.
  private static let middle = 156.0

  private var hasNeuron: Bool { NeuronPicture(context) != nil }
  /// A neuron's picture has the data of all samples.
  private var hasData: Bool {
    !hasNeuron && context.graph.nodes.contains { $0.role == .input || $0.role == .target }
  }

  /// Where the cards stand.
  struct Cards {
    var data: Rectangle
    var forward: Rectangle
    var loss: Rectangle
    var backward: Rectangle
    var update: Rectangle
  }

  private struct Card {
    var stage: Stage?
    var content: Size
    /// How wide its lines may be.
    var lines = 0.0
    var frame = Rectangle(x: 0, y: 0, width: 0, height: 0)
  }

  /// How wide the cards may be, the widest first.
  private struct Spacing {
    /// Of lines of formulas.
    var lines = 440.0
    /// At least of a card.
    var least = 260.0
    var gap = 56.0
    var padding = 14.0
    /// The data above the forward pass instead of left of it.
    var isStacked = false

    /// What leaves lines as they are comes first; on a narrow page the data goes above before lines are broken more.
    static let all = [
      Spacing(), Spacing(gap: 44), Spacing(least: 200, gap: 44), Spacing(lines: 360, least: 200, gap: 44),
      Spacing(lines: 360, least: 180, gap: 34, isStacked: true),
      Spacing(lines: 300, least: 180, gap: 34, padding: 10, isStacked: true),
      Spacing(lines: 250, least: 180, gap: 34),
      Spacing(lines: 240, least: 180, gap: 28, padding: 7, isStacked: true),
      Spacing(lines: 210, least: 160, gap: 24, padding: 6, isStacked: true),
    ]
  }

  /// The cards on the page, or on a wide one where it has no room for them.
  private func layout(top: Double) -> (cards: [Card], spacing: Spacing) {
    var last: (cards: [Card], spacing: Spacing) = ([], Spacing())
    for width in width < Page.wide ? [width, Page.wide] : [width] {
      for spacing in Spacing.all {
        last = (cards(spacing, top: top, width: width), spacing)
        if last.cards[2].frame.right + Measure.margin <= width { return last }
      }
    }
    return last
  }

  /// Data, forward, loss, backward and update in their places.
  private func cards(_ spacing: Spacing, top: Double, width: Double) -> [Card] {
    var data = card(nil, spacing)
    var forward = card(.forward, spacing)
    var loss = card(.loss, spacing)
    var backward = card(.backward, spacing)
    var update = card(.update, spacing)
    let (left, padding) = (Measure.margin, spacing.padding)
    let isStacked = spacing.isStacked && hasData
    let firstTop = top + 12 + Self.badgeHeight + (hasData && !isStacked ? 14 : 0)
    func frame(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Rectangle {
      Rectangle(x: x, y: y, width: width + 2 * padding, height: height + 2 * padding)
    }
    let forwardTop = isStacked ? firstTop + data.content.height + 2 * padding + Self.badgeHeight + 22 : firstTop
    let dataHeight = isStacked ? data.content.height : 0
    // In one row they are equally high; the loss stands beside data and forward pass together.
    let height =
      isStacked
      ? max(forward.content.height, loss.content.height - (forwardTop - firstTop))
      : [data, forward, loss].map { $0.content.height }.max() ?? 0
    data.frame = frame(left, firstTop, data.content.width, isStacked ? dataHeight : height)
    // Without data, the loop starts with the forward pass.
    let forwardLeft = hasData && !isStacked ? data.frame.right + spacing.gap : left
    let updateWidth = update.content.width
    // The update is below the data and the forward pass, aligned with their ends.
    let forwardWidth = max(forward.content.width, spacing.least, updateWidth - (forwardLeft - left))
    forward.frame = frame(
      forwardLeft, forwardTop, max(forwardWidth, isStacked ? data.content.width : 0), height)
    if isStacked { data.frame.width = forward.frame.width }
    // What the page has left is the loss's, whose arrow of the targets comes from the left.
    let lossLeft = forward.frame.right + spacing.gap
    let lossWidth = max(
      loss.content.width, backward.content.width, spacing.least, width - Measure.margin - lossLeft - 2 * padding)
    loss.frame = frame(lossLeft, firstTop, lossWidth, forward.frame.bottom - firstTop - 2 * padding)
    let secondTop = forward.frame.bottom + Self.middle
    let lower = max(backward.content.height, update.content.height)
    backward.frame = frame(loss.frame.x, secondTop, lossWidth, lower)
    let lowerWidth = max(updateWidth, forward.frame.right - left - 2 * padding)
    update.frame = frame(forward.frame.right - lowerWidth - 2 * padding, secondTop, lowerWidth, lower)
    return [data, forward, loss, backward, update]
  }

  func add(to figure: inout Figure, top: Double) {
    let (all, spacing) = layout(top: top)
    let (data, forward, loss, backward, update) = (all[0], all[1], all[2], all[3], all[4])
    for card in all where card.stage != nil || hasData { draw(card, spacing, &figure) }
    let cards = Cards(
      data: data.frame, forward: forward.frame, loss: loss.frame, backward: backward.frame, update: update.frame)
    OverviewArrows(context, cards, hasData: hasData).add(to: &figure)
    let bottom = addBraces(cards, &figure)
    figure.size = Size(width: loss.frame.right + Measure.margin, height: bottom)
  }

  private func card(_ stage: Stage?, _ spacing: Spacing) -> Card {
    guard stage != nil || hasData else { return Card(stage: stage, content: Size(width: 0, height: 0)) }
    // Set once on a scratch sheet to measure the content.
    var scratch = Figure(
      stage: .overview, id: "scratch", title: "", description: "", size: Size(width: 0, height: 0))
    let size = content(stage, width: spacing.lines, in: &scratch, at: Point(x: 0, y: 0))
    guard size.width > spacing.lines else { return Card(stage: stage, content: size, lines: spacing.lines) }
    // A picture or a table may be wider than its lines: they take what it leaves.
    let wide = content(stage, width: size.width, in: &scratch, at: Point(x: 0, y: 0))
    return Card(stage: stage, content: wide, lines: size.width)
  }

  private func content(_ stage: Stage?, width: Double, in figure: inout Figure, at origin: Point) -> Size {
    guard let stage else { return TrainingData(context).add(to: &figure, at: origin) }
    return PanelContent(context, stage: stage, width: width, isBrief: true).add(to: &figure, at: origin)
  }

  private func draw(_ card: Card, _ spacing: Spacing, _ figure: inout Figure) {
    figure.regions.append(
      Figure.Region(
        id: "card-\(card.stage?.rawValue ?? "data")", classes: ["panel"], frame: card.frame, fill: .panel,
        stroke: card.stage?.badge ?? .dataInk))
    _ = content(
      card.stage, width: card.lines, in: &figure,
      at: Point(x: card.frame.x + spacing.padding, y: card.frame.y + spacing.padding))
    let origin = Point(x: card.frame.x, y: card.frame.y - Self.badgeHeight)
    if let stage = card.stage {
      var builder = StageBuilder(context, stage: .overview, figure: figure)
      builder.addBadge(
        number: stage.number, title: context.words.title(stage), stage: stage, at: origin, size: Typography.smallest)
      figure = builder.figure
      let left = (figure.chips.last?.frame.right ?? 0) + 10
      func has(_ role: Role) -> Bool { context.graph.nodes.contains { $0.role == role } }
      let sentence = context.words.inShort(stage, hasInput: has(.input), hasTarget: has(.target))
      let run = Figure.Run(text: sentence, size: 12.5, tint: .muted)
      if left + run.width * 1.04 <= card.frame.right - 30 {
        figure.labels.append(
          Figure.Label(run: run, origin: Point(x: left, y: origin.y + 15), width: run.width, classes: ["remark"]))
      }
    } else {
      let text = context.words.trainingData
      let width = (Figure.Run(text: text, size: 12.5, isBold: true).width * 1.06 + 16).rounded(.up)
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 21), text: text, textSize: 12.5,
          isBold: true, fill: .data))
    }
  }

  /// What is called backpropagation, and what gradient descent; returns the lower end.
  private func addBraces(_ cards: Cards, _ figure: inout Figure) -> Double {
    let words = context.words
    var y = max(cards.backward.bottom, cards.update.bottom) + 6
    for (id, text, tint, left, right) in [
      ("backpropagation", words.backpropagationIs, Tint.gradientInk, cards.backward.x, cards.backward.right),
      (
        "descent", words.descentIs, .ink,
        min(cards.update.x, cards.forward.x, hasData ? cards.data.x : cards.forward.x), cards.backward.right
      ),
    ] {
      let tip = (left + right) / 2
      for (number, end) in [left + 2, right - 2].enumerated() {
        figure.arrows.append(
          Figure.Arrow(
            id: "brace-\(id)-\(number + 1)", classes: ["brace"], kind: .note, tail: "loop-place", head: "loop-place",
            path: Path(
              through: [
                Point(x: end, y: y), Point(x: end, y: y + 6), Point(x: tip, y: y + 6), Point(x: tip, y: y + 13),
              ], radius: 5), tint: tint, width: 1.3, hasHead: false))
      }
      let run = Figure.Run(text: text, size: 13, tint: tint, isBold: true)
      figure.labels.append(
        Figure.Label(
          run: run, origin: Point(x: tip - run.width / 2, y: y + 27), width: run.width, classes: ["brace"]))
      y += 36
    }
    return y
  }
}
