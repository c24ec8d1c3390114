import GradvizGraph

/// Functions of several lines.
extension Parser {
  /// The body of `def f(x):`: lines that name values, and a `return` at its end.
  ///
  /// - Returns: the node of what is returned.
  mutating func parseBody(under header: Token, _ parameters: [String]) throws(Issue) -> Int {
    let range = try block(under: header)
    position = range.lowerBound
    locals = [:]
    readLocals = []
    var named: [Token] = []
    let outer = (loopDepth, currentSteps)
    (loopDepth, currentSteps) = (0, [:])
    defer {
      locals = nil
      (loopDepth, currentSteps) = outer
    }
    var result: Int?
    while position < range.upperBound {
      if tokens[position].kind == .newline {
        advance()
        continue
      }
      if let result {
        throw Issue(tokens[position].span, "nothing follows a `return`", hint: "it returns `\(text(of: result))`")
      }
      let first = token
      result = try parseBodyLine(parameters)
      if result == nil { named.append(first) }
      guard token.kind == .newline || token.kind == .end else { throw trailing() }
    }
    guard let result else {
      throw Issue(header.span, "the function returns nothing", hint: "its last line is `return …`")
    }
    tree.unusedLocals += named.filter { !readLocals.contains(name($0)) }.map(\.span)
    position = range.upperBound
    return result
  }

  private func text(of node: Int) -> String { source.excerpt(tree.nodes[node].span, limit: 30) ?? "…" }

  /// One line of a body; what it returns, if it returns something.
  private mutating func parseBodyLine(_ parameters: [String]) throws(Issue) -> Int? {
    let first = token
    guard first.kind == .name else {
      throw unexpected("a name or `return`", hint: Self.answer(toLineBeginningWith: first.kind))
    }
    let word = name(first)
    if word == "return", peek() != .equals {
      advance()
      return try parseExpression()
    }
    if let operation = compoundOperator() {
      var statement = Statement(kind: .broken, span: first.span)
      try parseCompound(operation, &statement)
      locals?[word] = statement.root
      return nil
    }
    guard peek() == .equals else {
      throw Issue(
        first.span, "a function has lines `name = …` and a `return`", hint: "declare parameters and loops outside")
    }
    if parameters.contains(word) {
      throw Issue(first.span, "`\(word)` is a parameter and keeps its meaning", hint: "take another name")
    }
    advance()
    advance()
    let value = try parseExpression()
    locals?[word] = value
    return nil
  }
}
