import GradvizGraph

/// Finds the front matter of a page: YAML between `---`, or TOML between `+++`.
///
/// CommonMark does not support it and parses it as a thematic break, a heading and so on.
enum FrontMatter {
  /// The number of lines of front matter, including both marks; 0 if there is none.
  ///
  /// - Complexity: O(its lines), or O(lines of the page) if the second mark is missing.
  static func lineCount(_ page: PageText) -> Int {
    guard !page.lines.isEmpty else { return 0 }
    func text(_ line: Int) -> String {
      var text = page.text(line)
      while let last = text.last, last == " " || last == "\t" { text.removeLast() }
      return text
    }
    let mark = text(0)
    guard mark == "---" || mark == "+++" else { return 0 }
    let ends = mark == "---" ? ["---", "..."] : [mark]
    guard let end = page.lines.indices.dropFirst().first(where: { ends.contains(text($0)) }) else { return 0 }
    // A page may also begin with a thematic break and have another one below.
    if mark == "---" {
      let first = (1..<end).lazy.map(text).first { !$0.isEmpty && !$0.hasPrefix("#") }
      guard first.map(isEntry) ?? (end == 1) else { return 0 }
    }
    return end + 1
  }

  /// The language that `lang: fr` or `lang = "fr"` names, also with a region, as in `fr-CH`; nil for any other.
  static func language(_ page: PageText) -> ComputationGraph.Presentation.Language? {
    for line in 0..<lineCount(page) {
      let parts = page.text(line).split(maxSplits: 1) { $0 == ":" || $0 == "=" }.map { part in
        part.drop { " \t\"'".contains($0) }.prefix { !" \t\r\n\"'#-_".contains($0) }.lowercased()
      }
      if parts.count == 2, parts[0] == "lang" || parts[0] == "language" { return .init(rawValue: parts[1]) }
    }
    return nil
  }

  /// Whether a heading is Pandoc metadata, which may be anywhere in a page: lines between two `---`, which
  /// CommonMark takes as the underline of the last one.
  static func isHeading(_ line: Int, of page: PageText) -> Bool {
    line > 0 && page.lines.indices.contains(line) && page.trimmed(line - 1).elementsEqual("---".utf8)
      && isEntry(String(decoding: page.trimmed(line), as: UTF8.self))
  }

  /// Whether a line is `key: value` or `key:`, quoted or not.
  private static func isEntry(_ line: String) -> Bool {
    let colon = line.indices.first { place in
      guard line[place] == ":" else { return false }
      let next = line.index(after: place)
      return next == line.endIndex || line[next].isWhitespace
    }
    guard let colon, colon > line.startIndex, line.first?.isWhitespace == false else { return false }
    return line[..<colon].allSatisfy { $0.isLetter || $0.isNumber || "_-. \"'@$/:{".contains($0) }
  }
}
