import CAutograd

/// Computes values and gradients of the nodes that read or create arrays.
extension Tape {
  /// The memory of a node's values: on the tape for a scalar, in its own memory for an array.
  ///
  /// Valid until something is recorded.
  private func elements(_ index: Int) -> UnsafeMutablePointer<Double> {
    if isScalar(index) { return storage.pointee.values + index }
    return arrayNode(index)?.values.baseAddress ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped
  }

  func elementCount(_ index: Int) -> Int { isScalar(index) ? 1 : arrayNode(index)?.values.count ?? 0 }

  /// The sizes of a matrix product.
  private func sizes(_ node: ArrayNode) -> (rows: Int, inner: Int, columns: Int) {
    let (a, b) = (shape(of: node.a), shape(of: node.b))
    return (a.count == 2 ? a[0] : 1, b[0], b.count == 2 ? b[1] : 1)
  }

  func evaluateArray(_ index: Int) {
    guard let node = arrayNode(index) else { return }
    let (x, y) = (elements(node.a), elements(index))
    let (inputs, outputs) = (elementCount(node.a), elementCount(index))
    switch node.operation {
    case .matrixMultiply:
      let size = sizes(node)
      gradviz_matrix_product(
        size.rows, size.inner, size.columns, x, size.inner, 1, elements(node.b), size.columns, 1, y, 0)
    case .transpose:
      let (rows, columns) = (node.shape[0], node.shape[1])
      for i in 0..<rows { for j in 0..<columns { y[i * columns + j] = x[j * rows + i] } }
    case .index: for i in 0..<outputs { y[i] = x[node.sources[i]] }
    case .sum where node.shape.isEmpty: y[0] = ArrayLoops.sum(x, inputs)
    case .mean where node.shape.isEmpty: y[0] = ArrayLoops.sum(x, inputs) / Double(inputs)
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      Lines(shape(of: node.a), axis: node.axis).forEach {
        y[$0] = ElementRules.value(node.operation, of: $1.over(x), count: $1.count)
      }
    case .softmax:
      Lines(node.shape, axis: node.axis).forEach { _, line in ElementRules.softmax(x, line, into: y) }
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
  private func gradient(to index: Int) -> ArrayLoops.Gradient? {
    if isScalar(index) { return (storage.pointee.gradients + index, false) }
    guard let node = arrayNode(index), node.leadsToParameter || !isForParametersOnly else { return nil }
    return node.gradientToChange()
  }

  /// The same, initialized with zeros if it was empty.
  private func filledGradient(to index: Int) -> UnsafeMutablePointer<Double>? {
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
    let (inputs, outputs) = (elementCount(node.a), elementCount(index))
    switch node.operation {
    case .matrixMultiply:
      let (rows, inner, columns) = sizes(node)
      // G·Bᵀ for the left operand, Aᵀ·G for the right one.
      if let (left, isEmpty) = gradient(to: node.a) {
        gradviz_matrix_product(
          rows, columns, inner, upstream, columns, 1, elements(node.b), 1, columns, left, isEmpty ? 0 : 1)
      }
      if let (right, isEmpty) = gradient(to: node.b) {
        gradviz_matrix_product(
          inner, rows, columns, x, 1, inner, upstream, columns, 1, right, isEmpty ? 0 : 1)
      }
    case .transpose:
      guard let target = filledGradient(to: node.a) else { return }
      let (rows, columns) = (node.shape[0], node.shape[1])
      for i in 0..<rows { for j in 0..<columns { target[j * rows + i] += upstream[i * columns + j] } }
    case .index:
      guard let target = filledGradient(to: node.a) else { return }
      for i in 0..<outputs { target[node.sources[i]] += upstream[i] }
    case .sum where isNumber, .mean where isNumber:
      guard let target = gradient(to: node.a) else { return }
      let share = node.operation == .mean ? upstream[0] * (1 / Double(inputs)) : upstream[0]
      ArrayLoops.add(inputs, to: target) { _ in share }
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      guard let target = filledGradient(to: node.a) else { return }
      Lines(shape(of: node.a), axis: node.axis).forEach { entry, line in
        let u = upstream[entry]
        ElementRules.forEachDerivative(
          node.operation, of: line.over(x), count: line.count, result: y[entry]
        ) { target[line.place($0)] += u * $1 }
      }
    case .softmax:
      guard let target = filledGradient(to: node.a) else { return }
      Lines(node.shape, axis: node.axis).forEach { _, line in
        var total = 0.0
        for i in line.places { total += upstream[i] * y[i] }
        for i in line.places { target[i] += y[i] * (upstream[i] - total) }
      }
    case .power where node.b < 0:
      guard let target = gradient(to: node.a) else { return }
      ArrayLoops.powerGradients(node.exponent ?? 1, upstream, x, inputs, to: target)
    default: backwardElementwise(index, node, upstream)
    }
  }

  private func backwardElementwise(_ index: Int, _ node: ArrayNode, _ upstream: UnsafeMutablePointer<Double>) {
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
        left: filledGradient(to: node.a), right: filledGradient(to: node.b))
      return
    }
    // The same array on both sides is empty for the first only.
    let left = gradient(to: node.a).map { target -> ArrayLoops.Gradient in
      if node.a == node.b, target.isEmpty { target.0.update(repeating: 0, count: inputs) }
      return node.a == node.b ? (target.0, false) : target
    }
    ArrayLoops.gradients(
      node.operation, upstream, x, elements(node.b), y, meeting, left: left, right: gradient(to: node.b))
  }
}
