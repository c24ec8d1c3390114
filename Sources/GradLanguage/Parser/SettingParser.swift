import GradvizGraph
import GradvizSystem

/// Settings, samplings and definitions of functions.
extension Parser {
  mutating func parseSetting(_ keyword: Vocabulary.Keyword, _ statement: inout Statement)
    throws(Issue)
  {
    let value = token
    if value.kind == .equals || value.kind == .colon || value.kind == .dot {
      // `rate = 0.1`, `rate: 0.1`, `optimizer.step()`.
      let member = value.kind == .dot && peek() == .name ? name(tokens[position + 1]) : ""
      let sign = value.kind == .equals ? "=" : value.kind == .colon ? ":" : "."
      throw Issue(
        statement.span, "`\(keyword.rawValue)` is a keyword, not a name",
        hint: ForeignWords.methods[member] ?? "a setting takes no `\(sign)`; write `\(keyword.rawValue) …`")
    }
    switch keyword {
    case .title, .caption:
      guard value.kind == .text else { throw unexpected("a quoted string") }
      guard value.span.end - value.span.start <= Limits.textBytes else {
        throw Issue(value.span, "a \(keyword.rawValue) can have at most \(Limits.textBytes) bytes")
      }
      statement.word = text(value)
      statement.wordSpan = value.span
      advance()
    case .gradients, .direction, .lang, .level, .stage, .parameters, .theme, .formulas, .samples, .background,
      .closeups, .decimal:
      guard value.kind == .name else { throw unexpected("a word") }
      statement.word = name(value)
      statement.wordSpan = value.span
      advance()
    default: statement.root = try parseExpression()
    }
    if keyword == .batch || keyword == .holdout { try parseSampling(keyword, &statement) }
    statement.kind = .setting(keyword)
  }

  /// `shuffle` and `seed 1` after a batch or a holdout.
  private mutating func parseSampling(_ keyword: Vocabulary.Keyword, _ statement: inout Statement)
    throws(Issue)
  {
    if keyword == .batch, token.kind == .name, name(token) == "shuffle" {
      advance()
      statement.isShuffled = true
    }
    guard token.kind == .name else { return }
    guard name(token) == "seed" else {
      throw unexpected(
        "the end of the line",
        hint: keyword == .batch ? "as in `batch 32 shuffle seed 1`" : "as in `holdout 1/3 seed 1`")
    }
    advance()
    statement.seedRoot = try parseExpression()
  }

  /// `def neuron(x, w, b) = tanh(x @ w + b)`, the keyword taken.
  mutating func parseDefinition(_ statement: inout Statement) throws(Issue) {
    let nameToken = token
    guard nameToken.kind == .name else { throw unexpected("a name") }
    let word = name(nameToken)
    if Vocabulary.Keyword(rawValue: word) != nil {
      throw Issue(nameToken.span, "`\(word)` is a keyword and cannot be a name")
    }
    if Vocabulary.Function(reserved: word) != nil {
      throw Issue(nameToken.span, "`\(word)` is already a function", hint: "take another name")
    }
    advance()
    guard token.kind == .openParenthesis else { throw unexpected("`(`", hint: "as in `def \(word)(x) = …`") }
    advance()
    var parameters: [String] = []
    while token.kind != .closeParenthesis {
      let parameter = token
      guard parameter.kind == .name else { throw unexpected("the name of a parameter") }
      let own = name(parameter)
      if parameters.contains(own) { throw Issue(parameter.span, "`\(own)` is already a parameter") }
      if Vocabulary.Keyword(rawValue: own) != nil || Vocabulary.Function(reserved: own) != nil {
        throw Issue(parameter.span, "`\(own)` is reserved and cannot be a parameter")
      }
      parameters.append(own)
      guard parameters.count <= Self.maxParameters else {
        throw Issue(parameter.span, "a function can have at most \(Self.maxParameters) parameters")
      }
      advance()
      guard take(.comma) || token.kind == .closeParenthesis else { throw unexpectedBehindParameter() }
    }
    advance()
    if token.kind == .colon {
      let header = Token(kind: .name, span: Span(start: statement.span.start, end: nameToken.span.end))
      statement.root = try parseBody(under: header, parameters)
    } else {
      guard take(.equals) else { throw unexpected("`=` or `:`") }
      statement.root = try parseExpression()
    }
    statement.name = word
    statement.nameSpan = nameToken.span
    statement.kind = .definition(parameters: parameters)
  }
}

extension Program {
  /// The language that the first line `lang …` of a text names, also where the program has errors; nil without one.
  package static func language(of text: String) -> ComputationGraph.Presentation.Language? {
    let source = SourceText(text)
    for line in source.lineStarts.indices {
      let words = source.string(source.span(ofLine: line)).prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      if words.count == 2, words[0] == "lang" { return .init(rawValue: String(words[1])) }
    }
    return nil
  }
}
