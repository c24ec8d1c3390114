import Autograd
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizSystem

/// The parameters in a file that `gradviz train --save` has written.
struct SavedParameters {
  private let path: String
  private let parameters: TrainedParameters

  /// Those that take the place of a program's own, of whatever file is drawn; nil without a path.
  ///
  /// - Parameters:
  ///   - file: the path of the program, and its text.
  init?(_ path: String?, for file: String, _ text: String, limits: Limits) throws {
    guard let path else { return nil }
    guard !ComputationGraph.isJSON(text, path: file) else {
      throw Failure.input(
        "\(Terminal.line(file)): error: a graph has its own numbers; `--load` needs the program that was trained")
    }
    try self.init(path, limits: limits)
  }

  init(_ path: String, limits: Limits) throws {
    self.path = path
    let text = try Files.read(path, limits: limits, insteadOfEmpty: "`gradviz train FILE --save` writes such a file")
    do {
      parameters = try .decodeJSON(Data(text.utf8), path: path, limits: limits)
    } catch {
      throw Failure.input(error.description)
    }
  }

  /// Puts them instead of a program's own.
  ///
  /// - Throws: `InputError` with the file's path if they are those of another program.
  func put(into recording: Recording) throws(InputError) {
    do {
      try recording.load(parameters)
    } catch {
      throw InputError("\(Terminal.line(path)): error: \(error)")
    }
  }
}
