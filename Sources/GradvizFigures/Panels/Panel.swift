import Autograd
import GradvizDrawing

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

  /// Adds the panel with the top left and the width of `place`, at least as high; returns its lower end.
  func add(to figure: inout Figure, in place: Rectangle) -> Double {
    let origin = Point(x: place.x, y: place.y)
    let content = PanelContent(context, stage: stage, step: step, width: place.width - 2 * Self.padding)
    let extent = content.add(
      to: &figure, at: Point(x: origin.x + Self.padding, y: origin.y + Self.padding))
    let height = max(extent.height + 2 * Self.padding - 4, place.height)
    let frame = Rectangle(x: origin.x, y: origin.y, width: place.width, height: height)
    figure.regions.append(
      Figure.Region(
        id: "panel", classes: ["panel"], frame: frame, fill: .panel, stroke: stage.inkTint, line: .dotted))
    return origin.y + height
  }
}
