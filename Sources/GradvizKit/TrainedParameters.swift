import Autograd
import Foundation

/// The parameters of a program as a file keeps them.
public struct TrainedParameters: Codable, Sendable, Equatable {
  public struct Parameter: Codable, Sendable, Equatable {
    public var name: String
    /// Empty for a number.
    public var shape: [Int]
    /// Row-major.
    public var values: [Double]
  }

  public var version = 1
  public var parameters: [Parameter]

  public init(parameters: [Parameter]) { self.parameters = parameters }

  /// - Throws: where a number is not finite, which JSON cannot hold.
  public func encodeJSON() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// - Throws: ``InputError`` with a word on what is wrong.
  public static func decodeJSON(_ data: Data, limits: Limits = .init()) throws(InputError)
    -> TrainedParameters
  {
    do { try JSONSize.check(data, limits) } catch { throw InputError(error.description) }
    let decoded: TrainedParameters
    do { decoded = try JSONDecoder().decode(TrainedParameters.self, from: data) } catch {
      throw InputError("these are no saved parameters; `gradviz train FILE --save` writes such a file")
    }
    guard decoded.version == 1 else {
      throw InputError("this program reads version 1, not \(decoded.version)")
    }
    return decoded
  }
}
