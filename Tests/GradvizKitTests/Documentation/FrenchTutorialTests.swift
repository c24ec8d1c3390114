import Foundation
import GradvizTestSupport
import Testing

/// The tutorial is there in French, step by step, with the same numbers.
@Suite("The tutorial in French")
struct FrenchTutorialTests {
  private static func text(_ file: String) throws -> String {
    let catalog = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc")
    return try String(contentsOf: catalog.appending(path: file), encoding: .utf8)
  }

  private static func directives(_ text: String) -> [String] {
    text.matches(of: /@[A-Z][A-Za-z]+/).map { String($0.output) }
  }

  /// The numbers in a text, with points; the order of a sentence is the language's own.
  private static func numbers(_ text: String) -> [String] {
    text.matches(of: /−?[0-9]+(?:[.,][0-9]+)?/).map { String($0.output).replacing(",", with: ".") }.sorted()
  }

  /// What it shows and runs, in its order.
  private static func files(_ text: String) -> [String] {
    text.matches(of: /(?:file|previousFile|source): "?[a-z0-9.-]+"?|`gradviz [^`]+`/).map { String($0.output) }
  }

  @Test(arguments: [
    ("DrawYourFirstGradient", "DessinezVotrePremierGradient", 40), ("LearningGradviz", "ApprendreGradviz", 5),
  ])
  func `it has all of the English one`(_ english: String, _ french: String, _ least: Int) throws {
    let texts = try [english, french].map { try Self.text("Tutorials/\($0).tutorial") }
    let directives = texts.map(Self.directives)
    #expect(directives[0].count > least && directives[0] == directives[1])
    #expect(Self.numbers(texts[0]) == Self.numbers(texts[1]))
    #expect(Self.files(texts[0]).map { $0.replacing("first", with: "premier") } == Self.files(texts[1]))
    #expect(!texts[1].contains(/[ ][:;?!»%]|'|\b(?:the|and|with|of)\b/))
  }

  @Test(arguments: 1...4) func `its programs are those of the English one`(_ number: Int) throws {
    let texts = try ["first", "premier"].map { try Self.text("Resources/\($0)-\(number).grad") }
    #expect(texts[1].contains("lang fr\n"))
    let same = texts[1].replacing("lang fr\n", with: "").replacing("Mon premier gradient", with: "My first gradient")
    #expect(String(same.trimmingPrefix("\n")) == texts[0])
  }
}
