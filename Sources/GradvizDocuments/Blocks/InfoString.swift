/// The info string of a block, from its fence or from the comment above it: whether the block is a `grad`
/// block, and its options.
///
/// Four notations are accepted: `grad stage=loss`; with commas as in Rust's documentation, `grad,stage=loss`;
/// in Quarto's braces, `{grad stage=loss}`; and with Pandoc's attributes, `{.grad #fig-a .wide stage=loss}`.
struct InfoString {
  private let text: [Character]
  /// The range of the options.
  private var options: Range<Int>
  private var isBraced = false
  /// Whether commas separate the options, not only spaces.
  private var hasCommas = false
  /// A character after the word `grad` that cannot start the options.
  private var strange: Int?

  static let word = "grad"

  /// nil for a block of another language.
  init?(_ info: String) {
    text = Array(info)
    options = text.count..<text.count
    if text.first == "{" {
      guard findWordInBraces() else { return nil }
    } else {
      let end = Self.word.count
      guard text.prefix(end).lowercased == Self.word else { return nil }
      guard findOptions(from: end) else { return nil }
    }
  }

  /// Whether it is only the word.
  var isBare: Bool { strange == nil && text[options].allSatisfy(\.isWhitespace) }

  /// Whether the block should be hidden, as far as its options can be parsed.
  var asksToHide: Bool {
    let hidden = BlockOptions.Key.hidden.rawValue
    return (try? words())?.contains { $0.name == hidden } ?? String(text).contains(hidden)
  }

  // MARK: The word

  /// Finds the options of `grad …`; returns false for a longer word.
  private mutating func findOptions(from end: Int) -> Bool {
    options = end..<text.count
    guard end < text.count else { return true }
    switch text[end] {
    case ",", ";": hasCommas = true
    case "{": enterBraces(end)
    case let next where next.isWhitespace:
      if let start = text[end...].firstIndex(where: { !$0.isWhitespace }), text[start] == "{" {
        enterBraces(start)
      }
    case let next where next.isLetter || next.isNumber || "-_+.#/".contains(next): return false
    default: strange = end
    }
    return true
  }

  private mutating func enterBraces(_ open: Int) {
    isBraced = true
    options = (open + 1)..<max(open + 1, text.last == "}" ? text.count - 1 : text.count)
  }

  /// Finds the first word in braces, or the first class, which Pandoc takes as the language.
  private mutating func findWordInBraces() -> Bool {
    enterBraces(0)
    var next = options.lowerBound
    var isFirst = true
    while true {
      while next < options.upperBound, text[next].isWhitespace { next += 1 }
      guard next < options.upperBound else { return false }
      let isClass = text[next] == "."
      let start = isClass ? next + 1 : next
      var end = start
      while end < options.upperBound, !text[end].isWhitespace, !",;=\"".contains(text[end]) { end += 1 }
      if isClass || isFirst && text[start] != "#" && (end == options.upperBound || text[end] != "=") {
        guard text[start..<end].lowercased == Self.word else { return false }
        hasCommas = end < options.upperBound && ",;".contains(text[end])
        // A preceding word, such as `#fig-a`, is an option, too.
        wordInBraces = next..<end
        return true
      }
      isFirst = false
      next = skipped(from: next)
    }
  }

  /// The range of the word itself in braces, which is not an option.
  private var wordInBraces: Range<Int>?

  /// The end of a word that may contain quoted spaces.
  private func skipped(from start: Int) -> Int {
    var next = start
    var isQuoted = false
    while next < options.upperBound, isQuoted || !text[next].isWhitespace {
      if text[next] == "\"" { isQuoted.toggle() }
      next += 1
    }
    return next
  }

  // MARK: Options

  /// The words in order; `#fig-a` and `.wide` keep their first character.
  func words() throws(BlockOptions.Fault) -> [OptionWord] {
    if let strange {
      throw BlockOptions.Fault(
        place: strange..<(strange + 1), message: "`\(text[strange])` cannot start the options",
        hint: "write a space after `grad`, as in `grad stage=loss`")
    }
    if isBraced, text.last != "}" {
      let open = options.lowerBound - 1
      throw BlockOptions.Fault(
        place: open..<(open + 1), message: "`{` is not closed", hint: "end the line with `}`")
    }
    var words: [OptionWord] = []
    var next = options.lowerBound
    while true {
      while next < options.upperBound, text[next].isWhitespace || hasCommas && ",;".contains(text[next]) {
        next += 1
      }
      guard next < options.upperBound else { return words }
      if next == wordInBraces?.lowerBound, let end = wordInBraces?.upperBound {
        next = end
        continue
      }
      let start = next
      while next < options.upperBound, text[next] != "=", !endsWord(next) { next += 1 }
      var word = OptionWord(key: String(text[start..<next]), keyPlace: start..<max(next, start + 1))
      word.isBraced = isBraced
      if next < options.upperBound, text[next] == "=" {
        next += 1
        try readValue(of: &word, &next)
      }
      words.append(word)
    }
  }

  private func endsWord(_ place: Int) -> Bool {
    text[place].isWhitespace || hasCommas && ",;".contains(text[place])
  }

  /// Whether a comma ends a value, rather than separating items of a list, as in `stage=loss,backward`.
  private func endsValue(_ place: Int) -> Bool {
    if text[place].isWhitespace { return true }
    guard hasCommas, ",;".contains(text[place]) else { return false }
    let rest = text[(place + 1)..<options.upperBound]
    let word = rest.prefix { !$0.isWhitespace && !",;=".contains($0) }
    let isFlag = BlockOptions.Key(rawValue: String(word))?.isFlag == true
    return word.isEmpty || isFlag || word.endIndex < rest.endIndex && rest[word.endIndex] == "="
  }

  private func readValue(of word: inout OptionWord, _ next: inout Int) throws(BlockOptions.Fault) {
    let end = options.upperBound
    guard next < end, text[next] == "\"" else {
      let start = next
      while next < end, !endsValue(next) { next += 1 }
      word.value = String(text[start..<next])
      word.valuePlace = start..<max(next, start + 1)
      return
    }
    let open = next
    next += 1
    var value = ""
    while next < end, text[next] != "\"" {
      if text[next] == "\\", next + 1 < end, text[next + 1] == "\"" || text[next + 1] == "\\" { next += 1 }
      value.append(text[next])
      next += 1
    }
    guard next < end else {
      throw BlockOptions.Fault(
        place: open..<(open + 1), message: "the quoted text is not closed", hint: "close it with `\"`")
    }
    word.value = value
    word.valuePlace = (open + 1)..<max(next, open + 2)
    next += 1
    guard next == end || endsWord(next) else {
      throw BlockOptions.Fault(
        place: next..<(next + 1), message: "options must be separated by a space")
    }
  }
}

/// One word of an info string: `key` or `key=value`, with quotes around a value that contains spaces.
struct OptionWord {
  var key: String
  var keyPlace: BlockOptions.Place
  var value: String?
  /// Without the quotes.
  var valuePlace: BlockOptions.Place?
  /// Whether it is in braces, where `#fig-a` is an id and `.wide` a class.
  var isBraced = false

  /// The key; in braces a flag may be written as a class.
  var name: String { isBraced && key.first == "." ? String(key.dropFirst()) : key }
}

extension ArraySlice<Character> {
  fileprivate var lowercased: String { String(self).lowercased() }
}
