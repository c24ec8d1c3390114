import Foundation
import GradvizTestSupport
import Testing

/// Every block of Swift in README.md and in the documentation is code that something compiles: a program stands word
/// for word in ``SwiftExamples``, a part of a package in the package Lesson.
@Suite("Swift in README.md and the documentation")
struct DocumentedSwiftTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Project.folder.appendingPathComponent(path), encoding: .utf8)
  }

  /// The lines of a text without indentation, blank ones left out.
  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// The fenced blocks of Swift of every page, by page.
  private static let blocks: [(page: String, code: [String])] = {
    let catalog = "Sources/GradvizKit/GradvizKit.docc"
    let pages =
      FileManager.default.enumerator(atPath: Project.folder.appendingPathComponent(catalog).path)?
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.map { "\(catalog)/\($0)" } ?? []
    return (["README.md"] + pages.sorted()).flatMap { page in
      let parts = ((try? text(page)) ?? "").components(separatedBy: "```swift\n").dropFirst()
      return parts.map { (page, lines($0.components(separatedBy: "```")[0])) }
    }
  }()

  private static func contains(_ lines: [String], _ part: [String]) -> Bool {
    !part.isEmpty && lines.indices.contains { lines[$0...].starts(with: part) }
  }

  @Test func `there are programs and parts of packages`() {
    #expect(Self.blocks.count >= 6 && Self.blocks.contains { $0.page != "README.md" })
  }

  @Test func `each is compiled by something as it stands`() throws {
    let examples = try Self.lines(Self.text("Tests/GradvizKitTests/Documentation/SwiftExamples.swift"))
    // Another package names the way to gradviz by where it stands.
    let lesson = try ["Package.swift", "Sources/Lesson/Lesson.swift"].map {
      Self.lines(try Self.text("Tests/Examples/Lesson/\($0)").replacing("../../..", with: "../gradviz"))
    }
    for (page, code) in Self.blocks {
      let imports = code.prefix { $0.hasPrefix("import ") }
      guard !imports.isEmpty else {
        #expect(lesson.contains { Self.contains($0, code) }, "\(page): not in the package Lesson: \(code)")
        continue
      }
      #expect(Self.contains(examples, Array(code.dropFirst(imports.count))), "\(page): not in SwiftExamples: \(code)")
      #expect(imports.allSatisfy(examples.contains), "\(page): \(imports)")
    }
  }
}
