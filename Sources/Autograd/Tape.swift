/// The recording of one computation: an arena of operations in evaluation order.
///
/// A node is an operation code, the indices of its operands and a payload; there are no node objects
/// and no closures, so recording, differentiating and releasing never recurse, however long the chain.
/// The same record serves eager evaluation, ``replay()``, ``backward(from:)`` and the export.
///
/// A tape belongs to one task at a time; what leaves it for others is a ``ComputationGraph``.
public final class Tape {
  /// How a record reads its operands.
  enum Kind: UInt8 { case leaf, unary, binary, power, list, array }

  struct Record {
    /// A scalar's value.
    var value: Double
    /// The exponent of a `power` with a constant exponent.
    var payload: Double = 0
    /// Operands; for a list the start and the count in ``Tape/operandLists``.
    var a: Int32 = -1
    var b: Int32 = -1
    /// Index of the node's ``ArrayInfo``, or -1 for a scalar made of scalars.
    var array: Int32 = -1
    var kind: Kind
    var operation: Operation
  }

  /// What an array, or a scalar made from one, has beyond its record.
  struct ArrayInfo {
    var shape: [Int]
    var values: [Double]
    var gradient: [Double]
    var axis: Int?
    var position: [Int?]?
  }

  struct Label {
    var name: String?
    var role: Role
  }

  // The dynamic exclusivity check on a class's stored property costs more than the operation it
  // guards (three times the whole recording); nothing here calls out while it changes one of these.
  @exclusivity(unchecked) var records = ContiguousArray<Record>()
  @exclusivity(unchecked) var gradients = ContiguousArray<Double>()
  @exclusivity(unchecked) var arrays: [ArrayInfo] = []
  @exclusivity(unchecked) var operandLists = ContiguousArray<Int32>()
  var labels: [Int: Label] = [:]

  /// The step size that the export shows in its update; nil for none.
  public var learningRate: Double?
  /// How ``update()`` moves the parameters, and what the export shows of it; nil for plain gradient descent
  /// with ``learningRate``. Setting it forgets what the former one remembered.
  public var optimizer: Optimizer? {
    didSet { optimizerState = OptimizerState() }
  }
  @exclusivity(unchecked) var optimizerState = OptimizerState()
  /// Values and gradients of all parameters, kept between updates.
  @exclusivity(unchecked) var flatValues: [Double] = []
  @exclusivity(unchecked) var flatGradients: [Double] = []

  /// Where a scope begins or ends: the records from there on are made in it.
  private var scopes: [(start: Int, name: String?)] = []

  public init() {}

  /// How many nodes are recorded.
  public var count: Int { records.count }

  // MARK: Leaves

  /// Records a scalar leaf.
  public func leaf(_ value: Double, role: Role, name: String? = nil) -> Value {
    let index = append(Record(value: value, kind: .leaf, operation: .sum))
    if role != .constant || name != nil { labels[index] = Label(name: name, role: role) }
    return Value(tape: self, index: index)
  }

  /// Records an array leaf; `values` is row-major.
  ///
  /// - Precondition: as many values as the shape has elements.
  public func leaf(_ values: [Double], shape: [Int], role: Role, name: String? = nil) -> Tensor {
    precondition(
      Shapes.count(shape) == values.count,
      "\(name ?? "a leaf") of shape \(Shapes.text(shape)) needs \(Shapes.count(shape) ?? -1) values, but has \(values.count)"
    )
    if shape.isEmpty { return Tensor(leaf(values[0], role: role, name: name)) }
    let index = append(
      Record(value: 0, array: Int32(arrays.count), kind: .leaf, operation: .sum),
      ArrayInfo(shape: shape, values: values, gradient: []))
    if role != .constant || name != nil { labels[index] = Label(name: name, role: role) }
    return Tensor(tape: self, index: index)
  }

  public func input(_ value: Double, name: String? = nil) -> Value { leaf(value, role: .input, name: name) }
  public func target(_ value: Double, name: String? = nil) -> Value { leaf(value, role: .target, name: name) }
  public func parameter(_ value: Double, name: String? = nil) -> Value {
    leaf(value, role: .parameter, name: name)
  }
  public func constant(_ value: Double) -> Value { leaf(value, role: .constant) }

