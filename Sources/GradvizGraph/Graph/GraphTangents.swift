import Autograd

/// Forward mode: how fast every value changes with one leaf.
extension ComputationGraph {
  /// The derivative of each value by one leaf, computed from the leaf on in the order of evaluation: that of an operation
  /// is the sum of its operands', each times the local derivative.
  ///
  /// The one of the loss is the leaf's gradient, which reverse mode computes from the other end.
  ///
  /// - Parameter leaf: an index into ``nodes``.
  /// - Returns: nil for values that do not depend on the leaf; of a graph of arrays, of all but the leaf; for all if
  ///   the graph does not have that index.
  /// - Complexity: one pass over the graph.
  public func tangents(from leaf: Int) -> [Double?] {
    var tangents = [Double?](repeating: nil, count: nodes.count)
    guard tangents.indices.contains(leaf) else { return tangents }
    tangents[leaf] = 1
    for (index, node) in nodes.enumerated() where !node.operands.isEmpty {
      guard let local = node.localDerivatives, local.count == node.operands.count else { continue }
      for (operand, factor) in zip(node.operands, local) {
        guard let tangent = tangents[operand] else { continue }
        tangents[index] = (tangents[index] ?? 0) + tangent * factor
      }
    }
    return tangents
  }

  /// The leaves that derivatives are taken by: the parameters that the loss depends on, or without them its inputs.
  package var variables: [Int] {
    func leaves(_ role: Role) -> [Int] {
      nodes.indices.filter { nodes[$0].isLeaf && nodes[$0].role == role && nodes[$0].gradient != nil }
    }
    let parameters = leaves(.parameter)
    return parameters.isEmpty ? leaves(.input) : parameters
  }

  /// The parameter or input of that name; `W[0,1]`, `W[0, 1]` and `W1_2` are the same.
  package func variable(called name: String) -> Int? {
    func plain(_ text: String) -> String { text.filter { $0 != " " } }
    return nodes.indices.first { index in
      let node = nodes[index]
      return node.isLeaf && (node.role == .parameter || node.role == .input)
        && (node.name == name || node.id == name || plain(node.name) == plain(name))
    }
  }
}
