import Autograd
import DOT

extension ComputationGraph {
  /// The whole graph as DOT text for other tools: a box for each value with its name, value and gradient, a circle
  /// for each operation, and no positions.
  ///
  /// Nothing is laid out and nothing folded; a million values are written in about a second.
  /// - Complexity: O(nodes + operands)
  public func encodeDOT() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1_000 + 180 * nodes.count)
    func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    let format = NumberFormat(precision: presentation.precision ?? 4)
    let title = Escaping.plain(presentation.title ?? "Computation")
    append(
      "digraph graph_of_values {\n  graph [rankdir=LR newrank=true label=\(title)]\n  node [shape=box]\n")
    for (index, node) in nodes.enumerated() {
      append("  v")
      append(String(index))
      append(" [label=\"")
      append(Escaping.content(node.name))
      append(node.shape.isEmpty ? "\\n" + format.text(node.value[0]) : "\\n" + Shapes.text(node.shape))
      if let gradient = node.gradient, node.shape.isEmpty { append(" [" + format.text(gradient[0]) + "]") }
      append("\"]\n")
      guard !node.operands.isEmpty else { continue }
      append("  o")
      append(String(index))
      append(" [shape=circle label=")
      append(Escaping.plain(OperationSymbol.text(node)))
      append("]\n  o")
      append(String(index))
      append(" -> v")
      append(String(index))
      append("\n")
      for operand in node.operands {
        append("  v")
        append(String(operand))
        append(" -> o")
        append(String(index))
        append("\n")
      }
    }
    append("}\n")
    return bytes
  }
}
