import Autograd
import GradvizDrawing
import GradvizGraph

/// A panel: lines of mathematics in one column, or in two if they are short.
struct Panel {
  let context: FigureContext
  let stage: Stage
  let step: Int?

  init(_ context: FigureContext, stage: Stage, step: Int? = nil) {
    self.context = context
    self.stage = stage
    self.step = step
  }

  static let padding = 14.0

  static let gap = 12.0

  /// Adds the panel with the top left and the width of `place`, at least as high, and below it what explains it; returns
  /// the lower end.
  func add(to figure: inout Figure, in place: Rectangle) -> Double {
    let (origin, width) = (Point(x: place.x, y: place.y), place.width)
    let content = PanelContent(context, stage: stage, step: step, width: width - 2 * Self.padding)
    let extent = content.add(
      to: &figure, at: Point(x: origin.x + Self.padding, y: origin.y + Self.padding))
    let isExplained = stage == .backward && step == nil && context.text.notation.blanks == nil
    let height = max(
      extent.height + 2 * Self.padding - 4, isExplained && NudgePicture(context) != nil ? 0 : place.height)
    let frame = Rectangle(x: origin.x, y: origin.y, width: width, height: height)
    figure.regions.append(
      Figure.Region(
        id: "panel", classes: ["panel"], frame: frame, fill: .panel, stroke: stage.inkTint, line: .dotted))
    return isExplained ? addExplanations(to: &figure, below: frame) : frame.bottom
  }

  /// Adds what explains the lines of a backward panel below it: probabilities, curves, and what a gradient is; returns the
  /// lower end.
  private func addExplanations(to figure: inout Figure, below panel: Rectangle) -> Double {
    let (origin, width) = (Point(x: panel.x, y: panel.y), panel.width)
    var bottom = panel.bottom
    if let table = SoftmaxTable(context) {
      let place = Point(x: origin.x + Self.padding, y: bottom + Self.gap + 12)
      let frame = Rectangle(
        x: origin.x, y: bottom + Self.gap, width: width, height: table.add(to: &figure, at: place).height + 22)
      figure.regions.append(
        Figure.Region(id: "panel-softmax", classes: ["panel"], frame: frame, fill: .page, stroke: .backwardBadge))
      bottom = frame.bottom
    }
    // Side by side where both fit.
    var left = origin.x
    var top = bottom + Self.gap
    var least = 0.0
    let nudge = NudgePicture(context)
    if let cards = CloseUpCards(context) {
      bottom = cards.add(to: &figure, at: Point(x: left, y: top), width: width)
      let size = cards.size
      if let nudge, nudge.isBeside(size, Self.gap, width: width - 2 * Self.padding) {
        left += size.width + Self.gap
        least = size.height
      } else {
        top = bottom + Self.gap
      }
    }
    guard let nudge else { return bottom }
    return nudge.addCard(
      to: &figure, in: Rectangle(x: left, y: top, width: origin.x + width - left, height: least)
    ).bottom
  }
}
