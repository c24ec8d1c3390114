import Foundation

/// The result of a process: exit status, standard output, standard error.
package struct ProcessResult {
  package var status: Int32
  package var output: Data
  package var errors: String
  package var text: String { String(decoding: output, as: UTF8.self) }

  package init(
    _ path: String, _ arguments: [String], input: Data? = nil, in folder: URL = Project.folder,
    environment: [String: String]? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    if let environment {
      // Sanitizer options are always passed on.
      let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
      process.environment = environment.merging(sanitizers) { own, _ in own }
    } else {
      process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": Self.caches]) { $1 }
    }
    // Files, not pipes: a full pipe would block the process.
    let scratch = try TemporaryFolder()
    let (out, err, stdin) = (scratch.file("out"), scratch.file("err"), scratch.file("in"))
    try Data().write(to: out)
    try Data().write(to: err)
    try (input ?? Data()).write(to: stdin)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = try FileHandle(forReadingFrom: stdin)
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try Data(contentsOf: out)
    errors = String(decoding: try Data(contentsOf: err), as: UTF8.self)
  }

  /// Drawings that are kept between runs are not the user's, and new for each run of the tests.
  private static let caches = FileManager.default.temporaryDirectory
    .appendingPathComponent("gradviz-test-caches-\(ProcessInfo.processInfo.processIdentifier)").path

  /// What a process gives that mostly waits: other tests go on meanwhile.
  package static func waiting(
    _ path: String, _ arguments: [String], in folder: URL, environment: [String: String]
  ) async throws -> ProcessResult {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result { try ProcessResult(path, arguments, in: folder, environment: environment) })
      }
    }
  }
}
