/// The recording of one computation: an arena of operations in evaluation order.
///
/// A node is an operation code, the indices of its operands and a payload; there are no node objects
/// and no closures, so recording, differentiating and releasing never recurse, however long the chain.
/// The same record serves eager evaluation, ``replay()``, ``backward(from:)`` and the export.
///
/// A tape belongs to one task at a time; what leaves it for others is its exported graph, plain data.
///
/// Values belong to the tape that made them; operations on values of two tapes, and values from before
/// ``removeAll(keepingCapacity:)``, stop the program with a message.
public final class Tape {
  /// How a record reads its operands.
  enum Kind: UInt8 {
    /// +, − and ·
    case arithmetic
    /// A product and the sum right after it that takes it last: two of a neuron's weighted sum.
    case product, productSum
    case leaf, unary, binary, power, list
    /// A number made of arrays.
    case reduction
    case arrayLeaf, array
  }

  struct Record {
    /// Operands; a list has its start and count in ``Tape/operandLists`` here, a power its exponent's place
    /// in ``Tape/exponents`` as `b`, and what is made of arrays its ``ArrayNode``'s place as `a`.
    var a: Int32 = -1
    var b: Int32 = -1
    var kind: Kind
    var operation: Operation
    /// All bits set for a product, and for a difference.
    var productMask: Int8 = 0
    var minusMask: Int8 = 0
  }

  struct Label {
    var name: String?
    var role: Role
  }

  /// Behind a constant pointer: see ``TapeStorage``.
  let storage: UnsafeMutablePointer<TapeStorage>
  var arrays: [ArrayNode] = []
  var operandLists = ContiguousArray<Int32>()
  var exponents: [Double] = []
  var labels: [Int: Label] = [:] {
    didSet { knownParameters = nil }
  }
  /// How constants and exponents are written where not by their digits; see ``setSource(_:of:)``.
  var sources: [Int: String] = [:]
  /// The leaves of role `parameter`, found once.
  var knownParameters: [Int]?
  /// Which nodes the last backward pass came to, found where a gradient of 0 meets an infinite derivative.
  var reached: ReachedNodes?
  /// The node that the last backward pass began with.
  var sweptFrom = -1
  /// See ``parametersWithGradient``.
  var gradientFlags: GradientFlags?
  /// How many of the parameters, in order, are the numbers of one array, where arrays were taken apart.
  var parameterParts: [Int]?
  /// The order of replays and of the sweeps that follow them; see ``replay()``.
  var schedule: Schedule?
  /// How often the tape was replayed while it had so many nodes.
  var replayed = (count: -1, times: 0)
  /// Whether the present sweep leaves out the arrays that no parameter leads to, and for which recording it
  /// is known which those are.
  var isForParametersOnly = false
  var markedParameters: [Int]?
  var markedCount = -1

  /// The step size that the export shows in its update; nil for none.
  public var learningRate: Double?
  /// How ``update()`` moves the parameters, and what the export shows of it; nil for plain gradient descent
  /// with ``learningRate``. Setting it forgets what the former one remembered.
  public var optimizer: Optimizer? {
    didSet { optimizerState = OptimizerState() }
  }
  var optimizerState = OptimizerState()

  /// Where a scope begins or ends: the records from there on are made in it.
  private var scopes: [(start: Int, name: String?)] = []

  /// An empty tape.
  public init() {
    storage = .allocate(capacity: 1)
    storage.initialize(to: TapeStorage())
  }

  deinit {
    storage.pointee.deallocate()
    storage.deallocate()
  }

  /// How many nodes are recorded.
  public var count: Int { storage.pointee.count }

  /// Forgets everything that was recorded, with its names; values from before are not used again.
  ///
  /// - Parameter keepingCapacity: keeps the memory for the next recording, which saves the system the work of
  ///   handing it out again: a third of the time of a first recording of a million operations.
  public func removeAll(keepingCapacity: Bool = false) {
    storage.pointee.removeAll(keepingCapacity: keepingCapacity)
    arrays.removeAll()
    operandLists.removeAll(keepingCapacity: keepingCapacity)
    exponents.removeAll(keepingCapacity: keepingCapacity)
    labels = [:]
    sources = [:]
    scopes = []
    reached = nil
    sweptFrom = -1
    gradientFlags = nil
    schedule = nil
    replayed = (-1, 0)
    optimizerState = OptimizerState()
  }

  // MARK: Names

  package func name(of index: Int) -> String? { labels[index]?.name }

  /// Says how the constant, or the constant exponent of the power, is written where not by its digits: `√2`.
  package func setSource(_ text: String, of tensor: Tensor) { sources[tensor.index] = text }

  func label(_ index: Int, _ name: String, _ role: Role?) {
    labels[index] = Label(name: name, role: role ?? self.role(of: index))
  }

  /// Gives the name of each leaf to the other one where nothing in the graph is computed from the leaf: it
  /// then is left out of the graph.
  package func hand(namesOf pairs: [(leaf: Tensor, other: Tensor)]) {
    guard !pairs.isEmpty else { return }
    // Without its name a leaf is in the graph for what is computed from it only.
    let former = pairs.map { labels.removeValue(forKey: $0.leaf.index) }
    let isKept = isInGraph(loss: nil)
    for ((leaf, other), label) in zip(pairs, former) {
      if let label { labels[isKept[leaf.index] ? leaf.index : other.index] = label }
    }
  }

  /// Which nodes an exported graph has: those with a name or a role, the loss, and what they are computed
  /// from. Others are left-overs of no interest, such as unread constants.
  package func isInGraph(loss: Int?) -> [Bool] {
    var isKept = [Bool](repeating: false, count: count)
    for index in (0..<count).reversed() where isKept[index] || labels[index] != nil || index == loss {
      isKept[index] = true
      forEachOperand(of: index) { isKept[$0] = true }
    }
    return isKept
  }

  // MARK: Scopes

  /// Records what `body` records in a scope, such as a layer: the export says so, figures can fold it. A
  /// scope inside another is named `outer.inner`.
  public func withScope<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    let outer = scopes.last?.name
    enterScope(outer.map { "\($0).\(name)" } ?? name)
    defer { enterScope(outer) }
    return try body()
  }

  package func enterScope(_ name: String?) {
    if scopes.last?.start == count { scopes.removeLast() }
    if scopes.last?.name != name { scopes.append((count, name)) }
  }

  /// The scope that a node was recorded in.
  package func scope(of index: Int) -> String? {
    var (low, high) = (0, scopes.count)
    while low < high {
      let middle = (low + high) / 2
      if scopes[middle].start <= index { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : scopes[low - 1].name
  }

  package func role(of index: Int) -> Role {
    labels[index]?.role ?? (isLeaf(index) ? .constant : .intermediate)
  }

  /// A node for the messages of preconditions: its name and shape.
  func description(of index: Int) -> String {
    "\(labels[index]?.name ?? "value \(index + 1)") (\(Shapes.text(shape(of: index))))"
  }
}

/// Tapes are equal where they are the same.
extension Tape: Hashable {
  public static func == (a: Tape, b: Tape) -> Bool { a === b }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
