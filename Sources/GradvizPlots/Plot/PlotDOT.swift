import GradvizDOT
import GradvizDrawing
import GradvizFigures
import GraphvizRenderer

extension Plot {
  /// The plot as DOT: shapes behind a graph of its words, for Graphviz' renderers of formats without themes.
  package func dot(_ theme: Theme) -> Graph {
    let theme = page.readable(theme)
    var shapes = XDot()
    var words: [Graph.Statement] = []
    func color(_ tint: Tint) -> Color { Palette.entry(tint).color(theme) }
    func position(_ point: Point) -> Position { Position(x: point.x, y: height - point.y) }
    func area(_ corners: [Point], _ fill: Tint?, _ stroke: Stroke?) {
      shapes.polygon(
        corners.map(position), fill: fill.map(color), outline: (stroke?.tint).map(color),
        width: stroke?.width ?? 1, line: stroke.map { Self.line($0.line) } ?? .solid)
    }
    for item in items {
      switch item {
      case .begin, .end: break
      case .line(let points, let stroke):
        shapes.polyline(
          points.map(position), color: color(stroke.tint), width: stroke.width, line: Self.line(stroke.line))
      case .area(let corners, let fill, let stroke): area(corners, fill, stroke)
      case .rectangle(let corner, let size, let fill, let stroke):
        let (right, bottom) = (corner.x + size.x, corner.y + size.y)
        area(
          [
            corner, Point(x: right, y: corner.y), Point(x: right, y: bottom), Point(x: corner.x, y: bottom),
          ], fill, stroke)
      case .circle(let center, let radius, let fill, let stroke):
        shapes.ellipse(
          center: position(center), radii: (radius, radius), fill: fill.map(color),
          outline: (stroke?.tint).map(color), width: stroke?.width ?? 1,
          line: stroke.map { Self.line($0.line) } ?? .solid)
      case .text(let content, let origin, let size, let tint, let typeface, let anchor):
        let width = TextMetrics.width(of: content, size: size, typeface: typeface)
        let before = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
        let run = Figure.Run(text: content, size: size, tint: tint, typeface: typeface)
        let label = Figure.Label(
          run: run, origin: Point(x: origin.x - before, y: origin.y), width: width)
        words.append(label.statement(number: words.count, sheetHeight: height, color: color))
      }
    }
    return Graph(
      name: id,
      attributes: [
        .layout(.nop2), .boundingBox(left: 0, bottom: 0, right: width, top: height), .padding(0),
        page.background == .transparent ? .noBackground : .background(color(.page)), .backgroundShapes(shapes),
        .fontName, .label(.plain("")),
      ],
      nodeDefaults: Figure.Label.nodeDefaults(color),
      statements: Figure.corners(of: Size(width: width, height: height)) + words)
  }

  private static func line(_ line: Drawing.Line) -> XDot.Line {
    switch line {
    case .none, .solid: .solid
    case .dashed: .dashed
    case .dotted: .dotted
    }
  }
}
