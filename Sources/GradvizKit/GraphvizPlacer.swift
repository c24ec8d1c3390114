import DOT
import Figures
import GraphvizRenderer

/// Places the pieces of a figure with Graphviz' dot.
public struct GraphvizPlacer: PiecePlacer {
  public init() {}

  public func place(_ graph: Graph) throws -> PlacedPiece {
    let placement = try Graphviz.layout(graph.text)
    return PlacedPiece(
      centers: placement.nodes.mapValues { Point(x: $0.x, y: $0.y) },
      paths: placement.edges.mapValues { $0.map { Point(x: $0.x, y: $0.y) } })
  }
}

extension Figure {
  /// The figure as an SVG file.
  ///
  /// - Throws: ``GraphvizError``.
  public func svg(theme: SVGStyle.Theme = .auto) throws(GraphvizError) -> String {
    var tones: [String: SVGStyle.Tone] = [:]
    for tint in Palette.all {
      let entry = Palette.entry(tint)
      tones[entry.light.hex] = SVGStyle.Tone(name: entry.name, dark: entry.dark.hex, print: entry.print.hex)
    }
    return try Graphviz.svg(
      dot.text,
      style: SVGStyle(
        id: id, title: title, description: description, tones: tones, theme: theme,
        ink: Palette.entry(.ink).light.hex))
  }

  /// The figure as a PNG file, `scale` pixels a point, in light colours.
  public func png(scale: Double = 2) throws(GraphvizError) -> [UInt8] {
    try Graphviz.png(dot.text, scale: scale)
  }

  /// The figure as a PDF file, in light colours.
  public func pdf() throws(GraphvizError) -> [UInt8] { try Graphviz.pdf(dot.text) }
}
