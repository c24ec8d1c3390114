import Autograd
import GradLanguage
import GradvizGraph
import GradvizSystem

/// The saved parameters of a program.
public struct TrainedParameters: Codable, Sendable, Equatable {
  /// The numbers of one parameter.
  public struct Parameter: Codable, Sendable, Equatable {
    /// Its name in the program.
    public var name: String
    /// Empty for a number.
    public var shape: [Int]
    /// Row-major.
    public var values: [Double]
  }

  /// The version of the file format.
  public var version = 1
  /// In the order of the program.
  public var parameters: [Parameter]

  /// The parameters to save, in the order of the program.
  public init(parameters: [Parameter]) { self.parameters = parameters }

  /// - Throws: if a number is not finite, which JSON cannot represent.
  public func encodeJSON() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - path: the file's path in the error.
  ///   - limits: limits on size and nesting.
  /// - Throws: `InputError` with the error and its location.
  public static func decodeJSON(_ data: Data, path: String? = nil, limits: Limits = .init()) throws(InputError)
    -> TrainedParameters
  {
    do {
      var reader = try JSONReader(data, limits: limits)
      return try read(&reader)
    } catch {
      throw InputError(path.map { error.rendered(file: TerminalText.line($0)) } ?? error.description)
    }
  }

  private enum Key: String, JSONKey {
    case version, parameters
    static let all = allCases
  }
  private enum ParameterKey: String, JSONKey {
    case name, shape, values
    static let all = allCases
  }

  private static func read(_ reader: inout JSONReader) throws(GraphFormatError) -> TrainedParameters {
    guard reader.begins(with: "{") else {
      throw reader.fail("these are not saved parameters")
    }
    var (version, parameters): (Int?, [Parameter]?) = (nil, nil)
    var known = Set<String>()
    try reader.object(Key.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .version: version = try reader.integer()
      case .parameters:
        var list: [Parameter] = []
        try reader.list { reader, _ throws(GraphFormatError) in
          let start = reader.start()
          let parameter = try readParameter(&reader)
          guard known.insert(parameter.name).inserted else {
            throw reader.fail("the parameter \(quoted(parameter.name)) is given twice", at: start)
          }
          list.append(parameter)
        }
        parameters = list
      }
    }
    guard let version, let parameters else {
      throw GraphFormatError(
        path: "", message: "these are not saved parameters")
    }
    guard version == 1 else {
      throw GraphFormatError(path: "version", message: "unsupported version \(version); expected 1")
    }
    return TrainedParameters(parameters: parameters)
  }

  private static func readParameter(_ reader: inout JSONReader) throws(GraphFormatError) -> Parameter {
    let start = reader.start()
    var (name, shape, values): (String?, [Int], [Double]?) = (nil, [], nil)
    try reader.object(ParameterKey.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .name: name = try reader.text()
      case .shape: shape = try reader.items { reader throws(GraphFormatError) in try reader.integer() }
      case .values:
        values = try reader.items { reader throws(GraphFormatError) in
          let start = reader.start()
          let number = try reader.number()
          guard number.isFinite else { throw reader.fail("a parameter must be a finite number", at: start) }
          return number
        }
      }
    }
    guard let name, let values else { throw reader.fail("expected `name` and `values`", at: start) }
    guard Shapes.count(shape) == values.count else {
      throw reader.fail(
        "the shape \(Shapes.text(shape)) does not have \(values.count) \(values.count == 1 ? "number" : "numbers")",
        at: start)
    }
    return Parameter(name: name, shape: shape, values: values)
  }
}
