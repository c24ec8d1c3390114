import Foundation
import GradvizDocuments
import GradvizKit
import Testing

/// The interactive page of a block: where it is, and how pages of each kind lead to it.
@Suite("Explorers of a page")
struct ExplorerTests {
  private let program = "\nparam a = 2\nloss L = a * a\n```\n"
  private let link = "[Step through this computation, and change its numbers](figures/page-1-explorer.html)"

  private func names(_ page: DrawnPage) -> [String] {
    page.figures.map { String($0.path.split(separator: "/").last ?? "") }
  }

  /// What stands between the marks.
  private func region(_ page: DrawnPage) throws -> [String] {
    let lines = page.text.components(separatedBy: "\n")
    let begin = try #require(lines.firstIndex { $0.hasPrefix("<!-- gradviz:begin ") })
    let end = try #require(lines.firstIndex(of: "<!-- gradviz:end -->"))
    return Array(lines[(begin + 1)..<end])
  }

  private let frame = /<iframe src="([^"]+)" title="([^"]+)" width="100%" height="(\d+)" loading="lazy"><\/iframe>/

  // MARK: Links

  @Test func `elsewhere the figure is the picture of a link`() throws {
    let drawn = try Scratch().draw("# A square\n\n```grad explorer" + program)
    #expect(drawn.messages == [])
    #expect(names(drawn) == ["page-1-explorer.html", "page-1-backward.svg"])
    let lines = try region(drawn)
    #expect(lines.count == 3 && lines[1] == "" && lines[2] == link)
    #expect(
      lines[0].hasPrefix("[![A square. ")
        && lines[0].hasSuffix("](figures/page-1-backward.svg)](figures/page-1-explorer.html)"))
    let shown = html(drawn.bytes)
    #expect(
      shown.contains(
        "<a href=\"figures/page-1-explorer.html\"><img src=\"figures/page-1-backward.svg\" alt=\"A square. "))
    #expect(shown.matches(of: /href="figures\/page-1-explorer\.html"/).count == 2)
  }

  @Test func `several figures, two files for each, none, a table, and French`() throws {
    let both = try Scratch().draw("```grad explorer stage=loss,update theme=both table" + program)
    let lines = try region(both)
    #expect(lines[0].hasPrefix("<a href=\"figures/page-1-explorer.html\"><picture><source "))
    #expect(
      lines[0].hasSuffix("src=\"figures/page-1-loss.svg\"></picture></a>") && lines[2].contains("page-1-update.svg"))
    #expect(lines[4] == link && lines[6].hasPrefix("| name | value |"))
    #expect(html(both.bytes).contains("<table") == false, "CommonMark has none, and the page is still well formed")
    let none = try Scratch().draw("```grad,explorer,stage=none" + program)
    #expect(try region(none) == [link] && names(none) == ["page-1-explorer.html"])
    let french = try Scratch().draw("```{.grad .explorer stage=none lang=fr}" + program)
    #expect(
      try region(french) == ["[Parcourez ce calcul pas à pas, et changez ses nombres](figures/page-1-explorer.html)"])
    #expect(String(decoding: french.figures[0].bytes, as: UTF8.self).contains("<html lang=\"fr\">"))
  }

  @Test func `a page whose arrays are too large to compute again does not promise it`() throws {
    // 3 000 entries are computed, 3 600 are not.
    for (size, words) in [
      (50, "Step through this computation, and change its numbers"), (60, "Step through this computation"),
    ] {
      let text = "```grad explorer stage=none\nlevel tensor\nparam w = ones(60, \(size))\nloss L = sum(w**2)\n```\n"
      let drawn = try Scratch().draw(text)
      #expect(try region(drawn) == ["[\(words)](figures/page-1-explorer.html)"])
      let html = String(decoding: drawn.figures[0].bytes, as: UTF8.self)
      #expect(html.contains("\"isStored\":1") == (size == 60))
    }
  }

  @Test func `in a catalog a link to where the site has it, and both schemes`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer(.init(isCatalog: true))
    let drawn = try scratch.draw(
      "# A page\n\n<!-- grad explorer -->\n```grad" + program, name: "A.docc/page.md", with: drawer)
    #expect(drawn.messages == [])
    #expect(names(drawn) == ["page-1-explorer.html", "page-1-backward.svg", "page-1-backward~dark.svg"])
    #expect(drawn.figures.allSatisfy { $0.path.contains("A.docc/Resources/") })
    let lines = try region(drawn)
    #expect(lines[0].hasPrefix("![") && lines[0].hasSuffix("](page-1-backward)"))
    #expect(lines[2].hasSuffix("](/explorers/page-1-explorer.html)"))
    let framed = try scratch.draw("<!-- grad explorer=frame -->\n```grad" + program, name: "A.docc/b.md", with: drawer)
    #expect(framed.messages == ["1:11: DocC has no frames; write `explorer` alone for a link"])
  }

  // MARK: Frames

  /// The settings of a generator, the page, and what leads from the page's HTML to the figures; nil for a link.
  @Test(arguments: [
    ("mkdocs.yml", "site_name: x\n", "docs/page.md", "../"),
    ("mkdocs.yml", "site_name: x\n", "docs/deep/page.md", "../"),
    ("mkdocs.yml", "site_name: x\n", "docs/index.md", ""),
    ("mkdocs.yml", "site_name: x\nuse_directory_urls: false # old\n", "docs/page.md", ""),
    ("mkdocs.yml", "docs_dir: 'text'\n", "text/page.md", "../"),
    ("mkdocs.yml", "docs_dir: text\n", "docs/page.md", nil),
    ("mkdocs.yml", "site_name: x\n", "README.md", nil), ("mkdocs.yml", "nav:\n  docs_dir: .\n", "page.md", nil),
    ("book.toml", "[book]\ntitle = \"x\"\n", "src/page.md", ""),
    ("book.toml", "[book]\nsrc = \"text\"\n", "text/a/page.md", ""),
    ("book.toml", "[book]\n", "README.md", nil),
    ("docs/conf.py", "extensions = [\"myst_parser\"]\n", "docs/a/page.md", ""),
    ("conf.py", "extensions = []\n", "page.md", nil), ("_quarto.yml", "project:\n", "page.md", ""),
    ("_quarto.yml", "project:\n", "README.md", nil), ("none.txt", "", "page.qmd", ""), ("none.txt", "", "page.Rmd", ""),
    ("none.txt", "", "page.md", nil),
  ])
  func `a page that frames are allowed on has one`(settings: String, text: String, page: String, up: String?) throws {
    let scratch = try Scratch()
    // What is above the repository does not count.
    try scratch.write("site_name: x\ndocs_dir: \".\"\n", to: "mkdocs.yml")
    try scratch.write("ref: refs/heads/main\n", to: "repository/.git/HEAD")
    try scratch.write(text, to: "repository/\(settings)")
    let drawn = try scratch.draw("```grad explorer" + program, name: "repository/\(page)")
    #expect(drawn.messages == [])
    let lines = try region(drawn)
    guard let up else {
      #expect(lines[0].hasPrefix("[![") && lines.count == 3, "\(lines)")
      return
    }
    #expect(lines.count == 2 && lines[1] == "" && drawn.figures.count == 1, "\(lines)")
    let match = try #require(lines[0].wholeMatch(of: frame), "\(lines)")
    let stem = URL(fileURLWithPath: page).deletingPathExtension().lastPathComponent
    #expect(match.output.1 == "\(up)figures/\(stem)-1-explorer.html")
    #expect((600...900).contains(try #require(Int(match.output.3))))
  }

  @Test func `a frame stands below figures that were asked for, in quotations, too, and a second run changes nothing`()
    throws
  {
    let scratch = try Scratch()
    let text =
      "> ```grad explorer=frame stage=loss table title=\"a < \\\"b\\\"\"\n> param a = 2\n> loss L = a * a\n> ```\n> after\n"
    let drawn = try scratch.draw(text)
    #expect(drawn.messages == [])
    #expect(names(drawn) == ["page-1-explorer.html", "page-1-loss.svg"])
    let shown = html(drawn.bytes)
    let match = try #require(shown.firstMatch(of: frame))
    #expect(match.output.2 == "a &lt; &quot;b&quot;")
    #expect(shown.contains("| L | 4 |") && shown.contains("after"))
    let again = try scratch.draw(drawn.bytes)
    #expect(!again.isChanged && again.findings.isEmpty && again.bytes == drawn.bytes)
    let linked = try scratch.draw(drawn.text.replacing("explorer=frame", with: "explorer=link"))
    #expect(linked.isChanged && linked.text.contains("> [![a &lt; \"b\"."))
  }

  // MARK: The file

  @Test func `it is the page that draw writes, found stale, and removed with its block`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer()
    let drawn = try scratch.draw("# Net\n\n```grad explorer stage=none" + program, with: drawer)
    try scratch.write(drawn.text, to: "page.md")
    let file = try #require(drawn.figures.first)
    let page = String(decoding: file.bytes, as: UTF8.self)
    #expect(page.hasPrefix("<!doctype html>") && page.contains("<title>Net – explorer</title>"))
    #expect(page.contains(/<\/script><\/body><\/html>\n+<!-- gradviz document: \.\.\/page\.md [0-9a-f]{16} -->\n$/))
    #expect(drawn.outdatedFigures().isEmpty)
    let changed = try scratch.drawOnly(drawn.text.replacing("a = 2", with: "a = 3"), with: drawer)
    #expect(changed.outdatedFigures().map(\.finding.kind) == [.stale])
    let without = try scratch.drawOnly(drawn.text.replacing("explorer stage=none", with: "stage=none"), with: drawer)
    #expect(!without.text.contains("gradviz:"))
    try scratch.write(without.text, to: "page.md")
    let orphans = [without].orphanedFigures()
    #expect(orphans.map(\.path) == [file.path])
    #expect(try orphans.first?.remove() == true && !FileManager.default.fileExists(atPath: file.path))
  }

  @Test func `pages of the reader's own are neither removed nor written over`() throws {
    let scratch = try Scratch()
    try scratch.write("<!doctype html>mine\n", to: "figures/page-2-explorer.html")
    try scratch.write("<!doctype html>mine\n", to: "figures/page-1-explorer.html")
    let drawn = try scratch.drawOnly("```grad explorer" + program)
    #expect(drawn.messages.count == 1 && drawn.messages[0].contains("gradviz did not draw it for a page"))
    #expect([try scratch.drawOnly("text\n")].orphanedFigures().isEmpty)
  }

  @Test(arguments: [
    ("\nparam a = 2\nb = a * a\n```\n", "there is no explorer: the program has no `loss`"),
    (
      "\nlevel scalar\nparam w = ones(20, 20)\nloss L = sum(w * w)\n```\n",
      "the explorer shows up to 300 values, and this program has"
    ),
  ])
  func `a program without an explorer is refused at the word`(program: String, message: String) throws {
    let drawn = try Scratch().draw("```grad stage=forward explorer" + program)
    #expect(drawn.figures.isEmpty)
    #expect(drawn.messages.count == 1 && drawn.messages[0].hasPrefix("1:23: \(message)"), "\(drawn.messages)")
  }
}
