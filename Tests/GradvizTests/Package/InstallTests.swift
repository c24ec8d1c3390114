import Foundation
import GradvizTestSupport
import Testing

/// `.ci/install`, which `make install` and `make uninstall` run, and what shells complete.
@Suite("Installing")
struct InstallTests {
  private static let script = Project.folder.appendingPathComponent(".ci/install").path
  private static let files = [
    "bin/gradviz", "bin/gradviz-serve", "share/bash-completion/completions/gradviz",
    "share/fish/vendor_completions.d/gradviz.fish",
    "share/man/man1/gradviz.1", "share/zsh/site-functions/_gradviz",
  ]

  private func install(_ argument: String, prefix: String, home: URL, path: String = "/usr/bin:/bin") throws
    -> ProcessResult
  {
    try ProcessResult(
      Self.script, [argument], in: home, environment: ["PREFIX": prefix, "HOME": home.path, "PATH": path])
  }

  private func files(below folder: URL) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  @Test func `into a folder with a space, and out again`() throws {
    let folder = try TemporaryFolder()
    let prefix = folder.file("my programs")
    let installed = try install(Project.gradviz, prefix: prefix.path, home: folder.url)
    #expect(installed.status == 0 && installed.errors.isEmpty, "\(installed.errors)")
    #expect(try files(below: prefix) == Self.files)
    #expect(installed.text.contains("\(prefix.path)/bin is not on your PATH"))
    #expect(try ProcessResult(prefix.path + "/bin/gradviz", ["--version"]).text == "0.1.0\n")
    // Once more, over itself, and on the PATH.
    let again = try install(
      Project.gradviz, prefix: prefix.path, home: folder.url, path: "/usr/bin:/bin:\(prefix.path)/bin")
    #expect(again.status == 0 && !again.text.contains("not on your PATH"))
    _ = try folder.write("mine", to: "my programs/bin/other")
    let removed = try install("--remove", prefix: prefix.path, home: folder.url)
    #expect(removed.status == 0 && removed.text.split(separator: "\n").count == Self.files.count)
    #expect(try files(below: prefix) == ["bin/other"])
    #expect(try install("--remove", prefix: prefix.path, home: folder.url).text.isEmpty)
  }

  @Test func `a tilde is the home folder`() throws {
    let folder = try TemporaryFolder()
    #expect(try install(Project.gradviz, prefix: "~/.local", home: folder.url).status == 0)
    #expect(try files(below: folder.file(".local")) == Self.files)
    let other = try install(Project.gradviz, prefix: "~root/x", home: folder.url)
    #expect(other.status == 2 && other.errors.contains("in full"))
  }

  private static let shells = ["zsh", "fish"].filter { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }

  // What is typed into bash while it returns from an interrupt may be lost: bash is tried by hand, with complete.py.
  @Test(
    .enabled(if: !shells.isEmpty, "neither zsh nor fish is installed"), arguments: shells)
  func `a shell completes files, stages, values and optimizers`(_ shell: String) async throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("param alpha = 3\nparam beta = [1, 2]\nloss L = sum(alpha * beta)\n", to: "first.grad")
    _ = try folder.write("{}", to: "step.json")
    _ = try folder.write("# Page\n", to: "page.md")
    let script = try ProcessResult(Project.gradviz, ["--generate-completion-script", shell])
    _ = try folder.write(script.text, to: "script")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("gradviz").path, withDestinationPath: Project.gradviz)
    let lines: [(typed: String, shown: [String], not: [String])] = [
      ("gradviz draw ", ["first.grad", "step.json"], ["page.md"]),
      ("gradviz train f", ["gradviz train first.grad"], []),
      ("gradviz document p", ["gradviz document page.md"], []),
      ("gradviz draw first.grad --stage loss,ba", ["--stage loss,backward"], []),
      ("gradviz draw first.grad --hide title,pa", ["--hide title,panel"], []),
      ("gradviz derive first.grad --stage forward,lo", ["--stage forward,loss"], []),
      ("gradviz derive first.grad -T mat", ["-T mathml"], []),
      ("gradviz exercise first.grad --blank values,al", ["--blank values,alpha"], []),
      ("gradviz draw first.grad --of ", ["alpha", "beta[0]", "beta[1]"], []),
      ("gradviz draw first.grad --only al", ["--only alpha"], []),
      ("gradviz draw first.grad --theme pr", ["--theme print"], []),
      ("gradviz draw first.grad --lev", ["--level"], []),
      ("gradviz help ", ["draw", "derive", "limits", "manual"], ["first.grad"]),
      ("gradviz help li", ["gradviz help limits"], []),
      ("gradviz fir", ["gradviz first.grad"], []),
      ("gradviz first.grad --of ", ["alpha", "beta[0]", "beta[1]"], []),
      ("gradviz first.grad --stage loss,ba", ["--stage loss,backward"], []),
      ("gradviz first.grad --lev", ["--level"], []),
      ("gradviz dra", ["gradviz draw"], []),
      ("gradviz train first.grad --compare mo", ["--compare momentum"], []),
      ("gradviz train first.grad --landscape alpha,", ["alpha,beta["], ["alpha,alpha"]),
    ]
    let path = "\(folder.url.path):/usr/bin:/bin:/usr/local/bin"
    let result = try await ProcessResult.waiting(
      "/usr/bin/env",
      ["python3", Project.folder.appendingPathComponent("Tests/Program/complete.py").path, shell, "script"]
        + lines.map(\.typed),
      in: folder.url, environment: ["PATH": path, "HOME": folder.url.path])
    let screens = result.text.split(separator: "\n", omittingEmptySubsequences: true)
    try #require(screens.count == lines.count, "\(result.text) \(result.errors)")
    for (line, screen) in zip(lines, screens) {
      let plain = screen.replacing("\\", with: "")
      for word in line.shown { #expect(plain.contains(word), "\(line.typed): \(screen)") }
      for word in line.not { #expect(!plain.contains(word), "\(line.typed): \(screen)") }
    }
  }
}
