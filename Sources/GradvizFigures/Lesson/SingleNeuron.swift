import Autograd
import GradvizGraph

/// A graph whose prediction is one neuron, an activation of a weighted sum of inputs, for each sample.
struct SingleNeuron {
  /// By sample, the inputs in the order of the weights.
  private(set) var inputs: [[Int]] = []
  private(set) var outputs: [Int] = []
  let weights: [Int]
  let bias: Int?
  let activation: Tape.Operation

  private static let maxInputs = 6

  /// Returns nil if the graph is anything else.
  init?(_ graph: ComputationGraph) {
    guard graph.level == .scalar else { return nil }
    let predictions = graph.nodes.indices.filter { graph.nodes[$0].role == .prediction }
    let outputs = predictions.isEmpty ? [graph.loss].compactMap { $0 } : predictions
    guard outputs.count == max(graph.laneCount, 1) else { return nil }
    let sums = outputs.compactMap { WeightedSum(graph, output: $0) }
    guard let first = sums.first, sums.count == outputs.count, first.inputs.count <= Self.maxInputs,
      sums.allSatisfy({ $0.weights == first.weights && $0.bias == first.bias && $0.activation == first.activation })
    else { return nil }
    inputs = sums.map(\.inputs)
    self.outputs = outputs
    weights = first.weights
    bias = first.bias
    activation = first.activation
  }

  private struct WeightedSum {
    var inputs: [Int] = []
    var weights: [Int] = []
    var bias: Int?
    let activation: Tape.Operation

    private static let maxSteps = 40

    init?(_ graph: ComputationGraph, output: Int) {
      guard let activation = graph.nodes[output].operation, [.tanh, .sigmoid, .relu].contains(activation),
        graph.nodes[output].operands.count == 1
      else { return nil }
      self.activation = activation
      var pending = [graph.nodes[output].operands[0]]
      var steps = 0
      while let node = pending.popLast() {
        steps += 1
        guard steps <= Self.maxSteps else { return nil }
        let value = graph.nodes[node]
        switch value.operation {
        case .add, .sum: pending += value.operands.reversed()
        case .multiply:
          let parameters = value.operands.filter {
            graph.nodes[$0].role == .parameter || graph.nodes[$0].name.hasPrefix("w")
          }
          let others = value.operands.filter { !parameters.contains($0) && graph.nodes[$0].isLeaf }
          guard parameters.count == 1, others.count == 1 else { return nil }
          weights += parameters
          inputs += others
        case nil where bias == nil && !inputs.isEmpty: bias = node
        default: return nil
        }
      }
      guard !inputs.isEmpty else { return nil }
    }
  }
}
