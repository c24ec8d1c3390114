/// Computes values and gradients of the nodes that read or create arrays.
extension Tape {
  /// The memory of a node's values: on the tape for a scalar, in its own memory for an array.
  ///
  /// Valid until something is recorded.
  func elements(_ index: Int) -> UnsafeMutablePointer<Double> {
    if isScalar(index) { return storage.pointee.values + index }
    return arrayNode(index)?.values.baseAddress ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
  }

  func elementCount(_ index: Int) -> Int { isScalar(index) ? 1 : arrayNode(index)?.values.count ?? 0 }

  func evaluateArray(_ index: Int) {
    guard let node = arrayNode(index) else { return }
    let (x, y) = (elements(node.a), elements(index))
    let (inputs, outputs) = (elementCount(node.a), elementCount(index))
    switch node.operation {
    case .matrixMultiply:
      multiply(node, x, elements(node.b), into: y)
    case .transpose where node.shape.count == 2:
      let (rows, columns) = (node.shape[0], node.shape[1])
      for i in 0..<rows { for j in 0..<columns { y[i * columns + j] = x[j * rows + i] } }
    case .reshape, .index, .transpose:
      if node.isShared { return }
      if let map = node.map { map.gather(x, into: y) } else { y.update(from: x, count: outputs) }
    case .concat: forEachRun(of: node) { (y + $2).update(from: elements($0) + $1, count: $3) }
    case .sum where node.shape.isEmpty: y[0] = ArrayLoops.sum(x, inputs)
    case .mean where node.shape.isEmpty: y[0] = ArrayLoops.sum(x, inputs) / Double(inputs)
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      LineLoops.values(node.operation, x, Lines(shape(of: node.a), axis: node.axis), into: y)
    case .softmax: LineLoops.softmax(x, Lines(node.shape, axis: node.axis), into: y)
    case .power where node.b < 0: ArrayLoops.powers(x, node.exponent ?? 1, outputs, into: y)
    default:
      if let meeting = node.meeting {
        ArrayLoops.values(node.operation, x, elements(node.b), meeting, into: y)
      } else {
        ArrayLoops.values(node.operation, x, outputs, into: y)
      }
    }
  }

  /// The destination of an operand's gradient; nil if it is not needed.
  func gradient(to index: Int) -> ArrayLoops.Gradient? {
    if sweepState.isForParametersOnly, !sweepState.leadsToParameter[index] { return nil }
    return isScalar(index) ? (storage.pointee.gradients + index, false) : arrayNode(index)?.gradientToChange()
  }

  /// The same, initialized with zeros if it was empty.
  func filledGradient(to index: Int) -> UnsafeMutablePointer<Double>? {
    guard let (target, isEmpty) = gradient(to: index) else { return nil }
    if isEmpty { target.update(repeating: 0, count: elementCount(index)) }
    return target
  }

  /// Adds the gradient that node `index` passes back to those of its operands.
  ///
  /// - Precondition: the backward pass has reached the node.
  func backwardArray(_ index: Int) {
    guard let node = arrayNode(index) else { return }
    let isNumber = node.shape.isEmpty
    guard let upstream = isNumber ? storage.pointee.gradients + index : node.knownGradient else { return }
    let (x, y) = (elements(node.a), elements(index))
    let inputs = elementCount(node.a)
    switch node.operation {
    case .matrixMultiply:
      backwardProduct(node, upstream)
    case .concat: backwardConcat(node, upstream)
    case .transpose where node.shape.count == 2:
      guard let target = filledGradient(to: node.a) else { return }
      let (rows, columns) = (node.shape[0], node.shape[1])
      for i in 0..<rows { for j in 0..<columns { target[j * rows + i] += upstream[i * columns + j] } }
    case .index, .transpose, .reshape: backwardMoves(node, upstream)
    case .sum where isNumber, .mean where isNumber:
      guard let target = gradient(to: node.a) else { return }
      let share = node.operation == .mean ? upstream[0] * (1 / Double(inputs)) : upstream[0]
      ArrayLoops.add(inputs, to: target) { _ in share }
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      guard let target = gradient(to: node.a) else { return }
      LineLoops.gradients(node.operation, upstream, x, y, Lines(shape(of: node.a), axis: node.axis), to: target)
    case .softmax:
      guard let target = gradient(to: node.a) else { return }
      LineLoops.softmaxGradients(upstream, y, Lines(node.shape, axis: node.axis), to: target)
    case .power where node.b < 0:
      guard let target = gradient(to: node.a) else { return }
      ArrayLoops.powerGradients(node.exponent ?? 1, upstream, x, inputs, to: target)
    default: backwardElementwise(index, node, upstream)
    }
  }

  /// The gradient of what has the numbers of its operand in other places.
  private func backwardMoves(_ node: ArrayNode, _ upstream: UnsafeMutablePointer<Double>) {
    guard !node.sharesGradient, let (target, isEmpty) = gradient(to: node.a) else { return }
    guard let map = node.map else {
      let count = elementCount(node.a)
      return ArrayLoops.add(count, to: (target, isEmpty), { ArrayLoops.four(upstream, $0) }) { upstream[$0] }
    }
    if isEmpty, !map.isPermutation { target.update(repeating: 0, count: elementCount(node.a)) }
    map.scatter(upstream, to: (target, isEmpty && map.isPermutation))
  }

  private func backwardElementwise(_ index: Int, _ node: ArrayNode, _ upstream: UnsafeMutablePointer<Double>) {
    if node.operation.passesNothing { return }
    let (x, y) = (elements(node.a), elements(index))
    let inputs = elementCount(node.a)
    guard let meeting = node.meeting else {
      guard let target = gradient(to: node.a) else { return }
      ArrayLoops.gradients(node.operation, upstream, x, y, inputs, to: target)
      return
    }
    if let maps = meeting.maps {
      ArrayLoops.mappedGradients(
        node.operation, upstream, x, elements(node.b), y, elementCount(index), maps,
        left: filledGradient(to: node.a), right: node.operation == .masked ? nil : filledGradient(to: node.b))
      return
    }
    // The same array on both sides is empty for the first only.
    let left = gradient(to: node.a).map { target -> ArrayLoops.Gradient in
      if node.a == node.b, target.isEmpty { target.0.update(repeating: 0, count: inputs) }
      return node.a == node.b ? (target.0, false) : target
    }
    ArrayLoops.gradients(
      node.operation, upstream, x, elements(node.b), y, meeting, left: left,
      right: node.operation == .masked ? nil : gradient(to: node.b))
  }
}
