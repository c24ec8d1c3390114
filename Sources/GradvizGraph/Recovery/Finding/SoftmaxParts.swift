import Autograd

extension PartFinder {
  /// Finds each sum of powers of e, with what they were made of and what is divided by it.
  mutating func findSoftmax() {
    for chain in chains where chain.kind == .other(.exp) {
      var places: [Int: Int] = [:]
      for (place, power) in chain.terms.enumerated() { places[power] = place }
      guard places.count == chain.terms.count, let quotients = quotients(by: chain.root, of: places) else { continue }
      let isOwn = chain.terms.allSatisfy { power in
        tape.users(power).allSatisfy { $0 == quotients.of[power] || chain.nodes.contains($0) }
      }
      guard isOwn else { continue }
      var nodes = chain.nodes + chain.terms + quotients.inverses
      let inputs = chain.terms.map { power -> Int in
        let score = tape.operands[power][0]
        guard tape.onlyUser(score) != nil, let whole = tape.shifted(score) else { return score }
        nodes.append(score)
        return whole
      }
      let outputs = chain.terms.compactMap { quotients.of[$0] }
      nodes += outputs
      var part = RecoveredPart(kind: .softmax, nodes: nodes, inputs: [inputs], outputs: outputs)
      if outputs.count == 1, quotients.logarithms.isEmpty, places.count > 1 {
        extendToLoss(&part)
      } else if outputs.isEmpty, quotients.logarithms.count == 1 {
        part.kind = .logSumExp
        part.nodes += quotients.logarithms
        part.outputs = quotients.logarithms
      } else if outputs.isEmpty || !quotients.logarithms.isEmpty {
        continue
      }
      add(part)
    }
  }

  /// What is divided by a sum: of each power its quotient, and the values between; nil if the sum is used otherwise.
  private func quotients(
    by sum: Int, of places: [Int: Int]
  ) -> (of: [Int: Int], inverses: [Int], logarithms: [Int])? {
    var of: [Int: Int] = [:]
    var (inverses, logarithms): ([Int], [Int]) = ([], [])
    /// Takes note of a quotient, if it is one of a power that has none yet.
    func take(_ quotient: Int, _ power: Int) -> Bool {
      guard places[power] != nil, of[power] == nil else { return false }
      of[power] = quotient
      return true
    }
    for user in tape.users(sum) {
      switch tape.operations[user] {
      case .power where tape.exponents[user] == -1:
        inverses.append(user)
        for product in tape.users(user) {
          guard tape.operations[product] == .multiply,
            let power = tape.operands[product].first(where: { $0 != user }), take(product, power)
          else { return nil }
        }
      case .divide:
        guard tape.operands[user][1] == sum, take(user, tape.operands[user][0]) else { return nil }
      case .log: logarithms.append(user)
      default: return nil
      }
    }
    return (of, inverses, logarithms)
  }

  /// A probability whose logarithm alone is used is a cross entropy.
  private func extendToLoss(_ part: inout RecoveredPart) {
    guard let logarithm = tape.onlyUser(part.outputs[0]), tape.operations[logarithm] == .log else { return }
    part.kind = .crossEntropy
    part.outputs = [logarithm]
    if let negative = tape.onlyUser(logarithm), negative != tape.loss, tape.negated(negative) == logarithm {
      part.nodes.append(logarithm)
      part.outputs = [negative]
    }
    // The loss has a box of its own.
    guard let last = part.outputs.first, last != tape.loss else {
      part.kind = .softmax
      part.outputs = Array(part.nodes.suffix(1))
      return
    }
    part.nodes.append(last)
  }
}
