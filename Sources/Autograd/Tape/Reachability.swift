/// The nodes that a value depends on: itself, its operands, theirs, and so on.
package struct ReachedNodes {
  /// A bit for each node.
  private var words: [UInt64]

  /// - Complexity: O(operations up to `last`)
  package init(_ tape: Tape, from last: Int) {
    words = [UInt64](repeating: 0, count: last / 64 + 1)
    words[last / 64] = 1 << (last % 64)
    for index in stride(from: last, through: 0, by: -1) where contains(index) {
      tape.forEachOperand(of: index) { words[$0 / 64] |= 1 << ($0 % 64) }
    }
  }

  /// Those that the gradient of a value arrives at: not through a comparison, a stopped gradient or the mask of a
  /// `where`, where PyTorch records no operation and leaves `.grad` empty.
  ///
  /// - Complexity: O(operations up to `last`)
  package init(_ tape: Tape, gradientFrom last: Int) {
    words = [UInt64](repeating: 0, count: last / 64 + 1)
    words[last / 64] = 1 << (last % 64)
    for index in stride(from: last, through: 0, by: -1) where contains(index) {
      let operation = tape.operation(of: index)
      guard operation?.hasNoBackwardPass != true else { continue }
      var isMask = false
      tape.forEachOperand(of: index) {
        if !isMask { words[$0 / 64] |= 1 << ($0 % 64) }
        isMask = operation == .masked
      }
    }
  }

  package func contains(_ index: Int) -> Bool {
    index / 64 < words.count && words[index / 64] & (1 << (index % 64)) != 0
  }
}

extension Tape {
  /// Recomputes some nodes, in order.
  package func evaluate(_ nodes: [Int]) {
    for node in nodes { evaluate(node) }
  }

  /// Calls `body` with the operands of a node in order, without allocating an array.
  @inline(__always)
  func forEachOperand(of index: Int, _ body: (Int) -> Void) {
    let record = record(index)
    switch record.kind {
    case .leaf, .arrayLeaf: break
    case .unary, .power: body(Int(record.a))
    case .arithmetic, .product, .productSum, .binary:
      body(Int(record.a))
      body(Int(record.b))
    case .list: for place in record.a..<(record.a + record.b) { body(Int(operandLists[Int(place)])) }
    case .reduction, .array:
      let node = arrays[Int(record.a)]
      if !node.parts.isEmpty {
        for part in node.parts { body(part) }
      } else {
        body(node.a)
        if node.b >= 0 { body(node.b) }
      }
    }
  }

  /// The leaves of role `parameter`, in order of recording.
  var parameters: [Int] {
    enterNewRoles()
    if let knownParameters { return knownParameters }
    let found = labels.filter { $0.value.role == .parameter && isLeaf($0.key) }.keys.sorted()
    knownParameters = found
    return found
  }

  /// Whether ``SweepState/leadsToParameter`` is up to date.
  var knowsParameterPaths: Bool { sweepState.markedParameters == knownParameters && sweepState.markedCount == count }

  /// Marks the nodes that depend on a parameter, and the arrays whose gradient can be in the memory of their operand's.
  func markParameterPaths() {
    sweepState.leadsToParameter = [Bool](repeating: false, count: count)
    var uses = [Int](repeating: 0, count: count)
    for index in parameters { sweepState.leadsToParameter[index] = true }
    for index in 0..<count {
      let passes = !record(index).operation.passesNothing
      forEachOperand(of: index) {
        uses[$0] += 1
        if passes, sweepState.leadsToParameter[$0] { sweepState.leadsToParameter[index] = true }
      }
    }
    sweepState.isOnlyUse = arrays.map { $0.isShared && uses[$0.a] == 1 }
    sweepState.markedParameters = parameters
    sweepState.markedCount = count
  }
}
