import Autograd
import GradvizSystem

/// An error in the JSON of a computation graph.
public struct GraphFormatError: Error, Equatable, CustomStringConvertible {
  /// A 1-based position in the text; columns count characters.
  public struct Place: Equatable, Sendable {
    /// The line, counted from 1.
    public var line: Int
    /// The column in characters, counted from 1.
    public var column: Int
  }

  /// The path of the member, such as `nodes[3].operands`; empty for the whole file.
  public var path: String
  /// What is wrong, or what was expected.
  public var message: String
  /// The position in the text; nil for the whole file.
  public var place: Place?

  /// Creates an error about a member of the file.
  public init(path: String, message: String, place: Place? = nil) {
    self.path = path
    self.message = message
    self.place = place
  }

  /// The position, the member and the message on one line.
  public var description: String {
    (place.map { "line \($0.line), column \($0.column): " } ?? "")
      + (path.isEmpty ? message : "\(path): \(message)")
  }

  /// Formats the error like a compiler: file, line, column and message.
  package func rendered(file: String) -> String {
    "\(file):" + (place.map { "\($0.line):\($0.column):" } ?? "") + " error: "
      + (path.isEmpty ? message : "\(path): \(message)")
  }
}

extension ComputationGraph {
  /// Encodes the graph as JSON, one node per line: operands by id, numbers that are not finite as `NaN`,
  /// `Infinity` and `-Infinity`; members that are absent or have their default are omitted.
  ///
  /// The same graph always yields the same bytes.
  public func encodeJSON() -> Data { GraphJSONWriter(self).data() }

  /// Decodes a graph written by ``encodeJSON()``, or by another framework in the same format.
  ///
  /// - Parameters:
  ///   - data: UTF-8.
  ///   - limits: how large the graph may be; checked before it is decoded.
  ///   - files: reads a file beside the graph, which may hold numbers; nil where none may be read.
  /// - Throws: ``GraphFormatError`` if it is not a well-formed graph.
  /// - Complexity: O(bytes); memory for the text and the graph.
  public static func decodeJSON(
    _ data: Data, limits: Limits = .init(), files: ((String) throws -> [UInt8])? = nil
  ) throws(GraphFormatError) -> ComputationGraph {
    try GraphJSONReader.graph(data, limits: limits, files: files)
  }
}
