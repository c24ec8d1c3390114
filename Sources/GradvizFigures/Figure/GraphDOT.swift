import Autograd
import GradvizDOT
import GradvizGraph

extension ComputationGraph {
  /// Writes the whole graph as DOT text for other tools: a box for each value with its name, value and
  /// gradient, a circle for each operation, and no positions.
  ///
  /// Neither lays out nor folds the graph; a million values take about a second.
  /// - Complexity: O(nodes + operands)
  public func encodeDOT() -> [UInt8] {
    var text = ByteText(capacity: 1_000 + 160 * nodes.count)
    let words = Words(presentation)
    let format = words.numbers(presentation.precision ?? 4)
    let title = Escaping.plain(presentation.title ?? "Computation")
    text.append(
      "digraph graph_of_values {\n  graph [rankdir=LR newrank=true label=\(title)]\n  node [shape=box]\n")
    for (index, node) in nodes.enumerated() {
      text.append("  v")
      text.append(index)
      text.append(" [label=\"")
      text.append(Escaping.content(node.name))
      text.append("\\n")
      text.append(node.shape.isEmpty ? format.text(node.value[0]) : Shapes.text(node.shape))
      if let gradient = node.gradient, node.shape.isEmpty {
        text.append(" [")
        text.append(format.text(gradient[0]))
        text.append("]")
      }
      text.append("\"]\n")
      guard !node.operands.isEmpty else { continue }
      text.append("  o")
      text.append(index)
      text.append(" [shape=circle label=")
      text.append(Escaping.plain(OperationSymbol.text(node, words)))
      text.append("]\n  o")
      text.append(index)
      text.append(" -> v")
      text.append(index)
      text.append("\n")
      for operand in node.operands {
        text.append("  v")
        text.append(operand)
        text.append(" -> o")
        text.append(index)
        text.append("\n")
      }
    }
    text.append("}\n")
    return text.bytes
  }
}
