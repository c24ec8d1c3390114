import Autograd
import GradvizDrawing

/// The whole loop on one sheet: training data, forward, loss, backward, update, and the arrow back to the
/// start.
struct Overview {
  let context: FigureContext

  init(_ context: FigureContext) { self.context = context }

  private static let gap = 56.0
  private static let padding = 14.0
  private static let badgeHeight = 22.0

  private var hasData: Bool { context.graph.nodes.contains { $0.role == .input || $0.role == .target } }

  private struct Card {
    var stage: Stage?
    var content: Size
    var frame = Rectangle(x: 0, y: 0, width: 0, height: 0)
  }

  func add(to figure: inout Figure, top: Double) {
    var data = card(nil)
    var forward = card(.forward)
    var loss = card(.loss)
    var backward = card(.backward)
    var update = card(.update)
    let left = Measure.margin
    let firstTop = top + 26 + Self.badgeHeight
    let height = [data, forward, loss].map { $0.content.height }.max() ?? 0
    func frame(_ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Rectangle {
      Rectangle(x: x, y: y, width: width + 2 * Self.padding, height: height + 2 * Self.padding)
    }
    data.frame = frame(left, firstTop, data.content.width, height)
    // Without data, the loop starts with the forward pass.
    let forwardLeft = hasData ? data.frame.right + Self.gap : left
    let updateWidth = update.content.width
    // The update is below the data and the forward pass, aligned with their ends.
    forward.frame = frame(
      forwardLeft, firstTop, max(forward.content.width, 240, updateWidth - (forwardLeft - left)), height)
    let lossWidth = max(loss.content.width, backward.content.width, 240)
    loss.frame = frame(forward.frame.right + Self.gap, firstTop, lossWidth, height)
    let secondTop = forward.frame.bottom + Self.gap + Self.badgeHeight
    let lower = max(backward.content.height, update.content.height)
    backward.frame = frame(loss.frame.x, secondTop, lossWidth, lower)
    let width = max(updateWidth, forward.frame.width - 2 * Self.padding)
    update.frame = frame(forward.frame.right - width - 2 * Self.padding, secondTop, width, lower)
    for card in [data, forward, loss, backward, update] where card.stage != nil || hasData {
      draw(card, &figure)
    }
    addArrows(data.frame, forward.frame, loss.frame, backward.frame, update.frame, &figure)
    figure.size = Size(
      width: loss.frame.right + Measure.margin, height: max(backward.frame.bottom, update.frame.bottom))
  }

  private func card(_ stage: Stage?) -> Card {
    // Set once on a scratch sheet to measure the content.
    var scratch = Figure(
      stage: .overview, id: "scratch", title: "", description: "", size: Size(width: 0, height: 0))
    let size = content(stage, in: &scratch, at: Point(x: 0, y: 0))
    return Card(stage: stage, content: size)
  }

  private func content(_ stage: Stage?, in figure: inout Figure, at origin: Point) -> Size {
    guard let stage else { return TrainingData(context).add(to: &figure, at: origin) }
    return PanelContent(context, stage: stage, width: 400, isBrief: true).add(to: &figure, at: origin)
  }

  private func draw(_ card: Card, _ figure: inout Figure) {
    figure.regions.append(
      Figure.Region(
        id: "card-\(card.stage?.rawValue ?? "data")", classes: ["panel"], frame: card.frame, fill: .panel,
        stroke: card.stage?.inkTint ?? .dataInk, line: .dotted))
    _ = content(
      card.stage, in: &figure,
      at: Point(x: card.frame.x + Self.padding, y: card.frame.y + Self.padding))
    let origin = Point(x: card.frame.x, y: card.frame.y - Self.badgeHeight)
    if let stage = card.stage {
      var builder = StageBuilder(context, stage: .overview, figure: figure)
      builder.addBadge(
        number: stage.number, title: context.words.title(stage), stage: stage, at: origin, size: Typography.smallest)
      figure = builder.figure
    } else {
      let text = context.words.trainingData
      let width = (Figure.Run(text: text, size: Typography.smallest, isBold: true).width * 1.06 + 16).rounded(.up)
      figure.chips.append(
        Figure.Chip(
          frame: Rectangle(x: origin.x, y: origin.y, width: width, height: 21), text: text, 
          isBold: true, fill: .data))
    }
  }

  private func addArrows(
    _ data: Rectangle, _ forward: Rectangle, _ loss: Rectangle, _ backward: Rectangle, _ update: Rectangle,
    _ figure: inout Figure
  ) {
    func arrow(
      _ id: String, _ kind: Figure.Arrow.Kind, _ corners: [Point], _ tint: Tint, _ line: Figure.Line,
      _ width: Double
    ) {
      figure.arrows.append(
        Figure.Arrow(
          id: id, kind: kind, tail: "loop-place", head: "loop-place", path: Path(through: corners, radius: 10),
          line: line,
          tint: tint, width: width))
    }
    let middle = data.center.y
    if hasData {
      arrow(
        "data-to-forward", .data, [Point(x: data.right + 4, y: middle), Point(x: forward.x - 4, y: middle)],
        .dataInk, .dotted, 1.8)
    }
    if hasData, context.graph.nodes.contains(where: { $0.role == .target }) {
      let over = data.y - Self.badgeHeight - 14
      arrow(
        "data-to-loss", .data,
        [
          Point(x: data.right - 24, y: data.y - 2), Point(x: data.right - 24, y: over),
          Point(x: loss.center.x + 60, y: over),
          Point(x: loss.center.x + 60, y: loss.y - 3),
        ], .dataInk, .dotted, 1.8)
    }
    arrow(
      "forward-to-loss", .prediction,
      [Point(x: forward.right + 4, y: middle), Point(x: loss.x - 4, y: middle)], .forwardInk, .solid, 2.6)
    arrow(
      "loss-to-backward", .gradient,
      [Point(x: loss.center.x + 60, y: loss.bottom + 4), Point(x: loss.center.x + 60, y: backward.y - 4)],
      .lossInk, .solid, 2.6)
    let lower = backward.center.y
    arrow(
      "backward-to-update", .gradient,
      [Point(x: backward.x - 4, y: lower), Point(x: update.right + 4, y: lower)], .gradientInk, .solid, 2.6)
    let x = max(forward.x + 70, update.x + 40)
    arrow(
      "update-to-forward", .update,
      [Point(x: x, y: update.y - Self.badgeHeight - 3), Point(x: x, y: forward.bottom + 4)], .updateInk,
      .solid, 2.6)
    let run = Figure.Run(text: context.words.again, size: Typography.smallest, tint: .updateInk)
    figure.labels.append(
      Figure.Label(
        run: run, origin: Point(x: x + 12, y: (update.y - Self.badgeHeight + forward.bottom) / 2 + 4),
        width: run.width))
  }
}
