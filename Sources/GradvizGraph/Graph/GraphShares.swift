import Autograd

/// What the operations of a graph pass back to each of their operands.
extension ComputationGraph {
  /// The share that one use adds to the gradient of its operand, ∂L/∂user · ∂user/∂operand, with as many numbers as
  /// the operand has.
  ///
  /// - Parameters:
  ///   - user: an index into ``nodes``.
  ///   - position: which of the user's operands.
  /// - Returns: nil if no gradient flows, if it is unknown, and if the graph does not have that use.
  public func share(user: Int, position: Int) -> [Double]? {
    guard nodes.indices.contains(user) else { return nil }
    let node = nodes[user]
    guard node.operation?.hasNoBackwardPass != true else { return nil }
    if let shares = node.shares {
      return shares.indices.contains(position) ? shares[position].flatMap { $0.isEmpty ? nil : $0 } : nil
    }
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
    guard let result = tape.append(node, leaves.map(\.index)), tape.shape(of: result) == node.shape else {
      return nil
    }
    let weighted = tape.binary(
      .multiply, result, tape.array(upstream, shape: node.shape, role: .constant).index)
    let loss = node.shape.isEmpty ? weighted : tape.reduce(.sum, weighted, axis: nil)
    tape.backward(from: Value(tape: tape, index: loss))
    return leaves.map(\.gradient)
  }
}
