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

    /// The numbers of one parameter, as many as its shape has.
    public init(name: String, shape: [Int], values: [Double]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The version of the file format.
  public var version = 1
  /// In the order of the program.
  public var parameters: [Parameter]
  /// The running means and variances of the batch normalizations, in the order of the program; nil if there are none.
  public var statistics: [Parameter]?

  /// The parameters to save, in the order of the program.
  public init(parameters: [Parameter], statistics: [Parameter] = []) {
    self.parameters = parameters
    self.statistics = statistics.isEmpty ? nil : statistics
  }

  /// Writes the file that ``decodeJSON(_:path:limits:)`` reads.
  ///
  /// - Throws: `EncodingError` if a number is not finite, which JSON cannot represent.
  public func encodeJSON() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// Reads saved parameters.
  ///
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
    case version, parameters, statistics
    static let all = allCases
  }
  private enum ParameterKey: String, JSONKey {
    case name, shape, values
    static let all = allCases
  }

  private static func read(_ reader: inout JSONReader) throws(GraphFormatError) -> TrainedParameters {
    guard reader.begins(with: "{") else {
      throw reader.fail("these are not saved parameters, an object with `version` and `parameters`")
    }
    var (version, parameters, statistics): (Int?, [Parameter]?, [Parameter]) = (nil, nil, [])
    try reader.object(Key.self) { reader, key throws(GraphFormatError) in
      switch key {
      case .version: version = try reader.integer()
      case .parameters: parameters = try readParameters(&reader)
      case .statistics: statistics = try readParameters(&reader)
      }
    }
    guard let version, let parameters else {
      throw GraphFormatError(
        path: "", message: "these are not saved parameters, an object with `version` and `parameters`")
    }
    guard version == 1 else {
      throw GraphFormatError(path: "version", message: "unsupported version \(version); expected 1")
    }
    return TrainedParameters(parameters: parameters, statistics: statistics)
  }

  private static func readParameters(_ reader: inout JSONReader) throws(GraphFormatError) -> [Parameter] {
    var list: [Parameter] = []
    var known = Set<String>()
    try reader.list { reader, _ throws(GraphFormatError) in
      let start = reader.start()
      let parameter = try readParameter(&reader)
      guard known.insert(parameter.name).inserted else {
        throw reader.fail("the parameter \(quoted(parameter.name)) is given twice", at: start)
      }
      list.append(parameter)
    }
    return list
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

/// Parameters as data.
extension ProgramTraining {
  /// The current parameters.
  public var parameters: TrainedParameters {
    TrainedParameters(
      parameters: recording.tape.parameterTensors.map {
        .init(name: $0.name, shape: $0.tensor.shape, values: $0.tensor.data)
      }, statistics: recording.statistics.map { .init(name: $0.name, shape: [$0.values.count], values: $0.values) })
  }

  /// Replaces the parameters by saved ones.
  ///
  /// - Throws: `InputError` if names or shapes differ from the program's.
  public func load(_ saved: TrainedParameters) throws(InputError) { try recording.load(saved) }
}

extension Recording {
  /// Replaces the parameters by saved ones, and computes all values again.
  ///
  /// - Throws: `InputError` if names or shapes differ from the program's.
  public func load(_ saved: TrainedParameters) throws(InputError) {
    let own = tape.parameterTensors
    let known = own.prefix(12).map { "`\($0.name)`" }.joined(separator: ", ") + (own.count > 12 ? ", …" : "")
    for (name, tensor) in own {
      guard let other = saved.parameters.first(where: { $0.name == name }) else {
        throw InputError("the saved parameters have no `\(name)`; the program has \(known)")
      }
      guard other.shape == tensor.shape, other.values.count == tensor.data.count else {
        throw InputError(
          "the saved `\(name)` has the shape \(Shapes.text(other.shape)), that of the program \(Shapes.text(tensor.shape))"
        )
      }
      tensor.data = other.values
    }
    if let extra = saved.parameters.first(where: { saved in !own.contains { $0.name == saved.name } }) {
      throw InputError("the program has no parameter \(quoted(extra.name)); it has \(known)")
    }
    try load(statistics: saved.statistics ?? [])
    tape.replay()
  }

  /// Without any, as in files of parameters alone, the running statistics stay.
  private func load(statistics saved: [TrainedParameters.Parameter]) throws(InputError) {
    guard !saved.isEmpty else { return }
    let own = self.statistics
    for (name, values) in own {
      guard let other = saved.first(where: { $0.name == name }), other.values.count == values.count else {
        throw InputError("the saved parameters have no `\(name)` of \(values.count) numbers")
      }
    }
    guard saved.count == own.count else {
      throw InputError("the program has \(own.count / 2) batch normalizations, the saved parameters \(saved.count / 2)")
    }
    put(statistics: own.map { own in saved.first { $0.name == own.name }?.values ?? own.values })
  }
}
