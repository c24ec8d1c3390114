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
      // `w.grad.zero_()`
      if tokens[position..<place].contains(where: { $0.kind == .name && name($0) == "grad" }) {
        return ForeignWords.attributes["grad"]
      }
      return ForeignWords.methods[last] ?? ForeignWords.members[last] ?? ForeignWords.otherFunctions[last]
        ?? ForeignWords.attributes[last] ?? ForeignWords.labelAnswers[last] ?? ForeignWords.moduleAnswers[word]
    case .comma: return Self.oneName
    case .colon where peek(2) == .equals: return "write `\(word) = …`"
    case .equal: return "one `=` gives a value its name: `\(word) = …`"
    case .openBracket: return "entries do not change; `where(mask, a, b)` and `concat([a, b])` make a new array"
    case .plus where peek(2) == .plus, .minus where peek(2) == .minus:
      return "a value keeps one meaning; in a loop `\(word) += 1` is the next one"
    case .colon: return ForeignWords.answer(toFirst: word) ?? "write `\(word) = …`, without a type"
    case .openParenthesis where endsWithDefinition(): return "write `def \(word)(x) = …`"
    default: return ForeignWords.answer(toFirst: word)
    }
  }

  static let oneName = "a line gives one value a name: `name = …`"

  /// What a line means that begins with a sign.
  static func answer(toLineBeginningWith kind: Token.Kind) -> String? {
    switch kind {
    case .slash, .minus, .text: "a comment begins with `#`"
    case .openParenthesis: oneName
    case .at: "a function has no decorator; leave the line out"
    default: nil
    }
  }

  /// What follows the name of a function's parameter, such as a type.
  mutating func unexpectedBehindParameter() -> Issue {
    switch token.kind {
    case .colon: unexpected("`,` or `)`", hint: "leave the type out")
    case .equals: unexpected("`,` or `)`", hint: "every call gives a value for each parameter")
    default: unexpected("`,` or `)`")
    }
  }

  /// Whether the line goes on as `f(x) = …`.
  private func endsWithDefinition() -> Bool {
    var place = position + 2
    while place < tokens.count, [.name, .comma].contains(tokens[place].kind) { place += 1 }
    return place + 1 < tokens.count && tokens[place].kind == .closeParenthesis && tokens[place + 1].kind == .equals
  }

  /// A word where an item of a list ends, such as the `for` of a comprehension, or the `if` of a choice.
  mutating func unexpectedWord() -> Issue {
    unexpected("`,` or a closing bracket", hint: token.kind == .name ? ForeignWords.endings[name(token)] : nil)
  }

  /// What is wrong with the token behind a complete statement.
  mutating func trailing(after statement: Statement? = nil) -> Issue {
    let found = token
    if let statement, let hint = optionsHint(statement, found) { return unexpected("the end of the line", hint: hint) }
    switch found.kind {
    case .comma where peek() == .name && peek(2) == .equals:
      return unexpected("the end of the line", hint: "put each value on its own line")
    case .closeBracket, .closeParenthesis:
      return Issue(found.span, "unmatched \(description(found))")
    case .name where ForeignWords.endings[name(found)] != nil:
      return unexpected("the end of the line", hint: ForeignWords.endings[name(found)])
    case .name, .number, .openBracket:
      return unexpected("the end of the line", hint: "write a product with `*`")
    case .openParenthesis:
      // `Dense(4)(x)`
      return unexpected(
        "the end of the line",
        hint: "write a product with `*`, a layer as `layer h = dense(x, 4)`, and a loss as `mse(ŷ, y)`")
    case .equals: return unexpected("the end of the line", hint: Self.oneName)
    case .comma:
      return unexpected(
        "the end of the line", hint: "a decimal has a point: `0.5`; several numbers are a list: `[1, 2]`")
    default: return unexpected("the end of the line")
    }
  }

  /// How options are written, behind `optimizer momentum 0.9`.
  private func optionsHint(_ statement: Statement, _ found: Token) -> String? {
    guard case .setting(let keyword) = statement.kind, found.kind == .number || found.kind == .name else { return nil }
    switch keyword {
    case .optimizer: return "options are in parentheses: `optimizer sgd(rate: 0.1, momentum: 0.9)`"
    case .schedule: return "options are in parentheses: `schedule step(size: 30, gamma: 0.1)`"
    default: return nil
    }
  }
}
