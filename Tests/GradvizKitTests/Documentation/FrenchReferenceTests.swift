import Foundation
import GradvizTestSupport
import Testing

/// The pages of the reference are there in French: what the English page lists is on the French one, in the same order.
@Suite("The reference in French")
struct FrenchReferenceTests {
  struct Page: CustomTestStringConvertible {
    let english: String
    let french: String
    var testDescription: String { french }

    init(_ english: String, _ french: String) {
      self.english = english
      self.french = french
    }

    func texts() throws -> [Text] { try [Text("Reference/\(english)"), Text("French/Reference/\(french)")] }
  }

  static let pages = [
    Page("TheCommandLine", "LaLigneDeCommande"), Page("TheGradLanguage", "LeLangageGrad"),
    Page("TheFigures", "LesFigures"), Page("TheJSONFormat", "LeFormatJSON"),
    Page("StepsFromPython", "PasDepuisPython"), Page("FiguresInPages", "FiguresDansLesPages"),
    Page("FiguresInYourPackage", "FiguresDansVotrePaquet"), Page("DrawingWithGraphviz", "DessinerAvecGraphviz"),
    Page("Installing", "Installation"), Page("SlidesAndPapers", "DiaposEtArticles"),
  ]
  /// Pages that say the same in their own order, or less: `PageCommandTests` runs what they show.
  private static let own = [Page("Training", "Entrainement"), Page("Exercises", "Exercices")]

  private static let catalog = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc")

  /// A page, its code apart from its prose.
  struct Text {
    /// The lines that are headings, by their level, rows of tables, items of lists and code.
    private(set) var kinds: [String] = []
    private(set) var prose = ""
    /// The lines that open a block with a figure of a file.
    private(set) var figures: [String] = []
    private(set) var pictures = 0

    init(_ page: String) throws {
      let text = try String(contentsOf: catalog.appending(path: page + ".md"), encoding: .utf8)
      var fence: Substring?
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        let marks = line.prefix { $0 == "`" }
        if line.hasPrefix("```grad include=") { figures.append(String(line)) }
        if fence != nil || marks.count >= 3 || line.hasPrefix("    ") {
          kinds.append("code")
          fence = fence == nil && marks.count >= 3 ? marks : line == fence ? nil : fence
        } else if line.hasPrefix("![") {
          pictures += 1
        } else if !line.hasPrefix("<!--"), line != "-->" {
          prose += line + "\n"
          if let kind = line.prefixMatch(of: /#+ |- | *\|/) { kinds.append(String(kind.output)) }
        }
      }
    }

    /// The options and words of programs and formats in the prose, placeholders left out.
    var words: [String] {
      prose.matches(of: /`([^`]+)`/).map { String($0.output.1) }
        .filter { $0.wholeMatch(of: /-{0,2}[a-z][A-Za-z0-9_]*(?:-[a-z]+)*/) != nil }.sorted()
    }
    /// The prose without code.
    var plain: String { prose.replacing(/`[^`]+`/, with: "") }
    /// The numbers in it, with points and without spaces before three digits.
    var numbers: [String] {
      plain.replacing(/[ \u{A0}](?=[0-9]{3}(?![0-9]))/, with: "").matches(of: /[0-9]+(?:[.,][0-9]+)?/)
        .map { $0.output.replacing(",", with: ".") }.map(String.init).sorted()
    }
  }

  @Test func `every page of the reference is there in French, and listed`() throws {
    func names(_ folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: Self.catalog.appending(path: folder).path)
        .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
    }
    let all = Self.pages + Self.own
    #expect(try names("Reference") == all.map(\.english).sorted())
    #expect(try names("French/Reference") == all.map(\.french).sorted())
    let list = try String(contentsOf: Self.catalog.appending(path: "French/EnFrancais.md"), encoding: .utf8)
    for page in all { #expect(list.contains("- <doc:\(page.french)>"), "\(page.french)") }
  }

  @Test(arguments: pages) func `a page has all of the English one`(_ page: Page) throws {
    let texts = try page.texts()
    #expect(texts[0].kinds.count > 8 && texts[0].words.count + texts[0].numbers.count > 7)
    #expect(texts[0].kinds == texts[1].kinds, "headings, rows, items or code")
    #expect(texts[0].words == texts[1].words, "words in backquotes")
    #expect(texts[0].numbers == texts[1].numbers, "numbers")
    #expect(texts[0].figures.count == texts[1].figures.count)
    #expect(texts[0].pictures == texts[1].pictures)
    for figure in texts[1].figures { #expect(figure.contains(" lang=fr "), "\(figure)") }
  }

  @Test(arguments: pages) func `a page is in French`(_ page: Page) throws {
    let plain = try page.texts()[1].plain.replacing(/\((?:forward pass|backward pass|learning rate)\)/, with: "")
    #expect(!plain.contains(/\b(?:the|and|with|of)\b|\b(?:forward|backward) pass\b|\blearning rate\b/))
    #expect(!plain.contains(/'/))
  }

  @Test func `every French page has the spaces of French`() throws {
    let folder = Self.catalog.appending(path: "French").path
    let pages = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
    #expect(pages.count > 55)
    for page in pages {
      let plain = try Text("French/" + page.dropLast(3)).plain
      let found = plain.matches(of: /.{0,20}(?:[ ][:;?!»%]|« ).{0,20}/).map { String($0.output) }
      #expect(found.isEmpty, "\(page): \(found)")
    }
  }
}
