import Autograd
import GradvizGraph

/// The numbers that an exercise leaves out, for its reader to fill in.
public struct Blanks: Sendable, Equatable {
  /// What one of its numbers is.
  public enum Kind: String, Sendable, CaseIterable { case value, gradient }

  /// The names of the computed values whose numbers are left out.
  let hiddenValues: Set<String>
  /// The names of the values whose gradients are left out.
  let hiddenGradients: Set<String>

  /// All of a kind, each with the word that asks for it.
  package static let words = ["gradients", "values"]

  /// Chooses the numbers: `gradients`, `values`, or the names of values, each with its own number, if it is computed,
  /// and with its gradient.
  ///
  /// - Throws: ``FigureError`` for a name that the graph does not have, and where there is nothing to fill in.
  public init(_ words: [String], in whole: ComputationGraph) throws(FigureError) {
    // A figure of a batch does not show the gradients of its data.
    let isBatch = whole.isBatchOfArrays || !LaneDivision(whole).lanes.isEmpty
    let graph = isBatch ? whole.withoutDataGradients() : whole
    var (hiddenValues, hiddenGradients): (Set<String>, Set<String>) = ([], [])
    for word in words {
      let isName = !Self.words.contains(word)
      let chosen = isName ? try graph.places(of: [word]) : Array(graph.nodes.indices)
      var hasAny = false
      for node in chosen.map({ graph.nodes[$0] }) {
        // What takes more than arithmetic is given.
        if word != "gradients", !node.isLeaf, !node.isGivenResult {
          hiddenValues.insert(node.name)
          hasAny = true
        }
        if word != "values", node.gradient != nil, node.role != .constant {
          hiddenGradients.insert(node.name)
          hasAny = true
        }
      }
      if !hasAny { throw FigureError(message: Self.reason(word)) }
    }
    (self.hiddenValues, self.hiddenGradients) = (hiddenValues, hiddenGradients)
  }

  private static func reason(_ word: String) -> String {
    switch word {
    case "gradients": "the program has no gradients to fill in, as it has no `loss`"
    case "values": "the program computes no values to fill in; results of functions such as tanh are given"
    default:
      "`\(word)` is given and has no gradient: nothing of it can be filled in"
    }
  }

  /// The figure that has the blanks.
  public var stage: Stage { hiddenGradients.isEmpty ? .forward : .backward }

  /// Whether a word names a value of a graph, or several.
  package static func hasValue(_ word: String, in graph: ComputationGraph) -> Bool {
    (try? graph.places(of: [word])) != nil
  }

  /// What a word may name besides the words for all: the values of a graph that have a number to fill in.
  package static func names(in graph: ComputationGraph) -> [String] {
    graph.nodes.filter { $0.isNamed && (!$0.isLeaf || $0.gradient != nil && $0.role != .constant) }
      .map { $0.array ?? $0.name }
  }
}

/// Which numbers are given: all that are not left out, in their own boxes; what is computed from several of them, as in
/// the panel, is for the reader to compute.
extension Notation {
  /// - Parameter own: the digits; nil for those of all numbers.
  func format(ofValue node: Int, as own: NumberFormat? = nil) -> NumberFormat {
    format(ofValueNamed: graph.nodes[node].name, as: own)
  }

  func format(ofValueNamed name: String, as own: NumberFormat? = nil) -> NumberFormat {
    let format = own ?? format
    guard let blanks else { return format }
    return blanks.hiddenValues.contains(name) ? format : format.open
  }

  func format(ofGradient node: Int) -> NumberFormat { format(ofGradientNamed: graph.nodes[node].name) }

  func format(ofGradientNamed name: String) -> NumberFormat {
    guard let blanks else { return format }
    // A gradient that no box shows could be a value that is left out.
    return blanks.hiddenGradients.contains(name) || blanks.stage == .forward ? format : format.open
  }

  /// A share beside a gradient that is left out, or of a value that is, would be most of the answer.
  func format(ofShares uses: [(user: Int, position: Int)], in node: Int) -> NumberFormat {
    guard let blanks else { return format }
    let isOpen =
      !blanks.hiddenGradients.contains(graph.nodes[node].name)
      && uses.allSatisfy { use in
        !blanks.hiddenGradients.contains(graph.nodes[use.user].name)
          && ([use.user] + graph.nodes[use.user].operands).allSatisfy {
            !blanks.hiddenValues.contains(graph.nodes[$0].name)
          }
      }
    return isOpen ? format.open : format
  }

  /// The format of the numbers in a formula: they are the program's, but a formula that is one number is a result.
  func literals(among tokens: [MathToken]) -> NumberFormat {
    guard format.isHidden else { return exact }
    let operands = tokens.filter { token in
      if case .text = token { return false }
      return true
    }
    if operands.count == 1, case .number = operands[0] { return exact.hidden }
    return exact
  }
}
