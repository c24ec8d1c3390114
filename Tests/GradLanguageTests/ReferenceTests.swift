import Autograd
import Foundation
import Testing

@testable import GradLanguage

/// The reference says what is so: its examples run, its diagnostics are said, its lists are complete.
@Suite struct ReferenceTests {
  private func reference() throws -> String {
    let folder = Samples.folder.deletingLastPathComponent()
    return try String(
      contentsOf: folder.appendingPathComponent("Sources/GradLanguage/README.md"), encoding: .utf8)
  }

  @Test func exampleRunsAndItsGradientsAreRight() throws {
    let lines = try reference().split(separator: "\n", omittingEmptySubsequences: false)
    let example = lines.drop { !$0.hasPrefix("    ") }.prefix { $0.hasPrefix("    ") }
    let recording = try parse(example.joined(separator: "\n")).record()
    let loss = try #require(recording.loss)
    #expect(recording.warnings.isEmpty)
    let checks = recording.tape.check(loss)
    #expect(checks.count == 3)
    for check in checks { #expect(check.passes, "\(check)") }
  }

  @Test func everyWordIsExplained() throws {
    let text = try reference()
    for keyword in Vocabulary.keywordNames { #expect(text.contains("`\(keyword)"), "\(keyword)") }
    for function in Vocabulary.functionNames {
      let pattern = try Regex("[` ]\(function)[(` ]")
      #expect(text.contains(pattern), "\(function)")
    }
    for stage in Vocabulary.stages {
      #expect(text.contains("`\(stage)`") || text.contains("`stage \(stage)`"), "\(stage)")
    }
  }

  @Test func limitsAreTheOnesInForce() throws {
    let text = try reference()
    let plain = text.replacing(" ", with: "")
    #expect(plain.contains("|sizeofasource|\(Program.sourceLimit >> 20)MiB|"))
    #expect(plain.contains("|sizeofadatafile|\(DataFolder.fileLimit >> 20)MiB|"))
    #expect(plain.contains("|nestingofbrackets,signsandpowers|\(Parser.depthLimit)|"))
    #expect(plain.contains("|entriesofonevalue|\(Checker.elementLimit)|"))
    #expect(plain.contains("|entriesofallvalues|\(Int(Checker.totalElementLimit))|"))
    #expect(plain.contains("|numbersandoperationsat`levelscalar`|\(Program.scalarExpansionLimit)|"))
    #expect(text.contains("up to \(Program.automaticScalarLimit) of them"))
    #expect(text.contains("at most \(DiagnosticList.limit) errors"))
    #expect(text.contains("an update with \(Program.usualRate)"))
  }

  /// The table of diagnostics quotes; each row is said by a program.
  @Test(arguments: [
    ("inptu x = 3", "`inptu` is not a keyword; did you mean `input`?"),
    ("a = late\nparam late = 3", "`late` is used before it is declared in line 2; move that line up"),
    ("param w = 1\nw = 2", "`w` is declared already, in line 1; take another name"),
    (
      "input x = ones(4, 3)\nparam w = [1, 2]\ny = x @ w",
      "`x @ w`: x is 4×3, w has 2 entries: the inner sizes 3 and 2 differ"
    ),
    (
      "param w = [1, 2]\nloss L = w * 2",
      "the loss is one number, but `L` has 2 entries; `sum(…)` or `mean(…)` makes it one number"
    ),
    (
      "input x = [[1, 2], [3]]",
      "the list is ragged: this has 1 entry, the first has 2 entries; all rows need the same number of entries"
    ),
    ("x = (1 + 2", "`(` is never closed"),
    ("x = 2 ^ 3", "`^` has no meaning here; powers are written `**`"),
    ("param a = 1\ngradients symbolc", "`symbolc` is no value of `gradients`; did you mean `symbolic`?"),
  ]) func quotesWhatIsSaid(text: String, quote: String) throws {
    #expect(try reference().contains(quote))
    let said = messages(text)
    #expect(said.count == 1)
    #expect(try #require(said.first).hasSuffix(": " + quote))
  }
}
