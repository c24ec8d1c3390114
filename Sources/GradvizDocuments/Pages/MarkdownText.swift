import GradvizDrawing

/// Plain text as Markdown and HTML take it.
enum MarkdownText {
  /// Escapes text for the description of an image or for a table.
  static func escaped(_ text: String) -> String {
    var result = ""
    let characters = Array(oneLine(text))
    for (index, character) in characters.enumerated() {
      switch character {
      case "\\", "[", "]", "*", "`": result += "\\\(character)"
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "_":
        // Between letters and digits, as in `x1_2`, it does not start emphasis.
        let isInside =
          index > 0 && index + 1 < characters.count && isWord(characters[index - 1])
          && isWord(characters[index + 1])
        result += isInside ? "_" : "\\_"
      default: result.append(character)
      }
    }
    return result
  }

  /// Text as the value of an HTML attribute in double quotation marks.
  static func attribute(_ text: String) -> String { XML.escaped(oneLine(text)) }

  /// Escapes a path as the target of a link.
  static func link(_ path: String) -> String {
    path.utf8.reduce(into: "") { link, byte in
      let scalar = Unicode.Scalar(byte)
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~", "/": link.unicodeScalars.append(scalar)
      default: link += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  /// The path that a link has; nil for one with a broken escape, or of bytes that are not UTF-8.
  static func path(ofLink link: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = link.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
        let escaped = UInt8(String(Substring(digits)), radix: 16)
      else { return nil }
      bytes.append(escaped)
      rest.removeFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }
}
