import GradvizGraph

/// The graph that each view of a figure draws; views that fold alike share it, as folding is most of the time that a
/// large graph takes.
struct FoldedViews {
  /// The graph with all of its values, as figures print them.
  let whole: ComputationGraph
  /// What the caller gave.
  let source: ComputationGraph
  private let options: FigureOptions
  private var drawn: [Fold: ComputationGraph] = [:]

  private struct Fold: Hashable {
    var level: Collapse
    var steps: [FoldingStep]
  }

  init(_ graph: ComputationGraph, _ options: FigureOptions) {
    source = graph
    self.options = options
    var whole = graph.hidingMisfits().withoutRounding().withShares().withoutIdleUpdates()
    whole.presentation.language = options.language ?? whole.presentation.language
    self.whole = whole
  }

  /// - Throws: ``FigureError`` for an excerpt of values that the graph does not have.
  /// - Complexity: O(nodes · log nodes) for each way to fold.
  mutating func graph(for view: SheetView) throws(FigureError) -> ComputationGraph {
    let samples = options.samples ?? source.presentation.samples
    let fold = Fold(
      level: options.collapse ?? view.collapse ?? (samples == .all ? .none : .auto),
      steps: options.collapse == nil ? view.steps : [])
    if let known = drawn[fold] { return known }
    try whole.checkModules(fold.level)
    let graph =
      (options.view ?? whole.presentation.view) == .neurons
      ? whole.ofNetwork
      : try (options.only.map(whole.excerpted) ?? FoldedGraph(graph: whole)).folded(fold.level, and: fold.steps).graph
    let folded = graph.withElementIDs()
    drawn[fold] = folded
    return folded
  }
}
