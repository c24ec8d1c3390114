import Foundation
import GradvizFigures
import GradvizKit
import GradvizTestSupport

/// The formulas of a drawn figure, read from its text: panel lines, labels of arrows, tooltips.
struct FormulaReader {
  struct Line {
    /// Such as `backward-3`.
    var id: String
    var text: String
  }

  /// The panels' lines, with fractions as `⟨top⁄bottom⟩`, superscripts as `^{2}` and indices as `x₁,₂`.
  private(set) var lines: [Line] = []
  /// The text of the panels besides formulas, such as how many are omitted.
  private(set) var notes: [String] = []
  private(set) var tooltips: [String] = []
  /// The texts of blocks, nudges and close-ups: `factor-1-2`, `product-1-1`, `stop-2`.
  private(set) var parts: [Line] = []
  /// The label on each arrow, by the arrow's id.
  private(set) var labels: [(edge: String, text: String)] = []
  /// The texts in brackets in boxes, by the box's id.
  private(set) var brackets: [(box: String, text: String)] = []
  /// The names of the update table's rows.
  private(set) var tableNames: [String] = []

  private struct Item {
    var x: Double
    var y: Double
    var size: Double
    var text: String
    /// The width of a fraction's bar, if there is no text.
    var width = 0.0
    var top: Double { text.isEmpty ? y : y - 0.78 * size }
    var bottom: Double { text.isEmpty ? y + 1 : y + 0.24 * size }
  }

  init(svg: String, id: String) {
    let document = SVGDocument(svg)
    var texts: [(id: String, item: Item)] = []
    var explained: [(id: String, item: Item)] = []
    var bars: [Item] = []
    for element in document.elements {
      guard let x = element.number("x"), let y = element.number("y") else {
        if element.name == "title" { tooltips.append(DecimalComma.asPoint(element.text, keepsParts: true)) }
        continue
      }
      if element.name == "rect", element.number("height") == 1, let width = element.number("width") {
        bars.append(Item(x: x, y: y, size: 0, text: "", width: width))
      }
      guard element.name == "text" else { continue }
      let classes =
        (element.attributes["class"] ?? "").split(separator: " ").map(String.init)
        + (element.groups.last?.classes.sorted() ?? [])
      let item = Item(x: x, y: y, size: element.number("font-size") ?? 0, text: element.text)
      if element.text == "ˆ" {
        // An accent over the letter before it.
        if !texts.isEmpty, classes.contains(texts[texts.count - 1].id) { texts[texts.count - 1].item.text += "\u{302}" }
        if !explained.isEmpty, classes.contains(explained[explained.count - 1].id) {
          explained[explained.count - 1].item.text += "\u{302}"
        }
        continue
      }
      for part in classes where Self.partNames.contains(where: part.hasPrefix) { explained.append((part, item)) }
      if classes.contains("formula"), let line = classes.first(where: Self.isLine) {
        texts.append((line, item))
      }
    }
    for element in document.texts {
      let classes =
        (element.attributes["class"] ?? "").split(separator: " ").map(String.init)
        + (element.groups.last?.classes.sorted() ?? [])
      if classes.contains("note") {
        notes.append(element.text)
      } else if classes.contains("local-derivative"), let edge = classes.first(where: { $0.hasPrefix("edge-") }) {
        labels.append((edge, element.text))
      } else if classes.contains("node"), element.text.hasPrefix("["),
        element.text.count(where: { $0 == "[" })
          == element.text.count(where: { $0 == "]" }), let box = element.groups.last?.id
      {
        brackets.append((String(box.dropFirst(id.count + 1)), element.text))
      }
    }
    var order: [String] = []
    var groups: [String: [Item]] = [:]
    for (line, item) in texts {
      if groups[line] == nil { order.append(line) }
      groups[line, default: []].append(item)
    }
    lines = order.map { Line(id: $0, text: DecimalComma.asPoint(Self.line(groups[$0] ?? [], bars))) }
    var seen: [String] = []
    for (id, _) in explained where !seen.contains(id) { seen.append(id) }
    parts = seen.map { id in
      Line(id: id, text: DecimalComma.asPoint(Self.line(explained.filter { $0.id == id }.map(\.item), bars)))
    }
    tableNames = Self.tableNames(document)
  }

  private static let partNames = ["fraction-", "rule-", "factor-", "product-", "stop-", "slope-", "quotient", "of-"]

  private static func isLine(_ word: String) -> Bool {
    Stage.allCases.contains { word.hasPrefix("\($0.rawValue)-") && Int(word.dropFirst($0.rawValue.count + 1)) != nil }
  }

  private static func tableNames(_ document: SVGDocument) -> [String] {
    document.texts.filter { element in
      let classes =
        (element.attributes["class"] ?? "").split(separator: " ").map(String.init)
        + (element.groups.last?.classes.sorted() ?? [])
      return classes.contains("parameter") && !classes.contains("node")
    }.map(\.text)
  }

