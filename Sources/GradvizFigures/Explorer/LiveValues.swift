import Autograd
import GradvizGraph

/// What the page of a graph says about each value, in the order of the graph.
package struct LiveValues {
  package struct Value {
    /// The id of its box without the first two letters.
    package var id: String
    /// Its name with small digits; empty for a number in the program.
    package var name: String
    /// Its gradient as a formula; nil where that is too long.
    package var formula: String?
    /// How an array is computed.
    package var definition: String?
    /// The entries of an array that its box shows; nil if these are all of them.
    package var entries: [Int]?
    /// The step of the training, from 0, in which it is computed.
    package var known: Int
    /// The step of the backward pass, from 1; nil where none comes to it.
    package var step: Int?
    /// What the drawing writes at its box where several values have one step: 4a.
    package var mark: String?
    /// Whether the loss passes a gradient back to it.
    package var hasGradient: Bool
  }

  package let values: [Value]
  /// The values with a gradient in the order of its computation, those of one step as the drawing has them.
  package private(set) var inOrder: [Int] = []
  package let precision: Int
  /// The steps of the forward pass, the loss and the backward pass.
  package let counts: (forward: Int, loss: Int, backward: Int)
  package let words: Words
  package let graph: ComputationGraph
  /// How many tints a table of numbers has on either side of 0, and a heat map.
  package let tints = [Palette.heatLevelsOfNumbers, Palette.heatLevels]
  package let backward: String

  init(_ context: FigureContext, title: String) {
    graph = context.graph
    words = context.words
    precision = context.text.notation.format.precision
    backward = Description.sentence(context, stage: .backward, title: title)
    let graph = context.graph
    var known = [Int](repeating: 0, count: graph.nodes.count)
    func isOfLoss(_ index: Int) -> Bool {
      index == graph.loss
        || context.hasPrediction && context.lossMembers.contains(index)
          && graph.nodes[index].role != .prediction
    }
    func rank(_ index: Int) -> Int { 1 + (graph.nodes[index].operands.map { known[$0] }.max() ?? 0) }
    var isLate = [Bool](repeating: false, count: graph.nodes.count)
    var forward = 0
    for (index, node) in graph.nodes.enumerated() where !node.isLeaf {
      isLate[index] = isOfLoss(index) || node.operands.contains { isLate[$0] }
      guard !isLate[index] else { continue }
      known[index] = rank(index)
      forward = max(forward, known[index])
    }
    for index in graph.nodes.indices where isLate[index] { known[index] = max(forward + 1, rank(index)) }
    counts = (forward, (known.max() ?? 0) - forward, context.steps.compactMap { $0 }.max() ?? 0)
    let format = words.numbers(precision)
    values = graph.nodes.indices.map { index in
      let node = graph.nodes[index]
      let notation = context.text.notation
      let formula = notation.symbolic.gradient(of: index).flatMap {
        $0 == .gradient(of: index) ? nil : notation.line($0)
      }
      let isNumber = BoxSizes.isPlainConstant(node)
      let isOfArrays = graph.level == .tensor
      let definition =
        isOfArrays && !node.isLeaf
        ? notation.line(notation.symbolic.definition(of: index, inlining: false)).plain : nil
      let name = isNumber ? isOfArrays ? format.text(node.value[0]) : "" : notation.flatName(index)
      return Value(
        id: node.id, name: name,
        formula: formula.flatMap { $0.count <= Self.longestFormula || isOfArrays ? $0.plain : nil },
        definition: definition, entries: context.sizes.matrices[index]?.shownEntries, known: known[index],
        step: isNumber || node.gradient == nil ? nil : context.steps[index], mark: context.marks[index],
        hasGradient: node.gradient != nil)
    }
    inOrder = graph.nodes.indices.filter { values[$0].step != nil }
    inOrder.sort {
      (values[$0].step ?? 0, context.marks.place($0), $0) < (values[$1].step ?? 0, context.marks.place($1), $1)
    }
  }

  private static let longestFormula = 60

  /// A number as the figures write it, with more digits where asked for.
  package func text(_ value: Double, digits: Int? = nil) -> String {
    words.numbers(digits ?? precision).text(value)
  }
}

extension FigureSet {
  /// What the page says about the values of the drawing.
  package var liveValues: LiveValues { LiveValues(context, title: title) }
}
