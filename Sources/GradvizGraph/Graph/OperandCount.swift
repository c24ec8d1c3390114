import Autograd

extension ComputationGraph.Node {
  /// Whether there are as many operands as the operation reads.
  ///
  /// This holds for recorded and decoded graphs, but not necessarily for graphs that were built by hand, folded or
  /// cut.
  var hasItsOperands: Bool {
    switch operation {
    case nil: operands.isEmpty || facts?.operation != nil
    case .power: operands.count == (exponent == nil ? 2 : 1)
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp, .concat: !operands.isEmpty
    case .matrixMultiply: operands.count == 2
    case let operation?: operands.count == (operation.isElementPair ? 2 : 1)
    }
  }
}

extension ComputationGraph {
  /// Returns the graph with nodes that lack operands marked as hiding them, so that no formula or label reads
  /// them; removes local derivatives whose count does not match.
  package func hidingMisfits() -> ComputationGraph {
    var result = self
    for (index, node) in nodes.enumerated() {
      if !node.hidesOperands, !node.hasItsOperands { result.nodes[index].hidesOperands = true }
      if let local = node.localDerivatives, local.count != node.operands.count {
        result.nodes[index].localDerivatives = nil
      }
    }
    return result
  }
}
