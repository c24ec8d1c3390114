/// A stage of a training step, drawn in its own figure.
public enum Stage: String, CaseIterable, Codable, Sendable {
  /// The stages that are drawn by default.
  case forward, loss, backward, update, overview
  /// What each sample adds to the gradient of each parameter: drawn only when it is asked for.
  case shares
  /// Two training steps with the gradients set to zero between them, and without: drawn only when it is asked for.
  case accumulation
  /// The tangents of one input on their way forward beside the adjoints on their way back: drawn only when it is asked for.
  case forwardMode = "forward-mode"
  /// The backward pass as a graph of its own, differentiated again: drawn only when it is asked for.
  case secondOrder = "second-order"

  /// The stages that are drawn where none is asked for.
  public static let defaults: [Stage] = [.forward, .loss, .backward, .update, .overview]

  /// Whether it has a page of its own, without the boxes of the values.
  package var isApart: Bool { self == .overview || isOfBars }
  /// Whether it shows bars of numbers.
  package var isOfBars: Bool { self == .shares || self == .accumulation }
  /// Whether it is laid out by itself, as its boxes are others than those of the usual stages.
  package var hasOwnSheet: Bool { self == .forwardMode || self == .secondOrder }
  /// Whether it takes a graph of numbers.
  package var isOfNumbers: Bool { isOfBars || hasOwnSheet }
  /// Whether gradients flow back in it.
  package var showsFlow: Bool { self == .backward || hasOwnSheet }

  /// The number on the stage's badge; the overview shows all of them.
  public var number: Int? {
    switch self {
    case .forward: 1
    case .loss: 2
    case .backward, .shares, .accumulation: 3
    case .update: 4
    case .overview, .forwardMode, .secondOrder: nil
    }
  }
}
