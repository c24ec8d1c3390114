import Autograd
import GradvizGraph

/// What a stage with a sheet of its own shows besides values and gradients.
enum Lesson: Sendable {
  case tangents(Tangents)
  case secondOrder(SecondOrder)

  var stage: Stage {
    switch self {
    case .tangents: .forwardMode
    case .secondOrder: .secondOrder
    }
  }

  /// What is laid out.
  var graph: ComputationGraph {
    switch self {
    case .tangents(let own): own.graph
    case .secondOrder(let own): own.graph
    }
  }
}

/// Forward mode on a graph.
struct Tangents: Sendable {
  /// Without what comes after the backward pass.
  let graph: ComputationGraph
  let leaf: Int
  let tangents: [Double?]

  init(_ whole: ComputationGraph, from leaf: Int) {
    var graph = whole.withoutUpdate
    self.leaf = leaf
    tangents = graph.tangents(from: leaf)
    if graph.nodes[leaf].gradient == nil {
      // Data, which has none in the figures of a batch; that of all samples alike.
      for (user, node) in whole.nodes.enumerated() {
        for (position, operand) in node.operands.enumerated() where whole.nodes[operand].isData {
          guard whole.nodes[operand].gradient == nil, let share = whole.share(user: user, position: position)?.first
          else { continue }
          graph.nodes[operand].gradient = [(graph.nodes[operand].gradient?.first ?? 0) + share]
        }
      }
    }
    self.graph = graph
  }
}

extension ComputationGraph.Node {
  /// Whether it is given, and nothing to be learned.
  var isData: Bool { isLeaf && (role == .input || role == .target) }
}

extension ComputationGraph {
  /// Without what comes after the backward pass.
  var withoutUpdate: ComputationGraph {
    var graph = self
    graph.learningRate = nil
    (graph.updateRule, graph.updateStep, graph.lossAfterUpdate) = (nil, nil, nil)
    for index in graph.nodes.indices {
      graph.nodes[index].updated = nil
      graph.nodes[index].updateTerms = []
    }
    return graph
  }
}
