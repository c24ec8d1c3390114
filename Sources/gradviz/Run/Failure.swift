/// An error that ends the program: a message and an exit status.
struct Failure: Error {
  var message: String
  var status: Int32

  static func input(_ message: String) -> Failure { Failure(message: message, status: 1) }
  static func commandLine(_ message: String) -> Failure {
    Failure(message: "gradviz: error: \(message)", status: 2)
  }
}
