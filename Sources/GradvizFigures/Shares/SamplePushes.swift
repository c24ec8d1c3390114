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
    for (index, node) in graph.nodes.enumerated() where node.role == .parameter {
      guard let total = node.gradient?.first, node.shape.isEmpty else { continue }
      var parameter = Parameter(
        node: index, shares: .init(repeating: 0, count: count), others: 0, factors: nil, total: total)
      for use in uses[index] {
        let share = graph.share(user: use.user, position: use.position)?.first ?? 0
        if let lane = graph.nodes[use.user].lane { parameter.shares[lane] += share } else { parameter.others += share }
      }
      parameter.factors = pushes.flatMap { Self.factors(graph, uses[index], $0) }
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

  /// What the push of each sample is multiplied by on its way to a parameter that is used once in each.
  private static func factors(
    _ graph: ComputationGraph, _ uses: [(user: Int, position: Int)], _ pushes: [Push]
  ) -> [Double]? {
    var factors = [Double?](repeating: nil, count: pushes.count)
    for use in uses {
      guard let lane = graph.nodes[use.user].lane, factors[lane] == nil,
        graph.nodes[use.user].gradient?.first == pushes[lane].push
      else { return nil }
      factors[lane] = graph.nodes[use.user].localDerivatives?[use.position]
    }
    let known = factors.compactMap { $0 }
    return known.count == factors.count ? known : nil
  }
}
