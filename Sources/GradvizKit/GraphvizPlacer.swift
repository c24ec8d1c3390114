import GradvizDOT
import GradvizDrawing
import GradvizFigures
import GradvizGraph
import GraphvizRenderer

/// Places the pieces of a figure with Graphviz' dot.
public struct GraphvizPlacer: PiecePlacer {
  public init() {}

  public func place(_ graph: Graph) throws -> PlacedPiece {
    let placement: Graphviz.Placement
    do {
      placement = try Graphviz.layout(graph.text)
    } catch {
      guard error.reason != .cancelled else { throw CancellationError() }
      var error = error
      error.cure = error.cure ?? "a figure that is folded further has fewer boxes"
      throw error
    }
    return PlacedPiece(
      centers: placement.centers.mapValues { Point(x: $0.x, y: $0.y) },
      paths: placement.paths.mapValues { $0.map { Point(x: $0.x, y: $0.y) } })
  }
}

extension Figure {
  /// Renders the figure as an SVG file: Graphviz draws its DOT text.
  public func svg(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> String {
    var figure = self
    figure.namesTints = true
    return try Graphviz.svg(figure.dot.text, style: svgStyle(theme: theme))
  }

  func svgStyle(theme: ComputationGraph.Presentation.Theme) -> SVGStyle {
    SVGStyle(
      id: theme.identifier(id), title: title, description: description, tones: Palette.tones,
      theme: SVGStyle.Theme(page.readable(theme)), scale: page.scale, ink: Palette.entry(.ink).name)
  }

  /// The figure as a PNG file of the size and resolution of its `page`; a picture cannot follow its reader, so
  /// `auto` is light.
  public func png(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.png(painted(theme).dot.text, scale: page.scale, dpi: page.dpi)
  }

  /// Renders the figure as a PDF file; `auto` is light.
  public func pdf(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.pdf(painted(theme).dot.text, scale: page.scale)
  }

  /// The figure with its DOT text in the colors of `theme`.
  func painted(_ theme: ComputationGraph.Presentation.Theme) -> Figure {
    var figure = self
    figure.scheme = Palette.Scheme(page.readable(theme))
    return figure
  }
}
