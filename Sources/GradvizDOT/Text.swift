import GradvizDrawing

/// Text that reaches a figure from outside: kept readable, never interpreted.
///
/// Graphviz reads a label in one of three ways: as plain text with escapes (`\N`, `\l`, `&amp;`), as
/// HTML-like markup, or as an identifier. Each has its own type here, and only the writer escapes.
package enum Escaping {
  /// A DOT string whose content Graphviz shows literally: backslashes doubled, `&` as an entity.
  package static func plain(_ text: String) -> String { "\"\(content(text))\"" }

  /// The text between the quotes of such a string.
  package static func content(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\"")
        && byte != UInt8(ascii: "&")
    }
    if isPlain { return text }
    var result = ""
    for character in XML.cleaned(text).unicodeScalars {
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
    var escaped = XML.escaped(text)
    // Graphviz does not read a text of such brackets alone, which could end a CDATA section.
    if escaped.hasPrefix("]") { escaped = "&#93;" + escaped.dropFirst() }
    guard escaped.utf8.contains(UInt8(ascii: "\\")) else { return escaped }
    return escaped.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
  }

  /// The same inside an element, which Graphviz rejects where it is empty.
  static func element(_ text: String) -> String {
    let escaped = markup(text)
    return escaped.isEmpty ? " " : escaped
  }

  /// An identifier for `id` and `class`, which Graphviz writes unescaped: ASCII letters, digits, `_-.` only.
  static func identifier(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    if isPlain { return text }
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
