import Autograd

/// A number of a graph that is not what the graph's other numbers give.
public struct GraphProblem: Sendable, Equatable {
  /// The part of the training step that a number belongs to.
  public enum Kind: Sendable, Equatable {
    /// The value of a node.
    case value
    /// The gradient differs from the sum over the value's uses.
    case gradient
    /// The gradient is a multiple of that sum, as if gradients were not cleared between two backward passes.
    case accumulated(times: Int)
    /// The gradient is the sum of those of several passes, of which the last alone is that of the loss.
    case added(passes: Int)
    /// The derivative of a node by one of its operands.
    case localDerivative
    /// A parameter after the update, or the loss after it.
    case update
    /// No gradient passes here, though one would: `detach`, or `no_grad`.
    case detached

    /// The pass that the number belongs to.
    package enum Part: Hashable, Sendable { case forward, backward, update }
    package var part: Part {
      switch self {
      case .value: .forward
      case .gradient, .accumulated, .added, .localDerivative, .detached: .backward
      case .update: .update
      }
    }
  }

  /// The part of the step.
  public var kind: Kind
  /// The name of the number, such as “the gradient of w”.
  public var subject: String
  /// The number in the graph.
  public var given: Double
  /// The number that follows from the others.
  public var expected: Double
  /// The source of the expected number, such as “a * b”.
  public var source: String
  /// The id of the node that has the number; nil for the loss after the update.
  public var node: String?
  /// The number alone, such as `w[0, 1]`.
  public var entry = ""

  /// The problem in one line.
  public var description: String {
    if kind == .detached { return "\(subject) was computed without a gradient: none passes back to \(source)" }
    let (given, expected) = (PlainNumber.text(given), PlainNumber.text(expected))
    if case .added(let passes) = kind {
      return "\(subject) is \(given), the sum of \(passes) passes, of which the last added \(expected): "
        + "were gradients of an earlier pass cleared?"
    }
    guard case .accumulated(let times) = kind else {
      return "\(subject) is \(given), but \(source) \(expected)"
    }
    let often = times == 2 ? "twice" : "\(times) times"
    return
      "\(subject) is \(given), \(often) the \(expected) that \(source): were gradients of an earlier pass cleared?"
  }
}

/// The result of recomputing a graph's numbers.
public struct GraphReport: Sendable, Equatable {
  /// The disagreements, in evaluation order.
  public var problems: [GraphProblem] = []
  /// The number of values compared.
  public var values = 0
  /// The number of gradients compared.
  public var gradients = 0
  /// The number of updates compared.
  public var updates = 0
  /// The number of updates that were not compared: those of rules other than plain gradient descent.
  public var updatesAsRecorded = 0
  /// The operations that cannot be computed again, each once, in evaluation order.
  public var asRecorded: [String] = []
}