  // MARK: Two dimensions

  /// The rows of a line in order.
  private static func line(_ items: [Item], _ bars: [Item]) -> String {
    let left = (items.map(\.x).min() ?? 0) - 30
    let right = items.map { $0.x + Double($0.text.count) * $0.size }.max() ?? 0
    let (top, bottom) = (items.map(\.top).min() ?? 0, items.map(\.bottom).max() ?? 0)
    let own = bars.filter { bar in
      bar.y > top && bar.y < bottom && bar.x >= left && bar.x + bar.width <= right
        // A bar has something above and below it.
        && items.contains { Self.isAbove($0, bar) } && items.contains { Self.isBelow($0, bar) }
    }
    var rows: [[Item]] = []
    var end = -Double.infinity
    for item in (items + own).sorted(by: { $0.top < $1.top }) {
      if item.top > end + 3.2 { rows.append([]) }
      rows[rows.count - 1].append(item)
      end = max(end, item.bottom)
    }
    return rows.map(Self.row).joined(separator: " ")
  }

  private static func isInside(_ item: Item, _ bar: Item) -> Bool {
    item.x >= bar.x - 1.5 && item.x <= bar.x + bar.width
  }
  private static func isAbove(_ item: Item, _ bar: Item) -> Bool {
    isInside(item, bar) && item.y < bar.y && bar.y - item.y < 22
  }
  private static func isBelow(_ item: Item, _ bar: Item) -> Bool {
    isInside(item, bar) && item.y > bar.y && item.y - bar.y < 34
  }

  /// A line begins on its baseline, or with a fraction, whose bar is at the height of a minus sign.
  private static func baseline(_ plain: [Item], _ bars: [Item]) -> Double {
    guard let first = plain.min(by: { $0.x < $1.x }) else { return 0 }
    guard let bar = bars.min(by: { $0.x < $1.x }), bar.x < first.x else { return first.y }
    let expected = bar.y + 4.5
    return plain.min { abs($0.y - expected) < abs($1.y - expected) }?.y ?? expected
  }

  private static func row(_ items: [Item]) -> String {
    let bars = items.filter(\.text.isEmpty)
    let outer = bars.filter { bar in
      !bars.contains { $0.width > bar.width && $0.x <= bar.x && $0.x + $0.width >= bar.x + bar.width }
    }
    var parts: [(x: Double, text: String)] = outer.map { bar in
      let inside = items.filter { item in
        isInside(item, bar) && !(item.text.isEmpty && item.x == bar.x && item.y == bar.y)
      }
      let top = row(inside.filter { $0.y < bar.y })
      let bottom = row(inside.filter { $0.y > bar.y })
      return (bar.x, "⟨\(top)⁄\(bottom)⟩")
    }
    let plain = items.filter { item in !item.text.isEmpty && !outer.contains { isInside(item, $0) } }
    let base = baseline(plain, outer)
    for item in plain {
      if abs(item.y - base) < 1 {
        parts.append((item.x, item.text))
      } else {
        parts.append((item.x, item.y > base ? DrawnLine.below(item.text) : raised(item.text)))
      }
    }
    var text = ""
    for part in parts.sorted(by: { $0.x < $1.x }) {
      // Adjacent superscripts are one exponent.
      if text.hasSuffix("10"), let exponent = part.text.wholeMatch(of: /\^\{(−?[0-9]+)\}/) {
        // Part of a number: 1.5×10⁻⁹.
        text += DrawnLine.above(String(exponent.1))
      } else if text.hasSuffix("}"), part.text.hasPrefix("^{") {
        text = String(text.dropLast()) + part.text.dropFirst(2)
      } else {
        let isScript = part.text.hasPrefix("^{") || part.text.first.map { "₀₁₂₃₄₅₆₇₈₉⁽".contains($0) } ?? false
        let isIndex = part.text.hasPrefix("[") && part.text.firstMatch(of: /^\[[0-9−:, None\[\]]*\]/) != nil
        // After an accent the prime of v̂′ is a text of its own.
        let isPrime = part.text.hasPrefix("′")
        text += (text.isEmpty || isScript || isIndex || isPrime ? "" : " ") + part.text
      }
    }
    return text
  }

  /// A sample is part of the name, anything else an exponent.
  ///
  /// In an exponent the index of a name is not set lower: v1 is v₁.
  private static func raised(_ text: String) -> String {
    if text.first?.isLetter ?? false, let parts = text.wholeMatch(of: /(\p{L}+)([0-9]+)/) {
      let small = Array("₀₁₂₃₄₅₆₇₈₉")
      return "^{\(parts.1)\(String(parts.2.compactMap(\.wholeNumberValue).map { small[$0] }))}"
    }
    return text.hasPrefix("(") && text.hasSuffix(")")
      && text.dropFirst().dropLast().allSatisfy { $0.isNumber || $0 == "…" }
      ? DrawnLine.above(text) : "^{\(text)}"
  }
}
