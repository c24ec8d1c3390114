import Autograd

extension ComputationGraph {
  /// One recorded value.
  public struct Node: Equatable, Sendable {
    /// Unique in the graph and stable: `[A-Za-z_][A-Za-z0-9_.-]*`.
    public var id: String
    /// The name, such as `x[0, 1]`, `ŷ[0]` or `w2`, which figures typeset with subscripts; also unique.
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
    /// ``localDerivatives`` do not determine it: in tensor graphs and in folded graphs; empty where it adds a share whose
    /// numbers are unknown.
    ///
    /// Not part of the graph's JSON; computed by ``ComputationGraph/withShares()``.
    public var shares: [[Double]?]?
    /// The 0-based sample that the value belongs to; nil if it belongs to none or to several.
    public var lane: Int?
    /// The layer or function call in which the value was recorded.
    public var scope: String?
    /// In a scalar graph the array that the value is a number of: `W1` for `W1[1]`; nil if it is of none.
    public var array: String?
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
    var factsBox: RecordedFactsBox?

    /// Whether it is not computed by the graph.
    public var isLeaf: Bool { operation == nil && operands.isEmpty }

    /// Creates a value; only an id, a name and numbers are required.
    public init(
      id: String, name: String, isNamed: Bool = true, role: Role = .intermediate,
      operation: Tape.Operation? = nil, operands: [Int] = [], exponent: Double? = nil, axis: Int? = nil,
      position: [AxisIndex]? = nil, shape: [Int] = [], value: [Double], gradient: [Double]? = nil,
      localDerivatives: [Double]? = nil, lane: Int? = nil, scope: String? = nil, array: String? = nil,
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
      self.array = array
      self.updated = updated
      self.source = source
      self.updateTerms = updateTerms
    }
  }
}
