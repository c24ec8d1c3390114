import Autograd
import GradvizGraph

/// Two training steps: the gradients of both backward passes, and what the second step makes of them if they are set to
/// zero in between, as by `zero_grad`, and if they are not.
struct AccumulatedGradients {
  struct Parameter {
    var node: Int
    /// Of the first pass, with the graph's parameters, and of the second, with those after the first step.
    var first: Double
    var second: Double
    /// Before, after the first step, and after the second, with gradients set to zero; nil for another method than plain
    /// gradient descent.
    var steps: (start: Double, first: Double, second: Double)?
    /// After the second step without.
    var secondOfSum: Double?

    /// What the second step uses where the gradients were not set to zero.
    var sum: Double { first + second }
  }

  /// Of more parameters those with the greatest gradients are drawn.
  static let maxParameters = 24

  let parameters: [Parameter]

  /// Why there is nothing to draw; nil if there is.
  static func reasonAgainst(_ graph: ComputationGraph, _ words: Words) -> String? {
    if graph.loss == nil { return words.lacks(.loss, graph) }
    if graph.level == .tensor { return words.accumulationInArrays }
    if graph.folding.map({ $0.values > graph.nodes.count }) ?? false { return words.accumulationFolded }
    guard graph.nodes.contains(where: { $0.role == .parameter && $0.gradient != nil }) else {
      return words.noParameterOfLoss
    }
    return AccumulatedGradients(graph) == nil ? words.lacks(.rate, graph) : nil
  }

  /// Returns nil for a graph whose parameters are not updated, or that cannot be computed again.
  init?(_ graph: ComputationGraph) {
    guard let next = graph.gradientsAfterUpdate else { return nil }
    // Without a rule of its own each step is the rate times the gradient.
    let rate = graph.updateRule == nil ? graph.learningRate : nil
    parameters = graph.nodes.indices.compactMap { index in
      let node = graph.nodes[index]
      guard node.role == .parameter, let first = node.gradient?.first, let updated = node.updated?.first,
        let second = next[index].first
      else { return nil }
      return Parameter(
        node: index, first: first, second: second,
        steps: rate.map { (node.value[0], updated, updated - $0 * second) },
        secondOfSum: rate.map { updated - $0 * (first + second) })
    }
  }

  /// Those that are drawn, in the order of the program.
  var shown: [Parameter] {
    guard parameters.count > Self.maxParameters else { return parameters }
    return parameters.sorted { (abs($1.sum), $0.node) < (abs($0.sum), $1.node) }.prefix(Self.maxParameters)
      .sorted { $0.node < $1.node }
  }
}
