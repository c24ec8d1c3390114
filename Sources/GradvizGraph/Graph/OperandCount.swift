import Autograd

extension ComputationGraph.Node {
  /// Whether there are as many operands as the operation reads. A graph that was recorded or read has them;
  /// one made by hand, folded or cut out may not.
  var hasItsOperands: Bool {
    switch operation {
    case nil: operands.isEmpty
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .matrixMultiply: operands.count == 2
    case .power: operands.count == (exponent == nil ? 2 : 1)
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp: !operands.isEmpty
    case .negate, .exp, .log, .clampedLog, .tanh, .sigmoid, .relu, .sin, .cos, .sqrt, .abs, .softmax,
      .transpose,
      .index:
      operands.count == 1
    }
  }
}

extension ComputationGraph {
  /// The graph in which what lacks operands says that it hides them, so that no formula and no label reads
  /// them; local derivatives that are not one for each operand are none.
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
