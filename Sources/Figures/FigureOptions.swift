import Autograd

/// What a drawing may choose; what is nil is taken from the graph's own presentation.
public struct FigureOptions: Sendable {
  /// Significant digits, 1 to 12; 4 where neither the options nor the graph say.
  public var precision: Int?
  public var gradients: ComputationGraph.Presentation.Gradients?
  public var direction: ComputationGraph.Presentation.Direction?

  public init(
    precision: Int? = nil, gradients: ComputationGraph.Presentation.Gradients? = nil,
    direction: ComputationGraph.Presentation.Direction? = nil
  ) {
    self.precision = precision
    self.gradients = gradients
    self.direction = direction
  }
}
