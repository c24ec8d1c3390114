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
  ///   - stage: what is drawn, such as `.backward`.
  ///   - title: stands over the figure.
  ///   - step: one frame of the backward pass, from 1 on; nil for the whole stage.
  ///   - level: arrays as boxes, or every number on its own.
  ///   - options: how the figure looks.
  /// - Throws: `GraphvizError` where the layout fails, ``InputError`` where the stage has nothing to show.
  public func figure(
    _ stage: Stage, step: Int? = nil, title: String = "Computation", level: ComputationGraph.Level = .scalar,
    options: FigureOptions = .init()
  ) throws -> Figure {
    let figures = try FigureSet(
      tape.graph(loss: self, level: level, presentation: .init(title: title)), options: options,
      placer: GraphvizPlacer())
    if let reason = figures.reasonAgainst(stage) {
      throw InputError("there is no \(stage.rawValue) figure: \(reason)")
    }
    guard let step else { return figures.figure(stage) }
    guard stage == .backward, (1...max(figures.stepCount, 1)).contains(step) else {
      throw InputError("there is no step \(step): the backward pass has steps 1 to \(figures.stepCount)")
    }
    return figures.frame(step)
  }
}
