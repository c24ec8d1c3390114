extension ComputationGraph {
  /// Whether it is a tape of numbers that says nothing of its layers.
  public var isPlainTape: Bool {
    level == .scalar && laneCount == 0 && nodes.allSatisfy { $0.scope == nil && $0.shape.isEmpty }
  }

  /// The operations on vectors and matrices that a tape of numbers is made of; nil where none are recognized.
  ///
  /// - Complexity: O(n log n) in the operands.
  public func recovered() -> Recovery? {
    guard isPlainTape else { return nil }
    var finder = PartFinder(ScalarReading(self))
    let classes = finder.classes()
    guard !classes.isEmpty else { return nil }
    return RecoveredNames(finder, classes).finished()
  }

  /// The graph with a scope for each number that was recovered.
  package func withRecoveredScopes() -> ComputationGraph? {
    guard let recovery = recovered() else { return nil }
    var result = self
    for index in nodes.indices where recovery.boxOf[index] >= 0 {
      let box = recovery.boxes[recovery.boxOf[index]]
      result.nodes[index].scope = box.path
      if nodes[index].isLeaf, nodes[index].array == nil {
        result.nodes[index].array = box.path.split(separator: ".").last.map(String.init)
      }
    }
    result.recovery = recovery
    return result
  }
}
