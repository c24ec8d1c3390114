/// Parses expressions by operator precedence: `or`, `and`, `not`, comparisons, `+ -`, `* / @`, the signs and `**`, as in
/// Python.
///
/// Pending operators and open brackets are kept on a list instead of the call stack, so that no input can
/// overflow it (E. W. Dijkstra's shunting-yard algorithm, MR 34/61, 1961).
extension Parser {
  mutating func parseExpression() throws(Issue) -> Int {
    var work = Expression()
    while true {
      guard tree.nodes.count <= limits.values else { throw tooMany(token.span) }
      if work.expectsValue {
        try parseValue(&work)
      } else if try !parseOperator(&work) {
        reduce(&work, atLeast: 1)
        return work.operands[0]
      }
    }
  }

  // MARK: Where a value comes next

  private mutating func parseValue(_ work: inout Expression) throws(Issue) {
    let first = token
    switch first.kind {
    case .plus, .minus:
      advance()
      try work.push(
        .sign(first.kind == .minus ? .negate : .identity, first.span), at: first.span, limits)
    case .number: work.produce(try parseNumber())
    case .text:
      advance()
      work.produce(append(.text(text(first)), [], first.span))
    case .name where name(first) == "not" && Self.beginsValue(peek()):
      advance()
      try work.push(.not(first.span), at: first.span, limits)
    case .name where name(first) == "None" && work.innermost == .index && peek() != .equals:
      advance()
      try takeAxis(.newAxis, &work)
    case .name: try parseName(first, &work)
    case .openParenthesis: try open(Bracket(kind: .group, start: first.span.start), first, &work)
    case .openBracket: try open(Bracket(kind: .list, start: first.span.start), first, &work)
    case .closeBracket, .closeParenthesis:
      // An empty pair, or a comma before the closing bracket.
      guard case .bracket(let bracket) = work.pending.last, bracket.kind != .group,
        bracket.labels.count == bracket.items.count || bracket.kind != .call
      else { throw unexpected("a value") }
      try close(&work)
    case .colon where choosesFromData(work):
      // `:50` starts at the first one.
      work.produce(append(.number(0), [], Span(start: first.span.start, end: first.span.start)))
    case .colon: try parseColon(&work, hasPart: false)
    case .dot where work.innermost == .index && peek() == .dot && peek(2) == .dot:
      for _ in 0..<3 { advance() }
      try takeAxis(.ellipsis, &work)
    case .end where openBrackets > 0: throw unclosed()
    default: throw unexpected("a value")
    }
  }

  private mutating func parseName(_ first: Token, _ work: inout Expression) throws(Issue) {
    advance()
    let word = name(first)
    if token.kind == .openParenthesis {
      var bracket = Bracket(kind: .call, start: first.span.start)
      bracket.function = known(word)
      bracket.functionSpan = first.span
      try open(bracket, token, &work)
      return try parseLabel(&work)
    }
    if word == "lambda", token.kind == .name {
      throw Issue(first.span, "`lambda` is not part of the language", hint: "write `def f(x) = …`")
    }
    if Vocabulary.Keyword(reserved: word) != nil {
      // Inside brackets, this is most likely the next statement, after a bracket left open.
      throw openBrackets > 0 && isAtLineStart(first)
        ? unclosed() : Issue(first.span, "`\(word)` is a keyword and cannot be a value")
    }
    produceName(word, first.span, &work)
  }

  /// Whether a token is the first on its line.
  private func isAtLineStart(_ token: Token) -> Bool {
    let line = source.line(at: token.span.start)
    return source.bytes[source.lineStarts[line]..<token.span.start].allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  private static func beginsValue(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .name, .number, .openParenthesis, .openBracket, .minus, .plus: true
    default: false
    }
  }

  /// Takes the `:` of a slice in an index, and what ends the slice if no part follows.
  private mutating func parseColon(_ work: inout Expression, hasPart: Bool) throws(Issue) {
    guard case .bracket(var bracket) = work.pending.last, bracket.kind == .index else {
      throw unexpected("a value")
    }
    if hasPart { bracket.items.append(work.operands.removeLast()) }
    let parts = (bracket.slice ?? []) + [hasPart]
    guard parts.count <= 2 else {
      throw Issue(token.span, "a slice has at most two `:`", hint: "as in `x[0:6:2]`: from, up to, step")
    }
    advance()
    bracket.slice = parts
    guard token.kind == .comma || token.kind == .closeBracket else {
      work.pending[work.pending.count - 1] = .bracket(bracket)
      work.expectsValue = true
      return
    }
    bracket.slice = nil
    work.pending[work.pending.count - 1] = .bracket(bracket)
    try takeAxis(.slice(parts + [false]), &work)
  }

  /// Adds an item without a value at its end to the index, and takes the comma or bracket after it.
  mutating func takeAxis(_ item: IndexItem, _ work: inout Expression) throws(Issue) {
    guard case .bracket(var bracket) = work.pending.last else { throw unexpected("a value") }
    bracket.taken.append(item)
    work.pending[work.pending.count - 1] = .bracket(bracket)
    guard token.kind == .comma || token.kind == .closeBracket else { throw unexpected("`,` or `]`") }
    if take(.comma) { work.expectsValue = true } else { try close(&work) }
  }

