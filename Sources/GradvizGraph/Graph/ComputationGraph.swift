import Autograd

/// One training step as plain data: every value in evaluation order, with its gradient, and the
/// parameters before and after the update.
///
/// Figures are drawn from this type, and graphs of other frameworks are imported as this type.
public struct ComputationGraph: Equatable, Sendable {
  /// The latest version of the JSON format; a graph that a program recorded is written as version 1.
  public static let currentVersion = 2

  /// Whether the nodes are numbers or arrays.
  public enum Level: String, Codable, Sendable, CaseIterable { case scalar, tensor }

  /// Whether its nodes are numbers or arrays.
  public var level: Level
  /// In evaluation order: the operands of a node precede it.
  public var nodes: [Node]
  /// The node whose gradients are computed, as an index into ``nodes``; nil if the program has no loss.
  public var loss: Int?
  /// The number of samples in the batch; 0 if the graph has no lanes.
  public var laneCount: Int
  /// The learning rate of the update; nil if the program sets none.
  public var learningRate: Double?
  /// Whether the program sets no rate, and the language's own was taken.
  public var usesDefaultRate = false
  /// The update rule, with one line per assignment, `g` for ∂L/∂w and `lr` for the learning rate; nil for
  /// plain gradient descent, w ← w − lr·g.
  public var updateRule: [String]?
  /// The 1-based number of the training step: the `t` of its rule.
  ///
  /// nil if the rule has none.
  public var updateStep: Int?
  /// The loss after the update, from one more forward pass.
  public var lossAfterUpdate: Double?
  /// The author's choices for figures of the graph.
  public var presentation: Presentation
  /// The words that class numbers stand for.
  public var classes: [Classes] = []
  /// Who recorded the step, such as `torch 2.13.0`; nil for a program's.
  public var producer: String?
  /// The optimizer of a recorded step.
  public var optimizer: RecordedOptimizer?
  /// The message of the error that ended the recording.
  public var error: String?
  /// What recomputing the graph has found, to be marked in its figures.
  ///
  /// Not part of the graph's JSON.
  public var findings: [GraphProblem] = []
  /// The operations that could not be computed again; see ``findings``.
  public var asRecorded: [String] = []
  /// How this graph was folded; nil if it was not.
  package var folding: Folding?
  /// What a tape of numbers was found to be made of, where its scopes come from there.
  ///
  /// Not part of the graph's JSON.
  package var recovery: Recovery?

  /// Creates a graph from its parts.
  public init(
    level: Level, nodes: [Node], loss: Int? = nil, laneCount: Int = 0, learningRate: Double? = nil,
    updateRule: [String]? = nil, updateStep: Int? = nil, lossAfterUpdate: Double? = nil,
    presentation: Presentation = Presentation()
  ) {
    // Plain data: a parameter for each member.
    self.level = level
    self.nodes = nodes
    self.loss = loss
    self.laneCount = laneCount
    self.learningRate = learningRate
    self.updateRule = updateRule
    self.updateStep = updateStep
    self.lossAfterUpdate = lossAfterUpdate
    self.presentation = presentation
  }

  /// The words behind class numbers: class 0 is the first.
  public struct Classes: Equatable, Sendable {
    /// The name of the declared value, such as `y`.
    public var name: String
    /// The words, by class number.
    public var words: [String]

    /// Names the classes of a declared value.
    public init(name: String, words: [String]) {
      self.name = name
      self.words = words
    }
  }
}
