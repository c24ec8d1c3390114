/// Sanitizes text for a terminal.
package enum TerminalText {
  /// Keeps line breaks, turns tabs into spaces, and replaces every other control character and every mark
  /// that reorders a line, so that a terminal shows what a file contains and never executes it.
  package static func printable(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) { return text }
    return String(text.map { $0 == "\n" ? $0 : DisplayWidth.printable($0) })
  }

  /// The same on one line, as for a path: line breaks are replaced, too.
  package static func line(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    return String(text.map(DisplayWidth.printable))
  }

  /// Returns at most `limit` characters of each line, and at most `count` lines.
  ///
  /// - Complexity: O(bytes)
  package static func shortened(_ text: String, limit: Int = 5000, lines count: Int = .max) -> String {
    guard text.utf8.count > min(limit, count) else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var shown = lines.prefix(count).map { beginning($0, limit) }
    if lines.count > count { shown.append("… and \(lines.count - count) more lines") }
    return shown.joined(separator: "\n")
  }

  /// Shortens the words in backquotes of a message to what identifies them.
  static func withShortQuotes(_ message: String) -> String {
    guard message.utf8.count > 400 else { return message }
    let parts = message.split(separator: "`", omittingEmptySubsequences: false)
    let short = parts.enumerated().map {
      $0.offset.isMultiple(of: 2) ? String($0.element) : beginning($0.element, 80)
    }
    return beginning(short.joined(separator: "`")[...], 1000)
  }

  /// At most `limit` characters, cut before any long run of combining marks.
  private static func beginning(_ text: Substring, _ limit: Int) -> String {
    let end = text.unicodeScalars.index(
      text.startIndex, offsetBy: limit, limitedBy: text.endIndex)
    guard let end, end < text.endIndex else { return String(text) }
    return String(text[..<end]) + "…"
  }
}

/// Measures text in terminal columns.
enum DisplayWidth {
  /// 0 for a lone combining mark, 2 for East Asian wide characters and emoji, 1 otherwise.
  static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isEmoji = character.unicodeScalars.contains { $0.value == 0xFE0F }
    return isEmoji || isWide(first.value) ? 2 : 1
  }

  static func of(_ text: some Sequence<Character>) -> Int { text.reduce(0) { $0 + of($1) } }

  /// Returns a safe replacement for a character of a file: a space for a tab, and no control characters or
  /// marks that reorder the line.
  static func printable(_ character: Character) -> Character {
    if character == "\t" { return " " }
    for scalar in character.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate: return "\u{FFFD}"
      case .format where scalar.value != 0x200D && scalar.value != 0x200C: return "\u{FFFD}"
      default: break
      }
    }
    return character
  }

  /// The blocks that Unicode Standard Annex 11 calls wide or fullwidth.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
      0x20000...0x3FFFD:
      return true
    default: return false
    }
  }
}
