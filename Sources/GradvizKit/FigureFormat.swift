import GradvizFigures
import GradvizGraph
import GradvizPlots
import GraphvizRenderer

/// The file formats of figures and plots.
///
/// For a graph as data, see `ComputationGraph.encodeJSON()`.
public enum FigureFormat: String, CaseIterable, Sendable {
  /// Follows the reader's light or dark color scheme.
  case svg
  /// The text that Graphviz draws.
  case dot
  case pdf, png
}

extension Plot {
  /// The plot as a file of the given format.
  ///
  /// - Throws: `GraphvizError` where Graphviz' Cairo plugin is missing.
  public func data(
    _ format: FigureFormat, theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8] {
    switch format {
    case .svg: Array(svg(theme: theme).utf8)
    case .dot: Array(dot(theme).text.utf8)
    case .pdf: try pdf(theme: theme)
    case .png: try png(theme: theme)
    }
  }
}

extension Figure {
  /// The figure as a file of the given format.
  ///
  /// - Throws: `GraphvizError` where Graphviz is missing or broken.
  public func data(
    _ format: FigureFormat, theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8] {
    switch format {
    case .svg: Array(try svg(theme: theme).utf8)
    case .dot: Array(painted(theme).dot.text.utf8)
    case .pdf: try pdf(theme: theme)
    case .png: try png(theme: theme)
    }
  }
}
