import Autograd

extension PartFinder {
  /// Finds the sums: additions of terms of one kind, from the last addition back.
  mutating func findSums() {
    var kinds = [SumChain.Term?](repeating: nil, count: tape.count)
    for node in 0..<tape.count where isAddition(node) {
      let (a, b) = (tape.operands[node][0], tape.operands[node][1])
      kinds[node] = Self.joined(side(a, kinds), side(b, kinds))
    }
    for node in 0..<tape.count {
      guard let kind = kinds[node], kind != .bias else { continue }
      if let user = tape.onlyUser(node), kinds[user] != nil { continue }
      let chain = flattened(node, kind, kinds)
      let hasZero = chain.nodes.contains { tape.isLeaf($0) }
      let fewest = kind == .weighted || hasZero ? 1 : kind == .other(.exp) ? 2 : Self.fewestTerms
      guard chain.terms.count >= fewest else { continue }
      chainOf[node] = chains.count
      for term in chain.terms where tape.onlyUser(term) != nil { chainOf[term] = chains.count }
      chains.append(chain)
    }
  }

  /// Two terms are as likely two operations on vectors, such as the gates of an LSTM.
  private static let fewestTerms = 3

  private func isAddition(_ node: Int) -> Bool { tape.operations[node] == .add && tape.operands[node].count == 2 }

  /// What an operand of an addition is: a sum of terms of that kind, or a term.
  private func side(_ node: Int, _ kinds: [SumChain.Term?]) -> SumChain.Term? {
    if let kind = kinds[node], tape.onlyUser(node) != nil { return kind }
    return term(node)
  }

  private func term(_ node: Int) -> SumChain.Term? {
    let operands = tape.operands[node]
    guard let operation = tape.operations[node] else {
      guard tape.isLeaf(node) else { return nil }
      if tape.isParameter(node) { return .bias }
      return tape.isConstant(node, 0) && tape.onlyUser(node) != nil ? .zero : nil
    }
    guard operation == .multiply, operands.count == 2 else {
      return operation == .power && tape.exponents[node] == 2 ? .square : .other(operation)
    }
    if operands[0] == operands[1] { return .square }
    let isWeighted = tape.isParameter(operands[0]) != tape.isParameter(operands[1])
    return isWeighted && tape.onlyUser(node) != nil ? .weighted : .product
  }

  private static func joined(_ a: SumChain.Term?, _ b: SumChain.Term?) -> SumChain.Term? {
    guard let a, let b else { return nil }
    switch (a, b) {
    case (.zero, .zero), (.bias, .bias): return nil
    case (.zero, _): return b
    case (_, .zero): return a
    case (.weighted, .bias), (.bias, .weighted): return .weighted
    default: return a == b ? a : nil
    }
  }

  private func flattened(_ root: Int, _ kind: SumChain.Term, _ kinds: [SumChain.Term?]) -> SumChain {
    var chain = SumChain(root: root, kind: kind)
    var stack = [root]
    while let node = stack.popLast() {
      if node == root || kinds[node] != nil && tape.onlyUser(node) != nil {
        chain.nodes.append(node)
        stack += tape.operands[node].reversed()
      } else if tape.isParameter(node) {
        chain.biases.append(node)
      } else if tape.isConstant(node, 0) {
        chain.nodes.append(node)
      } else {
        chain.terms.append(node)
      }
    }
    return chain
  }
}
