import GradvizGraph

extension ComputationGraph {
  /// The graph without the updates of what the loss does not depend on, where they change nothing: an
  /// optimizer leaves such parameters alone, and no arrow leads to them.
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
