import GradvizDrawing

/// Writes a ``Graph`` as DOT text.
struct Writer {
  private(set) var text = ""
  private var indentation = ""

  mutating func write(_ graph: Graph) {
    line("digraph \(Escaping.name(graph.name)) {")
    indented {
      $0.list("graph", graph.attributes)
      $0.list("node", graph.nodeDefaults)
      $0.list("edge", graph.edgeDefaults)
      $0.write(graph.statements)
    }
    line("}")
  }

  private mutating func write(_ statements: [Graph.Statement]) {
    for statement in statements {
      switch statement {
      case .node(let name, let attributes): line(Escaping.name(name), attributes)
      case .edge(let tail, let head, let attributes):
        line("\(Escaping.name(tail)) -> \(Escaping.name(head))", attributes)
      case .comment(let text): line("// " + XML.cleaned(text))
      case .subgraph(let subgraph):
        line("subgraph \(Escaping.name(subgraph.name)) {")
        indented {
          $0.list("graph", subgraph.attributes)
          $0.write(subgraph.statements)
        }
        line("}")
      }
    }
  }

  private mutating func list(_ keyword: String, _ attributes: [Attribute]) {
    if !attributes.isEmpty { line(keyword, attributes) }
  }

  private mutating func indented(_ body: (inout Writer) -> Void) {
    indentation += "  "
    body(&self)
    indentation.removeLast(2)
  }

  private mutating func line(_ content: String, _ attributes: [Attribute] = []) {
    text += indentation
    text += content
    for (number, attribute) in attributes.enumerated() {
      text += number == 0 ? " [" : " "
      attribute.write(to: &text)
    }
    text += attributes.isEmpty ? "\n" : "]\n"
  }

  static func number(_ value: Double) -> String { Coordinate.text(value) }

  static func number(_ value: Double, decimals: Int) -> String { Coordinate.text(value, decimals: decimals) }
}
