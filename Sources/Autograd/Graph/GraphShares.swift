/// Computes the gradients that the operations of a graph pass back to each of their operands.
extension ComputationGraph {
  /// The share that one use adds to the gradient of its operand, ∂L/∂user · ∂user/∂operand, with as many numbers as
  /// the operand has.
  ///
  /// nil if no gradient flows, or if it is unknown.
  public func share(user: Int, position: Int) -> [Double]? {
    let node = nodes[user]
    if let shares = node.shares { return shares.indices.contains(position) ? shares[position] : nil }
    guard let gradient = node.gradient, gradient.count == 1, let local = node.localDerivatives,
      local.indices.contains(position)
    else { return nil }
    return [gradient[0] * local[position]]
  }

  /// Returns a tensor graph with the share of every use; in a scalar graph, the local derivatives determine
  /// it.
  ///
  /// - Complexity: a backward pass over the operations whose operands have several uses.
  public func withShares() -> ComputationGraph {
    guard level == .tensor else { return self }
    var useCounts = [Int](repeating: 0, count: nodes.count)
    for node in nodes { for operand in node.operands { useCounts[operand] += 1 } }
    var result = self
    for (index, node) in nodes.enumerated() where !node.operands.isEmpty && node.shares == nil {
      guard node.gradient != nil else { continue }
      if node.operands.contains(where: { useCounts[$0] > 1 }) {
        result.nodes[index].shares = passedBack(by: node)
      } else {
        result.nodes[index].shares = node.operands.map { nodes[$0].gradient }
      }
    }
    return result
  }

  /// The gradients that a node's operation passes back, computed on a separate tape with a leaf for each
  /// operand; nil if its operands do not fit the operation.
  private func passedBack(by node: Node) -> [[Double]?]? {
    guard let upstream = node.gradient else { return nil }
    let tape = Tape()
    let leaves = node.operands.map {
      tape.array(nodes[$0].value, shape: nodes[$0].shape, role: .parameter)
    }
    guard let result = tape.record(node, leaves.map(\.index)), tape.shape(of: result) == node.shape else {
      return nil
    }
    let weighted = tape.binary(
      .multiply, result, tape.array(upstream, shape: node.shape, role: .constant).index)
    let loss = node.shape.isEmpty ? weighted : tape.reduce(.sum, weighted, axis: nil)
    tape.backward(from: Value(tape: tape, index: loss))
    return leaves.map(\.gradient)
  }
}

extension Tape {
  /// Records the operation of a graph node with other operands; returns nil if they do not fit.
  fileprivate func record(_ node: ComputationGraph.Node, _ operands: [Int]) -> Int? {
    guard let operation = node.operation, let first = operands.first else { return nil }
    let shapes = operands.map { shape(of: $0) }
    switch operation {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .power:
      if operation == .power, let exponent = node.exponent, operands.count == 1 {
        return power(first, exponent: exponent)
      }
      guard operands.count == 2, Shapes.broadcast(shapes[0], shapes[1]) != nil else { return nil }
      return binary(operation, first, operands[1])
    case .matrixMultiply:
      guard operands.count == 2, Shapes.matrixMultiply(shapes[0], shapes[1]) != nil else { return nil }
      return matrixMultiply(first, operands[1])
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      if shapes.allSatisfy(\.isEmpty) { return list(operation, operands) }
      guard operands.count == 1, Shapes.reduce(shapes[0], axis: node.axis) != nil else { return nil }
      return reduce(operation, first, axis: node.axis)
    case .softmax:
      guard operands.count == 1, Shapes.normalized(node.axis ?? -1, rank: shapes[0].count) != nil else {
        return nil
      }
      return softmax(first, axis: node.axis ?? -1)
    case .index:
      guard operands.count == 1, Shapes.index(shapes[0], node.position ?? []) != nil else { return nil }
      return index(first, node.position ?? [])
    case .transpose:
      guard operands.count == 1 else { return nil }
      return shapes[0].count < 2 ? first : shapes[0].count == 2 ? transpose(first) : nil
    case .negate, .exp, .log, .clampedLog, .tanh, .sigmoid, .relu, .sin, .cos, .sqrt, .abs:
      return operands.count == 1 ? unary(operation, first) : nil
    }
  }
}
