import GradvizFigures
import GradvizGraph
import GradvizKit

/// A Markdown table of a graph's values and gradients, in order of computation.
enum ValueTable {
  /// Graphs with more values list only those with names.
  static let maxRows = 200
  /// Arrays with more entries are listed by their shape.
  private static let maxEntries = 8

  static func lines(_ graph: ComputationGraph) -> [String] {
    let words = Words(graph.presentation)
    let format = words.numbers(graph.presentation.precision ?? 4)
    let loss = graph.loss.map { graph.nodes[$0].name }
    var nodes = graph.nodes.filter { $0.role != .constant }
    if nodes.count > maxRows { nodes = nodes.filter(\.isNamed) }
    let hasGradients = loss != nil
    var header = [words.word("name", "nom"), words.word("value", "valeur")]
    if let loss { header.append(words.word("gradient of ", "gradient de ") + cell(loss)) }
    var rows = [header, ["---"] + header.dropFirst().map { _ in "---:" }]
    for node in nodes {
      var row = [cell(node.name), cell(text(node.value, node.shape, words, format))]
      if hasGradients { row.append(node.gradient.map { cell(text($0, node.shape, words, format)) } ?? "") }
      rows.append(row)
    }
    return rows.map { "| " + $0.joined(separator: " | ") + " |" }
  }

  private static func text(_ numbers: [Double], _ shape: [Int], _ words: Words, _ format: NumberFormat) -> String {
    if shape.isEmpty { return format.text(numbers.first ?? .nan) }
    if numbers.count > maxEntries { return shape.map(String.init).joined(separator: "×") }
    return list(numbers[...], shape[...], words, format)
  }

  private static func list(
    _ numbers: ArraySlice<Double>, _ shape: ArraySlice<Int>, _ words: Words, _ format: NumberFormat
  ) -> String {
    guard let count = shape.first else { return format.text(numbers.first ?? .nan) }
    let size = count == 0 ? 0 : numbers.count / count
    let parts = (0..<count).map { index in
      let start = numbers.startIndex + index * size
      return list(numbers[start..<(start + size)], shape.dropFirst(), words, format)
    }
    return "[" + parts.joined(separator: words.separator) + "]"
  }

  private static func cell(_ text: String) -> String {
    MarkdownText.escaped(text).replacing("|", with: "\\|")
  }
}
