import Foundation

/// Plain text as Markdown and HTML take it.
enum MarkdownText {
  /// Text that is to be read as it is, in the description of an image or in a table.
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
        // Between letters and digits, as in `x1_2`, it does not begin an emphasis.
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
  static func attribute(_ text: String) -> String {
    oneLine(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// A path as a link has it.
  static func link(_ path: String) -> String {
    var allowed = CharacterSet(charactersIn: "-._~/")
    allowed.insert(charactersIn: "A"..."Z")
    allowed.insert(charactersIn: "a"..."z")
    allowed.insert(charactersIn: "0"..."9")
    return path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
  }

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }
}
