import Foundation
import GradvizDOT
import GraphvizRenderer

#if canImport(FoundationXML)
  import FoundationXML
#endif

let plainStyle = SVGStyle(id: "figure", title: "A figure", description: "Two boxes.")

/// A drawing with its positions given, as our figures are: 200 by 100 points, two boxes and an arrow.
///
/// Graphviz takes the bounds from what is drawn, so that two invisible corners hold them open.
let pinned = """
  digraph pinned {
    graph [layout=nop2 bb="0,0,200,100" pad=0 bgcolor="#ffffff" fontname="Helvetica" id=sheet]
    node [shape=box fixedsize=true width=0.5556 height=0.2778 label=""]
    node [style=filled fillcolor="#bfe3f2" color="#333a45"]
    a [pos="50,20" id=a class="value param" tooltip="w1, a parameter"]
    b [pos="150,80" id=b]
    corner_1 [pos="0.36,0.36" shape=point width=0.01 height=0.01 style=invis]
    corner_2 [pos="199.64,99.64" shape=point width=0.01 height=0.01 style=invis]
    a -> b [pos="e,130,80 70,20 85,20 95,80 120,80" id=a_b style=dashed color="#0b7a43"]
  }

  """

/// The same with two colors by their names.
let namedTints = pinned.replacing("#bfe3f2", with: "param").replacing("#0b7a43", with: "gradient")

/// The same boxes without an arrow as a value, for formats that typeset text again.
let pinnedGraph: Graph = {
  let blue = Color(0xBFE3F2)
  let box: [Attribute] = [
    .shape(.box), .fixedShape, .width(0.5556), .height(0.2778), .styles([.filled]), .fillColor(blue),
    .fontName,
    .fontSize(8),
  ]
  return Graph(
    name: "pinned", attributes: [.layout(.nop2), .padding(0), .background(Color(0xFFFFFF))],
    statements: corners + [
      .node("a", box + [.position(Position(x: 50, y: 20)), .label(.plain("w1"))]),
      .node("b", box + [.position(Position(x: 150, y: 80)), .label(.plain("L"))]),
    ])
}()

/// A sheet of 200 by 100 points with nothing on it.
let blankGraph = Graph(
  name: "blank", attributes: [.layout(.nop2), .padding(0), .background(Color(0xFFFFFF))], statements: corners)

/// Points of the least size that every version of Graphviz knows: of a smaller one 14.1 makes that.
private let corners: [Graph.Statement] = [(0.36, 0.36), (199.64, 99.64)].map { x, y in
  .node(
    "corner_\(Int(x))",
    [.position(Position(x: x, y: y)), .shape(.point), .width(0.01), .height(0.01), .styles([.invisible])])
}

/// The elements of an XML document in order, read by Foundation's parser.
final class Elements: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
    var depth: Int
  }

  private(set) var all: [Element] = []
  private var open: [Int] = []

  /// Nil where the text is not well-formed.
  init?(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func named(_ name: String) -> [Element] { all.filter { $0.name == name } }

  func withID(_ id: String) -> Element? { all.first { $0.attributes["id"] == id } }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(all.count)
    all.append(Element(name: name, attributes: attributes, depth: open.count))
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let index = open.last { all[index].text += text }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    open.removeLast()
  }
}

extension Elements.Element {
  func number(_ attribute: String) -> Double? { attributes[attribute].flatMap(Double.init) }
}
