import Autograd
import GradvizGraph

/// What each sample of a batch adds to the gradients of the parameters, and on which way.
struct SamplePushes {
  /// From the loss of one sample to its push: the gradient of the sum that its prediction is made of.
  struct Push {
    /// What the sample adds to the loss; nil where the loss is not a sum over samples.
    var loss: Double?
    /// The gradient of the prediction, and the slope of the function that made it.
    var error: Double
    var slope: Double?
    var push: Double
    /// Where the slope was taken.
    var place: Int?
    var prediction: Int
  }

  struct Parameter {
    var node: Int
    /// By sample.
    var shares: [Double]
    /// What is added by uses that belong to no sample.
    var others: Double
    /// By sample, what the push is multiplied by; nil where more than a product lies between.
    var factors: [Double]?
    /// The other operand of a product, which that is in the first sample.
    var factor: Int?
    var total: Double
  }

  let graph: ComputationGraph
  let count: Int
  private(set) var parameters: [Parameter] = []
  /// By sample; nil if there is no prediction for each.
  private(set) var pushes: [Push]?

  static let maxSamples = 40
  /// Of more parameters those with the greatest gradients are drawn.
  static let maxParameters = 24

  /// Why there is nothing to draw; nil if there is.
  static func reasonAgainst(_ graph: ComputationGraph, _ words: Words) -> String? {
    if graph.loss == nil { return words.lacks(.loss, graph) }
    guard graph.nodes.contains(where: { $0.role == .parameter && $0.gradient != nil }) else {
      return words.noParameterOfLoss
    }
    if graph.level == .tensor {
      return words.samplesInArrays
    }
    if let folding = graph.folding,
      folding.samplesInLastLane > 1 || graph.laneCount < 2 && folding.values > graph.nodes.count
    {
      return words.samplesFolded
    }
    if graph.laneCount < 2 { return words.noSamples }
    return graph.laneCount > maxSamples ? words.tooManySamples(graph.laneCount, maxSamples) : nil
  }

  init(_ graph: ComputationGraph) {
    self.graph = graph
    count = graph.laneCount
    var uses = [[(user: Int, position: Int)]](repeating: [], count: graph.nodes.count)
    for (user, node) in graph.nodes.enumerated() {
      for (position, operand) in node.operands.enumerated() { uses[operand].append((user, position)) }
    }
    pushes = Self.pushes(graph)
    let parts = Self.parts(graph, uses)
    for (index, node) in graph.nodes.enumerated() where node.role == .parameter {
      guard let total = node.gradient?.first, node.shape.isEmpty else { continue }
      let parts = parts[index] ?? []
      var parameter = Parameter(
        node: index, shares: Array(parts.prefix(count)), others: parts.last ?? 0, factors: nil, total: total)
      parameter.factors = pushes.flatMap { Self.factors(graph, uses, index, $0) }
      if let use = uses[index].first, graph.nodes[use.user].operation == .multiply {
        parameter.factor = graph.nodes[use.user].operands[1 - use.position]
      }
      parameters.append(parameter)
    }
  }

  /// Those that are drawn, in the order of the program.
  var shown: [Parameter] {
    guard parameters.count > Self.maxParameters else { return parameters }
    let greatest = parameters.sorted { (abs($1.total), $0.node) < (abs($0.total), $1.node) }.prefix(Self.maxParameters)
    return greatest.sorted { $0.node < $1.node }
  }

  private static func pushes(_ graph: ComputationGraph) -> [Push]? {
    var found = [Push?](repeating: nil, count: graph.laneCount)
    for (index, node) in graph.nodes.enumerated() where node.role == .prediction {
      guard let lane = node.lane, found[lane] == nil, let error = node.gradient?.first else { return nil }
      // Another name is not another function.
      var own = index
      while graph.nodes[own].operation == .sum, graph.nodes[own].operands.count == 1 {
        own = graph.nodes[own].operands[0]
      }
      let maker = graph.nodes[own]
      var push = Push(loss: nil, error: error, slope: nil, push: error, place: nil, prediction: index)
      if let operation = maker.operation, [.tanh, .sigmoid, .relu].contains(operation),
        let slope = maker.localDerivatives?.first,
        let place = maker.operands.first, let gradient = graph.nodes[place].gradient?.first
      {
        (push.slope, push.place, push.push) = (slope, place, gradient)
      }
      found[lane] = push
    }
    var pushes = found.compactMap { $0 }
    guard pushes.count == graph.laneCount else { return nil }
    if let losses = losses(graph) { for lane in pushes.indices { pushes[lane].loss = losses[lane] } }
    return pushes
  }

  /// What each sample adds to the loss, where that is a weighted sum over the samples.
  private static func losses(_ graph: ComputationGraph) -> [Double]? {
    guard let loss = graph.loss, let value = graph.nodes[loss].value.first else { return nil }
    var losses = [Double](repeating: 0, count: graph.laneCount)
    for node in graph.nodes where node.lane == nil && node.gradient != nil {
      for operand in node.operands {
        guard let lane = graph.nodes[operand].lane, let gradient = graph.nodes[operand].gradient?.first else {
          continue
        }
        losses[lane] += gradient * graph.nodes[operand].value[0]
      }
    }
    let sum = losses.reduce(0, +)
    return losses.allSatisfy { $0 >= 0 } && abs(sum - value) <= 1e-9 * max(abs(value), 1e-300) && value > 0
      ? losses : nil
  }

  private typealias Use = (user: Int, position: Int)

  /// By value that belongs to no sample: what each sample adds to its gradient, and what none does; through values
  /// that the samples share as well.
  private static func parts(_ graph: ComputationGraph, _ uses: [[Use]]) -> [[Double]?] {
    var parts = [[Double]?](repeating: nil, count: graph.nodes.count)
    for index in graph.nodes.indices.reversed() where graph.nodes[index].lane == nil {
      var own = [Double](repeating: 0, count: graph.laneCount + 1)
      if index == graph.loss { own[graph.laneCount] = graph.nodes[index].gradient?.first ?? 0 }
      for use in uses[index] {
        let user = graph.nodes[use.user]
        guard let share = graph.share(user: use.user, position: use.position)?.first, share != 0 else { continue }
        guard user.lane == nil, let gradient = user.gradient?.first, let shared = parts[use.user] else {
          own[user.lane ?? graph.laneCount] += share
          continue
        }
        let slope = user.localDerivatives?[use.position] ?? share / gradient
        for part in own.indices where shared[part] != 0 { own[part] += shared[part] * slope }
      }
      parts[index] = own
    }
    return parts
  }

  /// What the push of each sample is multiplied by on its way to a parameter that is used once in each, in a term of
  /// the sum whose gradient the push is.
  private static func factors(
    _ graph: ComputationGraph, _ uses: [[Use]], _ parameter: Int, _ pushes: [Push]
  ) -> [Double]? {
    var factors = [Double?](repeating: nil, count: pushes.count)
    for use in uses[parameter] {
      guard let lane = graph.nodes[use.user].lane, factors[lane] == nil else { return nil }
      let goal = pushes[lane].place ?? pushes[lane].prediction
      var term = use.user
      while term != goal {
        guard uses[term].count == 1, let next = uses[term].first, graph.nodes[next.user].lane == lane,
          graph.nodes[next.user].operation == .sum || graph.nodes[next.user].operation == .add
        else { return nil }
        term = next.user
      }
      factors[lane] = graph.nodes[use.user].localDerivatives?[use.position]
    }
    let known = factors.compactMap { $0 }
    return known.count == factors.count ? known : nil
  }
}
