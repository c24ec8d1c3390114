import Foundation
import GradvizKit
import GradvizTestSupport
import Testing

/// Files are replaced atomically, and failures are reported.
@Suite("Files")
struct FileTests {
  static let program = "param a = 3\nloss L = a * a\nrate 0.1\n"

  /// A folder with the program.
  func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.program, to: "net.grad")
    return folder
  }

  func draw(_ arguments: String..., in folder: TemporaryFolder) throws -> ProcessResult {
    try ProcessResult(Project.gradviz, ["draw", "net.grad", "--stage", "loss"] + arguments, in: folder.url)
  }

  /// A line of the shell, with the program as `$G`.
  func shell(_ line: String, in folder: TemporaryFolder, environment: [String: String]? = nil) throws
    -> ProcessResult
  {
    var all = environment ?? ProcessInfo.processInfo.environment
    all["G"] = Project.gradviz
    if let library = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] {
      all["LD_LIBRARY_PATH"] = library
    }
    return try ProcessResult("/bin/sh", ["-c", line], in: folder.url, environment: all)
  }

  func names(_ folder: TemporaryFolder, _ path: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file(path).path).sorted()
  }

  private func permissions(_ folder: TemporaryFolder, _ name: String) throws -> Int? {
    (try FileManager.default.attributesOfItem(atPath: folder.file(name).path)[.posixPermissions] as? NSNumber)?
      .intValue
  }

  func isFigure(_ folder: TemporaryFolder, _ name: String) throws -> Bool {
    try String(contentsOf: folder.file(name), encoding: .utf8).hasSuffix("</svg>\n")
  }

  // MARK: What was there before

  @Test func `a link is written through, to the file it leads to or would lead to`() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(at: folder.file("real"), withIntermediateDirectories: true)
    _ = try folder.write("former", to: "real/figure.svg")
    for (link, target) in [
      ("first.svg", "second.svg"), ("second.svg", "real/figure.svg"), ("dangling.svg", "made/new.svg"),
    ] {
      try FileManager.default.createSymbolicLink(atPath: folder.file(link).path, withDestinationPath: target)
    }
    for link in ["first.svg", "dangling.svg"] {
      #expect(try draw("-o", link, in: folder).status == 0)
    }
    for link in ["first.svg", "second.svg", "dangling.svg"] {
      #expect(
        (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.file(link).path)) != nil, "\(link)"
      )
    }
    #expect(try isFigure(folder, "real/figure.svg") && isFigure(folder, "made/new.svg"))
    #expect(try names(folder, "real") == ["figure.svg"])
  }

  @Test func `a file keeps its permissions, a new one has what the umask leaves`() throws {
    let folder = try folder()
    _ = try folder.write("former", to: "old.svg")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder.file("old.svg").path)
    #expect(
      try shell(
        "umask 0; $G draw net.grad --stage loss -o old.svg && umask 0; $G draw net.grad --stage loss -o open.svg",
        in: folder
      ).status == 0)
    #expect(
      try shell(
        "umask 077; $G draw net.grad --stage loss -o closed.svg; umask 0777; $G draw net.grad --stage loss -o none.svg",
        in: folder
      ).status == 0)
    #expect(try permissions(folder, "old.svg") == 0o640)
    #expect(try permissions(folder, "open.svg") == 0o666)
    #expect(try permissions(folder, "closed.svg") == 0o600)
    #expect(try permissions(folder, "none.svg") == 0)
  }

  @Test func `devices are written into, not replaced`() throws {
    let folder = try folder()
    #expect(try draw("-o", "/dev/null", in: folder).status == 0)
    #expect(
      (try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType)
        == .typeCharacterSpecial)
    let result = try draw("-o", "/dev/stdout", in: folder)
    #expect(result.status == 0)
    #expect(
      result.text.hasSuffix("</svg>\n") || FileManager.default.fileExists(atPath: "/proc/self/fd") == false)
  }

  // MARK: Surroundings

  @Test func `paths with spaces, quotes and line ends`() throws {
    let folder = try folder()
    for name in ["a b", "line\nend", "quote'\"", "-dash", "ŷ 損失", "%s$(id)`id`", "*"] {
      let path = "./\(name)/\(name).grad"
      try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
      _ = try folder.write(Self.program, to: "\(name)/\(name).grad")
      let one = try ProcessResult(
        Project.gradviz, ["draw", "-q", path, "--stage", "loss", "-o", "./\(name)/\(name).svg"], in: folder.url)
      #expect(one.status == 0 && one.errors.isEmpty, "\(one.errors)")
      #expect(try isFigure(folder, "\(name)/\(name).svg"))
      let several = try ProcessResult(
        Project.gradviz, ["draw", path, "-o", "./\(name)-figures/"], in: folder.url)
      #expect(several.status == 0, "\(several.errors)")
      #expect(try isFigure(folder, "\(name)-figures/overview.svg"))
      let missing = try ProcessResult(Project.gradviz, ["draw", "./\(name)/missing.grad"], in: folder.url)
      #expect(
        missing.status == 1
          && missing.errors
            == "./\(name.replacing("\n", with: "\u{FFFD}"))/missing.grad: error: no such file\n"
      )
    }
  }

  @Test func `no home, no variables at all`() throws {
    let folder = try folder()
    let result = try shell(
      "exec env -i LD_LIBRARY_PATH=\"$LD_LIBRARY_PATH\" \"$G\" draw net.grad --stage loss", in: folder)
    #expect(
      result.status == 0 && result.errors.isEmpty && result.text.hasSuffix("</svg>\n"), "\(result.errors)")
  }
}
