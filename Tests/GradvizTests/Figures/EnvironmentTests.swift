import Foundation
import GradvizTestSupport
import Testing

/// The same program gives the same bytes, whatever the machine's fonts, locale, folders and user.
@Suite("Surroundings")
struct EnvironmentTests {
  private static let surroundings: [(name: String, environment: [String: String])] = [
    ("decimal comma", ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"]),
    ("C locale", ["LC_ALL": "C"]),
    ("POSIX locale, no UTF-8", ["LC_ALL": "POSIX", "LANG": "POSIX"]),
    ("no fonts", ["FONTCONFIG_FILE": "/dev/null", "FONTCONFIG_PATH": "/nonexistent"]),
    ("no home", ["HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent", "USER": "unknown"]),
    (
      "Graphviz' own variables",
      ["GVBINDIR": "/nonexistent", "GDFONTPATH": "/nonexistent", "SERVER_NAME": "x"]
    ),
  ]

  private func draw(_ sample: String, _ environment: [String: String], in folder: URL) throws -> [String:
    Data]
  {
    let scratch = try TemporaryFolder()
    var all = environment
    all["PATH"] = ProcessInfo.processInfo.environment["PATH"]
    if let value = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] { all["LD_LIBRARY_PATH"] = value }
    let result = try ProcessResult(
      Project.gradviz,
      [
        "draw", Project.folder.appendingPathComponent("Samples/\(sample).grad").path, "-T", "svg", "-T",
        "dot", "-o", scratch.url.path + "/",
      ],
      in: folder, environment: all)
    try #require(result.status == 0, "\(result.errors)")
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) {
      files[name] = try Data(contentsOf: scratch.file(name))
    }
    return files
  }

  @Test(arguments: ["gradient-descent", "attention"])
  func `nothing around the program changes a byte`(sample: String) throws {
    let usual = try draw(sample, [:], in: Project.folder)
    #expect(usual.count == 10)
    for (name, environment) in Self.surroundings {
      #expect(try draw(sample, environment, in: Project.folder) == usual, "\(name)")
    }
    #expect(try draw(sample, [:], in: FileManager.default.temporaryDirectory) == usual, "another folder")
  }
}
