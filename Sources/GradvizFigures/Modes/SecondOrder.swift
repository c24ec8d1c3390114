import Autograd
import GradvizGraph

/// The backward pass of a graph as a graph of its own, and its derivatives.
struct SecondOrder: Sendable {
  /// Forward and backward pass, and at the end what is differentiated, the gradients' sum in the direction of v.
  let graph: ComputationGraph
  /// The variables in ``graph``.
  let variables: [Int]
  /// Of each variable how much of its gradient is in the sum: a vector v of ones, or of one 1.
  let direction: [Double]
  /// The gradients of the loss.
  let gradient: [Double]
  /// H·v, from one backward pass.
  let product: [Double]
  /// A row for each gradient; nil for more than ``maxRows`` variables.
  let hessian: [[Double]]?
  let lossName: String

  /// The values of both passes that a figure shows.
  static let maxValues = 200
  /// Of the whole Hessian.
  static let maxRows = 12

  /// Why there is nothing to draw; nil if there is.
  static func reasonAgainst(_ graph: ComputationGraph, of name: String?, _ words: Words) -> String? {
    if graph.nodes.count > maxValues { return words.backwardTooLarge(graph.nodes.count * 2, maxValues) }
    guard let backward = BackwardGraph(graph, variables: variables(graph, name.flatMap { graph.variable(called: $0) }))
    else { return words.withoutBackwardFormula }
    guard backward.gradients.contains(where: { $0 != nil }),
      let order = SecondOrder(graph, of: name.flatMap { graph.variable(called: $0) })
    else { return words.constantGradient(graph.loss.map { graph.nodes[$0].name } ?? "L") }
    return order.graph.nodes.count > maxValues ? words.backwardTooLarge(order.graph.nodes.count, maxValues) : nil
  }

  private static func variables(_ graph: ComputationGraph, _ leaf: Int?) -> [Int] {
    let usual = graph.variables
    return usual + (leaf.map { usual.contains($0) ? [] : [$0] } ?? [])
  }

  /// Returns nil where the gradients are constant, or no formula gives one.
  ///
  /// - Parameter leaf: the variable whose gradient is differentiated; nil for the sum of all gradients.
  init?(_ whole: ComputationGraph, of leaf: Int?) {
    let variables = Self.variables(whole, leaf)
    guard let backward = BackwardGraph(whole, variables: variables), let loss = whole.loss else { return nil }
    lossName = whole.nodes[loss].name
    let tape = backward.tape
    direction = variables.map { leaf == nil || $0 == leaf ? 1 : 0 }
    let summed = zip(direction, backward.gradients).filter { $0.0 != 0 }.compactMap { $0.1 }
    guard let first = summed.first else { return nil }
    for (variable, gradient) in zip(variables, backward.gradients) {
      guard let gradient, tape.name(of: gradient.index) == nil else { continue }
      tape.setLabel("∂\(lossName)/∂\(whole.nodes[variable].name)", .intermediate, of: gradient.index)
    }
    var sum = first
    if summed.count > 1 {
      sum = Value(tape: tape, index: tape.list(.sum, summed.map(\.index)))
      let names = Set(whole.nodes.map(\.name))
      tape.setLabel(["s", "S", "sum"].first { !names.contains($0) } ?? "∂", .loss, of: sum.index)
    }
    gradient = backward.gradientNumbers
    product = backward.derivatives(of: sum)
    hessian =
      variables.count > Self.maxRows
      ? nil
      : backward.gradients.map { gradient in
        gradient.map(backward.derivatives) ?? variables.map { _ in 0 }
      }
    var graph = tape.graph(loss: sum, level: .scalar, presentation: whole.presentation)
    graph.presentation.view = .values
    // A leaf's name is the same on both.
    self.variables = variables.compactMap { variable in
      graph.nodes.firstIndex { $0.isLeaf && $0.name == whole.nodes[variable].name }
    }
    guard self.variables.count == variables.count else { return nil }
    // The boxes say what the table says.
    for (variable, derivative) in zip(self.variables, product) { graph.nodes[variable].gradient = [derivative] }
    self.graph = graph
  }
}
