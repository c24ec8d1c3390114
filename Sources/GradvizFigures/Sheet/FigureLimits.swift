import Autograd
import GradvizGraph

/// How large a figure may be.
package enum FigureLimits {
  static let maxBoxes = 60_000
  static let maxArrows = 120_000
  static let maxRows = 4
  /// A sample of more rows, one turn after the other, is not seen as one.
  static let maxRowsOfSample = 4

  /// A figure of more boxes, of more arrows, or whose arrows pass more ranks in all, is too large to be seen at once.
  package static let maxBoxesAtOnce = 300
  private static let maxArrowsAtOnce = 600
  private static let maxPassagesAtOnce = 5_000

  /// An arrow takes space in each rank that it crosses: the maximum average over all arrows.
  private static let maxPassagesOfArrow = 16

  /// - Throws: ``FigureError`` if a graph is still too large after the requested folding.
  static func requireSize(_ graph: ComputationGraph, _ options: FigureOptions) throws(FigureError) {
    func tooLarge(_ words: String, _ excess: FigureError.Excess) -> FigureError {
      FigureError(message: words, excess: excess, canFold: !(options.collapse.map { $0 == .auto } ?? true))
    }
    let boxes = options.maxBoxes ?? maxBoxes
    guard graph.nodes.count <= boxes else {
      throw tooLarge(
        "the figure would have \(graph.nodes.count) boxes, more than \(boxes)", .boxes(graph.nodes.count))
    }
    let most = options.maxArrows ?? maxArrows
    let arrows = graph.operandCount
    guard arrows <= most else {
      throw tooLarge("the figure would have \(arrows) arrows, more than \(most)", .arrows(arrows))
    }
    let (passages, maxPassages) = (graph.trunkPassages, min(most, .max / maxPassagesOfArrow) * maxPassagesOfArrow)
    guard passages <= maxPassages else {
      throw tooLarge(
        "the figure's arrows would pass \(passages) ranks, more than \(maxPassages)",
        .arrows(passages / maxPassagesOfArrow + 1))
    }
  }

  /// - Throws: ``FigureError`` for a graph whose parts do not fit together, and for a width that no page has.
  static func requireFit(_ graph: ComputationGraph, _ options: FigureOptions) throws(FigureError) {
    if let misfit = graph.misfit { throw FigureError(message: misfit) }
    let most = ComputationGraph.Presentation.widths.upperBound
    guard let width = options.width ?? graph.presentation.width, !(width.magnitude <= most) else { return }
    throw FigureError(message: "a figure is at most \(Int(most)) points wide")
  }

  /// Whether a figure cannot be seen at once: it becomes a page, with short tooltips.
  static func isLarge(_ graph: ComputationGraph) -> Bool {
    graph.nodes.count > maxBoxesAtOnce || graph.operandCount > maxArrowsAtOnce
      || graph.passages > maxPassagesAtOnce
  }
}

extension ComputationGraph {
  /// The number of arrows in a figure that shows every value.
  var operandCount: Int { nodes.reduce(0) { $0 + $1.operands.count } }

  /// The number of ranks that all arrows between computed values cross; leaves are drawn where they are used.
  fileprivate var passages: Int {
    let depths = depths
    return nodes.indices.reduce(0) { total, user in
      nodes[user].operands.reduce(total) { depths[$1] == 0 ? $0 : $0 + depths[user] - depths[$1] - 1 }
    }
  }

  /// The same if all arrows of a value share a line as far as possible.
  fileprivate var trunkPassages: Int {
    let depths = depths
    var farthest = depths
    for user in nodes.indices {
      for operand in nodes[user].operands where depths[operand] > 0 {
        farthest[operand] = max(farthest[operand], depths[user] - 1)
      }
    }
    return zip(farthest, depths).reduce(0) { $0 + $1.0 - $1.1 }
  }

  /// The depth of each value: the number of operations on the longest path to it.
  private var depths: [Int] {
    var depths = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() where !node.operands.isEmpty {
      depths[index] = 1 + node.operands.reduce(0) { max($0, depths[$1]) }
    }
    return depths
  }
}
