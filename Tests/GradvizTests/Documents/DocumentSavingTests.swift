import Foundation
import GradvizTestSupport
import Testing

/// What happens around a run: others that were killed, folders that are exchanged, editors that save.
extension DocumentCommandTests {
  @Test func `what a killed run left among the figures is removed, though no figure is written`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(block, to: "page.md")
    #expect(try gradviz("document", "page.md", in: folder).status == 0)
    let figure = try text(folder, "figures/page-1-backward.svg")
    let names = { try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path).sorted() }
    // A second name of the previous figure, and a run with pending renames.
    _ = try folder.write(figure, to: "figures/.gradviz-a-6-former.partial")
    _ = try folder.write("half", to: "figures/.gradviz-b.partial")
    _ = try folder.write("half", to: ".gradviz-c.partial")
    let again = try gradviz("document", "page.md", in: folder)
    #expect(again.text == "page.md: 1 figure, all up to date\n" && again.status == 0)
    #expect(try names() == ["page-1-backward.svg"])
    #expect(!FileManager.default.fileExists(atPath: folder.file(".gradviz-c.partial").path))
    try FileManager.default.moveItem(
      at: folder.file("figures/page-1-backward.svg"), to: folder.file("figures/.gradviz-d-1.partial"))
    _ = try folder.write(
      "./.gradviz-d-1.partial\0page-1-backward.svg\0gradviz: all of these\0", to: "figures/.gradviz-d.partial"
    )
    #expect(try gradviz("document", "page.md", in: folder).text == again.text)
    #expect(try names() == ["page-1-backward.svg"])
    #expect(try text(folder, "figures/page-1-backward.svg") == figure)
    // In a given folder as well.
    #expect(try gradviz("document", "--figures", "img", "page.md", in: folder).status == 0)
    _ = try folder.write("half", to: "img/.gradviz-e-1.partial")
    #expect(try gradviz("document", "--figures", "img", "page.md", in: folder).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("img").path) == ["page-1-backward.svg"])
  }

  @Test func `no figure is written elsewhere, whatever takes the place of the folder meanwhile`() throws {
    let folder = try TemporaryFolder()
    for name in ["home/figures", "outside"] {
      try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    }
    let page = try folder.write(block, to: "home/page.md")
    let (figures, link, spare) = (
      folder.file("home/figures").path, folder.file("link").path, folder.file("spare").path
    )
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.file("outside").path)
    let (stop, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      while stop.wait(timeout: .now()) == .timedOut {
        rename(figures, spare)
        rename(link, figures)
        usleep(300)
        rename(figures, link)
        rename(spare, figures)
        usleep(300)
      }
      ended.signal()
    }
    var statuses: Set<Int32> = []
    for _ in 0..<25 {
      _ = try folder.write(block, to: "home/page.md")
      unlink("\(figures)/page-1-backward.svg")
      let result = try gradviz("document", "-q", page, in: folder)
      statuses.insert(result.status)
      #expect(result.status == 0 || result.errors.contains("error:"), "\(result.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("outside").path) == [])
    }
    stop.signal()
    ended.wait()
    #expect(statuses.isSubset(of: [0, 1]))
    #expect(try gradviz("document", "-q", page, in: folder).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: figures) == ["page-1-backward.svg"])
  }

  /// Saves as editors do: into the page itself, or beside it with a rename.
  @Test func `no save is lost while a page is drawn`() throws {
    let folder = try TemporaryFolder()
    let page = try folder.write(block, to: "page.md")
    let begin = Date()
    #expect(try gradviz("document", "page.md", in: folder).status == 0)
    let whole = Date().timeIntervalSince(begin)
    for round in 0..<24 {
      _ = try folder.write(block, to: "page.md")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Project.gradviz)
      process.arguments = ["document", "-q", "page.md"]
      process.currentDirectoryURL = folder.url
      try process.run()
      usleep(UInt32(whole * 1e6 * (0.6 + 0.5 * Double(round) / 24)))
      let saved = Data("\(block)\nEdited \(round).\n".utf8)
      try saved.write(to: URL(fileURLWithPath: page), options: .atomic)
      process.waitUntilExit()
      #expect(try text(folder, "page.md").contains("Edited \(round)."), "round \(round)")
    }
  }

  // MARK: Watching

  @Test func `watch draws what changes until it is interrupted`() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(block, to: "page.md")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Project.gradviz)
    process.arguments = ["document", "--watch", "."]
    process.currentDirectoryURL = folder.url
    let output = folder.file("output.txt")
    try Data().write(to: output)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = process.standardOutput
    try process.run()
    defer { if process.isRunning { process.terminate() } }
    func waitFor(_ words: String) async throws -> Bool {
      for _ in 0..<400 {
        if try String(contentsOf: output, encoding: .utf8).contains(words) { return true }
        try await Task.sleep(for: .milliseconds(50))
      }
      return false
    }
    try #require(await waitFor("page.md: wrote figures/page-1-backward.svg, page.md in "))
    let page = try text(folder, "page.md")
    _ = try folder.write(page.replacing("a = 2", with: "a = 7"), to: "page.md")
    try #require(await waitFor("page.md: wrote figures/page-1-backward.svg, page.md in "))
    for _ in 0..<400 where try !text(folder, "page.md").contains("∂L/∂a = 14") {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try text(folder, "page.md").contains("∂L/∂a = 14"))
    #expect(try text(folder, "figures/page-1-backward.svg").contains("[14]"))
    _ = try folder.write("```grad\nloss L = tnh(1)\n```\n", to: "new.md")
    #expect(try await waitFor("new.md:2:10: error: unknown function `tnh`"))
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }
}
