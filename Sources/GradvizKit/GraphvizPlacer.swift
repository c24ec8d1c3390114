import Autograd
import DOT
import Figures
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
      error.cure =
        error.cure
        ?? "as DOT (`-T dot`) the figure is laid out without it; `--collapse layers` draws fewer boxes"
      throw error
    }
    return PlacedPiece(
      centers: placement.nodes.mapValues { Point(x: $0.x, y: $0.y) },
      paths: placement.edges.mapValues { $0.map { Point(x: $0.x, y: $0.y) } })
  }
}

extension Figure {
  /// The figure as an SVG file.
  ///
  /// - Throws: never any more: what is laid out needs no Graphviz.
  public func svg(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> String {
    Graphviz.svg(FigurePainter.drawing(self), style: svgStyle(theme: theme))
  }

  func svgStyle(theme: ComputationGraph.Presentation.Theme) -> SVGStyle {
    // The writer tells a tint by its light colour.
    SVGStyle(
      id: id, title: title, description: description, tones: Palette.tones, theme: SVGStyle.Theme(theme),
      ink: Palette.entry(.ink).light.hex)
  }

  /// The figure as a PNG file, `scale` pixels a point; a picture cannot follow its reader, so `auto` is light.
  public func png(
    scale: Double = 2, theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8] {
    try Graphviz.png(FigurePainter.drawing(self, Palette.Scheme(theme)), scale: scale)
  }

  /// The figure as a PDF file; `auto` is light.
  public func pdf(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.pdf(FigurePainter.drawing(self, Palette.Scheme(theme)))
  }

  /// The figure with its DOT export in the colours of `scheme`.
  func painted(_ scheme: Palette.Scheme) -> Figure {
    var figure = self
    figure.scheme = scheme
    return figure
  }
}
