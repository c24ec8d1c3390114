/// Expressions, by precedence climbing: `+ -`, then `* / @`, then the signs, then `**`, as in Python.
extension Parser {
  mutating func parseExpression(atLeast minimum: Int = 1) throws(Issue) -> Int {
    var left = try parseSigned()
    while let (operation, precedence) = Self.binary(token.kind), precedence >= minimum {
      advance()
      let right = try parseExpression(atLeast: precedence + 1)
      left = append(.binary(operation), [left, right], from: left, to: right)
    }
    return left
  }

  private static func binary(_ kind: Token.Kind) -> (BinaryOperator, precedence: Int)? {
    switch kind {
    case .plus: (.add, 1)
    case .minus: (.subtract, 1)
    case .star: (.multiply, 2)
    case .slash: (.divide, 2)
    case .at: (.matrixMultiply, 2)
    default: nil
    }
  }

  /// Every way to nest goes through here.
  private mutating func parseSigned() throws(Issue) -> Int {
    depth += 1
    defer { depth -= 1 }
    let first = token
    guard depth <= Self.depthLimit else {
      throw Issue(first.span, "this nests more than \(Self.depthLimit) levels deep", hint: "name the parts")
    }
    guard first.kind == .minus || first.kind == .plus else { return try parsePower() }
    advance()
    let operand = try parseSigned()
    let span = Span(start: first.span.start, end: tree.nodes[operand].span.end)
    return append(first.kind == .minus ? .negate : .identity, [operand], span)
  }

  private mutating func parsePower() throws(Issue) -> Int {
    let base = try parsePostfix()
    guard token.kind == .power else { return base }
    advance()
    let exponent = try parseSigned()
    return append(.binary(.power), [base, exponent], from: base, to: exponent)
  }

  private mutating func parsePostfix() throws(Issue) -> Int {
    var base = try parsePrimary()
    while true {
      switch token.kind {
      case .dot:
        let dot = token
        advance()
        let attribute = token
        guard attribute.kind == .name else { throw unexpected("`T`") }
        let span = dot.span.joined(with: attribute.span)
        guard name(attribute) == "T" else {
          throw Issue(span, "`\(source.string(span))` is not known", hint: "values have `.T`, the transpose")
        }
        advance()
        base = append(.transpose, [base], Span(start: tree.nodes[base].span.start, end: span.end))
      case .openBracket: base = try parseIndex(base)
      default: return base
      }
    }
  }

  private mutating func parsePrimary() throws(Issue) -> Int {
    let first = token
    switch first.kind {
    case .number: return try parseNumber()
    case .text:
      advance()
      return append(.text(text(first)), [], first.span)
    case .name:
      advance()
      let word = name(first)
      if token.kind == .openParenthesis { return try parseCall(word, first.span) }
      if Vocabulary.Keyword(rawValue: word) != nil {
        // Inside brackets this is most likely the next statement, after a bracket that was left open.
        throw openBrackets > 0 && isAtLineStart(position - 1)
          ? unclosed() : Issue(first.span, "`\(word)` is a keyword and cannot be a value")
      }
      return append(.name(word), [], first.span)
    case .openParenthesis:
      open(first)
      let inner = try parseExpression()
      let closing = try close(.closeParenthesis)
      tree.nodes[inner].span = first.span.joined(with: closing)
      return inner
    case .openBracket: return try parseList()
    case .end where openBrackets > 0: throw unclosed()
    default: throw unexpected("a value")
    }
  }

  private func isAtLineStart(_ position: Int) -> Bool {
    position > 0 && tokens[position - 1].kind == .newline
  }

  private mutating func parseNumber() throws(Issue) -> Int {
    let span = token.span
    let digits = source.string(span).replacing("_", with: "")
    guard let number = Double(digits) else { throw unexpected("a number") }
    guard number.isFinite else {
      throw Issue(span, "the number is too large", hint: "the greatest is about 1.8e308")
    }
    advance()
    return append(.number(number), [], span)
  }

  // MARK: Brackets

  private mutating func open(_ token: Token) {
    openings.append(token)
    advance()
  }

