/// Recording of operations; each computes its value at once.
extension Tape {
  func unary(_ operation: Operation, _ a: Int) -> Int {
    if isScalar(a) {
      return append(
        Record(
          value: ElementRules.value(operation, records[a].value), a: Int32(a), kind: .unary,
          operation: operation))
    }
    return array(operation, a, nil, shape: shape(of: a))
  }

  func binary(_ operation: Operation, _ a: Int, _ b: Int) -> Int {
    if isScalar(a), isScalar(b) {
      return append(
        Record(
          value: ElementRules.value(operation, records[a].value, records[b].value), a: Int32(a),
          b: Int32(b), kind: .binary, operation: operation))
    }
    guard let shape = Shapes.broadcast(shape(of: a), shape(of: b)) else {
      preconditionFailure(
        "\(operation.rawValue): the shapes of \(description(of: a)) and \(description(of: b)) do not fit")
    }
    return array(operation, a, b, shape: shape)
  }

  func power(_ a: Int, exponent: Double) -> Int {
    if isScalar(a) {
      return append(
        Record(
          value: ElementRules.power(records[a].value, exponent), payload: exponent, a: Int32(a),
          kind: .power, operation: .power))
    }
    return array(.power, a, nil, shape: shape(of: a), payload: exponent)
  }

  /// Σ, mean, greatest, least or log Σ exp of scalars.
  func list(_ operation: Operation, _ operands: [Int]) -> Int {
    precondition(!operands.isEmpty, "\(operation.rawValue) of no values")
    let start = operandLists.count
    operandLists.append(contentsOf: operands.map(Int32.init))
    let value = ElementRules.value(operation, of: operands.map { records[$0].value })
    return append(
      Record(
        value: value, a: Int32(start), b: Int32(operands.count), kind: .list, operation: operation))
  }

  func matrixMultiply(_ a: Int, _ b: Int) -> Int {
    guard let shape = Shapes.matrixMultiply(shape(of: a), shape(of: b)) else {
      preconditionFailure(
        "matmul: the inner sizes of \(description(of: a)) and \(description(of: b)) differ")
    }
    return array(.matrixMultiply, a, b, shape: shape)
  }

  func transpose(_ a: Int) -> Int { array(.transpose, a, nil, shape: shape(of: a).reversed()) }

  func reduce(_ operation: Operation, _ a: Int, axis: Int?) -> Int {
    guard let shape = Shapes.reduce(shape(of: a), axis: axis) else {
      preconditionFailure("\(operation.rawValue): \(description(of: a)) has no axis \(axis ?? 0)")
    }
    let axis = axis.flatMap { Shapes.normalized($0, rank: self.shape(of: a).count) }
    return array(operation, a, nil, shape: shape, axis: axis)
  }

  func softmax(_ a: Int, axis: Int) -> Int {
    guard let normalized = Shapes.normalized(axis, rank: shape(of: a).count) else {
      preconditionFailure("softmax: \(description(of: a)) has no axis \(axis)")
    }
    return array(.softmax, a, nil, shape: shape(of: a), axis: normalized)
  }

  func index(_ a: Int, _ position: [Int?]) -> Int {
    guard let shape = Shapes.index(shape(of: a), position) else {
      preconditionFailure(
        "index: \(position.map { $0.map(String.init) ?? ":" }) is outside \(description(of: a))")
    }
    return array(.index, a, nil, shape: shape, position: position)
  }

  private func array(
    _ operation: Operation, _ a: Int, _ b: Int?, shape: [Int], payload: Double = .nan,
    axis: Int? = nil, position: [Int?]? = nil
  ) -> Int {
    let index = append(
      Record(
        value: 0, payload: payload, a: Int32(a), b: Int32(b ?? -1), array: Int32(arrays.count),
        kind: .array, operation: operation),
      ArrayInfo(shape: shape, values: [], gradient: [], axis: axis, position: position))
    evaluateArray(index)
    return index
  }

  // MARK: Replay

  /// Computes every node again from the leaves' present values; nothing is recorded.
  ///
  /// - Complexity: O(operations recorded).
  public func replay() {
    for index in records.indices {
      let record = records[index]
      switch record.kind {
      case .leaf: break
      case .unary:
        records[index].value = ElementRules.value(record.operation, records[Int(record.a)].value)
      case .power:
        records[index].value = ElementRules.power(records[Int(record.a)].value, record.payload)
      case .binary:
        records[index].value = ElementRules.value(
          record.operation, records[Int(record.a)].value, records[Int(record.b)].value)
      case .list:
        records[index].value = ElementRules.value(
          record.operation, of: operands(of: index).map { records[$0].value })
      case .array: evaluateArray(index)
      }
    }
  }
}
