import GradvizGraph

/// Computes the shares that boxes of several values add to the gradients of their operands.
struct FoldedShares {
  private let source: ComputationGraph
  private let groupOf: [Int]
  /// The number of values each box shows, and each value's position among them; −1 for a hidden value.
  private var counts: [Int] = []
  private var starts: [Int]

  /// - Parameters:
  ///   - results: the values that the box of each group shows, in order.
  ///   - layouts: where they stand, if not one after the other.
  init(_ partition: Partition, _ results: [[Int]], _ layouts: [Recovery.Layout?]) {
    source = partition.source
    groupOf = partition.groupOf
    starts = [Int](repeating: -1, count: source.nodes.count)
    counts.reserveCapacity(results.count)
    for (values, layout) in zip(results, layouts) {
      if let layout {
        for (value, place) in zip(values, layout.places) { starts[value] = place }
        counts.append(layout.count)
        continue
      }
      var count = 0
      for value in values {
        starts[value] = count
        count += source.nodes[value].value.count
      }
      counts.append(count)
    }
  }

  /// The shares of all uses by `members` in the gradient of each group of `operands`; nil if there are none.
  func ofUses(by members: [Int], of operands: [Int]) -> [[Double]?] {
    var places: [Int: Int] = [:]
    for (place, group) in operands.enumerated() { places[group] = place }
    var shares = [[Double]?](repeating: nil, count: operands.count)
    for member in members {
      for position in source.nodes[member].operands.indices {
        let operand = source.nodes[member].operands[position]
        guard let place = places[groupOf[operand]] else { continue }
        add(member, position, to: &shares[place])
      }
    }
    return shares
  }

  /// The share of one use, the same for each of `members`.
  func ofUse(by members: [Int], at position: Int) -> [Double]? {
    var share: [Double]?
    for member in members { add(member, position, to: &share) }
    return share
  }

  private func add(_ user: Int, _ position: Int, to total: inout [Double]?) {
    let operand = source.nodes[user].operands[position]
    guard starts[operand] >= 0 else { return }
    guard let share = source.share(user: user, position: position) else {
      // A recorded operation whose rule is unknown passes something back, but how much is unknown.
      if source.passesBack(user: user, position: position) { total = [] }
      return
    }
    if total?.isEmpty == true { return }
    var sum = total ?? [Double](repeating: 0, count: counts[groupOf[operand]])
    total = nil
    for (offset, number) in share.enumerated() where starts[operand] + offset < sum.count {
      sum[starts[operand] + offset] += number
    }
    total = sum
  }
}