  // MARK: Where an operator comes next

  /// - Returns: false if the expression ends.
  private mutating func parseOperator(_ work: inout Expression) throws(Issue) -> Bool {
    let next = token
    if let operation = Self.binary(next.kind) ?? word(next) {
      advance()
      let isChain = operation.isComparison
      let operation = Pending.binary(operation)
      // Powers associate to the right; every other operator first applies operators of the same precedence.
      if isChain {
        reduce(&work, atLeast: operation.precedence + 1)
        if case .binary(let before) = work.pending.last, before.isComparison {
          throw Issue(next.span, "comparisons do not chain", hint: "join two with `and`: `0 < x and x < 1`")
        }
      } else if operation.precedence < 8 {
        reduce(&work, atLeast: operation.precedence)
      }
      try work.push(operation, at: next.span, limits)
      work.expectsValue = true
      return true
    }
    switch next.kind {
    case .dot:
      try parseAttribute(&work)
      return true
    case .openBracket:
      let base = work.operands.removeLast()
      var bracket = Bracket(kind: .index, start: tree.nodes[base].span.start)
      bracket.items = [base]
      try open(bracket, next, &work)
      return true
    default: break
    }
    guard openBrackets > 0 else { return false }
    switch next.kind {
    case .comma:
      reduce(&work, atLeast: 0)
      if work.innermost == .group, case .bracket(var bracket) = work.pending.last {
        // `(2, 3)` is the same as `[2, 3]`.
        bracket.kind = .tuple
        work.pending[work.pending.count - 1] = .bracket(bracket)
      }
      finishItem(&work)
      advance()
      work.expectsValue = true
      try parseLabel(&work)
    case .closeParenthesis, .closeBracket:
      reduce(&work, atLeast: 0)
      finishItem(&work)
      try close(&work)
    case .colon where choosesFromData(work): try parseRange(&work)
    case .colon:
      reduce(&work, atLeast: 1)
      guard work.innermost == .index else { throw unclosed() }
      try parseColon(&work, hasPart: true)
    case .invalid: throw unexpected("an operator")
    case .number, .text, .name:
      throw isAtLineStart(next) ? unclosed() : unexpectedWord()
    default: throw unclosed()
    }
    return true
  }

  private static func binary(_ kind: Token.Kind) -> BinaryOperator? {
    switch kind {
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .at: .matrixMultiply
    case .power: .power
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    default: nil
    }
  }

  /// `and` or `or` between two values.
  private func word(_ token: Token) -> BinaryOperator? {
    guard token.kind == .name, token.span.end - token.span.start <= 3 else { return nil }
    return switch name(token) {
    case "and": .and
    case "or": .or
    default: nil
    }
  }

  // MARK: Pending operators

  /// Applies the pending operators that bind at least this tightly, back to the innermost open bracket.
  mutating func reduce(_ work: inout Expression, atLeast minimum: Int) {
    while let last = work.pending.last, last.precedence >= minimum {
      switch last {
      case .bracket: return
      case .range:
        let end = work.operands.removeLast()
        let start = work.operands.removeLast()
        let span = tree.nodes[start].span.joined(with: tree.nodes[end].span)
        work.operands.append(append(.range, [start, end], span))
      case .binary(let operation):
        let right = work.operands.removeLast()
        let left = work.operands.removeLast()
        let span = tree.nodes[left].span.joined(with: tree.nodes[right].span)
        work.operands.append(append(.binary(operation), [left, right], span))
      case .not(let span):
        let operand = work.operands.removeLast()
        work.operands.append(append(.not, [operand], span.joined(with: tree.nodes[operand].span)))
      case .sign(let kind, let span):
        let operand = work.operands.removeLast()
        work.operands.append(append(kind, [operand], span.joined(with: tree.nodes[operand].span)))
      }
      work.pending.removeLast()
      if last.nests { work.depth -= 1 }
    }
  }

  private mutating func parseNumber() throws(Issue) -> Int {
    let span = token.span
    let digits = source.string(span).replacing("_", with: "")
    guard let number = Double(digits) else { throw unexpected("a number") }
    guard number.isFinite else {
      throw Issue(span, "the number is too large", hint: "the largest is about 1.8e308")
    }
    advance()
    return append(.number(number), [], span)
  }

  // MARK: Nodes

  mutating func append(_ kind: ExpressionNode.Kind, _ operands: [Int], _ span: Span) -> Int {
    let first = tree.operands.count
    tree.operands.append(contentsOf: operands.map(Int32.init))
    tree.nodes.append(
      ExpressionNode(
        kind: kind, span: span, firstOperand: Int32(first), operandCount: Int32(operands.count),
        scope: turnScopes.last ?? -1))
    return tree.nodes.count - 1
  }
}
