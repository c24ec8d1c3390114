import Foundation
import GradvizDocuments
import Testing

@Suite("Pages and their folders")
struct FolderTests {
  private let program = "param a = 2\nloss L = a * a\n"
  private let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  // MARK: What a page may read

  @Test func `a page reads what is in its folder`() throws {
    let scratch = try Scratch()
    try scratch.write(program, to: "Samples/square.grad")
    try scratch.write("input x = csv(\"x.csv\")\nparam a = 2\nloss L = sum(a * x)\n", to: "Samples/data.grad")
    try scratch.write("x\n1\n2\n", to: "Samples/x.csv")
    let drawn = try scratch.draw(
      "```grad include=Samples/square.grad\nrate 0.5\n```\n```grad include=Samples/data.grad\n```\n")
    #expect(drawn.messages == [])
    #expect(drawn.figures.count == 2)
    #expect(
      drawn.dependencies
        == Set(["Samples/square.grad", "Samples/data.grad", "Samples/x.csv"].map(scratch.file)))
  }

  @Test func `an error in an included file stands in that file`() throws {
    let scratch = try Scratch()
    try scratch.write("param a = 2\nb = tnh(a)\n", to: "net.grad")
    let drawn = try scratch.draw("\n```grad include=net.grad\nparam a = 3\nloss L = a * q\n```\n")
    let shown = drawn.problems.map { $0.rendered().replacing(scratch.path + "/", with: "") }
    #expect(
      shown
        == [
          """
          net.grad:2:5: error: unknown function `tnh`; did you mean `tanh`?
          2 | b = tnh(a)
            |     ^~~
          page.md:3:7: error: `a` is already declared on line 1 of \(scratch.path)/net.grad; take another name
          3 | param a = 3
            |       ^
          page.md:4:14: error: unknown name `q`
          4 | loss L = a * q
            |              ^
          """
        ].map { $0.replacing(scratch.path + "/", with: "") })
  }

  @Test(arguments: [
    "../secret.grad", "/etc/passwd", "link.grad", "folder/secret.grad", "a/../../secret.grad",
  ])
  func `a page that reads outside its folder is rejected`(path: String) throws {
    let scratch = try Scratch()
    try scratch.write(program, to: "secret.grad")
    try scratch.write("", to: "pages/a/x")
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: scratch.file("pages/link.grad"), withDestinationPath: "../secret.grad")
    try manager.createSymbolicLink(atPath: scratch.file("pages/folder"), withDestinationPath: "..")
    let drawn = try scratch.draw("```grad include=\(path)\n```\n\(block)", name: "pages/page.md")
    #expect(drawn.messages == ["1:9: `\(path)` cannot be read: it is outside the folder that its page may read"])
    #expect(drawn.figures.count == 1)
    #expect(!drawn.dependencies.contains { $0.contains("secret") || $0.contains("passwd") })
  }

  @Test func `neither does its data`() throws {
    let scratch = try Scratch()
    try scratch.write("x\n1\n", to: "secret.csv")
    try scratch.write("", to: "pages/x")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("pages/link.csv"), withDestinationPath: "../secret.csv")
    let drawn = try scratch.draw(
      "```grad\ninput x = csv(\"link.csv\")\n```\n```grad\ninput x = csv(\"../secret.csv\")\n```\n",
      name: "pages/page.md")
    #expect(
      drawn.messages.count == 2
        && drawn.messages.allSatisfy { $0.contains("outside") || $0.contains("folder or below it") },
      "\(drawn.messages)")
    #expect(drawn.figures.isEmpty)
  }

  @Test func `a root that was named may be read, and no more`() throws {
    let scratch = try Scratch()
    try scratch.write(program, to: "Samples/square.grad")
    try scratch.write("", to: "pages/x")
    let drawer = PageDrawer(.init(root: scratch.path))
    #expect(
      try scratch.draw("```grad include=../Samples/square.grad\n```\n", name: "pages/p.md", with: drawer)
        .messages == [])
    #expect(
      try scratch.draw("```grad include=../../x.grad\n```\n", name: "pages/p.md", with: drawer).messages.count
        == 1)
  }

  @Test(arguments: [
    ("missing.grad", "no such file"), (".", "it is outside the folder that its page may read"),
    ("pages", "it is not a file"), ("bytes.grad", "it is not UTF-8 text"),
  ])
  func `what cannot be read is said`(path: String, reason: String) throws {
    let scratch = try Scratch()
    try scratch.write("", to: "pages/x")
    try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: scratch.file("bytes.grad")))
    #expect(
      try scratch.draw("```grad include=\(path)\n```\n").messages == ["1:9: `\(path)` cannot be read: \(reason)"]
    )
  }

  @Test func `a figures folder that leads elsewhere is refused`() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "elsewhere/x")
    try scratch.write("", to: "pages/x")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("pages/figures"), withDestinationPath: "../elsewhere")
    #expect(throws: (any Error).self) {
      try PageDrawer().draw(Array(block.utf8), path: scratch.file("pages/page.md"))
    }
  }

  // MARK: Files

  @Test func `figures have names of their own in a folder for all`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer(.init(figures: scratch.file("docs/img")))
    var names: [String] = []
    for page in ["docs/index.md", "docs/a/index.md", "docs/a/b c.md", "README.md"] {
      let drawn = try drawer.draw(Array(block.utf8), path: scratch.file(page))
      #expect(drawn.messages == [])
      names += drawn.figures.map { $0.path.replacing(scratch.path, with: "") }
      let link = try #require(drawn.text.split(separator: "](").last?.split(separator: ")").first)
      let folder = URL(fileURLWithPath: scratch.file(page)).deletingLastPathComponent()
      #expect(
        URL(fileURLWithPath: String(link), relativeTo: folder).standardizedFileURL.path
          == drawn.figures[0].path)
    }
    #expect(
      names == [
        "/docs/img/index-1-backward.svg", "/docs/img/a-index-1-backward.svg",
        "/docs/img/a-b-c-1-backward.svg",
        "/docs/img/README-1-backward.svg",
      ])
  }

  @Test func `two blocks do not share a file`() throws {
    let scratch = try Scratch()
    let named = block.replacing("```grad\n", with: "```grad name=x\n")
    let drawn = try scratch.draw(named + named)
    #expect(
      drawn.messages.count == 1
        && drawn.messages[0].hasSuffix("page-x-backward.svg is already the figure of another block"))
    let drawer = PageDrawer()
    _ = try scratch.draw(block, name: "a.b.md", with: drawer)
    let other = try scratch.draw(block, name: "a-b.md", with: drawer)
    #expect(other.messages.count == 1 && other.messages[0].contains("another block, in "))
  }

  @Test func `a file of somebody else's is not overwritten, nor removed`() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", to: "figures/page-1-backward.svg")
    let drawn = try scratch.drawOnly(block)
    #expect(drawn.messages.count == 1 && drawn.messages[0].contains("gradviz did not draw it for a page"))
    #expect(drawn.figures.isEmpty && !drawn.isChanged)
    try scratch.write("<svg/>\n", to: "figures/page-7-loss.svg")
    let none = try scratch.drawOnly("text")
    #expect([none].orphanedFigures().isEmpty)
    #expect(FileManager.default.fileExists(atPath: path))
  }

  @Test func `a catalog has light and dark files in its resources`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer(.init(isCatalog: true))
    let drawn = try drawer.draw(Array(block.utf8), path: scratch.file("My.docc/en/Chain.md"))
    #expect(
      drawn.figures.map { $0.path.replacing(scratch.path, with: "") } == [
        "/My.docc/Resources/en-Chain-1-backward.svg", "/My.docc/Resources/en-Chain-1-backward~dark.svg",
      ])
    #expect(drawn.text.contains("](en-Chain-1-backward)\n"))
    #expect(throws: (any Error).self) { try drawer.draw(Array(block.utf8), path: scratch.file("page.md")) }
  }

  @Test func `the pages of a folder`() throws {
    let scratch = try Scratch()
    for name in ["b.md", "a/c.markdown", "a/d.qmd", "x.txt", ".hidden/e.md", "a/.f.md", "g.MD"] {
      try scratch.write("x", to: name)
    }
    try FileManager.default.createSymbolicLink(atPath: scratch.file("loop"), withDestinationPath: ".")
    try FileManager.default.createSymbolicLink(atPath: scratch.file("link.md"), withDestinationPath: "b.md")
    #expect(
      PageFiles.pages(in: scratch.path).map { $0.replacing(scratch.path + "/", with: "") }
        == ["a/c.markdown", "a/d.qmd", "b.md", "g.MD"])
  }

  // MARK: Again

  @Test func `what is kept is drawn again when its data change`() throws {
    let scratch = try Scratch()
    try scratch.write("x\n1\n2\n", to: "x.csv")
    let page = "```grad table\ninput x = csv(\"x.csv\")\nparam a = 2\nloss L = sum(a * x)\n```\n"
    let drawer = PageDrawer()
    let first = try scratch.draw(page, with: drawer)
    #expect(first.text.contains("| L | 6 | 1 |"))
    try scratch.write("x\n1\n2\n5\n", to: "x.csv")
    let second = try scratch.draw(first.bytes, with: drawer)
    #expect(second.text.contains("| L | 16 | 1 |"))
    #expect(second.findings.map(\.kind) == [.stale])
  }

  @Test func `what a block with an error reads counts, too`() throws {
    let scratch = try Scratch()
    try scratch.write("param a = tnh(csv(\"x.csv\"))\n", to: "net.grad")
    try scratch.write("x\n1\n", to: "x.csv")
    let drawn = try scratch.draw(
      "```grad include=net.grad\n```\n```grad include=missing.grad\n```\n```grad\ninput x = csv(\"no.csv\")\n```\n"
    )
    #expect(drawn.messages.count == 3)
    #expect(drawn.dependencies.isSuperset(of: ["net.grad", "missing.grad", "no.csv"].map(scratch.file)))
  }
}
