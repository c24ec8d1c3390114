import Foundation
import GradvizTestSupport
import Testing

@testable import GradLanguage

/// Every function of the language has numbers from elsewhere, its formulas in the law of formulas, and its line in the reference.
@Suite struct CompletenessTests {
  /// Functions that no library evaluates from the same text, and the case of `functions.json` that has their numbers.
  static let elsewhere: [Vocabulary.Function: String] = [
    .rnn: "rnn start", .gru: "gru start", .lstm: "lstm start", .focal: "focal",
  ]

  /// What this language alone has, and the suite that holds its numbers against their definition.
  static let own: [Vocabulary.Function: String] = [
    .random: "LayerTests", .csv: "DataFileTests", .characters: "CharacterTests",
    .standardize: "TrainingLanguageTests", .hinge: "LossCodingTests", .argmax: "TrainingLanguageTests",
    .accuracy: "TrainingLanguageTests", .dense: "LayerTests", .dropout: "EvaluationTests",
  ]

  /// The functions that the text of the fixtures calls, under whatever names.
  private static let called: Set<String> = {
    let texts = LibraryCallTests.Case.all.map { LibraryCallTests.declarations + "result = \($0.text)" }
    return texts.reduce(into: []) { found, text in
      guard let program = try? parse(text) else { return }
      found.formUnion(program.tree.calls.map(\.name))
    }
  }()

  /// The functions in the programs whose formulas `FormulaLawTests` reads: samples, functions of arrays, random programs.
  private static let drawn: Set<String> = {
    var found = Set<String>()
    func add(_ program: Program?) { found.formUnion(program?.tree.calls.map(\.name) ?? []) }
    for sample in Samples.names { add(try? Samples.program(sample)) }
    for seed in 0..<UInt64((ArrayProgram.expressions.count + 2) / 3) {
      add(try? parse(ArrayProgram(seed: seed).source))
    }
    for program in Seeds.programs(default: 28) { add(try? parse(program.source)) }
    return found
  }()

  /// What makes data or measures, and so stands in no formula, and the same as an operator or another function.
  private static let withoutFormula: [Vocabulary.Function] = [.argmax, .accuracy]

  @Test(arguments: Vocabulary.Function.allCases)
  func `the formulas of a function are read by the law of formulas`(function: Vocabulary.Function) {
    #expect(Self.drawn.contains(function.rawValue) || Self.withoutFormula.contains(function))
  }

  private func functionsOfPyTorch() throws -> String {
    let folder = Samples.folder.deletingLastPathComponent()
    return try String(
      contentsOf: folder.appendingPathComponent("Tests/AutogradTests/Fixtures/functions.json"), encoding: .utf8)
  }

  @Test(arguments: Vocabulary.Function.allCases)
  func `a function has numbers from elsewhere`(function: Vocabulary.Function) throws {
    if let name = Self.elsewhere[function] {
      #expect(try functionsOfPyTorch().contains("\"name\":\"\(name)\""))
    } else if let suite = Self.own[function] {
      let tests = Samples.folder.deletingLastPathComponent().appendingPathComponent("Tests")
      let files = try #require(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
      let file = files.compactMap { $0 as? URL }.first { $0.lastPathComponent == "\(suite).swift" }
      let text = try String(contentsOf: try #require(file, "\(suite) is missing"), encoding: .utf8)
      #expect(text.contains("\(function.rawValue)("), "\(suite) does not call `\(function.rawValue)`")
    } else {
      #expect(Self.called.contains(function.rawValue), "no fixture calls `\(function.rawValue)`")
    }
  }

  @Test(arguments: Vocabulary.Function.allCases)
  func `a function has its line in the reference`(function: Vocabulary.Function) throws {
    let folder = Samples.folder.deletingLastPathComponent()
    let reference = try String(
      contentsOf: folder.appendingPathComponent("Sources/GradLanguage/README.md"), encoding: .utf8)
    let rows = reference.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let word = try Regex("[` ]\(function.rawValue)[(` ]")
    #expect(rows.contains { $0.split(separator: "|").first?.contains(word) == true })
  }
}
