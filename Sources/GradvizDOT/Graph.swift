/// A directed graph in DOT, written by ``text``.
public struct Graph: Sendable {
  package enum Statement: Sendable {
    case node(String, [Attribute])
    case edge(tail: String, head: String, [Attribute])
    case subgraph(Subgraph)
    /// A comment for readers of the file; Graphviz ignores it.
    case comment(String)
  }

  /// A part of the graph, drawn as a frame if its name starts with `cluster`.
  package struct Subgraph: Sendable {
    package var name: String
    package var attributes: [Attribute]
    package var statements: [Statement]
    package init(name: String, attributes: [Attribute], statements: [Statement] = []) {
      self.name = name
      self.attributes = attributes
      self.statements = statements
    }
  }

  /// Required, since Graphviz titles an unnamed graph with a process-wide counter.
  package var name: String
  package var attributes: [Attribute]
  package var nodeDefaults: [Attribute]
  package var edgeDefaults: [Attribute]
  package var statements: [Statement]

  package init(
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
