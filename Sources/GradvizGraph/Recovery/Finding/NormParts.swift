import Autograd

extension PartFinder {
  /// Finds what divides each number of a vector by the root of their mean square.
  mutating func findNorms() {
    for chain in chains where chain.kind == .square {
      guard let (scale, way) = scale(of: chain.root) else { continue }
      let numbers = chain.terms.map { tape.operands[$0][0] }
      var results: [Int: Int] = [:]
      var isNorm = true
      for product in tape.users(scale) {
        guard tape.operations[product] == .multiply || tape.operations[product] == .divide,
          let number = tape.operands[product].first, let other = tape.operands[product].last,
          number == scale || other == scale
        else {
          isNorm = false
          break
        }
        results[number == scale ? other : number] = product
      }
      let outputs = numbers.compactMap { results[$0] }
      guard isNorm, outputs.count == numbers.count, results.count == numbers.count,
        chain.terms.allSatisfy({ tape.onlyUser($0) != nil })
      else { continue }
      add(
        RecoveredPart(
          kind: .rmsNorm, nodes: chain.nodes + chain.terms + way + outputs, inputs: [numbers], outputs: outputs))
    }
  }

  /// Puts the numbers of norms in the order in which they are used, as the columns of a matrix, from the last one back.
  mutating func orderNorms() {
    var columns = [Int](repeating: -1, count: tape.count)
    func note(_ vectors: [[Int]], in columns: inout [Int]) {
      for vector in vectors {
        for (place, node) in vector.enumerated() where columns[node] < 0 { columns[node] = place }
      }
    }
    for part in parts { if case .linear = part.kind { note(part.inputs, in: &columns) } }
    let norms = parts.indices.filter { parts[$0].kind == .rmsNorm }
    for norm in norms.sorted(by: { (parts[$0].outputs.max() ?? 0) > (parts[$1].outputs.max() ?? 0) }) {
      let outputs = parts[norm].outputs
      if outputs.allSatisfy({ columns[$0] >= 0 }) {
        parts[norm] = parts[norm].ordered(outputs.indices.sorted { columns[outputs[$0]] < columns[outputs[$1]] })
      }
      note(parts[norm].inputs, in: &columns)
    }
  }

  /// From a sum of squares to what each number is multiplied with: mean, a small number added, power −½.
  private func scale(of sum: Int) -> (scale: Int, way: [Int])? {
    var node = sum
    var way: [Int] = []
    while let user = tape.onlyUser(node), tape.scaled(user) == node || tape.shifted(user) == node {
      way.append(user)
      node = user
    }
    guard !way.isEmpty, let root = tape.onlyUser(node) else { return nil }
    let operation = tape.operations[root]
    guard operation == .sqrt || operation == .power && [0.5, -0.5].contains(tape.exponents[root]) else { return nil }
    way.append(root)
    guard operation == .sqrt || tape.exponents[root] == 0.5 else { return (root, way) }
    // Of a root the numbers are divided by, or multiplied with its inverse.
    guard let inverse = tape.onlyUser(root), tape.operations[inverse] == .power, tape.exponents[inverse] == -1 else {
      return (root, way)
    }
    return (inverse, way + [inverse])
  }
}
