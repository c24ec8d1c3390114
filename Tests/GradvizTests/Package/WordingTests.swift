import Foundation
import GradvizTestSupport
import Testing

/// Comments, messages, tests and pages avoid the phrases in `Tests/wording.txt`.
@Suite("Wording")
struct WordingTests {
  @Test func `no file contains a phrase of the word list`() throws {
    let rules = try WordingRule.all()
    #expect(rules.count > 20)
    let files = try Self.files()
    #expect(files.count > 400)
    for file in files {
      let text = try String(contentsOf: Project.folder.appendingPathComponent(file), encoding: .utf8)
      for finding in WordingRule.findings(in: text, rules) {
        Issue.record("\(file):\(finding.line): `\(finding.rule.phrase)`; better: \(finding.rule.better)")
      }
    }
  }

  @Test func `a phrase is found in any case and across lines, but not in an allowed context`() {
    let rules = WordingRule.rules("# a comment\nis no | is not | there is no; is no longer\nanew | again |\n")
    let text = """
      /// This IS
      /// no sentence. What is it? No idea.
      // There is no such file, and it is no longer there.
      let anew = "anewer"  // drawn Anew
      """
    let findings = WordingRule.findings(in: text, rules)
    #expect(findings.map { "\($0.line) \($0.rule.phrase)" } == ["1 is no", "4 anew", "4 anew"])
    #expect(findings.map(\.rule.better) == ["is not", "again", "again"])
  }

  /// The text files that people write, relative to the package.
  private static func files() throws -> [String] {
    let endings: Set = ["swift", "c", "h", "md", "grad", "py", "sh", "yml", "json", "tutorial"]
    var result = ["Makefile", "Package.swift"]
    for name in try FileManager.default.contentsOfDirectory(atPath: Project.folder.path) where name.hasSuffix(".md") {
      result.append(name)
    }
    for folder in ["Benchmarks", "Samples", "Sources", "Tests"] {
      let paths = try FileManager.default.subpathsOfDirectory(
        atPath: Project.folder.appendingPathComponent(folder).path)
      result += paths.map { "\(folder)/\($0)" }.filter { path in
        let parts = path.split(separator: "/")
        return endings.contains((path as NSString).pathExtension) && !path.hasSuffix("WordingTests.swift")
          && !parts.contains { $0.hasPrefix(".") || $0 == "corpus" || $0 == "Fixtures" }
      }
    }
    return result.filter { path in
      var isFolder: ObjCBool = false
      let place = Project.folder.appendingPathComponent(path).path
      return FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}

/// A phrase to avoid.
private struct WordingRule {
  var phrase: String
  var words: [String]
  var better: String
  /// Longer phrases that contain ``words`` and are fine, with the position of ``words`` in them.
  var allowed: [(words: [String], offset: Int)]

  static func all() throws -> [WordingRule] {
    let path = Project.folder.appendingPathComponent("Tests/wording.txt")
    return rules(try String(contentsOf: path, encoding: .utf8))
  }

  static func rules(_ text: String) -> [WordingRule] {
    text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let columns = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      let words = columns[0].split(separator: " ").map(String.init)
      let allowed = columns.dropFirst(2).joined().split(separator: ";").map { context in
        let words = context.split(separator: " ").map(String.init)
        return (words, offset(of: columns[0].split(separator: " ").map(String.init), in: words))
      }
      return WordingRule(phrase: columns[0], words: words, better: columns[1], allowed: allowed)
    }
  }

  private static func offset(of words: [String], in context: [String]) -> Int {
    (0...max(context.count - words.count, 0)).first {
      context.dropFirst($0).starts(with: words)
    } ?? 0
  }

  static func findings(in text: String, _ rules: [WordingRule]) -> [(line: Int, rule: WordingRule)] {
    let words = Self.words(text)
    let byFirst = Dictionary(grouping: rules, by: { $0.words[0] })
    var result: [(line: Int, rule: WordingRule)] = []
    func has(_ phrase: [String], at place: Int) -> Bool {
      place >= 0 && place + phrase.count <= words.count
        && phrase.indices.allSatisfy { words[place + $0].text == phrase[$0] }
    }
    for (place, word) in words.enumerated() {
      for rule in byFirst[word.text] ?? [] where has(rule.words, at: place) {
        if !rule.allowed.contains(where: { has($0.words, at: place - $0.offset) }) {
          result.append((word.line, rule))
        }
      }
    }
    return result
  }

  /// The words of a text in lower case, with their 1-based lines; punctuation counts as an empty word, except for the
  /// marks of comments.
  ///
  /// Python's `None` keeps its case.
  private static func words(_ text: String) -> [(text: String, line: Int)] {
    var result: [(text: String, line: Int)] = []
    var (word, line): ([UInt8], Int) = ([], 1)
    func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 || byte == 0x27 }
    for byte in Array(text.utf8) + [0x0A] {
      if isLetter(byte) {
        word.append(byte)
        continue
      }
      if !word.isEmpty {
        let text = String(decoding: word, as: UTF8.self)
        result.append((text == "None" ? text : text.lowercased(), line))
      }
      word.removeAll(keepingCapacity: true)
      switch byte {
      case 0x0A: line += 1
      case 0x20, 0x09, 0x0D, UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "*"): break
      default: if result.last?.text.isEmpty == false { result.append(("", line)) }
      }
    }
    return result
  }
}
