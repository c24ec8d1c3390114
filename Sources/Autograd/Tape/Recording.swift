/// Recording of operations; each computes its value at once.
extension Tape {
  package func unary(_ operation: Operation, _ a: Int) -> Int {
    if isScalar(a) { return storage.pointee.unary(operation, a) }
    return array(operation, a, nil, shape: shape(of: a))
  }

  package func binary(_ operation: Operation, _ a: Int, _ b: Int) -> Int {
    if isScalar(a), isScalar(b) { return storage.pointee.binary(operation, a, b) }
    guard let shape = Shapes.broadcast(shape(of: a), shape(of: b)) else {
      preconditionFailure(
        "\(operation.rawValue): the shapes of \(description(of: a)) and \(description(of: b)) do not fit")
    }
    return array(operation, a, b, shape: shape)
  }

  package func power(_ a: Int, exponent: Double) -> Int {
    if isScalar(a) {
      exponents.append(exponent)
      return append(
        Record(a: Int32(a), b: Int32(exponents.count - 1), kind: .power, operation: .power),
        ElementRules.power(number(a), exponent))
    }
    return array(.power, a, nil, shape: shape(of: a), exponent: exponent)
  }

  /// Σ, mean, greatest, least or log Σ exp of scalars.
  package func list(_ operation: Operation, _ operands: [Int]) -> Int {
    precondition(!operands.isEmpty, "\(operation.rawValue) of no values")
    let start = operandLists.count
    operandLists.append(contentsOf: operands.map(Int32.init))
    let record = Record(a: Int32(start), b: Int32(operands.count), kind: .list, operation: operation)
    return append(record, value(ofList: record))
  }

  package func matrixMultiply(_ a: Int, _ b: Int) -> Int {
    guard let shape = Shapes.matrixMultiply(shape(of: a), shape(of: b)) else {
      preconditionFailure(
        "matmul: the inner sizes of \(description(of: a)) and \(description(of: b)) differ")
    }
    return array(.matrixMultiply, a, b, shape: shape)
  }

  package func reduce(_ operation: Operation, _ a: Int, axis: Int?) -> Int {
    guard let shape = Shapes.reduce(shape(of: a), axis: axis) else {
      preconditionFailure("\(operation.rawValue): \(description(of: a)) has no axis \(axis ?? 0)")
    }
    let axis = axis.flatMap { Shapes.normalized($0, rank: self.shape(of: a).count) }
    return array(operation, a, nil, shape: shape, axis: axis)
  }

  package func softmax(_ a: Int, axis: Int) -> Int {
    guard let normalized = Shapes.normalized(axis, rank: shape(of: a).count) else {
      preconditionFailure("softmax: \(description(of: a)) has no axis \(axis)")
    }
    return array(.softmax, a, nil, shape: shape(of: a), axis: normalized)
  }

  package func index(_ a: Int, _ position: [AxisIndex]) -> Int {
    guard let shape = Shapes.index(shape(of: a), position) else {
      preconditionFailure(indexFault(a, position))
    }
    return array(.index, a, nil, shape: shape, position: position)
  }

  /// The reason why an index does not fit, for a message.
  func indexFault(_ a: Int, _ position: [AxisIndex]) -> String {
    let shape = shape(of: a)
    guard position.count <= shape.count else {
      return "\(AxisIndex.text(position)) has \(position.count) places, but \(description(of: a)) only "
        + "\(shape.count == 1 ? "1 axis" : "\(shape.count) axes")"
    }
    return "\(AxisIndex.text(position)) is outside \(description(of: a)): positions begin with 0 and end before "
      + "the size of the axis, and a range holds at least one"
  }

  func array(
    _ operation: Operation, _ a: Int, _ b: Int?, shape: [Int], exponent: Double? = nil, axis: Int? = nil,
    position: [AxisIndex]? = nil, parts: [Int] = []
  ) -> Int {
    let node = ArrayNode(
      operation, a, b, shape: shape, operands: (self.shape(of: a), b.map(self.shape(of:)) ?? []),
      exponent: exponent, axis: axis, position: position, parts: parts, of: arrayNode(a))
    let index = append(shape.isEmpty ? .reduction : .array, operation, node)
    evaluateArray(index)
    return index
  }
}

/// Recording of operations on numbers, where most of the time of a scalar recording goes.
///
/// - Precondition, for all: operands that are recorded.
extension TapeStorage {
  @inline(__always)
  mutating func unary(_ operation: Tape.Operation, _ a: Int) -> Int {
    append(
      Tape.Record(a: Int32(truncatingIfNeeded: a), kind: .unary, operation: operation),
      ElementRules.value(operation, values[a]))
  }

  /// An operation that is not known before: see ``Tape/Record/arithmetic(_:_:)``.
  @inline(__always)
  mutating func binary(_ operation: Tape.Operation, _ a: Int, _ b: Int) -> Int {
    // In this order of questions, the compiler does not turn them into branches for each operation.
    guard !isFull, let template = operation.template else { return otherBinary(operation, a, b) }
    let record = Tape.Record(templates[template], a, b)
    let index = appendWithoutGrowing(record, record.arithmetic(values[a], values[b]))
    if b == index &- 1, operation == .add, a != b { pairProduct(b) }
    return index
  }

  /// A sum, difference or product.
  ///
  /// Rare cases are handled elsewhere, so that these need not save registers for them.
  @inline(__always)
  mutating func binary(_ template: Tape.Record, _ a: Int, _ b: Int, _ rule: (Double, Double) -> Double) -> Int {
    if isFull { return otherBinary(template.operation, a, b) }
    let index = appendWithoutGrowing(Tape.Record(template, a, b), rule(values[a], values[b]))
    if b == index &- 1, template.operation == .add, a != b { pairProduct(b) }
    return index
  }

  @inline(never)
  private mutating func otherBinary(_ operation: Tape.Operation, _ a: Int, _ b: Int) -> Int {
    switch operation {
    case .add, .subtract, .multiply:
      grow()
      return binary(operation, a, b)
    default: precondition(operation.isElementPair, "\(operation.rawValue) does not take two operands")
    }
    return append(
      Tape.Record(
        a: Int32(truncatingIfNeeded: a), b: Int32(truncatingIfNeeded: b), kind: .binary, operation: operation),
      ElementRules.value(operation, values[a], values[b]))
  }

  /// A number that does not change.
  @inline(__always)
  mutating func constant(_ value: Double) -> Int { append(Tape.Record(kind: .leaf, operation: .sum), value) }
}