  private mutating func close(_ kind: Token.Kind) throws(Issue) -> Span {
    let found = token
    guard found.kind == kind else {
      switch found.kind {
      case .invalid: throw unexpected("a value")
      case .closeBracket, .closeParenthesis:
        throw Issue(
          found.span,
          "\(description(found)) does not match `\(source.string(openings[openings.count - 1].span))` in line "
            + "\(source.line(at: openings[openings.count - 1].span.start) + 1)")
      case .number, .text, .name:
        throw isAtLineStart(position) ? unclosed() : unexpected("`,` or a closing bracket")
      default: throw unclosed()
      }
    }
    // The bracket may be the last one open: what follows it is up to the line's end again.
    position += position + 1 < tokens.count ? 1 : 0
    openings.removeLast()
    return found.span
  }

  private func unclosed() -> Issue {
    let bracket = openings[openings.count - 1]
    var issue = Issue(bracket.span, "`\(source.string(bracket.span))` is never closed")
    issue.leftOpen = true
    return issue
  }

  private mutating func parseList() throws(Issue) -> Int {
    let first = token
    open(first)
    var items: [Int] = []
    while token.kind != .closeBracket {
      items.append(try parseExpression())
      if !take(.comma) { break }
    }
    let closing = try close(.closeBracket)
    return append(.list, items, first.span.joined(with: closing))
  }

  private mutating func parseIndex(_ base: Int) throws(Issue) -> Int {
    let first = token
    open(first)
    var operands = [base]
    var isWhole: [Bool] = []
    while token.kind != .closeBracket {
      if token.kind == .colon {
        advance()
        isWhole.append(true)
      } else {
        operands.append(try parseExpression())
        isWhole.append(false)
      }
      if token.kind == .colon || isWhole.last == true && token.kind == .number {
        throw Issue(token.span, "there are no ranges", hint: "an index is a number, or `:` for a whole axis")
      }
      if !take(.comma) { break }
    }
    let closing = try close(.closeBracket)
    let span = Span(start: tree.nodes[base].span.start, end: closing.end)
    guard !isWhole.isEmpty else {
      throw Issue(first.span.joined(with: closing), "the index is empty", hint: "write a position, as in `[0]`")
    }
    tree.indices.append(isWhole)
    return append(.index(tree.indices.count - 1), operands, span)
  }

  private mutating func parseCall(_ function: String, _ nameSpan: Span) throws(Issue) -> Int {
    open(token)
    var labels: [CallSyntax.Label?] = []
    var operands: [Int] = []
    while token.kind != .closeParenthesis {
      var label: CallSyntax.Label?
      if token.kind == .name, peek() == .equals || peek() == .colon {
        label = CallSyntax.Label(name: name(token), span: token.span)
        advance()
        advance()
      } else if let last = labels.last, let last {
        throw Issue(token.span, "a value without a label cannot follow `\(last.name)`")
      }
      let firstNode = tree.nodes.count
      operands.append(try parseExpression())
      labels.append(label)
      if function == Vocabulary.Function.csv.rawValue, label?.name == "columns" {
        // Columns are named after the file's header, not after values of the program.
        for node in firstNode..<tree.nodes.count {
          if case .name(let column) = tree.nodes[node].kind { tree.nodes[node].kind = .text(column) }
        }
      }
      if !take(.comma) { break }
    }
    let closing = try close(.closeParenthesis)
    tree.calls.append(CallSyntax(name: function, nameSpan: nameSpan, labels: labels))
    return append(.call(tree.calls.count - 1), operands, nameSpan.joined(with: closing))
  }

  // MARK: Nodes

  private mutating func append(_ kind: ExpressionNode.Kind, _ operands: [Int], _ span: Span) -> Int {
    let first = tree.operands.count
    tree.operands.append(contentsOf: operands.map(Int32.init))
    tree.nodes.append(
      ExpressionNode(kind: kind, span: span, firstOperand: Int32(first), operandCount: Int32(operands.count)))
    return tree.nodes.count - 1
  }

  private mutating func append(_ kind: ExpressionNode.Kind, _ operands: [Int], from: Int, to: Int) -> Int {
    append(kind, operands, tree.nodes[from].span.joined(with: tree.nodes[to].span))
  }
}
