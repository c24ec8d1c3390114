import Foundation
import GradvizTestSupport

/// The texts that the sources of the language write, with their interpolations as holes.
enum MessageSource {
  /// What stands for an interpolation.
  static let hole: Character = "\u{1}"

  struct Literal: CustomStringConvertible {
    var place: String
    var text: String
    var description: String { "\(place): \(text.replacing(String(MessageSource.hole), with: "{}"))" }
  }

  /// All literals of several words, those joined by `+` as one; without the table of the French ones.
  static func literals() throws -> [Literal] {
    let folder = Project.folder.appending(path: "Sources/GradLanguage")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".swift") && !$0.contains("French/")
    }
    return try paths.sorted().flatMap { path -> [Literal] in
      var source = Array(try String(contentsOf: folder.appending(path: path), encoding: .utf8))
      // What follows in this file is how a call is written: code, shown in backquotes.
      if path == "Words/Arguments.swift", let end = source.firstRange(of: "/// How a `layer` line is written.") {
        source = Array(source[..<end.lowerBound])
      }
      var reader = Reader(source: source)
      return reader.literals().map { Literal(place: "\(path):\($0.line)", text: $0.text) }
    }
    .filter { $0.text.contains(" ") && $0.text.contains(/[a-z]{2}/) }
  }

  /// Reads the literals of a Swift file, outside comments.
  private struct Reader {
    let source: [Character]
    var place = 0

    mutating func literals() -> [(line: Int, text: String)] {
      var found: [(line: Int, text: String)] = []
      var (line, end) = (1, -1)
      while place < source.count {
        if starts("//") {
          while place < source.count, source[place] != "\n" { place += 1 }
        } else if source[place] == "\"" {
          let start = place
          let text = string()
          let between = end < 0 ? "-" : String(source[end..<start].filter { !$0.isWhitespace })
          if between == "+", !found.isEmpty {
            found[found.count - 1].text += text
          } else {
            found.append((line, text))
          }
          line += source[start..<place].count { $0 == "\n" }
          end = place
        } else {
          if source[place] == "\n" { line += 1 }
          place += 1
        }
      }
      return found
    }

    private func starts(_ word: String) -> Bool { source[place...].starts(with: word) }

    /// The text of the literal that begins here; that of several lines is empty, since no message is one.
    private mutating func string() -> String {
      if starts("\"\"\"") {
        place += 3
        while !starts("\"\"\"") { place += 1 }
        place += 3
        return ""
      }
      var text = ""
      place += 1
      while source[place] != "\"" {
        guard source[place] == "\\" else {
          text.append(source[place])
          place += 1
          continue
        }
        place += 2
        switch source[place - 1] {
        case "(":
          skipInterpolation()
          text.append(MessageSource.hole)
        case "n": text.append("\n")
        case let other: text.append(other)
        }
      }
      place += 1
      return text
    }

    private mutating func skipInterpolation() {
      var depth = 1
      while depth > 0 {
        if source[place] == "\"" {
          _ = string()
          continue
        }
        if source[place] == "(" { depth += 1 }
        if source[place] == ")" { depth -= 1 }
        place += 1
      }
    }
  }
}

/// Words that French texts do not have.
enum EnglishWords {
  private static let all: Set<String> = [
    "the", "is", "are", "has", "have", "must", "not", "unknown", "expected", "takes", "of", "with", "but", "here",
    "did",
    "you", "and", "or", "this", "its", "it", "to", "from", "in", "only", "than", "each", "every", "which", "write",
    "be",
    "can", "cannot", "line", "there", "that", "an", "for", "does", "by", "more", "error", "warning",
  ]

  /// Those of a text outside backquotes.
  static func left(in text: String) -> [String] {
    let outside = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: " ")
    return Set(outside.lowercased().split { !$0.isLetter }.map(String.init)).intersection(all).sorted()
  }
}
