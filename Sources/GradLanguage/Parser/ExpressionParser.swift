/// Parses expressions by operator precedence: `+ -`, then `* / @`, then the signs, then `**`, as in Python.
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
    case .colon: try parseWholeAxis(&work)
    case .end where openBrackets > 0: throw unclosed()
    default: throw unexpected("a value")
    }
  }

  private mutating func parseName(_ first: Token, _ work: inout Expression) throws(Issue) {
    advance()
    let word = name(first)
    if token.kind == .openParenthesis {
      var bracket = Bracket(kind: .call, start: first.span.start)
      bracket.function = word
      bracket.functionSpan = first.span
      try open(bracket, token, &work)
      return try parseLabel(&work)
    }
    if Vocabulary.Keyword(reserved: word) != nil {
      // Inside brackets, this is most likely the next statement, after a bracket left open.
      throw openBrackets > 0 && isAtLineStart(first)
        ? unclosed() : Issue(first.span, "`\(word)` is a keyword and cannot be a value")
    }
    work.produce(append(.name(word), [], first.span))
  }

  /// Whether a token is the first on its line.
  private func isAtLineStart(_ token: Token) -> Bool {
    let line = source.line(at: token.span.start)
    return source.bytes[source.lineStarts[line]..<token.span.start].allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  /// Parses `:` as an item of an index.
  private mutating func parseWholeAxis(_ work: inout Expression) throws(Issue) {
    guard case .bracket(var bracket) = work.pending.last, bracket.kind == .index else {
      throw unexpected("a value")
    }
    advance()
    bracket.isWhole.append(true)
    work.pending[work.pending.count - 1] = .bracket(bracket)
    guard token.kind == .comma || token.kind == .closeBracket else { throw noRanges() }
    if !take(.comma) { try close(&work) }
  }

  private mutating func noRanges() -> Issue {
    Issue(token.span, "ranges are not supported", hint: "an index is a number, or `:` for a whole axis")
  }

  // MARK: Where an operator comes next

  /// - Returns: false if the expression ends.
  private mutating func parseOperator(_ work: inout Expression) throws(Issue) -> Bool {
    let next = token
    if let operation = Self.binary(next.kind) {
      advance()
      let operation = Pending.binary(operation)
      // Powers associate to the right; every other operator first applies operators of the same precedence.
      if operation.precedence < 4 { reduce(&work, atLeast: operation.precedence) }
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
      guard work.innermost != .group else { throw unexpected("a closing bracket") }
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
      throw work.innermost == .index ? noRanges() : unclosed()
    case .invalid: throw unexpected("an operator")
    case .number, .text, .name:
      throw isAtLineStart(next) ? unclosed() : unexpected("`,` or a closing bracket")
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
    default: nil
    }
  }

  private mutating func parseAttribute(_ work: inout Expression) throws(Issue) {
    let dot = token
    advance()
    let attribute = token
    guard attribute.kind == .name else { throw unexpected("`T`") }
    let span = dot.span.joined(with: attribute.span)
    if ["w", "b"].contains(name(attribute)), let base = work.operands.last,
      case .name(let layer) = tree.nodes[base].kind
    {
      // A layer's weights and bias.
      advance()
      work.operands.removeLast()
      let whole = Span(start: tree.nodes[base].span.start, end: span.end)
      tree.nodes[base].kind = .name("\(layer).\(name(attribute))")
      tree.nodes[base].span = whole
      work.operands.append(base)
      return
    }
    guard name(attribute) == "T" else {
      let isFunction = Vocabulary.Function(rawValue: name(attribute)) != nil
      throw Issue(
        span, "unknown attribute `\(source.string(span))`",
        hint: isFunction ? "write `\(name(attribute))(…)`" : "the only attribute is `.T`, the transpose")
    }
    advance()
    let base = work.operands.removeLast()
    let whole = Span(start: tree.nodes[base].span.start, end: span.end)
    work.operands.append(append(.transpose, [base], whole))
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
      ExpressionNode(kind: kind, span: span, firstOperand: Int32(first), operandCount: Int32(operands.count)))
    return tree.nodes.count - 1
  }
}
