import GradvizFigures
import GradvizGraph
import GradvizPlots
import GraphvizRenderer

/// The kinds of file a figure is written as.
public enum Format: String, CaseIterable, Sendable {
  case svg, dot, pdf, png
  /// The graph instead of a figure of it; see `ComputationGraph.encodeJSON()`.
  case json
}

extension Plot {
  /// The plot as a file of the given format; nil for formats that plots do not have, DOT and JSON.
  ///
  /// - Throws: `GraphvizError` where Graphviz' Cairo plugin is missing.
  public func data(
    _ format: Format, theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8]? {
    switch format {
    case .svg: Array(svg(theme: theme).utf8)
    case .pdf: try pdf(theme: theme)
    case .png: try png(theme: theme)
    case .dot, .json: nil
    }
  }
}

extension Figure {
  /// The figure as a file of the given format.
  ///
  /// - Throws: `GraphvizError`.
  /// - Precondition: the format is one of figures, not `json`.
  public func data(_ format: Format, theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError)
    -> [UInt8]
  {
    switch format {
    case .svg: Array(try svg(theme: theme).utf8)
    case .dot: Array(painted(Palette.Scheme(theme)).dot.text.utf8)
    case .pdf: try pdf(theme: theme)
    case .png: try png(theme: theme)
    case .json: preconditionFailure("a figure is not JSON; encode its graph")
    }
  }
}
