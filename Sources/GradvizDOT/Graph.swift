/// A directed graph in DOT, written by ``text``.
public struct Graph: Sendable {
  public enum Statement: Sendable {
    case node(String, [Attribute])
    case edge(tail: String, head: String, [Attribute])
    case subgraph(Subgraph)
    /// A comment for readers of the file; Graphviz ignores it.
    case comment(String)
  }

  /// A part of the graph, drawn as a frame if its name starts with `cluster`.
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

  /// Required, since Graphviz titles an unnamed graph with a process-wide counter.
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

  /// The graph in the DOT language, one statement per line.
  ///
  /// The same graph always yields the same bytes.
  public var text: String {
    var writer = Writer()
    writer.write(self)
    return writer.text
  }
}
