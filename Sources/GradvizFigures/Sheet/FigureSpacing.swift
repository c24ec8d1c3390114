import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// The room that labels on arrows need.
extension FigureSet {
  /// The room that the local derivatives on the arrows to a value need beyond the gap of all ranks.
  static func lead(_ text: ValueText, node: Int, isTransposed: Bool) -> Double {
    if isTransposed { return 0 }
    let widest =
      text.graph.nodes[node].operands.indices.compactMap { text.local(user: node, position: $0) }
      .map { TextMetrics.width(of: $0, size: Measure.derivativeSize) }.max() ?? 0
    return min(max(widest + 8 - Measure.minGap, 0), 120)
  }

  /// The room that the shares on the arrows to a value need beyond that gap.
  static func shareLead(
    _ text: ValueText, node: Int, uses: [[(user: Int, position: Int)]], passing: [Int], shared: Set<Int>,
    isTransposed: Bool
  ) -> Double {
    let graph = text.graph
    guard graph.nodes[node].gradient != nil else { return 0 }
    let widest = graph.nodes[node].operands.enumerated().map { position, operand -> Double? in
      guard passing[operand] > 1, !shared.contains(operand), !BoxSizes.isPlainConstant(graph.nodes[operand]),
        !graph.nodes[operand].isLeaf || uses[operand].count <= Piece.maxUsesOfOneBox
          || uses[operand].first.map({ $0 == (node, position) }) == true
      else { return nil }
      return shareRoom(text, node: node, position: position)
    }
    return widest.map { shareLead($0, isTransposed) }.max() ?? 0
  }

  /// How wide the share of a use is on its wire; nil where none stands.
  static func shareRoom(_ text: ValueText, node: Int, position: Int) -> Double? {
    let operand = text.graph.nodes[node].operands[position]
    guard text.graph.nodes[node].gradient != nil, !BoxSizes.isPlainConstant(text.graph.nodes[operand]) else { return nil }
    let label = text.local(user: node, position: position).map {
      TextMetrics.width(of: $0, size: Measure.derivativeSize) + 4
    }
    // The local derivative stands over the arrow between the share and the operation.
    return text.shareSize(operand, [(node, position)]).map { $0.width + min(label ?? 0, 40) / 2 }
  }

  static func shareLead(_ room: Double?, _ isTransposed: Bool) -> Double {
    room.map { isTransposed ? 16 : min(max($0 + 30 - Measure.minGap, 0), 120) } ?? 0
  }
}
