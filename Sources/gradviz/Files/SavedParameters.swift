import Autograd
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizSystem

/// The parameters in a file that `gradviz train --save` has written.
struct SavedParameters {
  private let path: String
  private let parameters: TrainedParameters
  /// That of messages.
  private let language: ComputationGraph.Presentation.Language?

  /// Those that take the place of a program's own, of whatever file is drawn; nil without a path.
  ///
  /// - Parameters:
  ///   - file: the path of the program, and its text.
  ///   - language: that of messages; nil for the program's own.
  init?(
    _ path: String?, for file: String, _ text: String, limits: Limits,
    _ language: ComputationGraph.Presentation.Language?
  ) throws {
    guard let path else { return nil }
    guard !ComputationGraph.isJSON(text, path: file) else {
      throw Failure.input(
        file, "a graph has its own numbers; `--load` needs the program that was trained", in: language)
    }
    try self.init(path, limits: limits, language ?? Program.language(of: text))
  }

  init(_ path: String, limits: Limits, _ language: ComputationGraph.Presentation.Language?) throws {
    self.path = path
    self.language = language
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
      throw InputError(Failure.input(path, "\(error)", in: language).message)
    }
  }
}
