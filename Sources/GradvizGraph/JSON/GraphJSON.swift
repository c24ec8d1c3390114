import Autograd
import GradvizSystem

/// Why a file is not a computation graph.
public struct GraphFormatError: Error, Equatable, CustomStringConvertible {
  /// A place in the text, both numbers from 1 on; columns count characters.
  public struct Place: Equatable, Sendable {
    public var line: Int
    public var column: Int
  }

  /// Of what, such as `nodes[3].operands`; empty for the whole file.
  public var path: String
  public var message: String
  /// Where in the text; nil for the whole file.
  public var place: Place?

  public init(path: String, message: String, place: Place? = nil) {
    self.path = path
    self.message = message
    self.place = place
  }

  public var description: String {
    (place.map { "line \($0.line), column \($0.column): " } ?? "")
      + (path.isEmpty ? message : "\(path): \(message)")
  }

  /// As a compiler says it: file, line, column, and what is wrong.
  package func rendered(file: String) -> String {
    "\(file):" + (place.map { "\($0.line):\($0.column):" } ?? "") + " error: "
      + (path.isEmpty ? message : "\(path): \(message)")
  }
}

extension ComputationGraph {
  /// The graph as JSON, a node a line: operands by id, numbers that are not finite as the words `NaN`,
  /// `Infinity` and `-Infinity`; what is absent or the default is not written. The same bytes for the same graph.
  public func encodeJSON() -> Data { GraphJSONWriter(self).data() }

  /// Reads what ``encodeJSON()`` writes, or another framework in the same format.
  ///
  /// - Parameters:
  ///   - data: UTF-8.
  ///   - limits: how large the graph may be; checked before it is read.
  /// - Throws: ``GraphFormatError`` for anything that is not a well-formed graph.
  /// - Complexity: O(bytes), in memory that of the text and of the graph.
  public static func decodeJSON(_ data: Data, limits: Limits = .init()) throws(GraphFormatError)
    -> ComputationGraph
  {
    try GraphJSONReader.graph(data, limits: limits)
  }
}
