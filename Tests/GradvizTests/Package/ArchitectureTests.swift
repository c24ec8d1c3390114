import Foundation
import GradvizTestSupport
import Testing

/// The sources are as `Sources/ARCHITECTURE.md` says, and stay small enough to be read.
@Suite("Architecture")
struct ArchitectureTests {
  private struct Target {
    var name: String
    var type: String
    var path: String
    var dependencies: Set<String>
  }

  private static let sources = Project.folder.appendingPathComponent("Sources")

  /// The package's own account of its targets, made in a folder of its own: the usual one is locked by the tests' run.
  private static func targets() throws -> [Target] {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("gradviz-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let dump = try ProcessResult(
      "/usr/bin/env",
      [
        "swift", "package", "dump-package", "--package-path", Project.folder.path, "--scratch-path", scratch.path,
        "--disable-sandbox",
      ])
    let object = try #require(
      try JSONSerialization.jsonObject(with: dump.output) as? [String: Any], "\(dump.errors)")
    let list = try #require(object["targets"] as? [[String: Any]])
    return try list.map { target in
      let dependencies = (target["dependencies"] as? [[String: Any]] ?? []).compactMap { dependency in
        // Those on other packages are products.
        (dependency["byName"] as? [Any])?.first as? String
      }
      return Target(
        name: try #require(target["name"] as? String), type: try #require(target["type"] as? String),
        path: target["path"] as? String ?? "", dependencies: Set(dependencies))
    }
  }

  /// The words in backquotes of the first and the last cell of each row.
  private static func table() throws -> [(names: Set<String>, imports: Set<String>)] {
    let page = try String(contentsOf: sources.appendingPathComponent("ARCHITECTURE.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "## Modules").last?.components(separatedBy: "\n## ").first)
    func words(_ cell: String) -> Set<String> {
      Set(cell.matches(of: /`(\w+)`/).map { String($0.output.1) })
    }
    return section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      let cells = row.split(separator: "|").map(String.init)
      return (words(cells[0]), words(cells[2]))
    }
  }

  @Test func `the table of modules is that of the package`() throws {
    let table = try Self.table()
    let targets = try Self.targets().filter { $0.type != "test" && !$0.path.hasPrefix("Tests/") }
    #expect(targets.count > 15)
    for target in targets {
      let row = try #require(table.first { $0.names.contains(target.name) }, "the table has no `\(target.name)`")
      #expect(row.imports == target.dependencies, "`\(target.name)`")
    }
    #expect(Set(table.flatMap(\.names)) == Set(targets.map(\.name)))
  }

  @Test func `no file imports a module that the table does not allow it`() throws {
    let table = try Self.table()
    let modules = Set(table.flatMap(\.names))
    for file in try Self.files(ofType: ["swift"]) {
      let module = try #require(file.relative.split(separator: "/").first.map(String.init))
      guard let allowed = table.first(where: { $0.names.contains(module) })?.imports else { continue }
      for match in file.text.matches(of: /(?m)^(?:@\w+ )?import (\w+)/) {
        let imported = String(match.output.1)
        #expect(!modules.contains(imported) || allowed.contains(imported), "\(file.relative) imports \(imported)")
      }
    }
  }

  @Test func `what the page names is there`() throws {
    let page = try String(contentsOf: Self.sources.appendingPathComponent("ARCHITECTURE.md"), encoding: .utf8)
    let paths = page.matches(of: /`((?:\w+\/)+\w+(?:\.swift)?)`/).map { String($0.output.1) }
    #expect(paths.count > 5)
    for path in paths {
      let places = [Self.sources, Project.folder].flatMap { folder in
        [folder.appendingPathComponent(path).path, folder.appendingPathComponent(path + ".swift").path]
      }
      #expect(places.contains { FileManager.default.fileExists(atPath: $0) }, "\(path)")
    }
  }

  // MARK: Sizes

  private static let maxLines = 300
  private static let maxLinesOfFunction = 60
  private static let maxParameters = 6
  private static let maxFilesOfFolder = 12

  @Test func `no file is longer than can be read at once`() throws {
    for file in try Self.files(ofType: ["swift", "c", "h", "mjs", "js", "py"]) {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(lines <= Self.maxLines, "\(file.relative) has \(lines) lines")
    }
  }

  @Test func `no function is longer than a page`() throws {
    for file in try Self.files(ofType: ["swift"]) {
      for function in SwiftTokens(file.text).functions where function.lines > Self.maxLinesOfFunction {
        Issue.record("\(file.relative):\(function.line): a function of \(function.lines) lines")
      }
    }
  }

  /// Plain data may have as many as it has members; then a comment at the beginning of the body says so.
  @Test func `no initializer has more parameters than are remembered, without a reason`() throws {
    for file in try Self.files(ofType: ["swift"]) {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      for one in SwiftTokens(file.text).initializers where one.parameters > Self.maxParameters {
        let first = one.bodyLine < lines.count ? lines[one.bodyLine].drop { $0 == " " } : ""
        #expect(first.hasPrefix("//"), "\(file.relative):\(one.line): \(one.parameters) parameters")
      }
    }
  }

  @Test func `functions are measured from their names to their last braces`() {
    let source = """
      protocol Shape { func area() -> Double; init() }
      func first(_ each: (Int) -> Int = { $0 }) -> String {
        // }
        "\\(second { "}" })"

      }
      init(other: Int) { self.init() }
      """
    let tokens = SwiftTokens(source)
    #expect(tokens.functions.map { [$0.line, $0.lines] } == [[2, 5], [7, 1]])
    #expect(tokens.initializers.map { [$0.line, $0.parameters] } == [[7, 1]])
    let long = SwiftTokens("init(_ a: [Int: Int] = [:], b c: (x: Int, y: Int) -> Void = { (d: Int) in }, e: Int) {\n}")
    #expect(long.initializers.map { [$0.parameters, $0.bodyLine] } == [[3, 1]])
  }

  @Test func `no folder holds more than a dozen files`() throws {
    var counts: [String: Int] = [:]
    for file in try Self.files(ofType: ["swift", "c", "h"]) {
      counts[file.relative.split(separator: "/").dropLast().joined(separator: "/"), default: 0] += 1
    }
    for (folder, count) in counts { #expect(count <= Self.maxFilesOfFolder, "\(folder)") }
  }

  @Test func `no library speaks of a flag`() throws {
    for file in try Self.files(ofType: ["swift"]) {
      // Programs, of which two run the third.
      if ["gradviz/", "GradvizServe/", "Plugins/"].contains(where: file.relative.hasPrefix) { continue }
      for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where line.contains(/--[a-z]/) {
        Issue.record("\(file.relative):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))")
      }
    }
  }

  private static func files(ofType types: Set<String>) throws -> [(relative: String, text: String)] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted().filter {
      types.contains(URL(fileURLWithPath: $0).pathExtension)
    }
    #expect(names.count > 10)
    return try names.map {
      ($0, try String(contentsOf: sources.appendingPathComponent($0), encoding: .utf8))
    }
  }
}
