import Foundation
import GradvizDOT
import GradvizDrawing
import GradvizTestSupport

/// The rows of an update's table, read back from the positions of the texts in its SVG.
struct UpdateTableReader {
  /// Cells by their headings, the name of the row by "".
  private(set) var rows: [[String: String]] = []

  private struct Item {
    var text: String
    var left: Double
    var right: Double
    var y: Double
    var size: Double
    var isCell: Bool
  }

  init(_ document: SVGDocument) {
    let items = document.texts.compactMap { element -> Item? in
      let classes = Set((element.attributes["class"] ?? "").split(separator: " ").map(String.init))
        .union(element.groups.last?.classes ?? [])
      guard let x = element.number("x"), let y = element.number("y"), let size = element.number("font-size"),
        classes.contains("table") || classes.contains("parameter"), !classes.contains("node")
      else { return nil }
      let isBold = element.attributes["font-weight"] == "bold"
      let width =
        element.number("textLength") ?? TextMetrics.width(of: element.text, size: size, bold: isBold)
      return Item(
        text: element.text, left: x, right: x + width, y: y, size: size,
        isCell: classes.contains("table"))
    }
    readTables(items)
  }

  /// Cells are below their headings, right-aligned; blocks of rows side by side have separate headings.
  private mutating func readTables(_ items: [Item]) {
    var rest = items.sorted { ($0.y, $0.left) < ($1.y, $1.left) }
    var headings: [Item] = []
    while let base = rest.first(where: { $0.size > 11 }) {
      let row = rest.filter { abs($0.y - base.y) < 6 }.sorted { $0.left < $1.left }
      rest.removeAll { abs($0.y - base.y) < 6 }
      if headings.isEmpty {
        // What stands above the table names parameters too.
        if row.allSatisfy(\.isCell) { headings = row }
        continue
      }
      var cells: [String: String] = [:]
      var last = -1.0
      for item in row {
        if let heading = headings.first(where: { abs($0.right - item.right) < 3 && item.right > last }) {
          cells[heading.text] = item.text
          last = item.right
        } else {
          // The name, with its index as a subscript.
          if cells.count > 1 { flush(&cells) }
          cells["", default: ""] += item.text
        }
      }
      flush(&cells)
    }
  }

  private mutating func flush(_ cells: inout [String: String]) {
    if cells.count > 1 { rows.append(cells) }
    cells = [:]
  }
}
