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

  /// Adds the panel with its top left at `origin`, at most `width` wide; returns its lower end.
  func add(to figure: inout Figure, at origin: Point, width: Double) -> Double {
    let content = PanelContent(context, stage: stage, step: step, width: width - 2 * Self.padding)
    let extent = content.add(
      to: &figure, at: Point(x: origin.x + Self.padding, y: origin.y + Self.padding))
    let height = extent.height + 2 * Self.padding - 4
    let frame = Rectangle(
      x: origin.x, y: origin.y, width: min(width, max(extent.width * 1.04 + 2 * Self.padding, 360)),
      height: height)
    figure.regions.append(
      Figure.Region(
        id: "panel", classes: ["panel"], frame: frame, fill: .panel, stroke: stage.inkTint, line: .dotted))
    return origin.y + height
  }
}
