/// Names, sources, and what they keep in a graph.
extension Tape {
  /// Sets the source text of a constant, or of the constant exponent of a power, that is not written in
  /// digits: `√2`.
  package func setSource(_ text: String, of tensor: Tensor) { sources[tensor.index] = text }

  func label(_ index: Int, _ name: String, _ role: Role?) {
    labels[index] = Label(name: name, role: role ?? self.role(of: index))
  }

  /// Moves the name of each leaf to the other tensor if nothing in the graph is computed from the leaf, which
  /// is then left out of the graph.
  package func hand(namesOf pairs: [(leaf: Tensor, other: Tensor)]) {
    guard !pairs.isEmpty else { return }
    // Without its name, a leaf is in the graph only if something is computed from it.
    let former = pairs.map { labels.removeValue(forKey: $0.leaf.index) }
    let isKept = isInGraph(loss: nil)
    for ((leaf, other), label) in zip(pairs, former) {
      if let label { labels[isKept[leaf.index] ? leaf.index : other.index] = label }
    }
  }

  /// Which nodes an exported graph has: those with a name or a role, the loss, and what they are computed from.
  ///
  /// The others were recorded and never used, such as unread constants.
  package func isInGraph(loss: Int?) -> [Bool] {
    var isKept = [Bool](repeating: false, count: count)
    for index in (0..<count).reversed() where isKept[index] || labels[index] != nil || index == loss {
      isKept[index] = true
      forEachOperand(of: index) { isKept[$0] = true }
    }
    return isKept
  }

  /// The nodes that a value depends on, including itself, in evaluation order.
  package func nodes(behind tensor: Tensor) -> [Int] {
    let reached = ReachedNodes(self, from: tensor.index)
    return (0...tensor.index).filter(reached.contains)
  }

  /// The only named one of some nodes; nil if there are several or none.
  package func onlyNamed(_ nodes: [Int]) -> Tensor? {
    let named = nodes.filter { labels[$0] != nil }
    return named.count == 1 ? Tensor(tape: self, index: named[0]) : nil
  }
}
