extension Tape {
  /// Computes ∂loss/∂node for every node by one sweep against the order of the recording.
  ///
  /// Gradients of an earlier sweep are cleared first; within the sweep they accumulate over every use
  /// of a value. (Griewank & Walther, *Evaluating Derivatives*, 2nd ed., 2008, chapter 3.2.)
  ///
  /// - Complexity: O(operations recorded), a small multiple of the forward pass.
  public func backward(from loss: Value) {
    precondition(loss.tape === self, "the loss belongs to another tape")
    gradients = ContiguousArray(repeating: 0, count: records.count)
    for index in arrays.indices where !arrays[index].gradient.isEmpty { arrays[index].gradient = [] }
    gradients[loss.index] = 1
    // A value the loss does not depend on must not receive 0 · ∞ from another branch.
    var isReached = [Bool](repeating: false, count: records.count)
    isReached[loss.index] = true
    for index in stride(from: loss.index, through: 0, by: -1) where isReached[index] {
      let record = records[index]
      let upstream = gradients[index]
      switch record.kind {
      case .leaf: break
      case .unary:
        let a = Int(record.a)
        isReached[a] = true
        gradients[a] +=
          upstream * ElementRules.derivative(record.operation, records[a].value, result: record.value)
      case .power:
        let a = Int(record.a)
        isReached[a] = true
        gradients[a] += upstream * ElementRules.powerDerivative(records[a].value, exponent: record.payload)
      case .binary:
        let (a, b) = (Int(record.a), Int(record.b))
        let local = ElementRules.derivatives(
          record.operation, records[a].value, records[b].value, result: record.value)
        isReached[a] = true
        isReached[b] = true
        gradients[a] += upstream * local.0
        gradients[b] += upstream * local.1
      case .list:
        let operands = operands(of: index)
        let local = ElementRules.derivatives(
          record.operation, of: operands.map { records[$0].value }, result: record.value)
        for (operand, derivative) in zip(operands, local) {
          isReached[operand] = true
          gradients[operand] += upstream * derivative
        }
      case .array:
        isReached[Int(record.a)] = true
        if record.b >= 0 { isReached[Int(record.b)] = true }
        backwardArray(index)
      }
    }
  }

  /// The leaves of role `parameter`, in order of recording.
  var parameters: [Int] {
    labels.filter { $0.value.role == .parameter && records[$0.key].kind == .leaf }.keys.sorted()
  }

  /// One step of gradient descent, w ← w − rate · ∂L/∂w, for all parameters at once.
  ///
  /// Values computed from them are as before until ``replay()``.
  public func update(learningRate: Double) {
    for index in parameters {
      let gradient = gradient(of: index)
      let values = zip(values(of: index), gradient).map { $0 - learningRate * $1 }
      setValues(values, of: index)
    }
  }

  func setValues(_ values: [Double], of index: Int) {
    precondition(
      records[index].kind == .leaf, "\(description(of: index)) is computed; only leaves can be set")
    precondition(
      values.count == self.values(of: index).count,
      "\(description(of: index)) cannot take \(values.count) values")
    if isScalar(index) {
      records[index].value = values[0]
    } else {
      arrays[Int(records[index].array)].values = values
    }
  }
}
