import Autograd
import GradvizGraph

extension ComputationGraph {
  /// The step of the backward pass in which each value's gradient is complete: 1 for the loss, otherwise one more
  /// than the latest of those that pass a gradient back to it.
  ///
  /// Values of the same step do not depend on each other. In a batch the parameters come last, together: each waits for
  /// its shares from all samples. nil where no gradient arrives.
  var backwardSteps: [Int?] {
    var steps = [Int?](repeating: nil, count: nodes.count)
    guard let loss else { return steps }
    steps[loss] = 1
    for index in nodes.indices.reversed() {
      guard let step = steps[index] else { continue }
      for (position, operand) in nodes[index].operands.enumerated() where passesBack(user: index, position: position) {
        steps[operand] = max(steps[operand] ?? 0, step + 1)
      }
    }
    if laneCount > 1 {
      let parameters = nodes.indices.filter {
        nodes[$0].isLeaf && nodes[$0].lane == nil && nodes[$0].role == .parameter
      }
      let last = Set(parameters)
      let others =
        nodes.indices.compactMap { last.contains($0) || nodes[$0].gradient == nil ? nil : steps[$0] }.max() ?? 0
      for node in parameters where steps[node] != nil { steps[node] = others + 1 }
    }
    return steps
  }

  /// For each node, the operations that use it and its position among their operands, in order.
  var uses: [[(user: Int, position: Int)]] {
    var uses = [[(user: Int, position: Int)]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for (position, operand) in node.operands.enumerated() { uses[operand].append((index, position)) }
    }
    return uses
  }

  /// Whether an operation passes a gradient back to one of its operands.
  ///
  /// A comparison passes none, and a box of several values may pass one back for only some of them.
  func passesBack(user: Int, position: Int) -> Bool {
    let node = nodes[user]
    guard node.gradient != nil, node.operation?.hasNoBackwardPass != true,
      nodes[node.operands[position]].gradient != nil
    else { return false }
    return node.shares.map { $0.indices.contains(position) && $0[position] != nil } ?? true
  }

  /// How many uses of each value pass a gradient back to it.
  var passingUseCounts: [Int] {
    var counts = [Int](repeating: 0, count: nodes.count)
    for (user, node) in nodes.enumerated() {
      for (position, operand) in node.operands.enumerated() where passesBack(user: user, position: position) {
        counts[operand] += 1
      }
    }
    return counts
  }

  /// The share of one use in the gradient of a scalar; nil for an array, or if there is none.
  func contribution(user: Int, position: Int) -> Double? {
    guard let share = share(user: user, position: position), share.count == 1 else { return nil }
    return share[0]
  }
}
