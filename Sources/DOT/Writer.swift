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
      case .node(let name, let attributes): line(Escaping.name(name) + Self.brackets(attributes))
      case .edge(let tail, let head, let attributes):
        line("\(Escaping.name(tail)) -> \(Escaping.name(head))\(Self.brackets(attributes))")
      case .comment(let text): line("// " + Escaping.cleaned(text))
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
    if !attributes.isEmpty { line(keyword + Self.brackets(attributes)) }
  }

  private static func brackets(_ attributes: [Attribute]) -> String {
    attributes.isEmpty ? "" : " [" + attributes.map(\.text).joined(separator: " ") + "]"
  }

  private mutating func indented(_ body: (inout Writer) -> Void) {
    indentation += "  "
    body(&self)
    indentation.removeLast(2)
  }

  private mutating func line(_ content: String) {
    text += indentation + content + "\n"
  }

  /// A number with at most `decimals` decimals, without trailing zeros, `-0` or a locale.
  static func number(_ value: Double) -> String { number(value, decimals: 2) }

  static func number(_ value: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (value * scale).rounded()
    // Coordinates stay far below this; anything beyond is no drawing.
    guard rounded.isFinite, abs(rounded) < 1e15 else { return "0" }
    let whole = Int64(rounded)
    let divisor = Int64(scale)
    let magnitude = whole.magnitude
    var result = (whole < 0 ? "-" : "") + String(magnitude / UInt64(divisor))
    let fraction = magnitude % UInt64(divisor)
    if fraction != 0 {
      var digits = String(fraction)
      digits = String(repeating: "0", count: decimals - digits.count) + digits
      while digits.last == "0" { digits.removeLast() }
      result += "." + digits
    }
    return result
  }
}
