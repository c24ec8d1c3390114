import Foundation
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@Suite("gradviz document")
struct DocumentCommandTests {
  private let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  private func gradviz(_ arguments: String..., input: Data? = nil, in folder: TemporaryFolder) throws
    -> ProcessResult
  {
    try ProcessResult(Project.gradviz, arguments, input: input, in: folder.url)
  }

  private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try String(contentsOf: folder.file(name), encoding: .utf8)
  }

  private func time(_ folder: TemporaryFolder, _ name: String) throws -> Date {
    try #require(
      FileManager.default.attributesOfItem(atPath: folder.file(name).path)[.modificationDate] as? Date)
  }

  @Test func `a page is drawn; a second run changes nothing and touches nothing`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("# T\n\n\(block)\nend", to: "page.md")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder.file("page.md").path)
    let first = try gradviz("document", "page.md", in: folder)
    #expect(first.status == 0 && first.errors == "")
    #expect(first.text == "page.md: wrote figures/page-1-backward.svg, page.md\n")
    let page = try text(folder, "page.md")
    #expect(page.hasPrefix("# T\n\n\(block)<!-- gradviz:begin ") && page.hasSuffix("\n\nend"))
    #expect(page.contains(" -->\n![T. "))
    let svg = SVGDocument(try text(folder, "figures/page-1-backward.svg"))
    #expect(svg.error == nil && svg.boxes.count == 2)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("page.md").path)[
      .posixPermissions]
    #expect(mode as? Int == 0o640)
    let times = try [time(folder, "page.md"), time(folder, "figures/page-1-backward.svg")]
    let second = try gradviz("document", "page.md", in: folder)
    #expect(second.status == 0 && second.text == "page.md: 1 figure, all up to date\n")
    #expect(try text(folder, "page.md") == page)
    #expect(try times == [time(folder, "page.md"), time(folder, "figures/page-1-backward.svg")])
  }

  @Test func `check names what is stale, missing or orphaned, and writes nothing`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("\(block)\n\(block)\n\(block)", to: "page.md")
    let fresh = try gradviz("document", "--check", "page.md", in: folder)
    #expect(fresh.status == 1 && fresh.text == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["page.md"])
    #expect(fresh.errors.contains("page.md:1: missing: the lines after the block\n"))
    #expect(fresh.errors.contains("page.md:11: missing: figures/page-3-backward.svg\n"))

    #expect(try gradviz("document", "page.md", in: folder).status == 0)
    let right = try gradviz("document", "--check", "page.md", in: folder)
    #expect(right.status == 0 && right.errors == "" && right.text == "1 page, 3 figures, all up to date\n")

    // The first block changes, the second one's file is removed, the third block is removed with its region.
    let page = try text(folder, "page.md")
    var lines = page.split(separator: "\n", omittingEmptySubsequences: false).dropLast(8).joined(
      separator: "\n")
    lines = lines.replacing(try Regex("a = 2"), maxReplacements: 1) { _ in "a = 3" }
    _ = try folder.write(lines + "\n", to: "page.md")
    try FileManager.default.removeItem(at: folder.file("figures/page-2-backward.svg"))
    let check = try gradviz("document", "--check", "page.md", in: folder)
    #expect(check.status == 1)
    #expect(
      Set(check.errors.split(separator: "\n")) == [
        "page.md:1: orphaned: figures/page-3-backward.svg", "page.md:1: stale: figures/page-1-backward.svg",
        "page.md:5: stale: the lines after the block", "page.md:9: missing: figures/page-2-backward.svg",
        "gradviz: error: the pages are not up to date; run `gradviz document` without `--check` to draw them",
      ])
    #expect(try text(folder, "page.md") == lines + "\n")

    let again = try gradviz("document", "page.md", in: folder)
    #expect(again.status == 0)
    #expect(
      again.text.contains("page.md: removed figures/page-3-backward.svg, which no block uses"))
    #expect(try gradviz("document", "--check", "page.md", in: folder).status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path).sorted()
        == ["page-1-backward.svg", "page-2-backward.svg"])
  }

  @Test func `one bad block does not stop the others, and keeps its former figure`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("\(block)\n\(block)", to: "a.md")
    _ = try folder.write(block, to: "b.md")
    #expect(try gradviz("document", ".", in: folder).status == 0)
    let page = try text(folder, "a.md")
    let former = try text(folder, "figures/a-1-backward.svg")
    let broken = page.replacing("a * a", with: "tnh(a)", maxReplacements: 1).replacing(
      "\n\n```grad\nparam a = 2", with: "\n\n```grad\nparam a = 5")
    _ = try folder.write(broken, to: "a.md")
    let result = try gradviz("document", ".", in: folder)
    #expect(result.status == 1)
    #expect(
      result.errors == """
        a.md:3:10: error: unknown function `tnh`; did you mean `tanh`?
        3 | loss L = tnh(a)
          |          ^~~
        gradviz: error: 1 page with errors

        """)
    #expect(try text(folder, "figures/a-1-backward.svg") == former)
    #expect(try text(folder, "figures/a-2-backward.svg").contains("a = 5"))
    #expect(
      try text(folder, "a.md").contains("figures/a-1-backward.svg")
        && text(folder, "a.md").contains("∂L/∂a = 10"))
  }

  @Test(arguments: [
    ["document"], ["document", "--check", "--watch", "x.md"],
    ["document", "--docc", "--figures", "x", "x.md"],
    ["document", "--figures", "", "x.md"], ["document", "--nonsense", "x.md"], ["mdbook", "html"],
  ])
  func `the command line is at fault: status 2`(arguments: [String]) throws {
    let result = try ProcessResult(Project.gradviz, arguments)
    #expect(result.status == 2 && !result.errors.isEmpty && result.output.isEmpty)
  }

  @Test func `what is not there, or cannot be written, is said in one line`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)
    _ = try folder.write(block, to: "page.md")
    _ = try folder.write("", to: "file")
    for (arguments, message) in [
      (["missing.md"], "missing.md: error: no such file\n"),
      (["empty"], "empty: error: the folder has no pages: neither Markdown nor LaTeX with `\\begin{grad}`\n"),
      (["page.md", "--root", "nowhere"], "nowhere: error: no such folder\n"),
      (
        ["--docc", "page.md"],
        "page.md: error: the page is not in a DocC catalog (a folder whose name ends in `.docc`)\n"
      ),
      (["page.md", "--figures", "file"], "file/page-1-backward.svg: error: the file cannot be written"),
    ] {
      let result = try ProcessResult(Project.gradviz, ["document"] + arguments, in: folder.url)
      #expect(result.status == 1)
      #expect(result.errors.hasPrefix(message), "\(result.errors)")
      #expect(try text(folder, "page.md") == block)
    }
  }

  @Test func `what is not a page is refused with a word, and never written to`() throws {
    let folder = try TemporaryFolder()
    let latin = Data("caf".utf8) + Data([0xE9]) + Data("\n\n\(block)".utf8)
    let files = [
      ("a.txt", Data(block.utf8), "this is neither a Markdown page nor a LaTeX document"),
      ("b.rst", Data(block.utf8), "this is neither a Markdown page nor a LaTeX document"),
      ("c.mdx", Data(block.utf8), "MDX has no HTML comments"),
      ("d.md", latin, "this is not UTF-8 text (line 1)"),
      (
        "e.md", Data(block.utf8).map { [$0, 0] }.reduce(Data([0xFF, 0xFE]), +),
        "this is not UTF-8 text (line 1)"
      ),
    ]
    for (name, content, _) in files { try content.write(to: folder.file(name)) }
    _ = try folder.write(block, to: "page.md")
    let result = try ProcessResult(Project.gradviz, ["document", "page.md"] + files.map(\.0), in: folder.url)
    #expect(result.status == 1 && result.text == "page.md: wrote figures/page-1-backward.svg, page.md\n")
    for (name, content, message) in files {
      #expect(result.errors.contains("\(name): error: \(message)"), "\(result.errors)")
      #expect(try Data(contentsOf: folder.file(name)) == content)
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path) == [
        "page-1-backward.svg"
      ])
  }

  @Test func `figures that are not ours to remove are named, and a run settles`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(block + block, to: "page.md")
    _ = try folder.write(block, to: "moved.md")
    #expect(try gradviz("document", ".", in: folder).status == 0)
    try FileManager.default.moveItem(at: folder.file("moved.md"), to: folder.file("there.md"))
    let figure = try text(folder, "figures/page-2-backward.svg")
    _ = try folder.write(figure.replacing("<title", with: "<title "), to: "figures/page-2-backward.svg")
    _ = try folder.write(block, to: "page.md")
    for arguments in [["document", "."], ["document", "--check", "."], ["document", "."]] {
      let result = try ProcessResult(Project.gradviz, arguments, in: folder.url)
      #expect(
        result.errors
          == """
          ./figures/moved-1-backward.svg: warning: no block uses this figure, but its page was deleted or moved; remove it if no page shows it
          ./figures/page-2-backward.svg: warning: no block uses this figure, but it was edited by hand; remove it if no page shows it

          """.replacing("./", with: ""), "\(result.errors)")
      #expect(result.status == 0)
    }
    #expect(try text(folder, "there.md").contains("](figures/there-1-backward.svg)"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path).sorted() == [
        "moved-1-backward.svg", "page-1-backward.svg", "page-2-backward.svg", "there-1-backward.svg",
      ])
  }

  @Test func `a link to a page stays one, and the page has the same figures by both names`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(block, to: "real.md")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.md").path, withDestinationPath: "real.md")
    #expect(try gradviz("document", "link.md", in: folder).status == 0)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.md").path) == "real.md")
    #expect(try text(folder, "real.md").contains("figures/real-1-backward.svg"))
    for arguments in [["real.md"], ["link.md"], ["real.md", "link.md", "./link.md", "."]] {
      let again = try ProcessResult(Project.gradviz, ["document"] + arguments, in: folder.url)
      #expect(again.text == "real.md: 1 figure, all up to date\n" && again.status == 0)
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("figures").path) == [
        "real-1-backward.svg"
      ])
  }

  // MARK: Doors

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

  // MARK: Site generators

  @Test func `mdBook is answered`() throws {
    let folder = try TemporaryFolder()
    #expect(try gradviz("mdbook", "supports", "html", in: folder).status == 0)
    #expect(try gradviz("mdbook", "supports", "not-supported", in: folder).status == 1)
    let chapter: [String: Any] = [
      "name": "One", "content": block, "number": [1], "sub_items": [Any](), "path": "one.md",
      "source_path": "one.md", "parent_names": [Any](),
    ]
    let book: [Any] = [
      [
        "root": folder.url.path, "config": ["book": ["src": "text"]], "renderer": "html",
        "mdbook_version": "0.4.52",
      ],
      ["sections": [["Chapter": chapter]], "__non_exhaustive": NSNull()],
    ]
    let result = try gradviz("mdbook", input: JSONSerialization.data(withJSONObject: book), in: folder)
    #expect(result.status == 0 && result.errors == "")
    let drawn = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let content = ((drawn["sections"] as? [[String: Any]])?.first?["Chapter"] as? [String: Any])?["content"]
    #expect((content as? String)?.contains("](figures/one-1-backward.svg)") == true)
    #expect(SVGDocument(try text(folder, "text/figures/one-1-backward.svg")).error == nil)
    let refused = try gradviz("mdbook", input: Data("nonsense".utf8), in: folder)
    #expect(
      refused.status == 1 && refused.output.isEmpty && refused.errors.hasPrefix("gradviz mdbook: error: "))
  }

  /// A page as the documentation describes it.
  private func site() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("docs"), withIntermediateDirectories: true)
    _ = try folder.write(
      """
      # One page

      <!-- grad stage=backward table -->
      ```grad
      param a = 2
      loss L = a * a
      ```

      Hidden:

      ```grad hidden stage=loss name=hidden
      param secret = 2
      loss L = secret * secret
      ```

      The end.

      """, to: "docs/index.md")
    #expect(try gradviz("document", "docs", in: folder).status == 0)
    return folder
  }

  private func expectFigures(_ html: String, _ folder: String) {
    let shown = html.replacing(/<!--(?s:.*?)-->/, with: "")
    #expect(
      shown.contains("\(folder)/index-1-backward.svg\"")
        && shown.contains("\(folder)/index-hidden-loss.svg\""))
    #expect(shown.contains("param a = 2") && !shown.contains("param secret"))
    #expect(shown.contains("<table") && shown.contains("The end.") && !shown.contains("gradviz:"))
  }

  @Test(.enabled(if: Project.tool("mkdocs") != nil, "MkDocs is not installed"))
  func `MkDocs shows the figures`() throws {
    let folder = try site()
    _ = try folder.write("site_name: Figures\nmarkdown_extensions: [tables, fenced_code]\n", to: "mkdocs.yml")
    let result = try ProcessResult(
      try #require(Project.tool("mkdocs")), ["build", "--strict"], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    expectFigures(try text(folder, "site/index.html"), "figures")
    #expect(FileManager.default.fileExists(atPath: folder.file("site/figures/index-1-backward.svg").path))
  }

  /// Whether Sphinx' Python has MyST.
  private static let hasMyST: Bool = {
    guard let tool = Project.tool("sphinx-build"),
      let script = try? String(contentsOfFile: tool, encoding: .utf8),
      let first = script.split(separator: "\n").first, first.hasPrefix("#!")
    else { return false }
    let python = first.dropFirst(2).trimmingCharacters(in: .whitespaces)
    return (try? ProcessResult(python, ["-c", "import myst_parser"]).status) == 0
  }()

  @Test(.enabled(if: hasMyST, "Sphinx with MyST is not installed"))
  func `Sphinx shows the figures`() throws {
    let folder = try site()
    _ = try folder.write(
      """
      from pygments.lexers.special import TextLexer

      extensions = ["myst_parser"]


      def setup(app):
          app.add_lexer("grad", TextLexer)

      """, to: "docs/conf.py")
    let result = try ProcessResult(
      try #require(Project.tool("sphinx-build")), ["-W", "-b", "html", "docs", "docs/_build"], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    expectFigures(try text(folder, "docs/_build/index.html"), "_images")
  }

  @Test(.enabled(if: Project.tool("pandoc") != nil, "Pandoc is not installed"))
  func `Pandoc shows the figures`() throws {
    let folder = try site()
    let result = try ProcessResult(
      try #require(Project.tool("pandoc")), ["--standalone", "docs/index.md", "-o", "docs/index.html"],
      in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    expectFigures(try text(folder, "docs/index.html"), "figures")
  }
}
