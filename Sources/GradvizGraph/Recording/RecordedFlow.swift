/// Where the gradients of a recorded graph can be told from those of their uses: not before an operation that cannot be
/// computed again.
struct RecordedFlow {
  private let nodes: [ComputationGraph.Node]
  private var unknown: [Bool]
  private var fed: [Bool]

  init(_ graph: ComputationGraph) {
    nodes = graph.nodes
    unknown = [Bool](repeating: false, count: graph.nodes.count)
    fed = unknown
  }

  /// Whether some use adds to the gradient what is not known.
  func isUnknown(_ index: Int) -> Bool { unknown[index] }

  /// Whether a gradient comes from a use, though none leads to the loss on the tape.
  func isFed(_ index: Int) -> Bool { fed[index] }

  /// Takes note that a node's gradient goes back to its operands.
  mutating func feed(_ index: Int) {
    for operand in nodes[index].operands { fed[operand] = true }
  }

  /// Goes on to the operands of a node; its uses come before.
  ///
  /// - Parameter isKnown: whether its operation can be computed again.
  mutating func passBack(_ index: Int, isKnown: Bool) {
    let node = nodes[index]
    guard node.facts?.requiresGradient != false else { return }
    guard !isKnown || unknown[index] && node.gradient == nil || !node.hasNumbers else { return }
    for operand in node.operands { unknown[operand] = true }
  }
}

extension ComputationGraph {
  /// Whether another program recorded it, so that its JSON is of version 2.
  public var isRecorded: Bool {
    producer != nil || optimizer != nil || error != nil || nodes.contains { $0.factsBox != nil }
  }

  /// The graph with what its figures need and its recorder did not say, and what recomputing it found: missing gradients
  /// and local derivatives are computed where the operations are known.
  ///
  /// - Complexity: that of ``recomputed()``.
  public func checked() -> (graph: ComputationGraph, report: GraphReport) {
    var recomputation = GraphRecomputation(self)
    let report = recomputation.report()
    var graph = self
    graph.findings = report.problems
    if isRecorded { graph.asRecorded = report.asRecorded }
    if isRecorded || loss != nil && !nodes.contains(where: { $0.gradient != nil }) {
      for (index, gradient) in recomputation.missingGradients { graph.nodes[index].gradient = gradient }
      for (index, local) in recomputation.missingDerivatives { graph.nodes[index].localDerivatives = local }
    }
    return (graph, report)
  }

  /// The values that the loss is made of, without those that only a gradient's end reaches.
  func ancestors(of node: Int) -> [Bool] {
    var isAncestor = [Bool](repeating: false, count: nodes.count)
    isAncestor[node] = true
    for index in stride(from: node, through: 0, by: -1) where isAncestor[index] {
      for operand in nodes[index].operands { isAncestor[operand] = true }
    }
    return isAncestor
  }

  /// Whether a gradient would come to a value.
  private func hasWay(_ index: Int) -> Bool {
    nodes[index].facts?.requiresGradient != false && ![.constant, .target].contains(nodes[index].role)
  }

  /// Whether a use passes no gradient back, though its operand has a way for one.
  package func isCut(user: Int, operand: Int) -> Bool {
    !nodes[user].isLeaf && nodes[user].facts?.requiresGradient == false && hasWay(operand)
  }

  /// Where the way of the gradient ends although parameters are behind: `detach`, or `no_grad`.
  ///
  /// A mask or a list of positions ends it, too, but not by mistake.
  func detachedNodes() -> [(node: Int, operands: [Int])] {
    guard let loss, nodes.contains(where: { $0.facts?.requiresGradient == false && !$0.isLeaf }) else { return [] }
    let isAncestor = ancestors(of: loss)
    return nodes.indices.compactMap { index in
      guard isAncestor[index], !nodes[index].isLeaf, nodes[index].facts?.requiresGradient == false,
        !nodes[index].neverHasGradient
      else { return nil }
      let cut = nodes[index].operands.filter { hasWay($0) }
      return cut.isEmpty ? nil : (index, cut)
    }
  }
}

extension ComputationGraph.Node {
  /// Whether no program could have a gradient here: a comparison, whole numbers.
  fileprivate var neverHasGradient: Bool {
    operation.map { $0 != .stopGradient && $0.hasNoBackwardPass } == true
      || facts?.type.map { $0 == "bool" || $0.contains("int") } == true
  }
}
