import Autograd
import Foundation
import GradvizTestSupport
import Testing

@testable import GradvizDocuments

/// Blocks of a LaTeX document, their PDF files, and the lines that include them.
@Suite("LaTeX documents")
struct TeXTests {
  private static let head = """
    \\documentclass{article}
    \\usepackage[utf8]{inputenc}
    \\usepackage{graphicx,verbatim}
    \\newenvironment{grad}[1][]{\\verbatim}{\\endverbatim}
    \\begin{document}

    """
  private static let document =
    head + """
      \\section{One step}
      Before.
        \\begin{grad}[stage=forward,backward, name=chain]
        input a = 2
        param b = -3
        loss L = a * b
        \\end{grad}

      \\begin{verbatim}
      \\begin{grad}
      nothing
      \\end{grad}
      \\end{verbatim}
      % \\begin{grad}
      \\begin{grad}[continue stage=derivative of=b]
      # The same again.
      \\end{grad}
      After.
      \\end{document}
      \\begin{grad}

      """

  private func figures(_ text: String) -> [String] {
    text.matches(of: /\\includegraphics\[.*?\]\{(.*?)\}/).map { String($0.1) }
  }

  @Test(arguments: ["\n", "\r\n"])
  func `a run adds the lines after the blocks and nothing else, a second one nothing`(lineEnd: String) throws {
    let folder = try Scratch()
    let document = Self.document.replacing("\n", with: lineEnd)
    let page = try folder.draw(document, name: "paper.tex")
    #expect(page.messages.isEmpty, "\(page.messages)")
    #expect(page.blockCount == 2 && page.isChanged)
    let names = ["paper-chain-forward.pdf", "paper-chain-backward.pdf", "paper-2-derivative.pdf"]
    #expect(figures(page.text) == names.map { "figures/\($0)" })
    #expect(page.figures.map { String($0.path.split(separator: "/").last ?? "") } == names)
    for figure in page.figures { #expect(figure.bytes.starts(with: Array("%PDF".utf8))) }
    // Without the regions, the page is what it was.
    var (own, regions, isInside) = ([String](), 0, false)
    for line in page.text.components(separatedBy: lineEnd) {
      if line.contains(/^ *% gradviz:begin [0-9a-f]{16}$/) { (isInside, regions) = (true, regions + 1) }
      if !isInside { own.append(line) }
      if line.contains(/^ *% gradviz:end$/) { isInside = false }
    }
    #expect(regions == 2 && own.joined(separator: lineEnd) == document)
    #expect(page.text.contains("  % One step. The forward pass computes L = −6.\(lineEnd)"))
    #expect(page.findings.map(\.kind) == [.missing, .missing])
    _ = try folder.write(page.text, to: "paper.tex")
    let again = try folder.draw(page.text, name: "paper.tex")
    #expect(!again.isChanged && again.findings.isEmpty && again.outdatedFigures().isEmpty)
    #expect([again].orphanedFigures().isEmpty)
    // A figure whose block is gone is one of this page.
    let shorter = page.text.replacing(#/stage=forward,backward/#, with: "stage=forward")
    _ = try folder.write(shorter, to: "paper.tex")
    let less = try folder.draw(shorter, name: "paper.tex")
    #expect(less.isChanged && figures(less.text).count == 2)
    let orphans = [less].orphanedFigures()
    #expect(orphans.map { String($0.path.split(separator: "/").last ?? "") } == [names[1]])
    #expect(orphans.allSatisfy { $0.reasonToKeep == nil })
  }

  @Test func `lines that gradviz did not write stay, and so does a figure that was edited`() throws {
    let folder = try Scratch()
    let page = try folder.draw(Self.document, name: "paper.tex")
    let mine = page.text.replacing("% gradviz:end\nAfter", with: "My own line.\n% gradviz:end\nAfter")
    #expect(mine != page.text)
    let kept = try folder.drawOnly(mine, name: "paper.tex")
    #expect(!kept.isChanged && kept.text == mine)
    #expect(kept.messages.count == 1 && kept.messages[0].contains("this region holds text that gradviz did not write"))
    let open = page.text.replacing("  % gradviz:end\n", with: "")
    let unclosed = try folder.drawOnly(open, name: "paper.tex")
    #expect(!unclosed.isChanged && unclosed.messages[0].contains("put `% gradviz:end` below"), "\(unclosed.messages)")
    let path = folder.file("figures/paper-2-derivative.pdf")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[200] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let edited = try folder.drawOnly(page.text, name: "paper.tex")
    #expect(edited.messages.count == 1 && edited.messages[0].contains("was edited by hand"), "\(edited.messages)")
  }

  @Test(arguments: [
    ("\\begin{grad}[stge=loss]\nparam a = 1\n\\end{grad}", "1:14: error: unknown option `stge`"),
    ("x\n  \\begin{grad}\n  param a = 1\n  loss L = thanh(a)\n  \\end{grad}", "4:12: error: unknown function `thanh`"),
    ("\\begin{grad}[stage=loss, table]\nparam a = 1\nloss L = a\n\\end{grad}", "1:26: error: `table` is not for LaTeX"),
    ("\\begin{grad}[hidden]\nparam a = 1\nloss L = a\n\\end{grad}", "1:14: error: `hidden` is not for LaTeX"),
    ("\\begin{grad}[explorer]\nparam a = 1\nloss L = a\n\\end{grad}", "1:14: error: `explorer` is not for LaTeX"),
    ("\\begin{grad}[theme=both]\nparam a = 1\nloss L = a\n\\end{grad}", "1:14: error: a PDF cannot follow its reader"),
    ("\\begin{grad}[stage=loss\nparam a = 1\n\\end{grad}", "1:1: error: the options of a block end with `]`"),
    ("\\begin{grad}\nparam a = 1\n", "1:1: error: the block has no end; write `\\end{grad}`"),
    ("\\begin{grad}\n\\end{grad}", "1:8: error: the block is empty"),
    ("% gradviz:end\n", "1:1: error: this mark ends a region that never begins"),
    ("% gradviz:begin\n% gradviz:end\n", "1:1: error: there is no block before this region"),
    ("% gradviz:start\n", "1:1: error: unknown gradviz mark; the marks are `% gradviz:begin …` and `% gradviz:end`"),
  ])
  func `an error is where it is, and the page stays`(text: String, message: String) throws {
    let page = try Scratch().drawOnly(text, name: "paper.tex")
    #expect(!page.isChanged && page.text == text)
    let first = try #require(page.problems.first).rendered()
    #expect(first.contains("paper.tex:\(message)"), "\(first)")
  }

  @Test func `a folder's LaTeX documents without blocks are not pages`() throws {
    let folder = try Scratch()
    _ = try folder.write(Self.document, to: "a.tex")
    _ = try folder.write("\\documentclass{article}\n", to: "b.tex")
    try Data([0x5C, 0xE9, 0xFF]).write(to: URL(fileURLWithPath: folder.file("c.tex")))
    _ = try folder.write("# Page\n", to: "d.md")
    #expect(PageFiles.pages(in: folder.path).map { String($0.split(separator: "/").last ?? "") } == ["a.tex", "d.md"])
  }

  @Test(arguments: ["pdf", "png"])
  func `figures of Markdown are PDF or PNG for Pandoc`(format: String) throws {
    let folder = try Scratch()
    let drawer = PageDrawer(.init(format: format == "pdf" ? .pdf : .png))
    let text = "```grad\nparam a = 2\nloss L = a**2\n```\n"
    let page = try folder.draw(text, with: drawer)
    #expect(page.messages.isEmpty && page.text.contains("](figures/page-1-backward.\(format))"), "\(page.text)")
    _ = try folder.write(page.text, to: "page.md")
    let again = try folder.draw(page.text, with: drawer)
    #expect(!again.isChanged && again.outdatedFigures().isEmpty && [again].orphanedFigures().isEmpty)
    // Another format leaves the first one's file unused.
    let svg = try folder.draw(page.text)
    #expect(svg.text.contains("page-1-backward.svg") && [svg].orphanedFigures().count == 1)
    let moving = try folder.drawOnly(text.replacing("grad\n", with: "grad animate\n"), with: drawer)
    #expect(moving.messages[0].contains("only an SVG replays its stage"))
  }

  @Test(
    .enabled(
      if: Project.tool("pdflatex") != nil && Project.tool("pdftotext") != nil, "pdflatex or pdftotext is not installed"),
    arguments: ["verbatim", "comment"])
  func `LaTeX sets the document, with its programs or without`(environment: String) throws {
    let folder = try Scratch()
    let page = try folder.draw(Self.document, name: "paper.tex")
    let shown = page.text.replacing(
      "{\\verbatim}{\\endverbatim}", with: "{\\\(environment)}{\\end\(environment)}")
    _ = try folder.write(shown, to: "paper.tex")
    let tex = try #require(Project.tool("pdflatex"))
    let result = try ProcessResult(
      tex, ["-halt-on-error", "-interaction=nonstopmode", "paper.tex"], in: URL(fileURLWithPath: folder.path))
    #expect(result.status == 0, "\(result.text.suffix(600))")
    let log = try String(decoding: Data(contentsOf: URL(fileURLWithPath: folder.file("paper.log"))), as: UTF8.self)
    for name in figures(page.text) { #expect(log.replacing("\n", with: "").contains("<\(name)"), "\(name)") }
    let reader = try #require(Project.tool("pdftotext"))
    let words = try ProcessResult(reader, ["paper.pdf", "-"], in: URL(fileURLWithPath: folder.path)).text
    #expect(words.contains("param b = -3") == (environment == "verbatim") && words.contains("After."))
  }
}
