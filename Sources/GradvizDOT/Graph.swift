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
  public var text: String {
    var writer = Writer()
    writer.write(self)
    return writer.text
  }
}
