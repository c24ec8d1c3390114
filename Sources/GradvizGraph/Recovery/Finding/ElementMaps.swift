import Autograd

extension PartFinder {
  /// Finds the sums that are nothing else, such as that of the samples' losses.
  mutating func findSeries() {
    for chain in chains where chain.kind != .weighted && chain.terms.count > 1 {
      var (nodes, terms, root) = (chain.nodes, chain.terms, chain.root)
      if root == tape.loss {
        // The loss has a box of its own: what is added last is added there.
        let rest = tape.operands[root].filter { nodes.contains($0) && !tape.isLeaf($0) }
        guard rest.count == 1, let last = tape.operands[root].first(where: { $0 != rest[0] }) else { continue }
        nodes.removeAll { $0 == root }
        terms.removeAll { $0 == last }
        root = rest[0]
        guard terms.count > 1 else { continue }
      }
      add(RecoveredPart(kind: .sum, nodes: nodes, inputs: [terms], outputs: [root]))
    }
  }

  /// Finds operations that are the same on each number of a vector: from what is known to be a vector back to what it was
  /// made of, then on to what is made of it.
  mutating func findMaps() {
    orderNorms()
    // The columns of matrices say the order of a vector, before others do.
    var vectors = parts.filter { !$0.hasOwnOrder }.flatMap(\.inputs) + parts.filter(\.hasOwnOrder).flatMap(\.inputs)
    goBack(&vectors)
    var next = 0
    while next < parts.count {
      for group in usesAlike(parts[next].outputs) {
        addMap(group, &vectors)
        goBack(&vectors)
      }
      next += 1
    }
    // Each other value is a vector of one number: samples of a batch are alike in it.
    for node in 0..<tape.count where isOpen(node) {
      guard let operation = tape.operations[node] else { continue }
      add(
        RecoveredPart(
          kind: .map(operation, exponent: tape.exponents[node]), nodes: [node], inputs: aligned([node]),
          outputs: [node]))
    }
  }

  private func isOpen(_ node: Int) -> Bool { owner[node] < 0 && node != tape.loss && tape.operations[node] != nil }

  private mutating func goBack(_ vectors: inout [[Int]]) {
    while let vector = vectors.popLast() {
      for group in alike(vector.filter { isOpen($0) }.unique()) { addMap(group, &vectors) }
    }
  }

  private mutating func addMap(_ nodes: [Int], _ vectors: inout [[Int]]) {
    guard nodes.count > 1, let operation = tape.operations[nodes[0]] else { return }
    let inputs = aligned(nodes)
    let exponent = tape.exponents[nodes[0]]
    guard
      add(RecoveredPart(kind: .map(operation, exponent: exponent), nodes: nodes, inputs: inputs, outputs: nodes))
        != nil
    else { return }
    vectors += inputs
  }

  /// The values of each operation, in order.
  private func alike(_ nodes: [Int]) -> [[Int]] {
    var places: [RecoveredPart.Kind: Int] = [:]
    var groups: [[Int]] = []
    for node in nodes {
      guard let operation = tape.operations[node] else { continue }
      let kind = RecoveredPart.Kind.map(operation, exponent: tape.exponents[node])
      if let place = places[kind] {
        groups[place].append(node)
      } else {
        places[kind] = groups.count
        groups.append([node])
      }
    }
    return groups
  }

  /// What uses each number of a vector in the same way.
  private func usesAlike(_ vector: [Int]) -> [[Int]] {
    guard vector.count > 1 else { return [] }
    return alike(vector.flatMap { tape.users($0) }.filter { isOpen($0) }.unique()).filter { users in
      users.count == vector.count
        && zip(users, vector).allSatisfy { tape.operands[$0].contains($1) }
    }
  }

  /// The operands by their places; those of sums and products in the order of what they are.
  private func aligned(_ nodes: [Int]) -> [[Int]] {
    let count = nodes.map { tape.operands[$0].count }.min() ?? 0
    let isCommutative = count == 2 && [.add, .multiply].contains(tape.operations[nodes[0]])
    var result = [[Int]](repeating: [], count: count)
    for node in nodes {
      let own = tape.operands[node]
      let isSwapped = isCommutative && kindOrder(own[0]) > kindOrder(own[1])
      for place in 0..<count { result[place].append(own[isSwapped ? 1 - place : place]) }
    }
    return result
  }

  private func kindOrder(_ node: Int) -> Int {
    guard let operation = tape.operations[node] else { return Role.allCases.firstIndex(of: tape.roles[node]) ?? 0 }
    let count = Role.allCases.count
    guard owner[node] >= 0 else { return count + 10 + (Tape.Operation.allCases.firstIndex(of: operation) ?? 0) }
    switch parts[owner[node]].kind {
    case .linear(let matrix): return count + 1_000 + matrix
    case .scores: return count
    case .softmax: return count + 1
    case .weighted: return count + 2
    case .crossEntropy: return count + 3
    case .logSumExp: return count + 4
    case .rmsNorm: return count + 5
    case .sum: return count + 6
    case .map(let operation, _): return count + 100 + (Tape.Operation.allCases.firstIndex(of: operation) ?? 0)
    }
  }
}
