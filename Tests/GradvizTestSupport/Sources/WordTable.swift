import Foundation

/// The table of words, read from the sources: what `word("English", "français")` says in both languages.
package struct WordTable {
  /// Words of more than two letters that are English only.
  package private(set) var english: Set<String> = []
  /// The French texts besides the titles of stages, which name the English term as well.
  package private(set) var french: [String] = []
  /// How many entries there are.
  package private(set) var count = 0

  /// The titles of stages that name the article's English term.
  package static let titles = [
    "Propagation avant (forward pass)", "Rétropropagation (backward pass)", "Fonction de perte (loss)",
  ]
  /// Settings and names of code, alike in all languages.
  private static let code = [
    "collapse none", "samples rows", "formulas all", "level scalar", "zero_grad", "--collapse", "collapse",
    "history.csv",
  ]

  package init() throws {
    var words: Set<String> = []
    let folder = Project.folder.appending(path: "Sources")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix("Words.swift") || $0.hasSuffix("ValueTable.swift")
    }.sorted()
    for path in paths {
      let source = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      for entry in Self.entries(Array(source)) {
        count += 1
        words.formUnion(Self.words(entry.english))
        if !Self.titles.contains(entry.french) { french.append(entry.french) }
      }
    }
    english = words.subtracting(french.flatMap(Self.words))
  }

  /// Words of at least three letters, without code and titles, in small letters.
  package static func words(_ text: String) -> Set<String> {
    var text = text.replacing("\u{A0}", with: " ")
    for part in titles + code { text = text.replacing(part, with: " ") }
    text = text.replacing(/`[^`]*`/, with: " ")
    return Set(text.lowercased().split { !$0.isLetter }.map(String.init).filter { $0.count > 2 })
  }

  // MARK: The sources

  private static func entries(_ source: [Character]) -> [(english: String, french: String)] {
    var entries: [(english: String, french: String)] = []
    for place in source.indices {
      for (call, skipped) in [("word(", 0), ("text(", 1)] {
        let letters = Array(call)
        guard source[place...].starts(with: letters), place == 0 || !source[place - 1].isLetter else { continue }
        var next = place + letters.count
        let parts = arguments(source, &next)
        // Declarations and other functions have no texts, or fewer.
        guard parts.count == skipped + 2, parts.allSatisfy({ !$0.isEmpty }) else { continue }
        entries.append((parts[skipped], parts[skipped + 1]))
      }
    }
    return entries
  }

  /// The texts in each argument of a call, with those in their interpolations, up to its closing bracket.
  private static func arguments(_ source: [Character], _ place: inout Int) -> [String] {
    var parts = [""]
    var depth = 0
    while place < source.count {
      let character = source[place]
      place += 1
      switch character {
      case "\"": parts[parts.count - 1] += literal(source, &place)
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        if depth == 0 { return parts }
        depth -= 1
      case ",": if depth == 0 { parts.append("") }
      default: break
      }
    }
    return parts
  }

  /// A text after its opening quote; an interpolation leaves a space and the texts inside it.
  private static func literal(_ source: [Character], _ place: inout Int) -> String {
    var text = ""
    while place < source.count, source[place] != "\"" {
      if source[place] == "\\", place + 1 < source.count {
        if source[place + 1] == "(" {
          place += 2
          text += " " + arguments(source, &place).joined(separator: " ") + " "
        } else {
          place += 2
        }
      } else {
        text.append(source[place])
        place += 1
      }
    }
    place += 1
    return text
  }
}
