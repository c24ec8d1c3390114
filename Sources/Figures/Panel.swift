import Autograd

/// What a panel says: lines of mathematics, in one column or, where they are short, in two.
struct Panel {
  let context: FigureContext
  let stage: Stage

  init(_ context: FigureContext, stage: Stage) {
    self.context = context
    self.stage = stage
  }

  static let padding = 14.0

  /// Adds the panel with its top left and width from `frame`; returns its lower end.
  func add(to figure: inout Figure, frame: Rectangle) -> Double {
    let content = PanelContent(context, stage: stage, width: frame.width - 2 * Self.padding)
    let origin = Point(x: frame.x + Self.padding, y: frame.y + Self.padding)
    let extent = content.add(to: &figure, at: origin)
    let height = extent.height + 2 * Self.padding - 4
    figure.regions.append(
      Figure.Region(
        id: "panel", classes: ["panel"], frame: Rectangle(x: frame.x, y: frame.y, width: frame.width, height: height),
        fill: .panel, stroke: stage.inkTint, line: .dotted))
    return frame.y + height
  }
}
