import Autograd

extension PartFinder {
  /// Finds the heads of attention: products of a query and keys, a softmax, and sums of values weighted by it.
  mutating func findHeads() {
    var number = 0
    // A head that has one key cannot tell it from the query by itself.
    for hasOneKey in [false, true] {
      for part in parts.indices where parts[part].kind == .softmax && (parts[part].outputs.count == 1) == hasOneKey {
        guard let found = scores(parts[part]) else { continue }
        // The keys stand in the order in which they were computed.
        let order = found.outputs.indices.sorted {
          (found.inputs[$0 + 1].min() ?? 0) < (found.inputs[$1 + 1].min() ?? 0)
        }
        let scores = found.ordered(order)
        let softmax = parts[part].ordered(order)
        guard let sums = weightedSums(softmax) else { continue }
        guard scores.nodes.allSatisfy({ owner[$0] < 0 }), sums.nodes.allSatisfy({ owner[$0] < 0 }) else { continue }
        for (part, role) in [(scores, [.query, .key]), (sums, [.value])] as [(RecoveredPart, [AttentionRole])] {
          for (place, vector) in part.inputs.enumerated() {
            for node in vector { attention[node] = role[min(place, role.count - 1)] }
          }
        }
        for var other in [scores, sums] {
          other.head = number
          add(other)
        }
        parts[part] = softmax
        parts[part].head = number
        number += 1
      }
    }
  }

  /// The products of which a softmax is taken: the query first, then each key in its order.
  private func scores(_ softmax: RecoveredPart) -> RecoveredPart? {
    guard let inputs = softmax.inputs.first, inputs.count == softmax.outputs.count else { return nil }
    var nodes: [Int] = []
    var pairs: [[(Int, Int)]] = []
    for score in inputs {
      var sum = score
      if chainOf[sum] < 0, let whole = tape.scaled(score), tape.onlyUser(whole) != nil {
        nodes.append(score)
        sum = whole
      }
      guard let found = products(sum, &nodes) else { return nil }
      pairs.append(found)
    }
    guard let query = query(pairs), Set(query).count == query.count else { return nil }
    var keys: [[Int]] = []
    for own in pairs {
      var partners: [Int: Int] = [:]
      for (a, b) in own {
        guard query.contains(a) != query.contains(b) else { return nil }
        partners[query.contains(a) ? a : b] = query.contains(a) ? b : a
      }
      let key = query.compactMap { partners[$0] }
      guard key.count == query.count, own.count == query.count else { return nil }
      keys.append(key)
    }
    return RecoveredPart(kind: .scores, nodes: nodes, inputs: [query] + keys, outputs: inputs)
  }

  /// The factors of a sum of products.
  private func products(_ sum: Int, _ nodes: inout [Int]) -> [(Int, Int)]? {
    guard chainOf[sum] >= 0, chains[chainOf[sum]].root == sum else { return nil }
    let chain = chains[chainOf[sum]]
    guard chain.kind == .product, chain.terms.allSatisfy({ tape.onlyUser($0) != nil }) else { return nil }
    nodes += chain.nodes + chain.terms
    return chain.terms.map { (tape.operands[$0][0], tape.operands[$0][1]) }
  }

  /// What all sums of products have in common.
  private func query(_ pairs: [[(Int, Int)]]) -> [Int]? {
    guard let first = pairs.first else { return nil }
    guard pairs.count > 1 else {
      return first.map { attention[$0.0] == .key || attention[$0.1] == .query ? $0.1 : $0.0 }
    }
    let second = Set(pairs[1].flatMap { [$0.0, $0.1] })
    let common = first.flatMap { [$0.0, $0.1] }.filter { second.contains($0) }
    return common.count == first.count ? common : nil
  }

  /// The sums in which the results of a softmax are weights.
  private func weightedSums(_ softmax: RecoveredPart) -> RecoveredPart? {
    guard let first = softmax.outputs.first else { return nil }
    var places: [Int: Int] = [:]
    for (place, weight) in softmax.outputs.enumerated() { places[weight] = place }
    var sums: [Int] = []
    for product in tape.users(first) {
      guard chainOf[product] >= 0 else { return nil }
      sums.append(chains[chainOf[product]].root)
    }
    var nodes: [Int] = []
    var values = [[Int]](repeating: [], count: places.count)
    for sum in sums {
      guard let pairs = products(sum, &nodes), pairs.count == places.count else { return nil }
      for (a, b) in pairs {
        guard let place = places[a] ?? places[b], (places[a] == nil) != (places[b] == nil) else { return nil }
        values[place].append(places[a] == nil ? a : b)
      }
    }
    guard !sums.isEmpty, values.allSatisfy({ $0.count == sums.count }), Set(nodes).count == nodes.count,
      softmax.outputs.allSatisfy({ tape.users($0).count == sums.count })
    else { return nil }
    return RecoveredPart(kind: .weighted, nodes: nodes, inputs: values, outputs: sums)
  }
}
