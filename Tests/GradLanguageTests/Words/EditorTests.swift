import Autograd
import Foundation
import Testing

@testable import GradLanguage

/// The grammar for editors, `Editor/grad.tmLanguage.json`, has the words of the language, and no others.
@Suite("Editor")
struct EditorTests {
  private struct Grammar: Decodable {
    struct Pattern: Decodable {
      var name: String?
      var match: String?
      var begin: String?
      var end: String?
      var include: String?
      var patterns: [Pattern]?
    }
    var scopeName: String
    var fileTypes: [String]
    var patterns: [Pattern]
    var repository: [String: Pattern]
  }

  private func grammar() throws -> Grammar {
    let file = Samples.folder.deletingLastPathComponent()
      .appendingPathComponent("Sources/GradLanguage/Editor/grad.tmLanguage.json")
    return try JSONDecoder().decode(Grammar.self, from: Data(contentsOf: file))
  }

  private func expressions(_ grammar: Grammar) throws -> [String: String] {
    let parts = try #require(grammar.repository["expression"]?.patterns)
    return Dictionary(
      uniqueKeysWithValues: parts.compactMap { part in part.name.flatMap { name in part.match.map { (name, $0) } } })
  }

  /// The words between the first parenthesis of a pattern and the next.
  private func words(_ pattern: String?) throws -> [String] {
    let pattern = try #require(pattern)
    let start = try #require(pattern.firstIndex(of: "("))
    let end = try #require(pattern[start...].firstIndex(of: ")"))
    return pattern[pattern.index(after: start)..<end].split(separator: "|").map(String.init)
  }

  @Test func `the words of the grammar are those of the language`() throws {
    let grammar = try grammar()
    let declaring = Vocabulary.Keyword.allCases.filter(\.declares).map(\.rawValue)
    let expressions = try expressions(grammar)
    #expect(try words(grammar.repository["declaration"]?.match) == declaring.sorted())
    #expect(
      try words(grammar.repository["setting"]?.match)
        == Vocabulary.keywordNames.filter { !declaring.contains($0) && $0 != "def" }.sorted())
    #expect(
      try words(expressions["support.function.grad"]) == (Vocabulary.functionNames + ["range"]).sorted())
    #expect(
      try words(expressions["support.function.optimizer.grad"])
        == (Array(OptimizerChecker.optimizers.keys) + OptimizerChecker.schedules.keys).sorted())
    #expect(
      try words(expressions["constant.language.grad"])
        == (["True", "False", "None"] + Vocabulary.constants.keys).sorted())
  }

  @Test func `its parts refer to one another, and its expressions are valid`() throws {
    let grammar = try grammar()
    #expect(grammar.scopeName == "source.grad" && grammar.fileTypes == ["grad"])
    for pattern in grammar.patterns {
      let name = try #require(pattern.include)
      #expect(grammar.repository[String(name.dropFirst())] != nil, "\(name)")
    }
    var pending = Array(grammar.repository.values)
    var count = 0
    while let pattern = pending.popLast() {
      pending += pattern.patterns ?? []
      for text in [pattern.match, pattern.begin, pattern.end].compactMap(\.self) {
        #expect(throws: Never.self) { try NSRegularExpression(pattern: text) }
        count += 1
      }
    }
    #expect(count > 10)
  }

  /// The parts of a line that a pattern finds.
  private func found(_ pattern: String?, in line: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: try #require(pattern))
    let whole = NSRange(line.startIndex..., in: line)
    return expression.matches(in: line, range: whole).compactMap { Range($0.range, in: line).map { String(line[$0]) } }
  }

  @Test func `lines of a program are found`() throws {
    let grammar = try grammar()
    let expressions = try expressions(grammar)
    #expect(try found(grammar.repository["declaration"]?.match, in: "predict ŷ = tanh(n)") == ["predict ŷ"])
    #expect(try found(grammar.repository["declaration"]?.match, in: "n = input").isEmpty)
    #expect(try found(grammar.repository["setting"]?.match, in: "batch 32 shuffle seed 1") == ["batch"])
    // A setting's word may name a value.
    #expect(try found(grammar.repository["setting"]?.match, in: "scale = 2").isEmpty)
    #expect(try found(grammar.repository["definition"]?.match, in: "def cell(x, h):") == ["def cell"])
    let line = "h = where(x > 0 and not y, tanh(x2 @ W) ** 2, 1e-3) + pi"
    #expect(try found(expressions["support.function.grad"], in: line) == ["where", "tanh"])
    #expect(try found(expressions["constant.numeric.grad"], in: line) == ["0", "2", "1e-3"])
    #expect(try found(expressions["keyword.operator.word.grad"], in: line) == ["and", "not"])
    #expect(try found(expressions["keyword.operator.grad"], in: line) == ["=", ">", "@", "**", "-", "+"])
  }
}
