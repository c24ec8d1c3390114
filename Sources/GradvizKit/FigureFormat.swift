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
  /// One page, and pixels.
  case pdf, png
  /// A picture for LaTeX, to be included in a document with the package tikz.
  case tikz

  /// What the names of such files end in.
  public var ending: String { self == .tikz ? "tex" : rawValue }
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
    case .tikz: Array(tikz(theme: theme).utf8)
    }
  }

  /// The plot as a picture for LaTeX with the package tikz; `auto` is light.
  public func tikz(theme: ComputationGraph.Presentation.Theme = .auto) -> String {
    TikZWriter.text(drawing, svgStyle(theme: theme), isFigure: false)
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
    case .tikz: Array(try tikz(theme: theme).utf8)
    }
  }
}
