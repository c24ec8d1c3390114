/// What lines of other languages mean here.
extension Parser {
  /// What a line that only calls something means: `print(L)`, `L.backward()`.
  func answer(to word: String) -> String? {
    switch peek() {
    case .dot:
      // The last of `a.b.c`.
      var place = position + 2
      while place + 2 < tokens.count, tokens[place + 1].kind == .dot { place += 2 }
      guard place < tokens.count, tokens[place].kind == .name else { return nil }
      let last = name(tokens[place])
      return ForeignWords.methods[last] ?? ForeignWords.members[last] ?? ForeignWords.otherFunctions[last]
        ?? ForeignWords.attributes[last] ?? ForeignWords.moduleAnswers[word]
    case .comma: return "a line gives one value a name: `name = …`"
    case .colon: return ForeignWords.firstWords[word] ?? "write `\(word) = …`, without a type"
    case .openParenthesis where endsWithDefinition(): return "write `def \(word)(x) = …`"
    default: return ForeignWords.firstWords[word]
    }
  }

  /// Whether the line goes on as `f(x) = …`.
  private func endsWithDefinition() -> Bool {
    var place = position + 2
    while place < tokens.count, [.name, .comma].contains(tokens[place].kind) { place += 1 }
    return place + 1 < tokens.count && tokens[place].kind == .closeParenthesis && tokens[place + 1].kind == .equals
  }

  /// A word where an item of a list ends, such as the `for` of a comprehension.
  mutating func unexpectedWord() -> Issue {
    unexpected(
      "`,` or a closing bracket",
      hint: token.kind == .name && name(token) == "for"
        ? "arrays are computed as a whole; `for t in range(3):` repeats lines" : nil)
  }
}
