/// A moment of a training step, each with a figure of its own.
public enum Stage: String, CaseIterable, Codable, Sendable {
  case forward, loss, backward, update, overview

  /// The number on the stage's badge; the overview shows all of them.
  public var number: Int? {
    switch self {
    case .forward: 1
    case .loss: 2
    case .backward: 3
    case .update: 4
    case .overview: nil
    }
  }

  public var title: String {
    switch self {
    case .forward: "Forward pass"
    case .loss: "Loss"
    case .backward: "Backward pass"
    case .update: "Update"
    case .overview: "Gradient descent"
    }
  }

  var explanation: String {
    switch self {
    case .forward: "from the inputs to the prediction"
    case .loss: "how far the prediction is from the target"
    case .backward: "from the loss to every parameter"
    case .update: "a small step against the gradient"
    case .overview: "forward, loss, backward, update, and again"
    }
  }
}
