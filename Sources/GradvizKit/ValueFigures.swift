import Autograd
import GradvizFigures
import GradvizGraph

extension Value {
  /// The figure of one stage of this value's computation, taken as the loss.
  ///
  /// ```swift
  /// let svg = try loss.figure(.backward).svg()
  /// ```
  ///
  /// - Parameters:
  ///   - stage: the stage to draw, such as `.backward`.
  ///   - title: the title of the figure.
  ///   - step: one frame of the backward pass, from 1 on; nil for the whole stage.
  ///   - level: one box per array, or one box per number.
  ///   - options: the appearance of the figure.
  /// - Throws: `FigureError` where the stage has nothing to show, the graph is too large, Graphviz fails, or the task
  ///   is cancelled.
  public func figure(
    _ stage: Stage, step: Int? = nil, title: String = "Computation", level: ComputationGraph.Level = .scalar,
    options: FigureOptions = .init()
  ) throws(FigureError) -> Figure {
    let graph = tape.graph(loss: self, level: level, presentation: .init(title: title))
    let figures = try FigureSet(graph, options: options)
    guard let step else { return try figures.figure(stage) }
    guard stage == .backward else {
      throw FigureError(message: "steps are those of the backward pass, not of `\(stage.rawValue)`")
    }
    return try figures.frame(step)
  }
}
