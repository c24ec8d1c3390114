import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An SVG file read by an XML parser.
package final class SVGDocument: NSObject, XMLParserDelegate {
  package struct Element {
    package var name: String
    package var attributes: [String: String]
    /// Ids and classes of the groups around it, outermost first.
    package var groups: [(id: String, classes: Set<String>)]
    package var text = ""

    package func number(_ name: String) -> Double? { attributes[name].flatMap(Double.init) }

    /// The cells of a heat map that it draws, where they are and of which color: one, or all of a color in one path.
    package var heatCells: [(x: Double, y: Double, level: String)] {
      let classes = (attributes["class"] ?? "").split(separator: " ").map(String.init)
      guard let level = classes.first(where: { $0.hasPrefix("f-heat") }) else { return [] }
      if name == "rect", let x = number("x"), let y = number("y") { return [(x, y, level)] }
      return (attributes["d"] ?? "").split(separator: "M").compactMap { part in
        let places = part.prefix { $0 != "h" }.split(separator: " ").compactMap { Double($0) }
        return places.count == 2 ? (places[0], places[1], level) : nil
      }
    }
  }

  package private(set) var elements: [Element] = []
  package private(set) var error: String?
  private var open: [Int] = []
  private var groups: [(id: String, classes: Set<String>)] = []

  package init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    if !parser.parse() { error = parser.parserError.map { "\($0)" } ?? "not XML" }
  }

  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "g" {
      groups.append(
        (attributes["id"] ?? "", Set((attributes["class"] ?? "").split(separator: " ").map(String.init))))
    }
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes, groups: groups))
  }

  package func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let last = open.last { elements[last].text += string }
  }

  package func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "g" { groups.removeLast() }
    open.removeLast()
  }

  /// The rectangle of each value's box: the union of what its group draws.
  package var boxes: [(id: String, frame: CGRect)] {
    var frames: [(id: String, frame: CGRect)] = []
    for element in elements where element.name == "rect" || element.name == "path" {
      guard let group = element.groups.last, group.classes.contains("node") else { continue }
      let frame: CGRect
      if element.name == "rect" {
        frame = CGRect(
          x: element.number("x") ?? 0, y: element.number("y") ?? 0, width: element.number("width") ?? 0,
          height: element.number("height") ?? 0)
      } else {
        continue
      }
      if let index = frames.firstIndex(where: { $0.id == group.id }) {
        frames[index].frame = frames[index].frame.union(frame)
      } else {
        frames.append((group.id, frame))
      }
    }
    return frames
  }
}
