import Autograd

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
