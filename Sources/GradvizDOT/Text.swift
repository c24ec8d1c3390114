/// Escapes text from outside, so that it stays readable and is never interpreted.
///
/// Graphviz reads a label in one of three ways: as plain text with escapes (`\N`, `\l`, `&amp;`), as
/// HTML-like markup, or as an identifier. Each has its own type here, and only the writer escapes.
package enum Escaping {
  /// Removes characters that no figure may contain: control characters, which are invalid in XML, and
  /// bidirectional overrides, which make text read differently.
  package static func cleaned(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isRemoved(scalar) {
      result.append(scalar.value < 0x20 || (0x2028...0x2029).contains(scalar.value) ? " " : scalar)
    }
    return String(result)
  }

  private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF,
      0xFEFF:
      true
    default: false
    }
  }

  /// Quotes text as a DOT string that Graphviz shows literally: backslashes doubled, `&` as an entity.
  package static func plain(_ text: String) -> String { "\"\(content(text))\"" }

  /// The text between the quotes of such a string.
  package static func content(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\"")
        && byte != UInt8(ascii: "&")
    }
    if isPlain { return text }
    var result = ""
    for character in cleaned(text).unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "&": result += "&amp;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// Escapes text inside HTML-like markup, where Graphviz replaces `\N` and similar escapes as in a plain
  /// label.
  static func markup(_ text: String) -> String {
    var result = ""
    for character in cleaned(text).unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\\": result += "\\\\"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// An identifier for `id` and `class`, which Graphviz writes unescaped: ASCII letters, digits, `_-.` only.
  static func identifier(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": result.unicodeScalars.append(character)
      default: result += "_"
      }
    }
    return result
  }

  private static let keywords: Set<String> = ["node", "edge", "graph", "digraph", "subgraph", "strict"]

  /// The name of a node or graph: bare if DOT allows it, quoted otherwise.
  static func name(_ text: String) -> String {
    let isBare =
      text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      } && !(text.utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? true)
    if isBare && !keywords.contains(text.lowercased()) { return text }
    return plain(text)
  }
}
