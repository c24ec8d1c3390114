import DOT
import Foundation

/// The lines of mathematics of a figure's panels, read back from where the texts of its SVG stand: fractions as
/// `((top)/(bottom))`, raised texts as `^(…)`; what is lowered belongs to its name.
struct DrawnLines {
  /// Each line on one line of text, with what it goes on with in the rows below.
  private(set) var lines: [String] = []
  /// The rows of the tables below the lines: cells by their headings, the name of the row by "".
  private(set) var rows: [[String: String]] = []

  init(_ document: SVGDocument) {
    let panels = document.elements.filter { $0.name == "rect" && $0.groups.last?.classes.contains("panel") == true }
    for panel in panels {
      let frame = CGRect(
        x: panel.number("x") ?? 0, y: panel.number("y") ?? 0, width: panel.number("width") ?? 0,
        height: panel.number("height") ?? 0)
      read(document, in: frame)
    }
  }

  private struct Item {
    var text: String
    var left: Double
    var right: Double
    var y: Double
    var size: Double
    var isTable: Bool
  }

  private mutating func read(_ document: SVGDocument, in frame: CGRect) {
    var items: [Item] = document.texts.compactMap { element in
      guard let x = element.number("x"), let y = element.number("y"), let size = element.number("font-size"),
        frame.contains(CGPoint(x: x, y: y)), element.attributes["text-anchor"] == nil
      else { return nil }
      let isBold = element.attributes["font-weight"] == "bold"
      let width =
        element.number("textLength") ?? TextMetrics.width(of: element.text, size: size, bold: isBold)
      let classes = (element.attributes["class"] ?? "").split(separator: " ")
      // Badges of steps are no part of a line.
      if isBold, size < 10, element.text.allSatisfy(\.isNumber) { return nil }
      return Item(
        text: element.text, left: x, right: x + width, y: y, size: size,
        isTable: classes.contains("table") || classes.contains("parameter"))
    }
    let tables = items.filter(\.isTable)
    items.removeAll(where: \.isTable)
    readTables(tables)
    let bars = document.elements.filter {
      $0.name == "rect" && $0.number("height") == 1 && $0.attributes["fill"] == "#1d232c"
        && frame.contains(CGPoint(x: $0.number("x") ?? -1, y: $0.number("y") ?? -1))
    }
    for bar in bars {
      guard let x = bar.number("x"), let y = bar.number("y"), let width = bar.number("width") else { continue }
      func part(_ range: Range<Double>) -> String {
        let own = items.filter {
          range.contains($0.y - y) && $0.left >= x - 2 && $0.right <= x + width + 2
        }
        items.removeAll { item in
          range.contains(item.y - y) && item.left >= x - 2 && item.right <= x + width + 2
        }
        return Self.line(own)
      }
      let (top, bottom) = (part(-18..<0.5), part(0.5..<20))
      items.append(
        Item(
          text: "((\(top))/(\(bottom)))", left: x - 1, right: x + width + 1, y: y + 4.5, size: 13,
          isTable: false))
    }
    lines += Self.lines(items)
  }

  /// Rows of one base line, each cut where a column ends, and put together where one goes on below.
  private static func lines(_ items: [Item]) -> [String] {
    var rest = items.sorted { ($0.y, $0.left) < ($1.y, $1.left) }
    var rows: [(left: Double, y: Double, text: String)] = []
    while let base = rest.first(where: { $0.size > 11 }) {
      let row = rest.filter { $0.size > 11 && abs($0.y - base.y) < 2 }
        .sorted { $0.left < $1.left }
      rest.removeAll { $0.size > 11 && abs($0.y - base.y) < 2 }
      let raised = rest.filter { $0.size <= 11 && abs($0.y - base.y) < 9 }
      rest.removeAll { $0.size <= 11 && abs($0.y - base.y) < 9 }
      let all = (row + raised).sorted { $0.left < $1.left }
      var parts: [[Item]] = [[]]
      for item in all {
        if let last = parts[parts.count - 1].map(\.right).max(), item.left - last > 20 { parts.append([]) }
        parts[parts.count - 1].append(item)
      }
      rows += parts.filter { !$0.isEmpty }.map { ($0[0].left, base.y, line($0)) }
    }
    var result: [(left: Double, text: String)] = []
    for row in rows.sorted(by: { ($0.y, $0.left) < ($1.y, $1.left) }) {
      let goesOn = ["=", "≈", "+", "−"].contains { row.text.hasPrefix($0 + " ") }
      let above = result.indices.last { result[$0].left <= row.left && row.left - result[$0].left < 90 }
      if goesOn, let above {
        result[above].text += " " + row.text
      } else {
        result.append((row.left, row.text))
      }
    }
    return result.map(\.text)
  }

  /// Items of one line: what is smaller is raised or lowered.
  private static func line(_ items: [Item]) -> String {
    let size = items.map(\.size).max() ?? 0
    let base = items.filter { $0.size > size - 1.6 }.map(\.y).max() ?? 0
    var text = ""
    var last: Double?
    for item in items.sorted(by: { $0.left < $1.left }) {
      if item.size < size - 1.6, item.y < base - 3 {
        text += "^(\(item.text))"
      } else {
        if let last, item.left - last > 2 { text += " " }
        text += item.text
      }
      last = item.right
    }
    return text
  }

  /// Cells stand below their headings, flush right; blocks of rows side by side have headings of their own.
  private mutating func readTables(_ items: [Item]) {
    var rest = items.sorted { ($0.y, $0.left) < ($1.y, $1.left) }
    var headings: [Item] = []
    while let base = rest.first(where: { $0.size > 11 }) {
      let row = rest.filter { abs($0.y - base.y) < 6 }.sorted { $0.left < $1.left }
      rest.removeAll { abs($0.y - base.y) < 6 }
      if headings.isEmpty {
        headings = row
        continue
      }
      var cells: [String: String] = [:]
      var last = -1.0
      for item in row {
        if let heading = headings.first(where: { abs($0.right - item.right) < 3 && item.right > last }) {
          cells[heading.text] = item.text
          last = item.right
        } else {
          // The name, its index lowered.
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
