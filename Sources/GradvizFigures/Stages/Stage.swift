/// A stage of a training step, drawn in its own figure.
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

  /// In English; figures use their own language.
  public var title: String { Words(.english).title(self) }
}
