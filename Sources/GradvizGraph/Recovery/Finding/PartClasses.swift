import Autograd

/// The same operation on several samples or positions: rows of one box.
struct PartClass {
  /// The parts in evaluation order of their results.
  var rows: [Int]
  var kind: RecoveredPart.Kind
}

extension PartFinder {
  /// Groups the parts that compute the same of other numbers.
  ///
  /// What a part computes is told from its kind and from what its operands are results of, from the leaves on.
  mutating func classes() -> [PartClass] {
    let order = partsInOrder()
    var classOf = [Int](repeating: -1, count: parts.count)
    var placeOf = [Int](repeating: 0, count: tape.count)
    for part in parts { for (place, node) in part.outputs.enumerated() { placeOf[node] = place } }
    var numbers: [[Int]: Int] = [:]
    var arrays: [String: Int] = [:]
    var classes: [PartClass] = []
    var isAnchored = [Bool](repeating: false, count: parts.count)
    func source(_ node: Int, _ part: Int) -> [Int] {
      if owner[node] >= 0 {
        // What is made within the part, such as the squares of a norm, says nothing.
        return owner[node] == part ? [-2] : [classOf[owner[node]], placeOf[node]]
      }
      let role = Role.allCases.firstIndex(of: tape.roles[node]) ?? 0
      guard let array = tape.arrays[node] else { return [-3 - role, -1] }
      let number = arrays[array] ?? arrays.count
      arrays[array] = number
      return [-3 - role, number]
    }
    for part in order {
      putInOrder(part, &placeOf)
      let own = parts[part]
      isAnchored[part] =
        own.nodes.count > 1
        || own.inputs.contains { $0.contains { owner[$0] >= 0 && isAnchored[owner[$0]] } }
      var key = Self.kindKey(own.kind)
      if case .linear = own.kind {
      } else if !isAnchored[part] {
        key = [-1, part]
      } else {
        for input in own.sources {
          key.append(-10)
          key += input.map { source($0, part) }.uniqueSorted().flatMap { $0 }
        }
        // Heads have as many keys as there are positions before.
        if own.head == nil, own.kind != .sum { key.append(own.outputs.count) }
      }
      if let number = numbers[key] {
        classOf[part] = number
        classes[number].rows.append(part)
      } else {
        classOf[part] = classes.count
        numbers[key] = classes.count
        classes.append(PartClass(rows: [part], kind: own.kind))
      }
    }
    for number in classes.indices {
      classes[number].rows.sort { (parts[$0].outputs.min() ?? 0, $0) < (parts[$1].outputs.min() ?? 0, $1) }
    }
    // A single operation on a single number is not recognized as anything.
    return classes.filter { $0.rows.count > 1 || parts[$0.rows[0]].nodes.count > 1 }
  }

  /// The results of a head stand in the order of the values, those of a softmax in that of its operands.
  private mutating func putInOrder(_ part: Int, _ placeOf: inout [Int]) {
    let own = parts[part]
    let isSoftmax = own.kind == .softmax && own.head == nil && own.inputs[0].count == own.outputs.count
    guard own.kind == .weighted || isSoftmax else { return }
    let values = own.inputs[0]
    let order = values.indices.sorted { (placeOf[values[$0]], $0) < (placeOf[values[$1]], $1) }
    parts[part] = own.ordered(order)
    for (place, node) in parts[part].outputs.enumerated() { placeOf[node] = place }
  }

  private static func kindKey(_ kind: RecoveredPart.Kind) -> [Int] {
    switch kind {
    case .linear(let matrix): [0, matrix]
    case .scores: [1]
    case .softmax: [2]
    case .weighted: [3]
    case .crossEntropy: [4]
    case .logSumExp: [5]
    case .rmsNorm: [6]
    case .sum: [7]
    case .map(let operation, let exponent):
      [8, Tape.Operation.allCases.firstIndex(of: operation) ?? 0, Int(truncatingIfNeeded: exponent?.bitPattern ?? 0)]
    }
  }

  /// The parts, each after those whose results it uses; those that use one another are taken apart.
  private mutating func partsInOrder() -> [Int] {
    while true {
      var uses = [Int](repeating: 0, count: parts.count)
      var users = [[Int]](repeating: [], count: parts.count)
      for node in 0..<tape.count where owner[node] >= 0 {
        for operand in tape.operands[node] where owner[operand] >= 0 && owner[operand] != owner[node] {
          uses[owner[node]] += 1
          users[owner[operand]].append(owner[node])
        }
      }
      var order = parts.indices.filter { uses[$0] == 0 }
      var next = 0
      while next < order.count {
        for user in users[order[next]] {
          uses[user] -= 1
          if uses[user] == 0 { order.append(user) }
        }
        next += 1
      }
      if order.count == parts.count { return order }
      takeApart(parts.indices.filter { uses[$0] > 0 })
    }
  }

  /// Makes each value of vectors that depend on themselves a part of its own.
  private mutating func takeApart(_ stuck: [Int]) {
    for part in stuck where parts[part].nodes.count > 1 {
      let nodes = parts[part].nodes.filter { !tape.isLeaf($0) }
      guard let first = nodes.first else { continue }
      for member in parts[part].nodes { owner[member] = -1 }
      parts[part] = single(first)
      owner[first] = part
      for member in nodes where member != first {
        owner[member] = parts.count
        parts.append(single(member))
      }
    }
  }

  private func single(_ node: Int) -> RecoveredPart {
    RecoveredPart(
      kind: .map(tape.operations[node] ?? .add, exponent: tape.exponents[node]), nodes: [node],
      inputs: tape.operands[node].map { [$0] }, outputs: [node])
  }
}

extension RecoveredPart {
  /// What tells the part from others: of a vector its first number, of a head what it takes of queries, keys and values.
  fileprivate var sources: [[Int]] {
    switch kind {
    case .scores: return [inputs[0], Array(inputs.dropFirst().joined())]
    case .weighted: return [Array(inputs.joined())]
    case .sum, .crossEntropy, .logSumExp: return inputs
    default: return inputs.map { Array($0.prefix(1)) }
    }
  }
}

extension Sequence<[Int]> {
  /// Each list once, in their own order.
  fileprivate func uniqueSorted() -> [[Int]] {
    let sorted = self.sorted { $0.lexicographicallyPrecedes($1) }
    return zip([[Int]?.none] + sorted.map { $0 }, sorted).compactMap { $0 == $1 ? nil : $1 }
  }
}
