import Autograd

/// What all stages of one graph have in common: where everything stands and what it is called.
struct FigureContext {
  let graph: ComputationGraph
  let text: ValueText
  let sizes: BoxSizes
  let sheet: Sheet
  let steps: [Int?]
  let uses: [[(user: Int, position: Int)]]
  let lossMembers: Set<Int>
  let rankGap: Double
  /// nil: repeated in forward and loss, shared in backward and update, as in the article.
  let parameterStyle: ComputationGraph.Presentation.ParameterStyle?

  /// Whether panels leave nothing out.
  let showsAllFormulas: Bool
  /// What is NaN or infinite, for the warnings of the panels.
  let nonFinite: NonFiniteNumbers

  var words: Words { text.notation.words }

  let hasPrediction: Bool

  /// Whether the loss itself is all there is: then the loss figure tints it.
  var lossIsPrediction: Bool { !hasPrediction }

  /// Leaves that have a node of their own in every lane, such as `x1_2`.
  func isLaneLeaf(_ node: Int) -> Bool { graph.nodes[node].lane != nil }

  /// A stable identifier of a box: the value's id, and where it is repeated, where.
  func spotID(_ index: Int) -> String {
    let spot = sheet.spots[index]
    let id = graph.nodes[spot.node].id
    switch spot.kind {
    case .value, .shared: return id
    case .slot(let lane, let use):
      return "\(id)__\(lane.map { "lane\($0 + 1)" } ?? "rest")" + (use > 0 ? "_use\(use + 1)" : "")
    }
  }

  /// What the uses of the leaf at one place add to its gradient.
  func share(ofSpot index: Int) -> Double? {
    var total: Double?
    for link in sheet.links where link.from == index {
      if let part = graph.contribution(user: sheet.spots[link.to].node, position: link.position) {
        total = (total ?? 0) + part
      }
    }
    return total
  }
}
