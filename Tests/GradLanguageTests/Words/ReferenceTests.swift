import Autograd
import Foundation
import GradvizGraph
import Testing

@testable import GradLanguage

/// The reference is correct: its examples run, its diagnostics are real, its lists are complete.
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

  @Test(arguments: [
    "README.md", "Sources/GradvizDocuments/README.md", "Sources/GradLanguage/Source/Diagnostic.swift",
  ])
  func messagesOnPagesAreTheProgramsOwn(page: String) throws {
    let folder = Samples.folder.deletingLastPathComponent()
    let text = try String(contentsOf: folder.appendingPathComponent(page), encoding: .utf8)
      .replacing(/(?m)^(    |  \/\/\/ )/, with: "")
    let message = try Regex<(Substring, Substring, Substring, Substring)>(
      #"(?m)^([a-z]+\.(?:grad|md)):([0-9]+):[0-9]+: error: .*\n[0-9]+ \| (.*)\n +\| +\^~*$"#)
    let shown = text.matches(of: message)
    #expect(!shown.isEmpty, "\(page) shows no message")
    for match in shown {
      let line = try #require(Int(match.output.2))
      let program = String(repeating: "\n", count: line - 1) + match.output.3
      var said: [String] = []
      do { _ = try parse(program) } catch {
        said = error.diagnostics.map { $0.rendered(file: String(match.output.1)) }
      }
      #expect(said.contains(String(match.output.0)), "\(page) shows\n\(match.output.0)\nbut it is\n\(said)")
    }
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

  @Test func anInfiniteGradientTimesASlopeOfZeroIsNotANumber() throws {
    #expect(try reference().contains("`sqrt(relu(x))` has the gradient NaN below 0"))
    let recording = try parse("param x = -1\nloss L = sqrt(relu(x))").record()
    try #require(recording.loss).backward()
    #expect(recording.names["x"]?.gradient.allSatisfy(\.isNaN) == true)
  }

  @Test func limitsAreTheOnesInForce() throws {
    let text = try reference()
    let plain = text.replacing(" ", with: "")
    let limits = Limits()
    for (what, usual, flag) in [
      ("size of a source", "\(limits.programBytes >> 20)MiB", "size"),
      ("all data files of a program", "\(limits.dataBytes >> 20)MiB", "size"),
      ("nesting of brackets, signs, powers and function calls", "\(limits.nesting)", "nesting"),
      ("names, numbers and operations, after expanding functions", "\(limits.values)", "values"),
      ("numbers and operations at `level scalar`", "\(limits.values)", "values"),
      ("entries of all values together", "\(limits.entries)", "entries"),
      ("operations in a forward pass", "\(limits.operations)", "operations"),
      ("steps of a training run", "\(limits.steps)", "steps"),
    ] {
      #expect(plain.contains("|\(what.replacing(" ", with: ""))|\(usual)|`--max-\(flag)`|"), "\(what)")
    }
    #expect(plain.contains("|parametersofafunction|\(Parser.maxParameters)|"))
    #expect(plain.contains("|lengthofaname,ofatitle|\(Limits.nameBytes),\(Limits.textBytes)bytes|"))
    #expect(text.contains("up to \(Program.automaticScalarLimit) of them"))
    #expect(text.contains("at most \(DiagnosticList.limit) errors"))
    #expect(text.contains("an update with \(Program.defaultRate)"))
  }

  /// The table of diagnostics quotes messages; a program produces each row.
  @Test(arguments: [
    ("inptu x = 3", "unknown keyword `inptu`; did you mean `input`?"),
    ("a = late\nparam late = 3", "`late` is used before it is declared on line 2; move that line up"),
    ("param w = 1\nw = 2", "`w` is already declared on line 1; take another name"),
    (
      "input x = ones(4, 3)\nparam w = [1, 2]\ny = x @ w",
      "`x @ w`: x is 4×3, w has 2 entries: the inner sizes 3 and 2 differ"
    ),
    (
      "param w = [1, 2]\nloss L = w * 2",
      "the loss must be a scalar, but `L` has 2 entries; `sum(…)` or `mean(…)` makes it a scalar"
    ),
    (
      "input x = [[1, 2], [3]]",
      "the list is ragged: this row has 1 entry, the first has 2 entries; all rows need the same number of entries"
    ),
    ("x = (1 + 2", "`(` is never closed"),
    ("x = 2 ^ 3", "`^` has no meaning here; powers are written `**`"),
    ("param a = 1\ngradients symbolc", "unknown value `symbolc` for `gradients`; did you mean `symbolic`?"),
  ]) func quotesWhatIsSaid(text: String, quote: String) throws {
    #expect(try reference().contains(quote))
    let said = messages(text)
    #expect(said.count == 1)
    #expect(try #require(said.first).hasSuffix(": " + quote))
  }
}
