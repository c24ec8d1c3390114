/// What a page tells its site generator before its text begins: YAML between `---`, or TOML between `+++`.
///
/// CommonMark has no such thing, and takes it for a rule, a heading and whatever its lines look like.
enum FrontMatter {
  /// How many lines of a page it takes with both its marks, 0 without any.
  ///
  /// - Complexity: O(its lines); those of the page where the second mark is missing.
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
    // A page may begin with a rule, and have another one below.
    if mark == "---" {
      let first = (1..<end).lazy.map(text).first { !$0.isEmpty && !$0.hasPrefix("#") }
      guard first.map(isEntry) ?? (end == 1) else { return 0 }
    }
    return end + 1
  }

  /// Whether a heading is the metadata that Pandoc reads anywhere in a page: lines between two `---`, of which
  /// CommonMark underlines the last one.
  static func isHeading(_ line: Int, of page: PageText) -> Bool {
    line > 0 && page.lines.indices.contains(line) && page.trimmed(line - 1).elementsEqual("---".utf8)
      && isEntry(String(decoding: page.trimmed(line), as: UTF8.self))
  }

  /// Whether a line is `key: value` or `key:`, in quotation marks or not.
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
