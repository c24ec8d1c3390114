import Autograd
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
  /// Whether inputs and targets are arrays with as many rows, several: a row for each sample.
  package var isBatchOfArrays: Bool {
    func rows(_ role: Role) -> Set<Int> {
      Set(nodes.compactMap { $0.isLeaf && $0.role == role ? $0.shape.first : nil }.filter { $0 > 1 })
    }
    guard level == .tensor else { return false }
    // A target for each step of a sequence has the rows of all samples.
    let sequences = nodes.compactMap { $0.isLeaf && $0.role == .input && $0.shape.count > 2 ? $0.shape[0] : nil }
    return !rows(.input).isDisjoint(with: rows(.target))
      || sequences.contains { size in size > 1 && rows(.target).contains { $0.isMultiple(of: size) } }
  }

  /// The graph without the gradients of inputs and targets.
  func withoutDataGradients() -> ComputationGraph {
    withoutGradients { [.input, .target].contains($0.role) }
  }

  /// The graph without the gradients of arrays that the program or an operation writes down, such as dropout's mask.
  func withoutConstantGradients() -> ComputationGraph {
    withoutGradients { $0.role == .constant && !$0.shape.isEmpty }
  }

  private func withoutGradients(_ isFixed: (Node) -> Bool) -> ComputationGraph {
    var graph = self
    for index in nodes.indices where nodes[index].isLeaf && isFixed(nodes[index]) { graph.nodes[index].gradient = nil }
    return graph
  }
}
