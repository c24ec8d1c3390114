/// Why a training stopped before its last step; the parameters are as they were before the step that failed.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong.
  public enum Reason: Sendable, Equatable {
    /// The loss, a gradient or an updated parameter is NaN or infinite: the first such number, where it is found.
    case notFinite(NumericFault?)
    /// The loss has grown beyond all bounds.
    case diverged
    /// The task was cancelled.
    case cancelled
    /// A second loop over a sequence of steps that can be iterated once.
    case iteratedTwice
  }

  /// The step that was not made, from 0 on.
  public var step: Int
  /// The loss of that step, or the last one known.
  public var loss: Double
  /// What went wrong.
  public var reason: Reason

  /// An error in a step.
  public init(step: Int, loss: Double, reason: Reason) {
    self.step = step
    self.loss = loss
    self.reason = reason
  }

  /// The first number that was not finite; nil where that is not the reason.
  public var fault: NumericFault? {
    if case .notFinite(let fault) = reason { fault } else { nil }
  }

  public var description: String {
    switch reason {
    case .notFinite(let fault?): "in step \(step), \(fault.description)"
    case .notFinite(nil), .diverged:
      "in step \(step) the loss is \(PlainNumber.text(loss)): it grows without bounds"
    case .cancelled: "the training was cancelled before step \(step)"
    case .iteratedTwice:
      "a training is iterated once; after step \(step) it goes on with `next()`, or another `Training` begins"
    }
  }
}
