import Foundation
import GradvizTestSupport
import Testing

/// No set or dictionary is iterated where its order could show, since it differs between processes.
@Suite("Order of collections")
struct OrderTests {
  /// Findings of the scan that are correct code, each with the reason.
  private static let allowed: [(file: String, text: String, reason: String)] = [
    ("Autograd/Tape/TapeRecords.swift", "labels.values.compactMap", "the names go into a set"),
    (
      "Autograd/Expansion/ScalarExpansion.swift", "for (node, label) in source.labels",
      "all have to hold; nothing is kept"
    ),
    ("Autograd/Expansion/ScalarExpansion.swift", "names.reserve(name)", "the names go into a set"),
    (
      "GradvizDocuments/Regions/RegionFinder.swift", "marks.sorted(by: { $0.key",
      "sorted by line, and a line has one mark"
    ),
    ("GradvizFigures/Panels/UpdateRow.swift", "let exact = results(", "a function that gives a pair"),
    ("GradvizFigures/Panels/UpdateRow.swift", "!exact.isFinite", "a number of its result"),
    ("GradvizFigures/Panels/UpdateRow.swift", "let result = results.terms[term.name]", "looked up by name"),
    ("GradvizFigures/Panels/UpdateRow.swift", "admits(results.step)", "a number of its result"),
    (
      "GradLanguage/Program/Program.swift", "issues.prefix(DiagnosticList.limit)",
      "an array, in the order of the program"
    ),
    ("GradvizFigures/Wires/WirePlaces.swift", "for member in middles.indices", "the indices of an array"),
    ("GradvizKit/TrainingComparison.swift", "Optimizer.names.joined", "an array"),
    ("gradviz/Commands/Train.swift", "Optimizer.names.joined", "an array"),
    ("gradviz/Files/FileGroup.swift", "for keeper in keepers.values", "each is closed and removed"),
    ("GradvizFigures/Folding/Excerpt.swift", "for name in Set(", "each name has an entry of its own"),
    ("GradLanguage/Program/Recording.swift", "tensor.data = all.rows(rows).numbers", "an array of rows"),
    ("GradvizPlots/Plot/Field.swift", "let starts = ends.keys.sorted", "the rule tells any two edges apart"),
  ]

  @Test func `sets and dictionaries are iterated only where their order cannot show`() throws {
    let folder = Project.folder.appendingPathComponent("Sources").path
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
      .sorted()
    #expect(names.count > 100)
    let sources = try names.map { name in
      (name: name, text: try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
    }
    let findings = UnorderedScan.findings(in: sources)
    for finding in findings {
      let isAllowed = Self.allowed.contains { finding.file == $0.file && finding.text.contains($0.text) }
      #expect(
        isAllowed, "\(finding); sort it, keep it in an array or an OrderedTable, or say why its order cannot show")
    }
    for entry in Self.allowed {
      let isFound = findings.contains { $0.file == entry.file && $0.text.contains(entry.text) }
      #expect(isFound, "\(entry.file) has no `\(entry.text)`; take it off the list")
    }
  }

  @Test func `the scan finds iterations, however the collection is declared`() {
    let text = """
      struct Table {
        var cells: [Int: Double] = [:]
        private let names: Set<String>
        var list: [[Int: Int]] = []
        func totals() -> [String: Int] { [:] }
        func f(_ own: inout [Int: [Int]], flags: Set<Int>, rest: [Int]) {
          let copy = cells
          for (key, value) in cells { print(key, value) }        // 8
          for key in self.cells.keys { print(key) }              // 9
          print(cells.values.reduce(0, +))                       // 10
          print(names.map(\\.count), flags.first as Any)          // 11, 11
          let sum = own.filter { $0.key > 2 }.map(\\.key)         // 12
          for total in totals() { print(total) }                 // 13
          print(copy.min { $0.value < $1.value } as Any)         // 14
          print("\\(names.joined())", Array(flags))               // 15, 15
          let (a, b): ([Int: Int], [Int]) = ([:], [])
          for pair in a { print(pair) }                          // 17
          for number in Set(rest) { print(number) }              // 18
          print(rest + flags, flags.sorted { $0 % 2 < $1 % 2 })  // 19, 19
          for number in b { print(number) }
        }
      }
      """
    let findings = UnorderedScan.findings(in: [(name: "Module/Table.swift", text: text)])
    #expect(findings.map(\.line) == [8, 9, 10, 11, 11, 12, 13, 14, 15, 15, 17, 18, 19, 19])
  }

  @Test func `the scan passes by what shows no order`() {
    let text = """
      struct Table {
        var cells: [Int: Double] = [:]
        func f(_ flags: Set<Int>, names: [String]) -> Bool {
          for key in cells.keys.sorted() { print(cells[key] ?? 0) }
          // for key in cells { }
          let words = "for key in cells { }"
          let found = Set(names).sorted()
          for name in found { print(name, words) }
          for name in names { print(name) }
          let cells = [1, 2]
          for cell in cells { print(cell) }
          return flags.contains(2) && flags.count > 1 && flags.isSubset(of: [1]) && self.cells.keys.max() == 3
        }
        func g(cells: [Int]) { for cell in cells { print(cell) } }
      }
      """
    #expect(UnorderedScan.findings(in: [(name: "Module/Table.swift", text: text)]) == [])
  }
}
