/// Reads text with decimal commas as if it had points, so that one law reads both.
package enum DecimalComma {
  private static let space: Character = "\u{A0}"

  /// `[0,5 ; 2]` as `[0.5, 2]`, and the space before a colon left out.
  ///
  /// - Parameter keepsParts: whether a semicolon that no brackets are around stays one: it stands between the parts of a tooltip.
  package static func asPoint(_ text: String, keepsParts: Bool = false) -> String {
    var result = ""
    var depth = 0
    let characters = Array(text)
    func isDigit(_ place: Int) -> Bool {
      characters.indices.contains(place) && characters[place].isASCII && characters[place].isNumber
    }
    for (place, character) in characters.enumerated() {
      switch character {
      case "(", "[", "⟨": depth += 1
      case ")", "]", "⟩": depth -= 1
      default: break
      }
      if character == ",", isDigit(place - 1), isDigit(place + 1) {
        result.append(".")
      } else if character == ";" && result.last == " " || [";", ":"].contains(character) && result.last == space {
        result.removeLast()
        result.append(character == ";" && (depth > 0 || !keepsParts) ? "," : character)
      } else {
        result.append(character)
      }
    }
    return result
  }
}
