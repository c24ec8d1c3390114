import Foundation
import Testing

@testable import Autograd
@testable import GradvizGraph

/// The page of the JSON format, its schema and the reader agree.
@Suite("The page of the JSON format")
struct GraphPageTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/GradvizGraph")

  private static func object(_ value: Any?) throws -> [String: Any] { try #require(value as? [String: Any]) }

  private static func schema() throws -> [String: Any] {
    let data = try Data(contentsOf: folder.appendingPathComponent("ComputationGraph.schema.json"))
    return try object(JSONSerialization.jsonObject(with: data))
  }

  /// The words in backquotes in the first cells of a table's rows, and each row's second cell.
  private static func table(_ page: String, after heading: String) throws -> [(keys: [String], text: String)] {
    let start = try #require(page.range(of: heading)?.upperBound)
    let lines = page[start...].split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { !$0.hasPrefix("|---") }.dropFirst().prefix { $0.hasPrefix("|") }.map { row in
      let cells = row.split(separator: "|", maxSplits: 1)
      return (cells[0].matches(of: /`(\w+)`/).map { String($0.1) }, String(cells[1]))
    }
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.matches(of: /`(\w+)`/).map { String($0.1) })
  }

  @Test func `page, schema and reader have the same members`() throws {
    let page = try String(
      contentsOf: Self.folder.appendingPathComponent("ComputationGraph.md"), encoding: .utf8)
    let schema = try Self.schema()
    let definitions = try Self.object(schema["$defs"])
    let members = try Self.object(schema["properties"])
    let nodeMembers = try Self.object(Self.object(definitions["node"])["properties"])
    let shown = try Self.object(Self.object(definitions["presentation"])["properties"])
    let (top, node) = (
      try Self.table(page, after: "# The JSON format of graphs"), try Self.table(page, after: "A node:")
    )
    #expect(Set(top.flatMap(\.keys)) == Set(GraphJSONReader.Key.all.map(\.rawValue)))
    #expect(Set(members.keys) == Set(GraphJSONReader.Key.all.map(\.rawValue)))
    #expect(Set(node.flatMap(\.keys)) == Set(GraphJSONReader.NodeKey.all.map(\.rawValue)))
    #expect(Set(nodeMembers.keys) == Set(GraphJSONReader.NodeKey.all.map(\.rawValue)))
    #expect(Set(shown.keys) == Set(GraphJSONReader.PresentationKey.all.map(\.rawValue)))
    try Self.expectChoices(shown, Self.words(try #require(top.first { $0.keys == ["presentation"] }).text))
    // The values of a choice.
    let operations = Set(Tape.Operation.allCases.map(\.rawValue))
    #expect(Self.words(try #require(node.first { $0.keys == ["operation"] }).text) == operations)
    #expect(try Self.choices(nodeMembers["operation"]) == operations)
    let roles = Set(Role.allCases.map(\.rawValue))
    #expect(Self.words(try #require(node.first { $0.keys == ["role"] }).text) == roles)
    #expect(try Self.choices(nodeMembers["role"]) == roles)
    #expect(
      try Self.choices(members["level"]) == Set(ComputationGraph.Level.allCases.map(\.rawValue)))
    Self.expectLimits(page)
  }

  /// The members of a presentation on the page and in the schema, with all their values.
  private static func expectChoices(_ shown: [String: Any], _ words: Set<String>) throws {
    let choices: [[String]] = [
      ComputationGraph.Presentation.Gradients.allCases.map(\.rawValue),
      ComputationGraph.Presentation.Direction.allCases.map(\.rawValue),
      ComputationGraph.Presentation.Language.allCases.map(\.rawValue),
      ComputationGraph.Presentation.DecimalMark.allCases.map(\.rawValue),
      ComputationGraph.Presentation.ParameterStyle.allCases.map(\.rawValue),
      ComputationGraph.Presentation.Theme.allCases.map(\.rawValue),
      ComputationGraph.Presentation.Formulas.allCases.map(\.rawValue),
      ComputationGraph.Presentation.Samples.allCases.map(\.rawValue),
      ComputationGraph.Presentation.CloseUps.allCases.map(\.rawValue),
      ComputationGraph.Presentation.Background.allCases.map(\.rawValue),
      ComputationGraph.Presentation.View.allCases.map(\.rawValue),
    ]
    let chosen = [
      "gradients", "direction", "language", "decimal", "parameters", "theme", "formulas", "samples", "closeUps",
      "background", "view",
    ]
    #expect(words == Set(GraphJSONReader.PresentationKey.all.map(\.rawValue) + choices.flatMap { $0 }))
    for (key, values) in zip(chosen, choices) {
      #expect(try Self.choices(shown[key]) == Set(values), "\(key)")
    }
  }

  private static func expectLimits(_ page: String) {
    #expect(page.contains("`precision` (1–12)") && page.contains("at most 1 000 000"))
    let widths = ComputationGraph.Presentation.widths
    #expect(page.contains("`width` (\(Int(widths.lowerBound))–\(Int(widths.upperBound)), points)"))
    #expect(page.contains("`scale` (\(ComputationGraph.Presentation.scales.lowerBound)–20)"))
    #expect(page.contains("`dpi` (\(Int(ComputationGraph.Presentation.resolutions.lowerBound))–2400)"))
    let usual = Limits()
    for number in [usual.values, usual.operands, usual.entries] {
      let digits = String(number)
      let grouped = stride(from: digits.count, to: 0, by: -3).map { end in
        digits.dropLast(digits.count - end).suffix(3)
      }.reversed().joined(separator: " ")
      #expect(page.contains("\(grouped) "), "\(grouped)")
    }
  }

  /// The values of an `enum`, or of one that may also be null.
  private static func choices(_ value: Any?) throws -> Set<String> {
    let value = try object(value)
    if let words = value["enum"] as? [String] { return Set(words) }
    let cases = try #require(value["anyOf"] as? [[String: Any]])
    return Set(cases.compactMap { $0["enum"] as? [String] }.flatMap { $0 })
  }
}
