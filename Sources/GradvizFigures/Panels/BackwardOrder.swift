import Autograd
import GradvizGraph

extension ComputationGraph {
  /// The step of the backward pass in which each value's gradient is complete, 1 for the loss: one more
  /// than the latest of its users. Values of one step do not wait for each other. nil where the loss does
  /// not depend on the value.
  var backwardSteps: [Int?] {
    var steps = [Int?](repeating: nil, count: nodes.count)
    guard let loss else { return steps }
    steps[loss] = 1
    for index in nodes.indices.reversed() {
      guard let step = steps[index] else { continue }
      for operand in nodes[index].operands { steps[operand] = max(steps[operand] ?? 0, step + 1) }
    }
    return steps
  }

  /// For each node the operations that use it: the user and which operand it is there, in order.
  var uses: [[(user: Int, position: Int)]] {
    var uses = [[(user: Int, position: Int)]](repeating: [], count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for (position, operand) in node.operands.enumerated() { uses[operand].append((index, position)) }
    }
    return uses
  }

  /// Whether a gradient comes back from an operation to one of its operands. Of a box for several values only
  /// some may pass one on.
  func passesBack(user: Int, position: Int) -> Bool {
    let node = nodes[user]
    guard node.gradient != nil, nodes[node.operands[position]].gradient != nil else { return false }
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

  /// What one use adds to the gradient of a number; nil where that is no single number, or nothing flows.
  func contribution(user: Int, position: Int) -> Double? {
    guard let share = share(user: user, position: position), share.count == 1 else { return nil }
    return share[0]
  }
}
