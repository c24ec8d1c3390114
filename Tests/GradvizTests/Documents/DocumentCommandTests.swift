import Foundation
import GradvizKit
import GradvizTestSupport
import GraphvizRenderer
import Testing

@Suite("gradviz document")
struct DocumentCommandTests {
  let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  func gradviz(_ arguments: String..., input: Data? = nil, in folder: TemporaryFolder) throws
    -> ProcessResult
  {
    try ProcessResult(Project.gradviz, arguments, input: input, in: folder.url)
  }

  func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
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
}
