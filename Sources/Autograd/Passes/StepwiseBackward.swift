/// A backward pass that another module takes node by node, to look at each gradient or to put another in its place.
extension Tape {
  /// Clears all gradients, and gives the loss its own, 1.
  package func beginBackward(from loss: Value) {
    backward(from: loss)
    storage.pointee.clearGradients()
    for array in arrays { array.isReached = false }
    storage.pointee.gradients[loss.index] = 1
  }

  /// Adds to the gradients of a node's operands what comes back through it.
  package func passBack(_ index: Int) {
    passBack(index, record(index), isScalar(index) ? gradientNumber(index) : 0)
  }

  /// Replaces a node's gradient.
  package func setGradient(_ numbers: [Double], of index: Int) {
    if isScalar(index) {
      storage.pointee.gradients[index] = numbers[0]
    } else if let node = arrayNode(index) {
      let (memory, _) = node.gradientToChange()
      for (offset, number) in numbers.enumerated() { memory[offset] = number }
    }
  }

  /// Replaces what a node computes, until the next replay.
  package func overwrite(_ values: [Double], of index: Int) {
    if isScalar(index) {
      storage.pointee.values[index] = values[0]
    } else {
      arrayNode(index)?.unshare()
      arrayNode(index)?.setValues(values)
    }
  }

  /// ∂node/∂operand for a number made of numbers, one for each operand; nil for leaves and where arrays are.
  package func localDerivatives(of index: Int) -> [Double]? {
    let record = record(index)
    let (a, b) = (Int(record.a), Int(record.b))
    switch record.kind {
    case .leaf, .arrayLeaf, .reduction, .array: return nil
    case .unary: return [ElementRules.derivative(record.operation, number(a), result: number(index))]
    case .power: return [ElementRules.powerDerivative(number(a), exponent: exponents[b])]
    case .arithmetic, .product, .productSum, .binary:
      let local = ElementRules.derivatives(record.operation, number(a), number(b), result: number(index))
      return [local.0, local.1]
    case .list:
      return withOperands(ofList: record) { operands in
        var local: [Double] = []
        local.reserveCapacity(operands.count)
        ElementRules.forEachDerivative(
          record.operation, of: operands, count: operands.count, result: number(index)
        ) { local.append($1) }
        return local
      }
    }
  }
}
