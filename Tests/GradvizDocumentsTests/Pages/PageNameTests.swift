import Autograd
import Foundation
import GradvizDocuments
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("Names and encodings of pages")
struct PageNameTests {
  private let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  @Test(arguments: ["a.rst", "a.txt", "a.html", "a.ipynb", "a", "md", "a.md.bak", "a.grad", "a.svg"])
  func `a file that is neither Markdown nor LaTeX is refused`(name: String) throws {
    let path = try Scratch().file(name)
    let error = #expect(throws: InputError.self) { try PageDrawer().draw(Array(block.utf8), path: path) }
    #expect(
      error?.description
        == "\(path): error: this is neither a Markdown page nor a LaTeX document; expected a name ending in .markdown, .md, .mdown, .mdwn, .mkd, .mkdn, .qmd, .rmd, .tex"
    )
  }

  @Test func `MDX is refused, and told why`() throws {
    let path = try Scratch().file("a.mdx")
    let error = #expect(throws: InputError.self) { try PageDrawer().draw(Array(block.utf8), path: path) }
    #expect(error?.description.contains("MDX has no HTML comments, which gradviz needs for its marks") == true)
  }

  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0x00], 1), ([0x61, 0x0A, 0x0A, 0xE4, 0x0A], 3), ([0xC3], 1),
      ([0xED, 0xA0, 0x80], 1),
      ([0xC0, 0x80], 1), ([0x80], 1),
    ] as [([UInt8], Int)])
  func `a page that is not UTF-8 is refused`(bytes: [UInt8], line: Int) throws {
    let path = try Scratch().file("a.md")
    for page in [bytes, bytes + [0x0A] + Array(block.utf8)] {
      let error = #expect(throws: InputError.self) { try PageDrawer().draw(page, path: path) }
      #expect(error?.description == "\(path): error: this is not UTF-8 text (line \(line))")
    }
  }

  /// Two names that read alike are two files.
  @Test(.enabled(if: FileSystem.keepsUnicodeForms, "this file system takes the two for one"))
  func `Unicode twins of a page's name, and of a folder's, are pages of their own`() throws {
    let scratch = try Scratch()
    let (composed, apart) = ("\u{E9}", "e\u{301}")
    let names = ["\(composed).md", "\(apart).md", "\(composed)/x.md", "\(apart)/x.md"]
    for (index, name) in names.enumerated() {
      try scratch.write(block.replacing("a = 2", with: "a = \(index + 5)"), to: name)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 4)
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    let found = try PageFiles.pages(named: [scratch.path] + names.map(scratch.file))
    #expect(
      Set(found.map { bytes($0.path) }) == Set(names.map { bytes(scratch.file($0)) }) && found.count == 4)
    for options in [PageDrawer.Options(), .init(figures: scratch.file("img"))] {
      let drawer = PageDrawer(options)
      var pages: [DrawnPage] = []
      for page in found {
        let text = try String(contentsOfFile: page.path, encoding: .utf8)
        pages.append(try drawer.draw(Array(text.utf8), path: page.path, root: page.root))
      }
      #expect(pages.allSatisfy { $0.messages == [] && $0.figures.count == 1 })
      let figures = Set(pages.flatMap(\.figures).map { bytes($0.path) })
      #expect(figures.count == 4)
      for page in pages {
        let link = try #require(page.text.firstMatch(of: /\]\(([^)]+)\)/)).output.1
        let folder = page.path[..<(page.path.lastIndex(of: "/") ?? page.path.endIndex)]
        let target = URL(fileURLWithPath: "\(folder)/\(String(link).removingPercentEncoding ?? "")")
          .standardizedFileURL
        #expect(bytes(target.path) == bytes(page.figures[0].path), "the page shows its own figure")
      }
    }
  }

  @Test func `a folder's twin is outside it`() throws {
    let scratch = try Scratch()
    try scratch.write("param a = 2\n", to: "e\u{301}/secret.grad")
    try scratch.write("", to: "\u{E9}/x")
    let drawn = try scratch.draw("```grad include=../e\u{301}/secret.grad\n```\n", name: "\u{E9}/page.md")
    #expect(
      drawn.hasErrors && drawn.figures.isEmpty && !drawn.dependencies.contains { $0.contains("secret") })
  }

  @Test func `a page is found once, under the name that its links lead to`() throws {
    let scratch = try Scratch()
    try scratch.write(block, to: "real/page.md")
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: scratch.file("link.md"), withDestinationPath: "real/page.md")
    try manager.createSymbolicLink(atPath: scratch.file("folder"), withDestinationPath: "real")
    let page = scratch.file("real/page.md")
    for paths in [
      ["link.md"], ["folder"], ["folder/page.md"], ["real", "link.md", "folder"], ["real/../real/page.md"],
    ] {
      #expect(
        try PageFiles.pages(named: paths.map(scratch.file)).map(\.path) == [page] || paths[0].contains(".."))
      #expect(try PageFiles.pages(named: paths.map(scratch.file)).count == 1)
    }
    #expect(throws: InputError.self) { try PageFiles.pages(named: [scratch.file("missing.md")]) }
  }
}
