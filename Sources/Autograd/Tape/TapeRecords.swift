/// What is recorded of a node.
extension Tape {
  /// The record of a node.
  ///
  /// - Precondition: a node of this tape, not one from before ``removeAll(keepingCapacity:)``.
  @inline(__always)
  func record(_ index: Int) -> Record {
    precondition(index < count, "a value from before the tape was emptied")
    return storage.pointee.records[index]
  }

  /// The value of a scalar node.
  @inline(__always)
  package func number(_ index: Int) -> Double {
    precondition(index < count, "a value from before the tape was emptied")
    return storage.pointee.values[index]
  }

  @inline(__always)
  func append(_ record: Record, _ value: Double) -> Int {
    storage.pointee.append(record, value)
  }

  /// Records a node that is or reads an array; its values are computed later.
  func append(_ kind: Kind, _ operation: Operation, _ node: ArrayNode) -> Int {
    arrays.append(node)
    return append(Record(a: Int32(arrays.count - 1), kind: kind, operation: operation), 0)
  }

  package func isLeaf(_ index: Int) -> Bool {
    let kind = record(index).kind
    return kind == .leaf || kind == .arrayLeaf
  }

  /// Whether a node is one number.
  package func isScalar(_ index: Int) -> Bool { record(index).kind.rawValue <= Kind.reduction.rawValue }

  /// What a node that is or reads an array has beyond its record; nil for a number made of numbers.
  func arrayNode(_ index: Int) -> ArrayNode? {
    let record = record(index)
    return record.kind.rawValue >= Kind.reduction.rawValue ? arrays[Int(record.a)] : nil
  }

  /// The exponent of a power whose exponent is a constant.
  package func exponent(of index: Int) -> Double? {
    let record = record(index)
    guard record.operation == .power else { return nil }
    return record.kind == .power ? exponents[Int(record.b)] : arrayNode(index)?.exponent
  }

  package func shape(of index: Int) -> [Int] { isScalar(index) ? [] : arrayNode(index)?.shape ?? [] }

  package func values(of index: Int) -> [Double] {
    isScalar(index) ? [number(index)] : arrayNode(index).map { Array($0.values) } ?? []
  }

  package func gradient(of index: Int) -> [Double] {
    if isScalar(index) { return [gradientNumber(index)] }
    return arrayNode(index).map { Array($0.gradient) } ?? []
  }

  func gradientNumber(_ index: Int) -> Double { storage.pointee.gradient(index) }

  /// The operands of a node in order.
  package func operands(of index: Int) -> [Int] {
    let record = record(index)
    switch record.kind {
    case .leaf, .arrayLeaf: return []
    case .list: return operandLists[Int(record.a)..<Int(record.a + record.b)].map(Int.init)
    case .unary, .power: return [Int(record.a)]
    case .arithmetic, .product, .productSum, .binary: return [Int(record.a), Int(record.b)]
    case .reduction, .array:
      let node = arrays[Int(record.a)]
      if !node.parts.isEmpty { return node.parts }
      return node.b < 0 ? [node.a] : [node.a, node.b]
    }
  }

  // MARK: For the export

  /// The operation of a node; nil for a leaf.
  package func operation(of index: Int) -> Operation? { isLeaf(index) ? nil : record(index).operation }

  /// The axis of a reduction or softmax over arrays; nil where it goes over everything.
  package func axis(of index: Int) -> Int? { arrayNode(index)?.axis }

  /// The position that an `index` takes, or the axes of a `transpose` in their new order.
  package func position(of index: Int) -> [AxisIndex]? { arrayNode(index)?.position }

  /// The names that nodes were given, in no order.
  package var givenNames: [String] { labels.values.compactMap(\.name) }

  /// How a constant, or a constant exponent, is written where not by its digits.
  package func source(of index: Int) -> String? { sources[index] }

  package func setLabel(_ name: String, _ role: Role, of index: Int) {
    labels[index] = Label(name: name, role: role)
  }
}
