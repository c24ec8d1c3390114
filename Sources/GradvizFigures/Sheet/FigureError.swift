/// The reason why a graph cannot be drawn.
public struct FigureError: Error, CustomStringConvertible, Sendable {
  /// What has to be allowed for a figure that is too large.
  public enum Excess: Equatable, Sendable { case boxes(Int), arrows(Int) }

  /// What stands in the way, in one sentence without a period.
  public var message: String
  /// nil where it is not the size.
  public var excess: Excess?
  /// Whether the graph was drawn less folded than it could be.
  public var canFold: Bool
  /// The message.
  public var description: String { message }

  package init(message: String, excess: Excess? = nil, canFold: Bool = false) {
    self.message = message
    self.excess = excess
    self.canFold = canFold
  }

  static let cancelled = FigureError(message: "the drawing was cancelled")
}
