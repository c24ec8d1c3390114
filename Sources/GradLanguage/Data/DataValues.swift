import Autograd

/// Evaluates expressions of numbers, inputs and targets, which are known before recording.
extension NameScope {
  /// The value of an expression without parameters; nil for any other.
  ///
  /// - Complexity: O(operations in the expression); the values of declarations are cached.
  func dataValue(of root: Int) -> Constant? {
    guard self[root].category == .value, self[root].isData else { return nil }
    var needed: Set<Int> = []
    var pending = [root]
    while let node = pending.popLast() {
      guard needed.insert(node).inserted, self[node].constant == nil, dataValues[node] == nil else {
        continue
      }
      pending += operands(of: node)
    }
    let tape = Tape()
    var values: [Int: Tensor] = [:]
    // Operands precede the nodes that use them, including those of earlier lines.
    for node in needed.sorted() {
      if let known = self[node].constant ?? dataValues[node] {
        values[node] = tape.array(known.numbers, shape: known.shape, role: .constant, name: nil)
      } else if case .name(let name) = tree.nodes[node].kind {
        guard let symbol = symbol(name) else { return nil }
        if symbol.keyword != nil {
          guard let numbers = symbol.fact.constant else { return nil }
          values[node] = tape.array(numbers.numbers, shape: numbers.shape, role: .constant, name: nil)
        } else if let declared = symbol.root, let value = values[declared] {
          values[node] = value
          dataValues[declared] = Constant(shape: value.shape, numbers: value.data)
        }
      } else if let computation = self[node].computation {
        let operands = operands(of: node).compactMap { values[$0] }
        guard operands.count == computation.operandCount else { return nil }
        values[node] = computation.apply(operands)
      }
    }
    return values[root].map { Constant(shape: $0.shape, numbers: $0.data) }
  }

  /// The operands of a node; for a name, the root of its declaration.
  private func operands(of node: Int) -> [Int] {
    if case .name(let name) = tree.nodes[node].kind {
      guard let symbol = symbol(name), symbol.keyword == nil else { return [] }
      return symbol.root.map { [$0] } ?? []
    }
    guard let computation = self[node].computation else { return [] }
    return computation.sources(tree.operands(of: node))
  }
}
