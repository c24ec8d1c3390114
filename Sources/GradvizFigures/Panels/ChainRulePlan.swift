import GradvizGraph

/// Chooses which gradients the backward panel derives, and which of them share a line.
struct ChainRulePlan {
  /// The values of a line.
  struct Entry {
    /// Several if each passes the gradient of its user on unchanged.
    var nodes: [Int]
    /// The value whose gradient they pass on; nil for a value with its own line.
    var source: Int?
    /// A parameter that is in a box with others, in the graph before it was folded; nil for a value with its own box.
    var member: Int?
    var isKept = false
  }

  /// In the order of the backward pass.
  private(set) var steps: [Entry] = []
  /// Values with several shares, from samples or uses.
  private(set) var totals: [Entry] = []
  /// The number of lines that `formulas all` adds; 0 where all lines of the first sample are there.
  private(set) var omitted = 0
  /// The number of arrays whose gradients come through boxes of several values, of which no formula says more than their
  /// shape.
  private(set) var unwritten = 0
  /// Parameters that the loss does not depend on.
  private(set) var idle: [Int] = []
  /// Parameters that the loss depends on, but only through masks and stopped gradients.
  private(set) var stopped: [Int] = []
  /// Parameters that a gradient reaches, in a graph from elsewhere that does not have it.
  private(set) var unrecorded: [Int] = []

  private let context: FigureContext
  private let step: Int?
  private let isBrief: Bool

  /// The number of lines, besides those of parameters, loss and prediction, that fit in a panel.
  private static let maxOthers = 12
  /// The same where boxes stand for several values, in a figure that has to be low.
  private static let maxOthersOfFolded = 5

  /// - Parameter passing: whether only operations count through which a gradient passes.
  private static func nodesBehindLoss(_ graph: ComputationGraph, passing: Bool = false) -> [Bool] {
    var found = [Bool](repeating: false, count: graph.nodes.count)
    guard let loss = graph.loss else { return found }
    found[loss] = true
    for index in graph.nodes.indices.reversed() where found[index] {
      let operation = graph.nodes[index].operation
      if passing, operation?.hasNoBackwardPass ?? false { continue }
      let operands = graph.nodes[index].operands
      for operand in passing && operation == .masked ? operands.prefix(1) : operands[...] { found[operand] = true }
    }
    return found
  }

  private var graph: ComputationGraph { context.graph }

  init(_ context: FigureContext, step: Int?, blocks: SampleShares? = nil, isBrief: Bool) {
    self.context = context
    self.step = step
    self.isBrief = isBrief
    let nodes = context.graph.nodes
    if step == nil {
      let behind = Self.nodesBehindLoss(context.graph)
      let still = nodes.indices.filter { nodes[$0].role == .parameter && nodes[$0].isLeaf && nodes[$0].gradient == nil }
      let reached = Self.nodesBehindLoss(context.graph, passing: true)
      idle = still.filter { !behind[$0] }
      stopped = still.filter { behind[$0] && !reached[$0] }
      unrecorded = still.filter { reached[$0] }
    }
    let inBlocks = Set(blocks?.rows.map(\.parameter) ?? [])
    let candidates = nodes.indices.filter { isCandidate($0) && !inBlocks.contains($0) }
    func isWritten(_ node: Int) -> Bool {
      context.graph.level == .scalar || !nodes[node].hidesUses || node == context.graph.loss
        || nodes[node].role == .parameter && nodes[node].fold == nil || !isBrief && !members(of: node).isEmpty
        || context.text.notation.symbolic.gradient(of: node).map { $0 != .gradient(of: node) } ?? false
    }
    unwritten = isBrief || step != nil ? 0 : candidates.count { !isWritten($0) }
    var entries = grouped(unwritten > 0 ? candidates.filter(isWritten) : candidates)
    for place in entries.indices {
      entries[place].isKept =
        context.showsAllFormulas
        || entries[place].nodes.contains { nodes[$0].role == .parameter || !isBrief && $0 == graph.loss }
    }
    let room = isBrief ? 0 : unwritten > 0 ? Self.maxOthersOfFolded : Self.maxOthers
    // The blocks of a batch derive what its samples have.
    let isDerived = blocks.map { $0.isComplete && !context.showsAllFormulas } ?? false
    if isDerived {
      for place in entries.indices where entries[place].nodes.contains(graph.loss ?? -1) {
        entries[place].isKept = false
      }
    }
    let others = entries.indices.filter { place in
      !entries[place].isKept
        && !(isDerived && entries[place].nodes.contains { nodes[$0].lane != nil || !nodes[$0].isLeaf })
    }
    // A line that says that one more is left out is as high as that one.
    let count = room > 0 && others.count == room + 1 ? room + 1 : room
    for place in others.sorted(by: { (rank(entries[$0]), $0) < (rank(entries[$1]), $1) }).prefix(count) {
      entries[place].isKept = true
    }
    let kept = entries.filter(\.isKept)
    if kept.count < entries.count {
      let all = nodes.indices.filter { isCandidate($0, amongAll: true) && !inBlocks.contains($0) }
      omitted = grouped(unwritten > 0 ? all.filter(isWritten) : all).count - kept.count
    }
    steps = kept.filter { !isTotal($0) }
    totals = kept.filter(isTotal)
  }

