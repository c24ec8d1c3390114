/// The reason why training stopped early; the parameters have their values from before the failing step.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error.
  public enum Reason: Sendable, Equatable {
    /// The loss, a gradient or an updated parameter is NaN or infinite: the first such number, if it was
    /// found.
    case notFinite(NumericFault?)
    /// The loss has diverged.
    case diverged
    /// The task was cancelled.
    case cancelled
    /// A second loop over steps that can be iterated only once.
    case iteratedTwice
  }

  /// The 0-based number of the failing step.
  public var step: Int
  /// The loss of that step, or the last known one.
  public var loss: Double
  /// The kind of error.
  public var reason: Reason

  /// Creates an error in a step.
  public init(step: Int, loss: Double, reason: Reason) {
    self.step = step
    self.loss = loss
    self.reason = reason
  }

  /// The first number that was not finite; nil if that is not the reason.
  public var fault: NumericFault? {
    if case .notFinite(let fault) = reason { fault } else { nil }
  }

  /// What happened, and in which step.
  public var description: String {
    switch reason {
    case .notFinite(let fault?): "in step \(step), \(fault.description)"
    case .notFinite(nil), .diverged:
      "in step \(step), the loss is \(PlainNumber.text(loss)): it \(loss < 0 ? "falls" : "grows") without bound"
    case .cancelled: "the training was cancelled before step \(step)"
    case .iteratedTwice:
      "a training is iterated once; after step \(step) it goes on with `next()`, or another `Training` begins"
    }
  }
}
