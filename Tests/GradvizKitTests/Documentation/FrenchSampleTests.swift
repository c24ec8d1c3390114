import Foundation
import GradvizTestSupport
import Testing

/// Each page of a sample is there in French, with the same program and all that the English page says.
@Suite("Samples in French")
struct FrenchSampleTests {
  private static let catalog = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc")

  private static func text(_ file: String) throws -> String {
    try String(contentsOf: catalog.appending(path: file), encoding: .utf8)
  }

  /// The French pages, by their places below `French/Samples`: `Networks/ExempleMlp`.
  static let pages: [String] = {
    let folder = catalog.appending(path: "French/Samples").path
    return ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".md") && $0.contains("/") }.map { String($0.dropLast(3)) }.sorted()
  }()

  /// The place of the English page of a French one: `Networks/SampleMlp`.
  private static func english(_ page: String) -> String { page.replacing("Exemple", with: "Sample") }

  /// The pages of a list in their order, each under its English name, and `###` for a heading.
  private static func list(_ file: String) throws -> [String] {
    try text(file).split(separator: "\n").map(String.init).filter { $0.hasPrefix("- <doc:") || $0.hasPrefix("### ") }
      .map { $0.hasPrefix("#") ? "###" : $0.replacing("doc:Exemple", with: "doc:Sample") }
  }

  @Test func `every page is there in French, in the same order on the list`() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.catalog.appending(path: "Samples").path)
      .filter { $0.hasSuffix(".md") && $0 != "Samples.md" }.map { String($0.dropLast(3)) }.sorted()
    #expect(names.count >= 28)
    #expect(Self.pages.map(Self.english).sorted() == names)
    #expect(try Self.list("Samples/Samples.md") == Self.list("French/Samples/Exemples.md"))
    let all = try Self.text("French/EnFrancais.md")
    for page in ["Exemples", "ApprendreGradviz"] { #expect(all.contains("- <doc:\(page)>"), "\(page)") }
  }

  @Test(arguments: pages) func `a page has all of the English one, in French`(_ page: String) throws {
    let texts = try ["Samples/\(Self.english(page))", "French/Samples/\(page)"].map {
      try FrenchReferenceTests.Text($0)
    }
    #expect(texts[0].kinds.count > 15)
    #expect(texts[0].kinds == texts[1].kinds, "headings, rows, items or code")
    #expect(texts[0].words == texts[1].words, "words in backquotes")
    #expect(texts[0].numbers == texts[1].numbers, "numbers")
    #expect(texts[0].pictures == texts[1].pictures && texts[1].pictures > 0)
    // Titles of what is elsewhere are in its language.
    let plain = texts[1].plain.replacing(/\[[^\]]+\]\(https:/, with: "(https:")
    #expect(!plain.contains(/\b(?:the|and|with|of)\b|\b(?:forward|backward) pass\b|\blearning rate\b|'/))
  }

  /// The file and the stages of the figures of a page, and its other options.
  private static func options(_ text: String) throws -> [String] {
    let match = try #require(text.firstMatch(of: /```grad include=(\S+) stage=(\S+)(.*) name=figure hidden\n/))
    return [String(match.output.1), String(match.output.2), String(match.output.3)]
  }

  /// The program on a page, and its commands.
  private static func code(_ text: String) throws -> [String] {
    let match = try #require(text.firstMatch(of: /`\u{A0}?:\n\n```\n((?s:.+?))\n```\n(?s:.+?)\n```sh\n((?s:.+?))```\n/))
    return [String(match.output.1), String(match.output.2)]
  }

  @Test(arguments: pages) func `a page shows the same program, and its figures and explorer in French`(
    _ page: String
  ) throws {
    let texts = try ["Samples/\(Self.english(page)).md", "French/Samples/\(page).md"].map { try Self.text($0) }
    let options = try texts.map(Self.options)
    let title = String(texts[1].prefix { $0 != "\n" }.dropFirst(2))
    #expect(options[1] == ["../" + options[0][0], options[0][1], " explorer lang=fr title=\"\(title)\""])
    let code = try texts.map(Self.code)
    #expect(code[1] == [code[0][0], code[0][1].replacing(" -o ", with: " --lang fr -o ")])
    #expect(texts[1].contains("\nEn anglais\u{A0}: <doc:\(Self.english(page).split(separator: "/").last ?? "")>\n"))
    // The test of the English page knows which explorers compute.
    let change = texts[0].contains(", and change its numbers](") ? ", et changez ses nombres" : ""
    let file = "French-Samples-\(page.replacing("/", with: "-"))-figure-explorer.html"
    #expect(texts[1].contains("[Parcourez ce calcul pas à pas\(change)](/explorers/\(file))"))
  }
}
