/// A directed graph as DOT has it, written by ``text``.
public struct Graph: Sendable {
  public enum Statement: Sendable {
    case node(String, [Attribute])
    case edge(tail: String, head: String, [Attribute])
    case subgraph(Subgraph)
    /// A line for the reader of the file; Graphviz ignores it.
    case comment(String)
  }

  /// A part of the graph; drawn as a frame where its name begins with `cluster`.
  public struct Subgraph: Sendable {
    public var name: String
    public var attributes: [Attribute]
    public var statements: [Statement]
    public init(name: String, attributes: [Attribute], statements: [Statement] = []) {
      self.name = name
      self.attributes = attributes
      self.statements = statements
    }
  }

  /// Graphviz titles a graph without a name by a process-wide counter, so there always is one.
  public var name: String
  public var attributes: [Attribute]
  public var nodeDefaults: [Attribute]
  public var edgeDefaults: [Attribute]
  public var statements: [Statement]

  public init(
    name: String, attributes: [Attribute] = [], nodeDefaults: [Attribute] = [],
    edgeDefaults: [Attribute] = [], statements: [Statement] = []
  ) {
    self.name = name
    self.attributes = attributes
    self.nodeDefaults = nodeDefaults
    self.edgeDefaults = edgeDefaults
    self.statements = statements
  }

  /// The graph in the DOT language, one statement a line, the same bytes for the same graph.
  public var text: String { text(textScale: 1, families: TextMetrics.families) }

  /// The same graph with its text set in other sizes and from a list of font families, for machines whose
  /// fonts are wider than the measured one.
  public func text(textScale: Double, families: [String]) -> String {
    var writer = Writer(style: TextStyle(scale: textScale, families: families.joined(separator: ",")))
    writer.write(self)
    return writer.text
  }
}

/// How text is written out: its sizes' factor, and the font families to ask for.
struct TextStyle {
  var scale: Double
  var families: String
}
