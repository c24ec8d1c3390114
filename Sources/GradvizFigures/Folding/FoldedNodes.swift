import Autograd
import GradvizGraph

/// Builds the graph of a partition.
extension Partition {
  var graph: ComputationGraph {
    guard count < source.nodes.count || bundlesArrows else { return source }
    var result = source
    let lanes = LaneSummary(source, keepsLanes: foldsSamples && !mergesLanes)
    var names = FoldedNames(source)
    let isUsedOutside = usedOutside()
    let results = groups.indices.map { mergesLanes ? self.results(of: $0, isUsedOutside) : groups[$0] }
    let layouts = results.map { source.recovery?.layout(of: $0) }
    let shares = FoldedShares(self, results, layouts)
    result.nodes = groups.indices.map { group in
      groups[group].count == 1
        ? single(group, shares)
        : mergesLanes
          ? box(group, results[group], layouts[group], shares, &names) : laneNode(group, lanes, shares, &names)
    }
    result.loss = source.loss.flatMap { loss in groups.firstIndex { $0 == [loss] } }
    if mergesLanes {
      result.laneCount = 0
      for index in result.nodes.indices { result.nodes[index].lane = nil }
      if result.nodes.contains(where: { !$0.shape.isEmpty }) { result.level = .tensor }
    } else if foldsSamples {
      result.laneCount = min(source.laneCount, Collapse.samplesShown + 1)
    }
    result.recovery = nil
    result.folding = .init(
      values: source.folding?.values ?? source.nodes.count,
      samplesInLastLane: mergesLanes ? 1 : lanes.samplesInLast, isExcerpt: source.folding?.isExcerpt ?? false,
      arrows: bundlesArrows ? source.operandCount : nil)
    return result
  }

  /// A value that does not change; its operands may.
  private func single(_ group: Int, _ shares: FoldedShares) -> ComputationGraph.Node {
    var node = source.nodes[groups[group][0]]
    let own = operands[group]
    node.hidesUses = node.hidesUses || isUsedByFolded(group)
    if bundlesArrows && own.count < node.operands.count || own.contains(where: { groups[$0].count > 1 }) {
      node.hidesOperands = true
      node.localDerivatives = local(of: node, own)
      node.operands = own
      node.shares = shares.ofUses(by: groups[group], of: own)
    } else {
      node.operands = renumbered(node.operands)
    }
    return node
  }

  /// The group of each value.
  private func renumbered(_ nodes: [Int]) -> [Int] { nodes.map { groupOf[$0] } }

  /// What one more of each operand adds: of a single value by all its uses together, of a box where that is the same
  /// for all its values; nil where not.
  private func local(of node: ComputationGraph.Node, _ operands: [Int]) -> [Double]? {
    guard let all = node.localDerivatives, all.count == node.operands.count else { return nil }
    var local: [Int: Double] = [:]
    for (operand, derivative) in zip(renumbered(node.operands), all) {
      if groups[operand].count == 1 {
        local[operand, default: 0] += derivative
      } else if let other = local[operand], other != derivative {
        return nil
      } else {
        local[operand] = derivative
      }
    }
    return operands.map { local[$0] ?? 0 }
  }

  /// A value of all folded samples at one position in their lanes.
  private func laneNode(
    _ group: Int, _ lanes: LaneSummary, _ shares: FoldedShares, _ names: inout FoldedNames
  ) -> ComputationGraph.Node {
    let members = groups[group]
    var node = source.nodes[members[0]]
    let name = names.folded(node)
    node.id = names.identifier(node.id)
    node.name = name
    node.hidesOperands = true
    node.hidesUses = true
    node.localDerivatives = nil
    node.operands = renumbered(node.operands)
    let values = members.map { source.nodes[$0].value[0] }
    let gradients = members.compactMap { source.nodes[$0].gradient?.first }
    node.value = [Self.mean(values)]
    node.gradient = gradients.isEmpty ? nil : [Self.mean(gradients)]
    let (extent, slope) = (Self.extent(values), gradients.isEmpty ? nil : Self.extent(gradients))
    node.fold = .init(
      count: members.count, members: members.map { source.nodes[$0] }, lowest: extent.lowest, highest: extent.highest,
      lowestGradient: slope?.lowest, highestGradient: slope?.highest)
    node.shares = node.operands.indices.map { shares.ofUse(by: members, at: $0) }
    node.lane = Collapse.samplesShown
    return node
  }

  /// The values that a box shows: those used outside it, or not used at all.
  private func results(of group: Int, _ isUsedOutside: [Bool]) -> [Int] {
    let members = groups[group]
    let nodes = source.nodes
    let leaves = members.allSatisfy { nodes[$0].isLeaf }
    var results = leaves ? members : members.filter { isUsedOutside[$0] }
    if results.isEmpty { results = [members[members.count - 1]] }
    if let recovery = source.recovery { return recovery.ordered(results) }
    // Rows are samples if the values have lanes.
    if results.allSatisfy({ nodes[$0].lane != nil }) {
      results.sort { (nodes[$0].lane ?? 0, $0) < (nodes[$1].lane ?? 0, $1) }
    }
    return results
  }

