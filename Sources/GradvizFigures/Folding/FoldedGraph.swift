import GradvizGraph

/// A graph reduced for drawing: a node may stand for several values, and values may be left out.
///
/// It reads like the graph that it came from, but is not a training step: its numbers cannot be computed again, and it
/// has no JSON.
@dynamicMemberLookup
package struct FoldedGraph: Equatable, Sendable {
  /// The nodes and arrows to draw.
  package let graph: ComputationGraph

  package subscript<Member>(dynamicMember path: KeyPath<ComputationGraph, Member>) -> Member { graph[keyPath: path] }

  /// Returns the graph folded to `level`, or as it is if there is nothing to fold.
  ///
  /// A node that stands for several values has a `fold`; the gradients of other nodes do not change.
  ///
  /// - Complexity: O(nodes · log nodes) for each level tried.
  package func folded(_ level: Collapse) -> FoldedGraph { folded(level, and: []) }

  /// The same, and further steps after it.
  func folded(_ level: Collapse, and steps: [FoldingStep]) -> FoldedGraph {
    var partition = Partition(level.recovers(graph) ? graph.withRecoveredScopes() ?? graph : graph)
    partition.fold(to: level)
    for step in steps { partition.apply(step) }
    return FoldedGraph(graph: partition.graph)
  }
}

extension ComputationGraph {
  /// The graph with the scopes that figures with these options fold it by, where they are recovered.
  func recovered(for options: FigureOptions) -> ComputationGraph {
    let samples = options.samples ?? presentation.samples
    let level = options.collapse ?? (samples == .all ? .none : .auto)
    let isNetwork = (options.view ?? presentation.view) == .neurons
    return level.recovers(self) && !isNetwork ? withRecoveredScopes() ?? self : self
  }

  /// Returns the graph folded to `level`; see ``FoldedGraph/folded(_:)``.
  package func folded(_ level: Collapse) -> FoldedGraph { FoldedGraph(graph: self).folded(level) }
}
