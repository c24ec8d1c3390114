import GradvizGraph
import GradvizSystem

/// Parses statements; an error discards its statement, and parsing resumes with the next one.
struct Parser {
  /// More parameters than a readable call has; each lookup compares with all of them.
  static let maxParameters = 100

  let source: SourceText
  let limits: Limits
  let lexer: Lexer
  var tree = SyntaxTree()
  var log = IssueLog()
  var position = 0
  /// The number of open brackets; inside them, a line may end anywhere.
  var openBrackets: Int { openings.count }
  /// The open brackets, outermost first.
  var openings: [Token] = []
  /// The names that lines so far declare.
  var declaredNames: Set<String> = []
  /// Those of them that are functions.
  var definedNames: Set<String> = []
  /// Named numbers, which `range` and `if` may read.
  var namedNumbers: [String: Double] = [:]
  /// The loops around the current line, their variables, and how many turns all of them have had.
  var loopDepth = 0
  var loopValues: [String: Double] = [:]
  var turnCount = 0
  /// The scopes of the current turns, outermost first.
  var turnScopes: [Int32] = []
  /// The paths of all turns so far.
  var turnPaths: Set<String> = []
  /// The last step of each name that is assigned in loops, and how many steps it has.
  var currentSteps: [String: String] = [:]
  var stepCounts: [String: Int] = [:]
  /// The values that lines of a function's body name; nil outside one.
  var locals: [String: Int]?
  /// The names among them that a line has read.
  var readLocals: Set<String> = []
  var blockDepth = 0

  init(_ source: SourceText, limits: Limits = .init()) {
    self.source = source
    self.limits = limits
    lexer = Lexer(source, limits: limits)
  }

  // MARK: Tokens

  var tokens: [Token] { lexer.tokens }

  /// The current token, skipping line ends inside brackets.
  var token: Token {
    mutating get {
      if openBrackets > 0 { while lexer.tokens[position].kind == .newline { position += 1 } }
      return lexer.tokens[position]
    }
  }

  func peek(_ distance: Int = 1) -> Token.Kind {
    position + distance < lexer.tokens.count ? lexer.tokens[position + distance].kind : .end
  }

  mutating func advance() {
    if position + 1 < lexer.tokens.count { position += 1 }
  }

