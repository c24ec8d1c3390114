import GradvizGraph

extension ComputationGraph {
  /// Returns the graph without unchanged updates of parameters that the loss does not depend on: an optimizer
  /// skips them, and no arrow leads to them.
  func withoutIdleUpdates() -> ComputationGraph {
    var result = self
    for (index, node) in nodes.enumerated() where node.gradient == nil && node.updated == node.value {
      result.nodes[index].updated = nil
    }
    return result
  }
}

extension ComputationGraph {
  /// The graph without the gradients of inputs and targets.
  func withoutDataGradients() -> ComputationGraph {
    var graph = self
    for index in nodes.indices where nodes[index].isLeaf && [.input, .target].contains(nodes[index].role) {
      graph.nodes[index].gradient = nil
    }
    return graph
  }
}
