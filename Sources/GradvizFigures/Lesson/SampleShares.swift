import GradvizGraph

/// What each sample of a batch adds to the gradients of the parameters, as products of numbers that stand in the
/// picture.
struct SampleShares {
  /// What one sample adds to one parameter.
  struct Share {
    var amount: Double
    /// The gradient and the local derivative whose product it is; nil for a sum of several.
    var factors: (upstream: Double, local: Double, rule: Formula)?
    /// Whether the gradient is passed on unchanged.
    var isUnchanged: Bool { factors.map { $0.rule == .number(1) } ?? false }
  }

  /// A parameter, with a share for each sample.
  struct Row {
    var parameter: Int
    var shares: [Share]
    /// What uses outside all samples add, such as a penalty on large weights.
    var rest: Double?
    var total: Double
    fileprivate var pivots: [Int?]
  }

  /// Those that receive the common gradient first.
  private(set) var rows: [Row] = []
  /// By sample, the way from the loss to the value whose gradient most parameters share.
  private(set) var factors: [ChainFactors] = []
  /// The values at the ends of these ways.
  private(set) var pivots: [Int] = []
  /// Whether all parameters get their gradients from these values.
  private(set) var isComplete = false

  private let context: FigureContext
  private var graph: ComputationGraph { context.graph }

  init?(_ context: FigureContext) {
    self.context = context
    let graph = context.graph
    guard graph.level == .scalar, graph.laneCount > 1, graph.folding == nil else { return nil }
    let parameters = graph.nodes.indices.filter {
      graph.nodes[$0].role == .parameter && graph.nodes[$0].isLeaf && graph.nodes[$0].gradient != nil
    }
    let rows = parameters.compactMap(row)
    guard !rows.isEmpty, choosePivots(rows) else { return nil }
    func isFirst(_ row: Row) -> Bool { row.pivots == pivots && row.shares.allSatisfy(\.isUnchanged) }
    self.rows = rows.filter(isFirst) + rows.filter { !isFirst($0) }
    isComplete = rows.count == parameters.count && rows.allSatisfy { $0.pivots == pivots }
    if let first = self.rows.first, isFirst(first) {
      for lane in factors.indices { factors[lane].end(at: first.parameter) }
    }
  }

  /// Whether the first row's shares are the products of the blocks themselves.
  var beginsWithProducts: Bool {
    rows.first.map { $0.pivots == pivots && $0.shares.allSatisfy(\.isUnchanged) } ?? false
  }

  /// nil for a parameter that not every sample uses.
  private func row(_ parameter: Int) -> Row? {
    var lanes = [[(user: Int, position: Int)]](repeating: [], count: graph.laneCount)
    var rest: Double?
    for use in context.uses[parameter] where graph.passesBack(user: use.user, position: use.position) {
      guard let amount = graph.contribution(user: use.user, position: use.position), amount.isFinite else { return nil }
      if let lane = graph.nodes[use.user].lane {
        lanes[lane].append(use)
      } else {
        rest = (rest ?? 0) + amount
      }
    }
    guard lanes.allSatisfy({ !$0.isEmpty }), let total = graph.nodes[parameter].gradient?.first, total.isFinite else {
      return nil
    }
    return Row(
      parameter: parameter, shares: lanes.map(share), rest: rest, total: total,
      pivots: lanes.map { $0.count == 1 ? source($0[0].user) : nil })
  }

  private func share(_ uses: [(user: Int, position: Int)]) -> Share {
    let amount = uses.reduce(0) { $0 + (graph.contribution(user: $1.user, position: $1.position) ?? .nan) }
    guard uses.count == 1, let use = uses.first, let upstream = graph.nodes[use.user].gradient?.first,
      let local = graph.nodes[use.user].localDerivatives?[use.position]
    else { return Share(amount: amount) }
    let rule = context.text.notation.symbolic.localDerivative(of: use.user, operand: use.position)
    return Share(amount: amount, factors: (upstream, local, rule))
  }

  /// The value whose gradient reaches this one unchanged.
  private func source(_ node: Int) -> Int {
    var node = node
    while context.uses[node].count == 1, let use = context.uses[node].first, use.user != graph.loss,
      graph.nodes[use.user].lane != nil, graph.nodes[use.user].gradient != nil, !graph.nodes[node].hidesUses,
      context.text.notation.symbolic.localDerivative(of: use.user, operand: use.position) == .number(1)
    {
      node = use.user
    }
    return node
  }

  /// The values that most parameters get their gradients from, of these those nearest to the loss.
  private mutating func choosePivots(_ rows: [Row]) -> Bool {
    let candidates = rows.compactMap { row in row.pivots.allSatisfy { $0 != nil } ? row.pivots.compactMap { $0 } : nil }
    var best: (pivots: [Int], count: Int)?
    for candidate in candidates {
      let count = candidates.count { $0 == candidate }
      if best.map({ (count, candidate[0]) > ($0.count, $0.pivots[0]) }) ?? true { best = (candidate, count) }
    }
    guard let best else { return false }
    let ways = best.pivots.compactMap { ChainFactors(context, to: $0) }
    guard ways.count == graph.laneCount, ways.allSatisfy({ $0.factors.count == ways[0].factors.count }) else {
      return false
    }
    pivots = best.pivots
    factors = ways
    return true
  }
}
