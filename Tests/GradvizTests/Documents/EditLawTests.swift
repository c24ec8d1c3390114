import Autograd
import Foundation
import GradvizKit
import GradvizTestSupport
import Testing

/// An editor saves a page while `gradviz document` draws it: every save is kept.
@Suite("Edits during a run")
struct EditLawTests {
  /// A page with a figure that takes a while, since it trains a network.
  private static func page(_ seed: Int) -> String {
    """
    # Page

    ```grad stage=descent
    input x = [[0, 0], [0, 1], [1, 0], [1, 1]]
    target y = [0, 1, 1, 0]
    layer h = dense(x, 3, tanh)
    layer s = dense(h, 1)
    loss L = mse(s[:, 0], y)
    title "seed \(seed)"
    steps 400
    ```

    the last line

    """
  }

  private enum Save: CaseIterable {
    /// Like editors that keep the file: truncated, then written.
    case inPlace
    /// Like others: a new file replaces the old one.
    case byRenaming
  }

  private static func save(_ text: String, to file: URL, _ save: Save) throws {
    switch save {
    case .byRenaming: try Data(text.utf8).write(to: file, options: .atomic)
    case .inPlace:
      let handle = try FileHandle(forWritingTo: file)
      defer { try? handle.close() }
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Data(text.utf8))
    }
  }

  private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Project.gradviz)
    process.arguments = ["document"] + arguments
    process.currentDirectoryURL = folder.url
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Edits spread over the whole duration of a run.
  @Test func `what is saved while a page is drawn stays, and is drawn`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("page.md")
    _ = try folder.write(Self.page(0), to: "page.md")
    let begin = Date()
    try run(["page.md"], in: folder).waitUntilExit()
    let duration = Date().timeIntervalSince(begin)
    let count = Seeds.count(default: 8)
    for round in 0..<count {
      // A block that has changed has to be drawn.
      _ = try folder.write(Self.page(round + 1), to: "page.md")
      let process = try run(["page.md"], in: folder)
      Thread.sleep(forTimeInterval: duration * Double(round) / Double(count))
      let line = "saved in round \(round)"
      let before = try String(contentsOf: file, encoding: .utf8)
      try Self.save(
        before.replacing("steps 400", with: "steps 401") + line + "\n", to: file, Save.allCases[round % 2])
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let after = try String(contentsOf: file, encoding: .utf8)
      #expect(
        after.contains(line) && after.contains("steps 401") && after.contains("the last line"), "\(after)")
      let again = try ProcessResult(Project.gradviz, ["document", "page.md"], in: folder.url)
      #expect(again.status == 0)
      #expect(try String(contentsOf: file, encoding: .utf8).contains("figures/page-1-descent.svg"))
      #expect(
        try ProcessResult(Project.gradviz, ["document", "--check", "page.md"], in: folder.url).status == 0)
    }
  }

  @Test func `a page that is removed while it is drawn stays away`() throws {
    let folder = try TemporaryFolder()
    // More than the optimized program does in the time until the page goes.
    #if DEBUG
      let steps = "steps 40000"
    #else
      let steps = "steps 1000000"
    #endif
    _ = try folder.write(Self.page(1).replacing("steps 400", with: steps), to: "page.md")
    let process = try run(["page.md"], in: folder)
    Thread.sleep(forTimeInterval: 0.4)
    try FileManager.default.removeItem(at: folder.file("page.md"))
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(!FileManager.default.fileExists(atPath: folder.file("page.md").path))
  }

  @Test func `no save of a page that is watched is lost`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.file("page.md")
    _ = try folder.write(Self.page(0).replacing("steps 400", with: "steps 40"), to: "page.md")
    let process = try run(["--watch", "."], in: folder)
    defer {
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
    }
    var lines: [String] = []
    var random = SystemRandomNumberGenerator()
    for round in 0..<25 {
      // An editor that has read the page and saves it with another line and another program.
      let text = try String(contentsOf: file, encoding: .utf8)
      for line in lines { #expect(text.contains(line), "\(line) of \(text)") }
      lines.append("line \(round).")
      let changed = text.replacing(/seed \d+/, with: "seed \(round)") + "line \(round).\n"
      try Self.save(changed, to: file, .byRenaming)
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...90, using: &random)))
    }
    for _ in 0..<200 {
      if try ProcessResult(Project.gradviz, ["document", "--check", "."], in: folder.url).status == 0 {
        break
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    let text = try String(contentsOf: file, encoding: .utf8)
    for line in lines { #expect(text.contains(line)) }
    #expect(text.contains("seed 24") && text.contains("figures/page-1-descent.svg"))
  }

  @Test func `two runs at once remove the same orphans, and both are content`() throws {
    for _ in 0..<6 {
      let folder = try TemporaryFolder()
      let block = "```grad\nparam a = 2\nloss L = a * a\n```\n\n"
      _ = try folder.write(String(repeating: block, count: 12), to: "page.md")
      #expect(try ProcessResult(Project.gradviz, ["document", "."], in: folder.url).status == 0)
      _ = try folder.write("none\n", to: "page.md")
      let runs = try (0..<4).map { _ in try run(["."], in: folder) }
      for run in runs {
        run.waitUntilExit()
        #expect(run.terminationStatus == 0)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path).isEmpty)
    }
  }
}