  /// What is omitted first: data, then values that only pass gradients on, then values without names.
  private func rank(_ entry: Entry) -> Int {
    let node = graph.nodes[entry.nodes[0]]
    if node.role == .input || node.role == .target { return 3 }
    if entry.source != nil { return 2 }
    return node.isNamed ? 0 : 1
  }

  /// - Parameter amongAll: whether all formulas are asked for.
  private func isCandidate(_ node: Int, amongAll: Bool? = nil) -> Bool {
    let showsAll = amongAll ?? context.showsAllFormulas
    let value = graph.nodes[node]
    guard value.gradient != nil, value.role != .constant, step == nil || context.steps[node] == step else {
      return false
    }
    // Of several values that have no name together there is nothing to say.
    if value.isNameless { return false }
    // Nor of a product whose operation stands in the box of a sum.
    if step == nil, !showsAll, !context.marks.has(node) { return false }
    // In a batch, the first sample stands for all, and its data is not learned.
    if graph.laneCount > 1, !showsAll {
      return value.lane ?? 0 == 0 && value.role != .input && value.role != .target
    }
    return true
  }

  private func isTotal(_ entry: Entry) -> Bool {
    guard graph.level == .scalar, entry.source == nil else { return false }
    return context.uses[entry.nodes[0]].count > (graph.laneCount > 1 ? 1 : 3)
  }

  /// In step order; within a step, in the order of the picture.
  private func grouped(_ nodes: [Int]) -> [Entry] {
    let order = nodes.sorted { (context.marks.place($0), $0) < (context.marks.place($1), $1) }
    var entries: [Entry] = []
    var places: [Int: Int] = [:]
    for node in order {
      let members = members(of: node)
      guard members.isEmpty else {
        entries += members.map { Entry(nodes: [node], member: $0) }
        continue
      }
      guard let source = source(node) else {
        entries.append(Entry(nodes: [node]))
        continue
      }
      if let place = places[source] {
        entries[place].nodes.append(node)
      } else {
        places[source] = entries.count
        entries.append(Entry(nodes: [node], source: source))
      }
    }
    return entries
  }

  /// The parameters in the box of a layer, which have formulas in the graph before it was folded.
  private func members(of node: Int) -> [Int] {
    guard !isBrief, graph.nodes[node].role == .parameter, let whole = context.text.whole,
      let members = graph.nodes[node].fold?.members, members.count <= Self.maxMembers
    else { return [] }
    return whole.graph.nodes.indices.filter { index in
      members.contains(whole.graph.nodes[index].id) && whole.gradient(of: index) != nil
    }
  }

  /// A layer has a few arrays; a box of more parameters stands for several layers.
  private static let maxMembers = 4

  /// The value whose gradient this one passes on unchanged: its only user; nil if it has its own.
  private func source(_ node: Int) -> Int? {
    let value = graph.nodes[node]
    guard !value.hidesUses, let use = context.uses[node].first, context.uses[node].count == 1,
      graph.nodes[use.user].gradient != nil, !graph.nodes[use.user].hidesOperands,
      graph.nodes[use.user].shape == value.shape, step == nil || graph.nodes[use.user].gradient != nil
    else { return nil }
    let symbolic = context.text.notation.symbolic
    let passes =
      graph.level == .scalar
      ? symbolic.localDerivative(of: use.user, operand: use.position) == .number(1)
      : symbolic.passages(of: use.user, operand: use.position) == [.times(.number(1))]
    return passes ? use.user : nil
  }
}