  mutating func take(_ kind: Token.Kind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  /// The name in NFC, so that it does not depend on how an editor encodes accents.
  func name(_ token: Token) -> String { source.string(token.span).composed }

  /// Describes a token in a message.
  func description(_ token: Token) -> String {
    switch token.kind {
    case .newline: "the end of the line"
    case .end: "the end of the file"
    default: source.excerpt(token.span, limit: 40).map { "`\($0)`" } ?? "this"
    }
  }

  mutating func unexpected(_ expected: String, hint: String? = nil) -> Issue {
    let found = token
    if let issue = lexer.issues[found.span.start], found.kind == .invalid { return issue }
    return Issue(found.span, "expected \(expected), found \(description(found))", hint: hint)
  }

  // MARK: Statements

  mutating func parse() -> SyntaxTree {
    if lexer.isCut {
      let end = lexer.tokens[lexer.tokens.count - 1].span
      let most = limits.values * Lexer.tokensPerValue
      log.add(
        Issue(end, "the program has more than \(most) tokens", hint: limits.hint(.values)))
      return tree
    }
    while true {
      guard tree.nodes.count + tree.statements.count <= limits.values else {
        log.add(tooMany(tree.statements.last?.span ?? Span(start: 0, end: 0)))
        return tree
      }
      while tokens[position].kind == .newline { advance() }
      if tokens[position].kind == .end { return tree }
      parseItem()
    }
  }

  /// Reads one line that is not the header of a block, or a function.
  mutating func parseLine() {
    let start = position
    openings = []
    var statement = Statement(kind: .broken, span: tokens[position].span)
    let firstNode = tree.nodes.count
    do throws(Issue) {
      try parseStatement(&statement)
      statement.nodes = firstNode..<tree.nodes.count
      guard token.kind == .newline || token.kind == .end else { throw trailing(after: statement) }
    } catch {
      log.add(error)
      statement.kind = .broken
      statement.root = nil
      recover(from: start, leftOpen: error.leftOpen)
      // The lines of a function's body mean nothing without it.
      if tokens[start].kind == .name, name(tokens[start]) == "def" { skipBlock(under: tokens[start]) }
    }
    if let name = statement.name {
      declaredNames.insert(name)
      if case .definition = statement.kind { definedNames.insert(name) }
    }
    tree.statements.append(statement)
  }

  func tooMany(_ span: Span) -> Issue {
    Issue(
      span, "the program has more than \(limits.values) names, numbers and operations",
      hint: limits.hint(.values, after: "move long lists of numbers to a file and read it with `csv`"))
  }

  /// Resumes at the next line that can start a statement.
  mutating func recover(from start: Int, leftOpen: Bool) {
    let failure = position
    var open = 0
    position = start
    openings = []
    while tokens[position].kind != .end {
      switch tokens[position].kind {
      case .openBracket, .openParenthesis: open += 1
      case .closeBracket, .closeParenthesis: open -= 1
      // `param a = 1, b = 2`: uses of b are not reported as well.
      case .name where open <= 0 && peek() == .equals && position > start + 1:
        var other = Statement(kind: .broken, span: tokens[position].span)
        other.name = name(tokens[position])
        tree.statements.append(other)
      case .newline:
        let isPast = position >= failure
        if isPast && (open <= 0 || startsStatement(position + 1, evenPlain: leftOpen)) { return }
        if leftOpen && startsStatement(position + 1, evenPlain: true) { return }
      default: break
      }
      position += 1
    }
  }

  private func startsStatement(_ position: Int, evenPlain: Bool) -> Bool {
    guard position < tokens.count, tokens[position].kind == .name else { return false }
    let span = tokens[position].span
    if span.end - span.start <= 16, Vocabulary.Keyword(rawValue: source.string(span)) != nil { return true }
    return evenPlain && position + 1 < tokens.count && tokens[position + 1].kind == .equals
  }

  private mutating func parseStatement(_ statement: inout Statement) throws(Issue) {
    let first = token
    guard first.kind == .name else {
      throw unexpected("a keyword or a name", hint: Self.answer(toLineBeginningWith: first.kind))
    }
    let word = name(first)
    if let keyword = Vocabulary.Keyword(rawValue: word), !keyword.isName || peek() != .equals {
      advance()
      if keyword == .def {
        try parseDefinition(&statement)
      } else if keyword.declares {
        try parseDeclaration(keyword, &statement)
      } else {
        try parseSetting(keyword, &statement)
      }
      return
    }
    if let operation = compoundOperator() { return try parseCompound(operation, &statement) }
    switch peek() {
    case .equals: try parseDeclaration(nil, &statement)
    case .name, .number, .text:
      // The declared name is known, so that its uses are not reported as well.
      if peek() == .name, peek(2) == .equals { statement.name = name(tokens[position + 1]) }
      throw Issue(
        first.span, "unknown keyword `\(word)`",
        hint: ForeignWords.answer(toFirst: word) ?? Spelling.suggestion(for: word, among: Vocabulary.keywordNames)
          ?? "a line is `keyword …` or `name = expression`")
    default:
      throw Issue(
        first.span, "this value needs a name", hint: answer(to: word) ?? "write `name = …`")
    }
  }

  private mutating func parseDeclaration(_ keyword: Vocabulary.Keyword?, _ statement: inout Statement)
    throws(Issue)
  {
    let nameToken = token
    guard nameToken.kind == .name else {
      if let keyword, nameToken.kind == .equals {
        throw Issue(
          statement.span, "`\(keyword.rawValue)` is a keyword, not a name",
          hint: "give the value a name, as in `\(keyword.rawValue) \(Self.exampleName(keyword)) = …`")
      }
      if let keyword, nameToken.kind == .dot {
        // `loss.backward()`
        position -= 1
        let own = answer(to: keyword.rawValue)
        position += 1
        throw Issue(
          statement.span, "`\(keyword.rawValue)` is a keyword, not a name",
          hint: own ?? "give the value a name, as in `\(keyword.rawValue) \(Self.exampleName(keyword)) = …`")
      }
      throw unexpected("a name")
    }
    let word = name(nameToken)
    if Vocabulary.Keyword(reserved: word) != nil {
      throw Issue(nameToken.span, "`\(word)` is a keyword and cannot be a name")
    }
    // A metric is not a value of the program, so `metric accuracy = accuracy(…)` is allowed.
    if keyword != .metric, Vocabulary.Function(reserved: word) != nil {
      throw Issue(nameToken.span, "`\(word)` is a function and cannot be a name")
    }
    statement.name = word
    statement.nameSpan = nameToken.span
    advance()
    guard take(.equals) else {
      throw unexpected("`=`", hint: token.kind == .colon ? "write `\(word) = …`, without a type" : nil)
    }
    if token.kind == .newline || token.kind == .end {
      throw Issue(nameToken.span, "`\(word)` has no value", hint: "write an expression after `=`")
    }
    let root = try parseExpression()
    try declare(nameToken, keyword, root, &statement)
  }

  private static func exampleName(_ keyword: Vocabulary.Keyword) -> String {
    switch keyword {
    case .input: "x"
    case .target: "y"
    case .param: "w"
    case .predict: "ŷ"
    case .layer: "hidden"
    case .metric: "accuracy"
    default: "L"
    }
  }

  /// A text without its quotes; a backslash makes the next character stand for itself, `\n` is a line end.
  func text(_ token: Token) -> String {
    var result = ""
    var isEscaped = false
    for character in source.string(Span(start: token.span.start + 1, end: token.span.end - 1)) {
      if isEscaped {
        result.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}
