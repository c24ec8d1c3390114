import Foundation
import GradvizTestSupport
import Testing

/// The deck, the paper, the poster and the handout of `Samples/tex`, made by its Makefile.
@Suite(
  "LaTeX samples",
  .enabled(
    if: Project.tool("pdflatex") != nil && Project.tool("make") != nil && Project.tool("pdfinfo") != nil,
    "pdflatex, make or poppler-utils is not installed"))
struct TeXSampleTests {
  @Test func `one make makes every PDF`() throws {
    let folder = try TemporaryFolder()
    let samples = Project.folder.appending(path: "Samples")
    let files = FileManager.default
    try files.createDirectory(at: folder.file("tex"), withIntermediateDirectories: false)
    for name in try files.contentsOfDirectory(atPath: samples.path) where name.hasSuffix(".grad") {
      try files.copyItem(at: samples.appending(path: name), to: folder.file(name))
    }
    for name in try files.contentsOfDirectory(atPath: samples.appending(path: "tex").path) where name != "build" {
      try files.copyItem(at: samples.appending(path: "tex/\(name)"), to: folder.file("tex/\(name)"))
    }
    let make = try #require(Project.tool("make"))
    let result = try ProcessResult(make, ["-C", "tex", "GRADVIZ=\(Project.gradviz)"], in: folder.url)
    #expect(result.status == 0, "\(result.text.suffix(800)) \(result.errors)")
    let build = folder.file("tex/build")
    func info(_ name: String) throws -> (pages: Int, width: Double, height: Double) {
      let text = try ProcessResult(try #require(Project.tool("pdfinfo")), [name], in: build).text
      let pages = try #require(text.firstMatch(of: /Pages: +([0-9]+)/)?.1)
      let size = try #require(text.firstMatch(of: /Page size: +([0-9.]+) x ([0-9.]+)/))
      return (Int(pages) ?? 0, Double(size.1) ?? 0, Double(size.2) ?? 0)
    }
    // A title, the forward pass, each step of the backward pass, the update; forward mode, second order and depth.
    let steps = try info("steps/backward.pdf").pages
    #expect(steps > 3)
    #expect(try info("deck.pdf").pages == steps + 6)
    #expect(try info("poster.pdf").pages == 1)
    #expect(try info("paper.pdf").pages == 1)
    #expect(try info("handout.pdf").pages > 1)
    for name in ["sheet", "solution"] { #expect(try info("feuille/\(name).pdf").pages == 4) }
    let pages = try files.contentsOfDirectory(atPath: build.appending(path: "feuille").path)
    #expect(pages.filter { $0.hasSuffix(".html") }.sorted() == (1...4).map { "sheet-\($0).html" })
    // The smallest letters of a figure have 12.4 points; in the paper they have 7 or more.
    let points = 84 / 25.4 * 72
    #expect(12.4 * points / (try info("column.pdf").width) >= 7)
    let paper = try String(contentsOf: folder.file("tex/paper.tex"), encoding: .utf8)
    #expect(paper.contains("\\includegraphics[width=84mm]{column.pdf}"))
    // So they have in the handout, on a page of A4 with margins of 15 mm, and on a slide of 14 cm of text.
    for name in ["neurone-forward", "gradient-backward"] {
      let figure = try info("figures/handout-\(name).pdf")
      let scale = min(180 / 25.4 * 72 / figure.width, 0.9 * 267 / 25.4 * 72 / figure.height)
      #expect(12.4 * scale >= 7, "\(name): \(figure)")
    }
    for name in ["steps/backward.pdf", "forward-mode.pdf"] {
      let figure = try info(name)
      let scale = 140 / 25.4 * 72 / figure.width
      #expect(12.4 * scale >= 7 && figure.height * scale < 70 / 25.4 * 72, "\(name): \(figure)")
    }
    for name in ["deck", "paper", "poster", "handout"] {
      let log = try String(decoding: Data(contentsOf: build.appending(path: "\(name).log")), as: UTF8.self)
      let wide = log.matches(of: /Overfull \\hbox \(([0-9.]+)pt/).compactMap { Double($0.1) }
      #expect(!log.contains("Missing character") && wide.allSatisfy { $0 < 5 }, "\(name): \(wide)")
    }
    // A second make has nothing to do.
    #expect(try ProcessResult(make, ["-C", "tex", "-q", "GRADVIZ=\(Project.gradviz)"], in: folder.url).status == 0)
  }
}
