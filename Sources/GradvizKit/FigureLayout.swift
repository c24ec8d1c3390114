import Autograd
import Figures
import GraphvizRenderer

extension Format {
  /// Whether Graphviz draws such files.
  public var needsGraphviz: Bool {
    switch self {
    case .svg, .pdf, .png: true
    case .dot, .json: false
    }
  }
}

extension FigureSet {
  /// Lays a graph out for files of the given formats: with Graphviz' dot; where dot is missing or fails and none of
  /// the formats needs it, in layers of our own.
  ///
  /// - Parameters:
  ///   - graph: what is drawn.
  ///   - options: how the figures look.
  ///   - formats: of the files that will be written.
  ///   - notice: called with what is wrong with Graphviz where that changes the layout.
  /// - Throws: `GraphvizError` where Graphviz is needed and missing, or fails; `FigureError` for a graph that is
  ///   too large; `CancellationError` where the task is cancelled.
  public init(
    _ graph: ComputationGraph, options: FigureOptions = .init(), formats: [Format],
    notice: (GraphvizError) -> Void = { _ in }
  ) throws {
    do {
      try self.init(graph, options: options, placer: GraphvizPlacer())
    } catch let error as GraphvizError
      where error.reason != .cancelled && !formats.contains(where: \.needsGraphviz)
    {
      notice(error)
      var options = options
      options.isPlacedInLayers = true
      try self.init(graph, options: options, placer: GraphvizPlacer())
    }
  }
}
