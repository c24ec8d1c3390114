import Foundation
import GradvizFigures
import GradvizKit

/// A figure as a reader sees it: positions read back from its SVG, and connections from its DOT text.
package struct DrawnFigure {
  package struct Text {
    package var string: String
    package var size: Double
    package var frame: CGRect
  }

  /// A box, a circle, a mark or a frame, with its text.
  package struct Element {
    package var id: String
    package var classes: Set<String>
    package var title = ""
    /// Rectangles in drawing order, the outline first.
    package var shapes: [CGRect] = []
    package var isDashed = false
    package var texts: [Text] = []
    package var frame: CGRect { shapes.first ?? .null }

    /// The drawn numbers in brackets: a gradient or a share, below the name, which may have some of its own.
    package var bracketed: String? {
      texts.map(\.string).last { $0.hasPrefix("[") && $0.hasSuffix("]") }.map {
        String($0.dropFirst().dropLast())
      }
    }
  }

  package struct Wire {
    package var id: String
    package var classes: Set<String>
    package var tail: String
    package var head: String
    /// Points of the line, at most three apart.
    package var line: [CGPoint]
  }

  package private(set) var size = CGSize.zero
  /// The runs of text as they are drawn, of the elements in drawing order.
  private var runs: [[SVGDocument.Element]] = []
  package private(set) var elements: [Element] = []
  package private(set) var wires: [Wire] = []

  package var boxes: [Element] { elements.filter { $0.classes.contains("node") } }
  /// Marks on wires with the share of a use.
  package var shareMarks: [Element] {
    elements.filter { $0.classes.contains("share") && !$0.classes.contains("node") }
  }
  package var labels: [Element] { elements.filter { $0.classes.contains("local-derivative") } }
  package var gradients: [Wire] { wires.filter { $0.classes.contains("gradient") } }

  package init(_ figure: Figure) throws {
    let svg = try figure.svg()
    let prefix = figure.id + "-"
    let document = SVGDocument(svg)
    var lines: [String: [CGPoint]] = [:]
    var current = ""
    var key = ""
    for item in document.elements {
      guard let group = item.groups.last, item.groups.count > 1 || !group.id.isEmpty else { continue }
      if item.name == "svg" { continue }
      let id = group.id.hasPrefix(prefix) ? String(group.id.dropFirst(prefix.count)) : group.id
      let isWire = !group.classes.isDisjoint(with: ["forward", "gradient", "update", "data", "loop", "note"])
      if isWire {
        if item.name == "path", let data = item.attributes["d"], lines[id] == nil {
          lines[id] = Self.points(data)
        }
        continue
      }
      if item.name == "g" || group.classes.contains("figure") {
        current = ""
        if item.name == "text" {
          let classes = Set((item.attributes["class"] ?? "").split(separator: " ").map(String.init))
          append(Element(id: "", classes: classes))
          runs[runs.count - 1].append(item)
        }
        continue
      }
      // Labels have no ids: each of them is a separate group.
      key = id.isEmpty ? "\(group.classes.sorted())\(item.attributes["x"] ?? "")" : id
      if elements.isEmpty || current != key || id.isEmpty && item.name == "text" {
        append(Element(id: id, classes: group.classes))
        current = key
      }
      addPart(item)
    }
    for index in elements.indices {
      elements[index].texts = DrawnLine.lines(runs[index]).map {
        Text(string: DecimalComma.asPoint($0.text), size: $0.minSize, frame: $0.frame)
      }
    }
    size = CGSize(width: figure.size.width, height: figure.size.height)
    for edge in DrawnFigure.edges(figure.dot.text) where !edge.classes.contains("legend") {
      wires.append(
        Wire(id: edge.id, classes: edge.classes, tail: edge.tail, head: edge.head, line: lines[edge.id] ?? [])
      )
    }
  }

  // MARK: SVG

  private static func rectangle(_ item: SVGDocument.Element) -> CGRect {
    CGRect(
      x: item.number("x") ?? 0, y: item.number("y") ?? 0, width: item.number("width") ?? 0,
      height: item.number("height") ?? 0)
  }

  /// Adds a shape or a text to the last element.
  private mutating func addPart(_ item: SVGDocument.Element) {
    let last = elements.count - 1
    switch item.name {
    case "title": elements[last].title = DecimalComma.asPoint(item.text, keepsParts: true)
    case "rect":
      elements[last].shapes.append(Self.rectangle(item))
      if item.attributes["stroke-dasharray"] != nil, elements[last].shapes.count == 1 {
        elements[last].isDashed = true
      }
    case "circle", "ellipse":
      let (x, y) = (item.number("cx") ?? 0, item.number("cy") ?? 0)
      let (rx, ry) = (
        item.number("r") ?? item.number("rx") ?? 0, item.number("r") ?? item.number("ry") ?? 0
      )
      elements[last].shapes.append(CGRect(x: x - rx, y: y - ry, width: 2 * rx, height: 2 * ry))
    case "text": runs[last].append(item)
    default: break
    }
  }

  private mutating func append(_ element: Element) {
    elements.append(element)
    runs.append([])
  }

  /// The points of a path of absolute commands.
  private static func points(_ data: String) -> [CGPoint] {
    var points: [CGPoint] = []
    var numbers: [Double] = []
    var command: Character = "M"
    func flush() {
      let at = points.last ?? .zero
      var rest = numbers[...]
      while !rest.isEmpty {
        let from = points.last ?? at
        switch command {
        case "H": points += straight(from, CGPoint(x: rest.removeFirst(), y: from.y))
        case "V": points += straight(from, CGPoint(x: from.x, y: rest.removeFirst()))
        case "C" where rest.count >= 6:
          let c = (0..<6).map { _ in rest.removeFirst() }
          points += curve(
            from, CGPoint(x: c[0], y: c[1]), CGPoint(x: c[2], y: c[3]), CGPoint(x: c[4], y: c[5]))
        case "M" where rest.count >= 2: points.append(CGPoint(x: rest.removeFirst(), y: rest.removeFirst()))
        case "L" where rest.count >= 2:
          points += straight(from, CGPoint(x: rest.removeFirst(), y: rest.removeFirst()))
        default: rest = []
        }
      }
      numbers = []
    }
    var number = ""
    func end() {
      if let value = Double(number) { numbers.append(value) }
      number = ""
    }
    for character in data {
      if character.isLetter, character != "e" {
        end()
        flush()
        command = character
      } else if character == "-", !number.isEmpty, !number.hasSuffix("e") {
        end()
        number = "-"
      } else if character == "," || character == " " {
        end()
      } else {
        number.append(character)
      }
    }
    end()
    flush()
    return points
  }

  private static func straight(_ a: CGPoint, _ b: CGPoint) -> [CGPoint] {
    let count = max(1, Int((hypot(b.x - a.x, b.y - a.y) / 3).rounded(.up)))
    return (1...count).map { part in
      let t = Double(part) / Double(count)
      return CGPoint(x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t)
    }
  }

  private static func curve(_ a: CGPoint, _ b: CGPoint, _ c: CGPoint, _ d: CGPoint) -> [CGPoint] {
    let length = hypot(b.x - a.x, b.y - a.y) + hypot(c.x - b.x, c.y - b.y) + hypot(d.x - c.x, d.y - c.y)
    let count = max(1, Int((length / 3).rounded(.up)))
    return (1...count).map { part in
      let t = Double(part) / Double(count)
      let u = 1 - t
      func mix(_ p: Double, _ q: Double, _ r: Double, _ s: Double) -> Double {
        u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s
      }
      return CGPoint(x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y))
    }
  }

  // MARK: DOT

  private static func edges(_ dot: String) -> [(id: String, classes: Set<String>, tail: String, head: String)] {
    dot.split(separator: "\n").compactMap { line in
      guard let arrow = line.range(of: " -> "), let open = line.range(of: " [pos=") else { return nil }
      guard arrow.upperBound < open.lowerBound else { return nil }
      func name(_ text: Substring) -> String {
        text.trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])
      }
      func attribute(_ key: String) -> String {
        guard let start = line.range(of: " \(key)=\"") else { return "" }
        return String(line[start.upperBound...].prefix { $0 != "\"" })
      }
      return (
        attribute("id"), Set(attribute("class").split(separator: " ").map(String.init)),
        name(line[..<arrow.lowerBound]), name(line[arrow.upperBound..<open.lowerBound])
      )
    }
  }

  // MARK: Numbers

  /// A number as figures write it: `−0.84`, `1.5×10⁻⁷`, `∞`.
  package static func number(_ text: String) -> Double? {
    var text = text.replacing("−", with: "-").replacing("\u{202F}", with: "").replacing("≈", with: "")
      .trimmingCharacters(in: .whitespaces)
    if text == "∞" { return .infinity }
    if text == "-∞" { return -.infinity }
    if text == "NaN" { return .nan }
    let raised: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
      "⁻": "-",
    ]
    text = String(text.map { raised[$0] ?? $0 })
    if text.hasPrefix("10"), text.count > 2, text.contains(where: { $0 == "-" }) { text = "1×" + text }
    let parts = text.components(separatedBy: "×10")
    guard parts.count <= 2, let value = Double(parts[0]) else { return nil }
    if parts.count == 1 { return value }
    return Double("\(parts[0])e\(parts[1])")
  }

  /// The numbers of a tooltip's list or single number, after its last colon or equals sign.
  package static func numbers(_ text: String) -> [Double]? {
    let list = text.trimmingCharacters(in: ["[", "]", " "]).components(separatedBy: ", ").map(number)
    return list.contains(nil) ? nil : list.compactMap { $0 }
  }
}
