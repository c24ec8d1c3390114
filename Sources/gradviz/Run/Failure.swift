import GradLanguage
import GradvizGraph

/// An error that ends the program: a message and an exit status.
struct Failure: Error {
  var message: String
  var status: Int32

  static func input(_ message: String) -> Failure { Failure(message: message, status: 1) }
  /// About a program or a graph; the message is in English.
  static func input(_ file: String, _ message: String, in language: ComputationGraph.Presentation.Language?) -> Failure
  {
    let language = language ?? .english
    return input("\(Terminal.line(file)): \(language.message("error:")) \(language.message(message))")
  }
  static func commandLine(_ message: String) -> Failure {
    Failure(message: "gradviz: error: \(message)", status: 2)
  }
}
