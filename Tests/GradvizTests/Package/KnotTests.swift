import Foundation
import GradvizTestSupport
import Testing

/// Files that name each other's types in a circle are a knot: to understand one of them, all have to be read.
@Suite("Knots of files")
struct KnotTests {
  private static let maxFiles = 8

  @Test func `few files of a module need each other in a circle`() throws {
    let sources = Project.folder.appendingPathComponent("Sources")
    let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
    #expect(names.count > 100)
    for (module, files) in Dictionary(grouping: names, by: { $0.prefix { $0 != "/" } }) {
      let knots = try Self.knots(
        files.map { ($0, try String(contentsOf: sources.appendingPathComponent($0), encoding: .utf8)) })
      for knot in knots where knot.count > Self.maxFiles {
        Issue.record("\(module): \(knot.count) files: \(knot.joined(separator: ", "))")
      }
    }
  }

  @Test func `a knot is found through types, not through words`() {
    let files = [
      ("a", "struct A { var b: B?; let z = \"D\" }  // D"), ("b", "class B { func c() -> C.D { .init(E.self) } }"),
      ("c", "enum C {}\nextension X { struct Y {} }"), ("d", "extension C { struct D { var a: [A] } }"),
      ("e", "struct E { var y: X.Y; var kind: Kind = .A }"),
    ]
    #expect(Self.knots(files) == [["a", "b", "d"]])
  }

  /// The groups of several files that lead to each other, by what they are called.
  private static func knots(_ files: [(name: String, text: String)]) -> [[String]] {
    let scans = files.map { Scan($0.text) }
    var definitions: [String: [Int]] = [:]
    for (file, scan) in scans.enumerated() { for type in scan.defined { definitions[type, default: []].append(file) } }
    let needed = scans.map { scan in
      Set(
        scan.named.flatMap { type in
          definitions[type] ?? definitions[String(type.prefix { $0 != "." })] ?? []
        })
    }
    let reached = needed.indices.map { start in
      var (found, open): (Set<Int>, [Int]) = ([], Array(needed[start]))
      while let next = open.popLast() {
        if found.insert(next).inserted { open += needed[next] }
      }
      return found
    }
    let groups = reached.indices.map { file in reached[file].filter { $0 == file || reached[$0].contains(file) } }
    return Set(groups.filter { $0.count > 1 }).map { group in group.map { files[$0].name }.sorted() }
      .sorted { $0[0] < $1[0] }
  }

  /// The types of a file: `Tape` is one, and `Tape.Operation`, where that is added to it.
  private struct Scan {
    var defined: Set<String> = []
    var named: Set<String> = []

    init(_ source: String) {
      let words = SwiftTokens(source).tokens.map { String($0.text) }
      var extended: [String?] = []
      var opening: String?
      for (index, word) in words.enumerated() {
        let next = index + 1 < words.count ? words[index + 1] : ""
        switch word {
        case "{":
          extended.append(opening)
          opening = nil
        case "}": extended.removeLast()
        case "extension" where extended.isEmpty: opening = next
        case opening where index > 0 && words[index - 1] == "extension" && Self.onlyNests(words[index...]): continue
        case "struct", "class", "enum", "protocol", "actor", "typealias":
          if extended.isEmpty { defined.insert(next) }
          if extended.count == 1, let type = extended[0] { defined.insert("\(type).\(next)") }
        default:
          guard word.first?.isUppercase == true, index == 0 || words[index - 1] != "." else { continue }
          named.insert(next == "." && index + 2 < words.count ? "\(word).\(words[index + 2])" : word)
        }
      }
    }

    /// Whether an extension begins with a type: it is there for the type's name, and needs nothing of what it extends.
    private static func onlyNests(_ words: ArraySlice<String>) -> Bool {
      guard let body = words.firstIndex(of: "{") else { return false }
      let first = words[(body + 1)...].first { !["public", "package", "indirect", "final"].contains($0) }
      return ["struct", "class", "enum"].contains(first)
    }
  }
}
