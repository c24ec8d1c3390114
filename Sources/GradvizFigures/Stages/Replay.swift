import Autograd
import GradvizGraph

/// A stage as it comes about.
extension FigureSet {
  /// The stages that can be replayed.
  package static let replayed: [Stage] = [.forward, .backward, .update]

  /// More steps are shown several at once.
  private static let maxMoments = 24

  /// The figure of a stage, and what of its graph is there at each moment, from nothing to everything: all elements stand
  /// where they stand in the figure, which alone has title, panel and legend.
  ///
  /// - Throws: ``FigureError`` as ``figure(_:)`` does, and for a stage that nothing comes about in.
  /// - Complexity: that of ``figure(_:)`` for each moment.
  package func replay(_ stage: Stage) throws(FigureError) -> (whole: Figure, moments: [Figure]) {
    guard Self.replayed.contains(stage) else {
      throw FigureError(message: "a \(stage.rawValue) figure cannot be replayed")
    }
    let whole = try figure(stage)
    let known = known(stage)
    let last = stage == .backward ? stepCount : known.max() ?? 0
    let count = min(last, Self.maxMoments)
    let steps = count == 0 ? [0] : (0...count).map { ($0 * last + count - 1) / count }
    return (whole, steps.map { moment(stage, step: $0, known, of: whole) })
  }

  /// The step in which the stage comes to each value.
  private func known(_ stage: Stage) -> [Int] {
    switch stage {
    case .forward: forwardSteps
    case .update: updateSteps
    default: context.steps.map { $0 ?? .max }
    }
  }

  /// The rank of each value; what the stage does not compute has none.
  private var forwardSteps: [Int] {
    var ranks = [Int](repeating: 0, count: context.graph.nodes.count)
    for (index, node) in context.graph.nodes.enumerated() where !node.isLeaf {
      if context.hasPrediction, context.lossMembers.contains(index), node.role != .prediction { continue }
      ranks[index] = 1 + (node.operands.map { ranks[$0] }.max() ?? 0)
    }
    return ranks
  }

  /// One parameter after the other, the loss last.
  private var updateSteps: [Int] {
    let graph = context.graph
    var steps = [Int](repeating: 0, count: graph.nodes.count)
    let changed = graph.nodes.indices.filter { graph.nodes[$0].updated != nil && $0 != graph.loss }
    for (place, node) in changed.enumerated() { steps[node] = place + 1 }
    if let loss = graph.loss { steps[loss] = changed.count + 1 }
    return steps
  }

  private func moment(_ stage: Stage, step: Int, _ known: [Int], of whole: Figure) -> Figure {
    var figure = whole
    (figure.regions, figure.boxes, figure.discs, figure.chips, figure.labels, figure.arrows) = ([], [], [], [], [], [])
    if let network {
      var picture = NetworkStage(context, network, stage: stage, step: step, figure: figure)
      picture.builder.known = known
      picture.build()
      figure = picture.builder.figure
    } else {
      var builder = StageBuilder(context, stage: stage, step: step, figure: figure)
      builder.known = known
      builder.build()
      figure = builder.figure
    }
    // The arrows of an update start at the panel, so those of the figure itself are taken.
    let due = Set(zip(context.graph.nodes, known).filter { $0.1 <= step }.map { "update-\($0.0.id)" })
    figure.arrows += whole.arrows.filter { $0.kind == .update && due.contains($0.id) }
    return figure
  }
}