  /// A box for a layer, an array or a rank.
  private func box(
    _ group: Int, _ results: [Int], _ layout: Recovery.Layout?, _ shares: FoldedShares, _ names: inout FoldedNames
  ) -> ComputationGraph.Node {
    let members = groups[group]
    let nodes = source.nodes
    let first = nodes[members[0]]
    let value = results.flatMap { nodes[$0].value }
    // Numbers in the program collect none.
    let hasGradient = results.contains { nodes[$0].gradient != nil && nodes[$0].role != .constant }
    let gradient = results.flatMap {
      nodes[$0].gradient ?? [Double](repeating: 0, count: nodes[$0].value.count)
    }
    // A parameter that the loss does not reach keeps its value.
    let hasUpdate = results.contains { nodes[$0].updated != nil }
    let roles = Set(results.map { nodes[$0].role })
    let scopes = Set(members.map { nodes[$0].scope })
    let extent = Self.extent(value)
    let slope = hasGradient ? Self.extent(gradient) : nil
    func placed(_ numbers: [Double]) -> [Double] { layout?.placed(numbers) ?? numbers }
    let updated = hasUpdate ? results.flatMap { nodes[$0].updated ?? nodes[$0].value } : nil
    var box = ComputationGraph.Node(
      id: names.identifier(first.id), name: names.box(members, results), isNamed: true,
      role: roles.count == 1 && first.role != .loss ? nodes[results[0]].role : .intermediate,
      operands: operands[group], shape: layout?.shape ?? shape(results), value: placed(value),
      gradient: hasGradient ? placed(gradient) : nil, scope: scopes.count == 1 ? first.scope : nil,
      updated: updated.map(placed),
      updateTerms: hasUpdate ? updateTerms(results) : [])
    box.fold = .init(
      count: members.count, members: members.map { source.nodes[$0] }, lowest: extent.lowest, highest: extent.highest,
      lowestGradient: slope?.lowest, highestGradient: slope?.highest)
    box.fold?.result = results.count == 1 ? nodes[results[0]].id : nil
    box.facts = recoveredFacts(members)
    box.fold?.blanks = layout?.blanks ?? []
    box.shares = shares.ofUses(by: members, of: operands[group])
    box.hidesOperands = true
    // Users take individual values of the box, so no formula gives all of their gradients.
    box.hidesUses = true
    return box
  }

  /// What a recovered box computes, by its symbol.
  private func recoveredFacts(_ members: [Int]) -> ComputationGraph.RecordedFacts? {
    guard let box = source.recovery?.box(of: members), let operation = box.operation else { return nil }
    var facts = ComputationGraph.RecordedFacts()
    let node = ComputationGraph.Node(
      id: "", name: "", operation: Tape.Operation(rawValue: operation), exponent: box.exponent, value: [])
    facts.operation = node.operation == nil ? operation : OperationSymbol.text(node, Words(source.presentation))
    return facts
  }

  /// The terms of all parameters in the box, where they have the same.
  private func updateTerms(_ results: [Int]) -> [UpdateTerm] {
    let all = results.map { source.nodes[$0].updateTerms }
    guard let first = all.first, all.allSatisfy({ $0.map(\.name) == first.map(\.name) }) else { return [] }
    return first.indices.map { term in
      .init(name: first[term].name, isBefore: first[term].isBefore, value: all.flatMap { $0[term].value })
    }
  }

  /// Samples × values per sample, or the grid spanned by the names' indices, or a list.
  private func shape(_ results: [Int]) -> [Int] {
    let nodes = source.nodes
    let total = results.reduce(0) { $0 + nodes[$1].value.count }
    if results.count == 1 { return nodes[results[0]].shape }
    let lanes = Set(results.map { nodes[$0].lane })
    if !lanes.contains(nil), total % lanes.count == 0, lanes.count > 1 {
      return total == lanes.count ? [total] : [lanes.count, total / lanes.count]
    }
    let indices = results.map {
      TypesetName(nodes[$0].name).indices.compactMap { Int($0) }
    }
    if indices.allSatisfy({ $0.count == 2 }) {
      let (rows, columns) = (Set(indices.map { $0[0] }).count, Set(indices.map { $0[1] }).count)
      if rows * columns == total { return [rows, columns] }
    }
    return [total]
  }

  // MARK: Uses

  /// Whether a value is used outside its group, or not at all.
  private func usedOutside() -> [Bool] {
    var isUsed = [Bool](repeating: false, count: source.nodes.count)
    var isOutside = isUsed
    for (user, node) in source.nodes.enumerated() {
      for operand in node.operands {
        isUsed[operand] = true
        if groupOf[operand] != groupOf[user] { isOutside[operand] = true }
      }
    }
    for index in isUsed.indices where !isUsed[index] { isOutside[index] = true }
    return isOutside
  }

  private func isUsedByFolded(_ group: Int) -> Bool { foldedOperands.contains(group) }

  // MARK: Numbers

  /// Minimum and maximum; a value that is not finite shows in both.
  static func extent(_ numbers: [Double]) -> (lowest: Double, highest: Double) {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for number in numbers {
      if number.isNaN { return (.nan, .nan) }
      lowest = min(lowest, number)
      highest = max(highest, number)
    }
    return (lowest, highest)
  }

  private static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(max(numbers.count, 1))
  }
}

/// The number of samples that the last lane stands for.
private struct LaneSummary {
  var samplesInLast = 1

  init(_ graph: ComputationGraph, keepsLanes: Bool) {
    if keepsLanes { samplesInLast = max(1, graph.laneCount - Collapse.samplesShown) }
  }
}
