import Autograd

/// The forward pass of a graph once more, with other numbers in its leaves.
package struct SecondPass {
  private let tape = Tape()
  private var places: [Int] = []

  /// Returns nil for a graph whose values cannot be computed again: one that was folded, or cut.
  package init?(_ graph: ComputationGraph) {
    places.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      if let place = tape.append(node, node.operands.map({ places[$0] })) {
        places.append(place)
      } else if node.isLeaf, !node.hidesUses {
        places.append(tape.array(node.value, shape: node.shape, role: node.role, name: nil).index)
      } else {
        return nil
      }
    }
  }

  /// Every value with these numbers in one leaf; the others keep theirs.
  ///
  /// - Complexity: a forward pass.
  package func values(of nodes: [Int], with numbers: [Double], in leaf: Int) -> [[Double]] {
    let before = tape.values(of: places[leaf])
    tape.setValues(numbers, of: places[leaf])
    tape.replay()
    let results = nodes.map { tape.values(of: places[$0]) }
    tape.setValues(before, of: places[leaf])
    tape.replay()
    return results
  }
}
