/// The recording of one computation: an arena of operations in evaluation order.
///
/// A node consists of an operation code, the indices of its operands and a payload; there are no node objects
/// and no closures, so that recording, differentiating and releasing never recurse, however long the chain.
/// The same records serve eager evaluation, ``replay()``, ``backward(from:)`` and the export.
///
/// A tape belongs to one task at a time; what leaves it for others is its exported graph, plain data. Any number of tapes
/// can be used at the same time.
///
/// A tape lives as long as something holds it: the variable or property it was made for, a ``Tensor``, a layer, a
/// ``Training``. A ``Value`` is plain data and does not. A function that records values returns its tape with them, or
/// gets it from its caller:
///
/// ```swift
/// func loss(on tape: Tape) -> Value { … }
/// ```
///
/// Values belong to the tape that recorded them. Operations on values of two tapes, on values of a tape that is gone, and
/// on values from before ``removeAll(keepingCapacity:)`` stop the program with a message.
public final class Tape {
  /// How a record reads its operands.
  enum Kind: UInt8 {
    /// +, − and ·
    case arithmetic
    /// A product and the sum right after it that takes it last: two nodes of a neuron's weighted sum.
    case product, productSum
    case leaf, unary, binary, power, list
    /// A scalar made from arrays.
    case reduction
    case arrayLeaf, array
  }

  struct Record {
    /// Operands.
    ///
    /// In a list, these are its start and count in ``Tape/operandLists``; a power has the index of its exponent in
    /// ``Tape/exponents`` as `b`, and a node that reads arrays the index of its ``ArrayNode`` as `a`.
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

  /// Behind a constant pointer: see ``TapeStorage`` and ``TapeBlocks``.
  let storage: UnsafeMutablePointer<TapeStorage>
  var arrays: [ArrayNode] = []
  var operandLists = ContiguousArray<Int32>()
  var exponents: [Double] = []
  var labels: [Int: Label] {
    get {
      enterNewRoles()
      return knownLabels
    }
    _modify {
      enterNewRoles()
      knownParameters = nil
      yield &knownLabels
    }
  }
  private var knownLabels: [Int: Label] = [:]
  /// How constants and exponents are written where not by their digits; see ``setSource(_:of:)``.
  var sources: [Int: String] = [:]
  /// The leaves with role `parameter`, cached.
  var knownParameters: [Int]?
  var sweepState = SweepState()
  /// The number of nodes when a leaf was last set: what was computed before may have other numbers; 0 after a replay.
  var computedBeforeChange = 0
  /// The number of consecutive parameters that are the elements of one array, after scalar expansion.
  var parameterParts: [Int]?
  /// The order of replays and of the sweeps after them; see ``replay()``.
  var schedule: Schedule?
  /// How often the tape was replayed with this number of nodes.
  var replayed = (count: -1, times: 0)

  /// The learning rate of the exported update; nil for none.
  public var learningRate: Double?
  /// The optimizer that ``update()`` applies and the export shows; nil for plain gradient descent with
  /// ``learningRate``.
  ///
  /// Setting it discards the state of the previous one.
  public var optimizer: Optimizer? {
    didSet { optimizerState = OptimizerState() }
  }
  var optimizerState = OptimizerState()

  /// Where scopes begin and end: records from there on belong to it.
  private var scopes: [(start: Int, name: String?)] = []

  /// Creates an empty tape.
  public init() {
    storage = TapeBlocks.take()
    storage.pointee.tape = .passUnretained(self)
  }

  deinit { TapeBlocks.giveBack(storage) }

  /// The number of recorded nodes.
  public var count: Int { storage.pointee.count }

  /// Removes all recorded nodes and names; earlier values must not be used again.
  ///
  /// - Parameter keepingCapacity: whether to keep the memory for the next recording, which saves allocating
  ///   it again: a third of the time of a first recording of a million operations.
  public func removeAll(keepingCapacity: Bool = false) {
    storage.pointee.removeAll(keepingCapacity: keepingCapacity)
    arrays.removeAll()
    operandLists.removeAll(keepingCapacity: keepingCapacity)
    exponents.removeAll(keepingCapacity: keepingCapacity)
    knownLabels.removeAll(keepingCapacity: keepingCapacity)
    knownParameters = nil
    sources = [:]
    scopes = []
    sweepState = SweepState()
    computedBeforeChange = 0
    schedule = nil
    replayed = (-1, 0)
    optimizerState = OptimizerState()
  }

  // MARK: Names

  /// Enters the roles of leaves without a name that were recorded since they were last asked for.
  func enterNewRoles() {
    guard !storage.pointee.newRoles.isEmpty else { return }
    for new in storage.pointee.newRoles { knownLabels[Int(new.index)] = Label(name: nil, role: new.role) }
    storage.pointee.newRoles.removeAll()
    knownParameters = nil
  }

  package func name(of index: Int) -> String? { labels[index]?.name }

  // MARK: Scopes

  /// Records the operations in `body` in a scope, such as a layer, which the export includes and figures can fold.
  ///
  /// A nested scope is named `outer.inner`.
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

  /// Describes a node in messages of preconditions: its name and shape.
  func description(of index: Int) -> String {
    "\(labels[index]?.name ?? "value \(index + 1)") (\(Shapes.text(shape(of: index))))"
  }
}

/// Tapes are equal if they are identical.
extension Tape: Hashable {
  /// Two tapes are equal if they are the same object.
  public static func == (a: Tape, b: Tape) -> Bool { a === b }

  /// Hashes the identity of the tape.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
