/// A stage of a training step, drawn in its own figure.
public enum Stage: String, CaseIterable, Codable, Sendable {
  case forward, loss, backward, update, overview
  /// What each sample adds to the gradient of each parameter: drawn only when it is asked for.
  case shares

  /// The stages that are drawn where none is asked for.
  public static let usual: [Stage] = [.forward, .loss, .backward, .update, .overview]

  /// The number on the stage's badge; the overview shows all of them.
  public var number: Int? {
    switch self {
    case .forward: 1
    case .loss: 2
    case .backward, .shares: 3
    case .update: 4
    case .overview: nil
    }
  }
}
