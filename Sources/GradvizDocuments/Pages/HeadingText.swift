import CGradvizCommonMark

/// Extracts the text of a page's headings, the default titles of figures.
enum HeadingText {
  /// The text of a heading without attributes, `{#id .class}` in Pandoc, Quarto and mdBook.
  static func title(_ node: OpaquePointer) -> String? {
    guard var text = plainText(node) else { return nil }
    // The number of a footnote.
    text.replace(/\[\^[^\]]*\]/, with: "")
    if text.hasSuffix("}"), let open = text.lastIndex(of: "{") {
      let words = text[open...].dropFirst().dropLast().split(whereSeparator: \.isWhitespace)
      if words.allSatisfy(isAttribute) { text = String(text[..<open]) }
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    return text.count > 60 ? text.prefix(59) + "…" : text
  }

  /// Whether a word in braces is an id, a class, `key=value`, or Pandoc's `-` for an unnumbered heading;
  /// kramdown puts a colon first.
  private static func isAttribute(_ word: Substring) -> Bool {
    let word = word.first == ":" ? word.dropFirst() : word
    guard let first = word.first, word != "-" else { return true }
    if first == "#" || first == "." { return word.dropFirst().first?.isLetter == true }
    return first.isLetter && word.contains("=")
  }

  private static func plainText(_ node: OpaquePointer) -> String? {
    var text = ""
    guard let iterator = cmark_iter_new(node) else { return nil }
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      guard event == CMARK_EVENT_ENTER, let inner = cmark_iter_get_node(iterator) else { continue }
      switch cmark_node_get_type(inner) {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE:
        if let literal = cmark_node_get_literal(inner) { text += String(cString: literal) }
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text += " "
      default: break
      }
    }
    return text
  }
}
