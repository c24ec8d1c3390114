import Autograd

extension ComputationGraph.Node {
  /// Takes what a recorder says, with the operation by its name.
  mutating func take(_ recorded: ComputationGraph.RecordedFacts) {
    var facts = recorded
    if let name = facts.operation, let known = Tape.Operation(rawValue: name), facts.output == nil {
      operation = known
      facts.operation = nil
    }
    if value.isEmpty {
      facts.hasValue = false
      facts.shape = shape
      // A box shows the least and the greatest number of many, as that of a layer does.
      let known = facts.summary
      value = [known?.mean ?? 0]
      fold = .init(
        count: known?.count ?? Shapes.count(shape) ?? 1, lowest: known?.least ?? 0, highest: known?.greatest ?? 0,
        lowestGradient: facts.gradientSummary?.least, highestGradient: facts.gradientSummary?.greatest)
      gradient = facts.gradientSummary.map { [$0.mean] }
      updated = updated.flatMap { $0.count == 1 ? $0 : nil }
      updateTerms = []
      shape = []
      facts.hasValue = known != nil
    }
    if facts.operation != nil { hidesOperands = true }
    if facts != .init() { self.facts = facts }
  }
}

extension ComputationGraph {
  /// Makes a node whose operation does not fit its operands one that is drawn as it was recorded: a file of version 2 may
  /// have operations with other rules than the engine's.
  mutating func demoteMisfit(_ index: Int) {
    guard let operation = nodes[index].operation else {
      if nodes[index].facts?.operation == nil, !nodes[index].operands.isEmpty { recordedOnly(index, "operation") }
      if nodes[index].isLeaf { return dropStray(index) }
      return dropStray(index)
    }
    guard operandsFit(index) else {
      recordedOnly(index, operation.rawValue)
      return dropStray(index)
    }
  }

  private func operandsFit(_ index: Int) -> Bool {
    nodes[index].hasNumbers && nodes[index].operands.allSatisfy { nodes[$0].hasNumbers } && problem(of: index) == nil
  }

  private mutating func recordedOnly(_ index: Int, _ name: String) {
    var facts = nodes[index].facts ?? .init()
    facts.operation = name
    func add(_ key: String, _ value: RecordedValue?) {
      guard let value, facts.attribute(key) == nil else { return }
      facts.attributes.append(.init(name: key, value: value))
    }
    add("axis", nodes[index].axis.map { .number(Double($0)) })
    add("exponent", nodes[index].exponent.map { .number($0) })
    nodes[index].operation = nil
    nodes[index].facts = facts
    nodes[index].hidesOperands = true
  }

  private mutating func dropStray(_ index: Int) {
    nodes[index].axis = nil
    nodes[index].exponent = nil
    nodes[index].position = nil
  }
}
