import Autograd
import GradvizGraph

/// The parameters that stand in the update's table together: a single one, or, where it would be too long, the numbers of
/// one array, such as the weights of a layer.
struct UpdateGroup {
  let nodes: [Int]
  /// The letters that their names have in common, without indices.
  let base: String

  /// A table of more rows lists arrays.
  static let maxRows = 36
  /// The same in an overview.
  static let maxRowsOfOverview = 16

  /// All parameters of a table, in its order.
  static func all(_ parameters: [Int], _ notation: Notation, maxRows: Int = maxRows) -> [UpdateGroup] {
    let nodes = notation.graph.nodes
    func base(_ node: Int) -> String { notation.typesetName(node).base }
    let rows = parameters.reduce(0) { $0 + (nodes[$1].shape.isEmpty ? 1 : 2) }
    guard rows > maxRows else { return parameters.map { UpdateGroup(nodes: [$0], base: base($0)) } }
    var groups = OrderedTable<String, [Int]>()
    for node in parameters {
      // An array is alone: no name is empty.
      let key = nodes[node].shape.isEmpty ? base(node) : "\(node)"
      groups[key, default: []].append(node)
    }
    return groups.map { UpdateGroup(nodes: $0.value, base: base($0.value[0])) }
  }

  func value(_ graph: ComputationGraph) -> [Double] { nodes.flatMap { graph.nodes[$0].value } }

  /// nil if one of them has none.
  func updated(_ graph: ComputationGraph) -> [Double]? { joined(nodes.map { graph.nodes[$0].updated }) }
  func gradient(_ graph: ComputationGraph) -> [Double]? { joined(nodes.map { graph.nodes[$0].gradient }) }

  func term(_ place: Int, _ graph: ComputationGraph) -> [Double]? {
    joined(
      nodes.map { node in
        let terms = graph.nodes[node].updateTerms
        return terms.indices.contains(place) ? terms[place].value : nil
      })
  }

  private func joined(_ parts: [[Double]?]) -> [Double]? {
    parts.contains { $0 == nil } ? nil : parts.flatMap { $0 ?? [] }
  }
}
