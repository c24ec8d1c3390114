import GradvizGraph

/// About how wide a row becomes: the widest value of each rank, and the gaps.
///
/// Values can be added one after another.
struct RowWidth {
  private let graph: ComputationGraph
  private let units: [Unit]
  private let rankGap: Double
  /// By value the one in whose box it stands.
  private let merging: [Int: Int]
  /// The depth of each value by the longest path from the row's leaves; nil for leaves and values of other rows.
  private let ranks: [Int?]
  /// By rank the widest value, the leaves of the first operations before it; nil where there is none yet.
  private var widest: [Double?]
  private(set) var total: Double

  /// - Parameter nodes: all values that may be added, in evaluation order.
  init(graph: ComputationGraph, nodes: [Int], units: [Unit], rankGap: Double, merging: [Int: Int] = [:]) {
    self.graph = graph
    self.units = units
    self.rankGap = rankGap
    self.merging = merging
    var ranks = [Int?](repeating: nil, count: graph.nodes.count)
    for node in nodes where !graph.nodes[node].isLeaf {
      ranks[node] =
        1
        + (graph.nodes[node].operands.compactMap { operand in
          ranks[operand].map { merging[operand] == node ? $0 - 1 : $0 }
        }.max() ?? 0)
    }
    self.ranks = ranks
    widest = [Double?](repeating: nil, count: (ranks.compactMap { $0 }.max() ?? 0) + 1)
    total = -rankGap
  }

  /// - Complexity: O(operands of the row)
  mutating func add(_ row: some Sequence<Int>) {
    for node in row {
      guard let rank = ranks[node] else { continue }
      let tabs = graph.nodes[node].operands.reduce(0) { merging[$1] == node ? $0 + (units[$1].tab ?? 0) : $0 }
      if merging[node] == nil { add(units[node].along + tabs, at: rank) }
      for operand in graph.nodes[node].operands where graph.nodes[operand].isLeaf {
        add(units[operand].along, at: rank - 1)
      }
    }
  }

  func with(_ row: some Sequence<Int>) -> RowWidth {
    var result = self
    result.add(row)
    return result
  }

  private mutating func add(_ width: Double, at rank: Int) {
    if let known = widest[rank] {
      if width > known {
        total += width - known
        widest[rank] = width
      }
    } else {
      total += width + rankGap
      widest[rank] = width
    }
  }
}