  public func input(_ values: [Double], name: String? = nil) -> Tensor {
    leaf(values, shape: [values.count], role: .input, name: name)
  }
  public func target(_ values: [Double], name: String? = nil) -> Tensor {
    leaf(values, shape: [values.count], role: .target, name: name)
  }
  public func parameter(_ values: [Double], name: String? = nil) -> Tensor {
    leaf(values, shape: [values.count], role: .parameter, name: name)
  }
  public func constant(_ values: [Double]) -> Tensor { leaf(values, shape: [values.count], role: .constant) }

  public func input(_ rows: [[Double]], name: String? = nil) -> Tensor { matrix(rows, .input, name) }
  public func target(_ rows: [[Double]], name: String? = nil) -> Tensor { matrix(rows, .target, name) }
  public func parameter(_ rows: [[Double]], name: String? = nil) -> Tensor { matrix(rows, .parameter, name) }
  public func constant(_ rows: [[Double]]) -> Tensor { matrix(rows, .constant, nil) }

  private func matrix(_ rows: [[Double]], _ role: Role, _ name: String?) -> Tensor {
    let width = rows.first?.count ?? 0
    precondition(
      rows.allSatisfy { $0.count == width }, "the rows of \(name ?? "a matrix") have different lengths")
    return leaf(rows.flatMap { $0 }, shape: [rows.count, width], role: role, name: name)
  }

  // MARK: Names

  /// Names a value, and gives it a role where one is said; a figure shows both.
  public func setName(_ name: String, role: Role? = nil, of value: Value) {
    label(value.index, name, role)
  }

  public func setName(_ name: String, role: Role? = nil, of tensor: Tensor) {
    label(tensor.index, name, role)
  }

  private func label(_ index: Int, _ name: String, _ role: Role?) {
    labels[index] = Label(name: name, role: role ?? self.role(of: index))
  }

  /// Gives the name of `leaf` to `other` where nothing is computed from `leaf`: it then is no part of the
  /// graph any more.
  package func hand(nameOf leaf: Tensor, to other: Tensor) {
    guard !records.indices.contains(where: { operands(of: $0).contains(leaf.index) }) else { return }
    guard let label = labels.removeValue(forKey: leaf.index) else { return }
    labels[other.index] = label
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
  func scope(of index: Int) -> String? {
    var (low, high) = (0, scopes.count)
    while low < high {
      let middle = (low + high) / 2
      if scopes[middle].start <= index { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : scopes[low - 1].name
  }

  func role(of index: Int) -> Role {
    labels[index]?.role ?? (records[index].kind == .leaf ? .constant : .intermediate)
  }

  /// A node for the messages of preconditions: its name and shape.
  func description(of index: Int) -> String {
    "\(labels[index]?.name ?? "value \(index + 1)") (\(Shapes.text(shape(of: index))))"
  }

  // MARK: Records

  func append(_ record: Record) -> Int {
    precondition(records.count < Int(Int32.max), "a tape holds at most \(Int32.max) operations")
    records.append(record)
    return records.count - 1
  }

  func append(_ record: Record, _ info: ArrayInfo) -> Int {
    arrays.append(info)
    return append(record)
  }

  func shape(of index: Int) -> [Int] {
    let array = records[index].array
    return array < 0 ? [] : arrays[Int(array)].shape
  }

  func values(of index: Int) -> [Double] {
    let record = records[index]
    return record.array < 0 || arrays[Int(record.array)].shape.isEmpty
      ? [record.value] : arrays[Int(record.array)].values
  }

  func gradient(of index: Int) -> [Double] {
    guard index < gradients.count else {
      return [Double](repeating: 0, count: Shapes.count(shape(of: index)) ?? 0)
    }
    let array = records[index].array
    if array < 0 || arrays[Int(array)].shape.isEmpty { return [gradients[index]] }
    let gradient = arrays[Int(array)].gradient
    return gradient.isEmpty ? [Double](repeating: 0, count: arrays[Int(array)].values.count) : gradient
  }

  /// The operands of a node in order.
  func operands(of index: Int) -> [Int] {
    let record = records[index]
    switch record.kind {
    case .leaf: return []
    case .list: return operandLists[Int(record.a)..<Int(record.a + record.b)].map(Int.init)
    case .unary, .power: return [Int(record.a)]
    case .binary: return [Int(record.a), Int(record.b)]
    case .array: return record.b < 0 ? [Int(record.a)] : [Int(record.a), Int(record.b)]
    }
  }

  /// Whether a node has exactly one number and needs no array to compute it.
  func isScalar(_ index: Int) -> Bool {
    let array = records[index].array
    return array < 0 || arrays[Int(array)].shape.isEmpty
  }
}
