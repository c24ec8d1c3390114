import Autograd

/// One training step as plain data: every value in evaluation order, with its gradient, and the
/// parameters before and after the update.
///
/// Figures are drawn from this type, and graphs of other frameworks are imported as this type.
public struct ComputationGraph: Equatable, Sendable {
  /// The version of the JSON format this library writes.
  public static let currentVersion = 1

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
  /// How this graph was folded; nil if it was not.
  package var folding: Folding?

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

  /// One recorded value.
  public struct Node: Equatable, Sendable {
    /// Unique in the graph and stable: `[A-Za-z_][A-Za-z0-9_.-]*`.
    public var id: String
    /// The name in figures, such as `x1_2`, `ŷ_1` or `w2`; also unique.
    public var name: String
    /// False for the automatic names `n1`, `n2`, … of intermediate values.
    public var isNamed: Bool
    /// What the value is for.
    public var role: Role
    /// nil for a leaf.
    public var operation: Tape.Operation?
    /// Operands in order, as indices into ``ComputationGraph/nodes``; an index may occur twice.
    public var operands: [Int]
    /// The constant exponent of a `power` with one operand.
    public var exponent: Double?
    /// The axis of a reduction or softmax in a tensor graph; nil means over everything.
    public var axis: Int?
    /// The selection of an `index` on each leading axis.
    public var position: [AxisIndex]?
    /// Empty for a scalar.
    public var shape: [Int]
    /// Row-major; `shape.reduce(1, *)` entries.
    public var value: [Double]
    /// ∂loss/∂value, with as many entries as ``value``; nil if the loss does not depend on the node or there
    /// is no loss.
    public var gradient: [Double]?
    /// In a scalar graph ∂node/∂operand, one number per operand; nil in a tensor graph and for leaves.
    public var localDerivatives: [Double]?
    /// The share that the node adds to the gradient of each operand, with as many numbers as the operand has, if
    /// ``localDerivatives`` do not determine it: in tensor graphs and in folded graphs.
    ///
    /// Not part of the graph's JSON; computed by ``ComputationGraph/withShares()``.
    public var shares: [[Double]?]?
    /// The 0-based sample that the value belongs to; nil if it belongs to none or to several.
    public var lane: Int?
    /// The layer or function call in which the value was recorded.
    public var scope: String?
    /// A parameter's value after the update.
    public var updated: [Double]?
    /// The source text of a constant, such as `√2`; nil if it is written in digits.
    public var source: String?
    /// The intermediate results of the optimizer for a parameter, in the order of its rule; empty for plain
    /// gradient descent.
    public var updateTerms: [UpdateTerm]
    /// The values that the node stands for, if there are several; nil for one recorded value.
    package var fold: Fold?
    /// Whether some of its operands are missing in the graph, so that no formula can be given.
    package var hidesOperands = false
    /// Whether some of its users are missing in the graph, so that its gradient is more than the sum of their
    /// shares.
    package var hidesUses = false

    /// Whether it is not computed by the graph.
    public var isLeaf: Bool { operation == nil && operands.isEmpty }

    /// Creates a value; only an id, a name and numbers are required.
    public init(
      id: String, name: String, isNamed: Bool = true, role: Role = .intermediate,
      operation: Tape.Operation? = nil, operands: [Int] = [], exponent: Double? = nil, axis: Int? = nil,
      position: [AxisIndex]? = nil, shape: [Int] = [], value: [Double], gradient: [Double]? = nil,
      localDerivatives: [Double]? = nil, lane: Int? = nil, scope: String? = nil,
      updated: [Double]? = nil, updateTerms: [UpdateTerm] = [], source: String? = nil
    ) {
      // Plain data: a parameter for each member.
      self.id = id
      self.name = name
      self.isNamed = isNamed
      self.role = role
      self.operation = operation
      self.operands = operands
      self.exponent = exponent
      self.axis = axis
      self.position = position
      self.shape = shape
      self.value = value
      self.gradient = gradient
      self.localDerivatives = localDerivatives
      self.lane = lane
      self.scope = scope
      self.updated = updated
      self.source = source
      self.updateTerms = updateTerms
    }
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

  /// Several values folded into one node; see ``Node/fold``.
  package struct Fold: Equatable, Sendable {
    /// The number of values that the node stands for.
    package var count: Int
    /// The minimum of the values it shows; not finite if one of them is not.
    package var lowest: Double
    /// Their maximum; not finite if one of them is not.
    package var highest: Double
    /// The minimum of their gradients; nil if the loss depends on none of them.
    package var lowestGradient: Double?
    /// The maximum of their gradients; nil if the loss depends on none of them.
    package var highestGradient: Double?

    /// Describes the values that a node stands for.
    package init(
      count: Int, lowest: Double, highest: Double, lowestGradient: Double? = nil,
      highestGradient: Double? = nil
    ) {
      self.count = count
      self.lowest = lowest
      self.highest = highest
      self.lowestGradient = lowestGradient
      self.highestGradient = highestGradient
    }
  }

  /// How a graph was reduced for drawing.
  package struct Folding: Equatable, Sendable {
    /// The number of values in the original graph.
    package var values: Int
    /// The number of samples that the last lane stands for; 1 for a single sample.
    package var samplesInLastLane: Int
    /// Whether values were left out, not only merged.
    package var isExcerpt: Bool
    /// The number of arrows in the original graph, if those between a value and an operation are merged; nil
    /// otherwise.
    package var arrows: Int?

    /// Describes a reduced graph by what it had before.
    package init(values: Int, samplesInLastLane: Int = 1, isExcerpt: Bool = false, arrows: Int? = nil) {
      self.values = values
      self.samplesInLastLane = samplesInLastLane
      self.isExcerpt = isExcerpt
      self.arrows = arrows
    }
  }
}
