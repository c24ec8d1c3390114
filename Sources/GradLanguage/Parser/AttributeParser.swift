/// What follows a dot: the transpose, a layer's parameters, methods, and functions of modules.
extension Parser {
  mutating func parseAttribute(_ work: inout Expression) throws(Issue) {
    let dot = token
    advance()
    let attribute = token
    guard attribute.kind == .name else { throw unexpected("`T`") }
    let word = name(attribute)
    let span = dot.span.joined(with: attribute.span)
    if let base = work.operands.last, case .name(let module) = tree.nodes[base].kind, isModule(module) {
      return try parseMember(word, of: module, base, attribute, &work)
    }
    if peek() == .openParenthesis { return try parseMethod(word, span, &work) }
    if ["w", "u", "b", "c"].contains(word), let base = work.operands.last, case .name(let layer) = tree.nodes[base].kind
    {
      // A layer's weights and bias.
      advance()
      work.operands.removeLast()
      let whole = Span(start: tree.nodes[base].span.start, end: span.end)
      tree.nodes[base].kind = .name("\(layer).\(word)")
      tree.nodes[base].span = whole
      work.operands.append(base)
      return
    }
    guard word == "T" else {
      let isFunction = Vocabulary.Function(rawValue: word) != nil
      throw Issue(
        span, "unknown attribute `\(source.string(span))`",
        hint: ForeignWords.attributes[word]
          ?? (isFunction ? "write `\(word)(…)`" : "the only attribute is `.T`, the transpose"))
    }
    advance()
    let base = work.operands.removeLast()
    let whole = Span(start: tree.nodes[base].span.start, end: span.end)
    work.operands.append(append(.transpose, [base], whole))
  }

  /// Whether a name stands for a library in Python, and for no value of the program so far.
  private func isModule(_ name: String) -> Bool {
    let first = name.prefix { $0 != "." }
    return ForeignWords.modules.contains(String(first)) && !declaredNames.contains(String(first))
  }

  /// The function's own name for another one, unless the program defines a function or a value of that name.
  func known(_ word: String) -> String {
    if declaredNames.contains(word) || Vocabulary.Function(rawValue: word) != nil { return word }
    return ForeignWords.functions[word]?.rawValue ?? word
  }

  /// `torch.tanh(x)`, `F.relu(x)`, `np.pi`: the function or constant alone.
  private mutating func parseMember(
    _ word: String, of module: String, _ base: Int, _ attribute: Token, _ work: inout Expression
  ) throws(Issue) {
    advance()
    let span = Span(start: tree.nodes[base].span.start, end: attribute.span.end)
    if token.kind == .openParenthesis {
      if let answer = ForeignWords.members[word] {
        throw Issue(span, "`\(source.string(span))` is not part of the language", hint: answer)
      }
      // The name of the module is the last node, and no part of the call.
      work.operands.removeLast()
      tree.nodes.removeLast()
      var bracket = Bracket(kind: .call, start: span.start)
      bracket.function = known(word)
      bracket.functionSpan = span
      try open(bracket, token, &work)
      return try parseLabel(&work)
    }
    if word == "newaxis", work.innermost == .index {
      work.operands.removeLast()
      tree.nodes.removeLast()
      return try takeAxis(.newAxis, &work)
    }
    guard let answer = ForeignWords.members[word] else {
      tree.nodes[base].span = span
      tree.nodes[base].kind =
        word == "e" ? .number(ForeignWords.e) : .name(Vocabulary.constants[word] != nil ? word : "\(module).\(word)")
      return
    }
    throw Issue(span, "`\(source.string(span))` is not part of the language", hint: answer)
  }

  /// `x.sum(dim=1)` is `sum(x, dim=1)`.
  private mutating func parseMethod(_ word: String, _ span: Span, _ work: inout Expression) throws(Issue) {
    if let answer = ForeignWords.methods[word] {
      throw Issue(span, "`\(source.string(span))(…)` is not part of the language", hint: answer)
    }
    let nameSpan = token.span
    advance()
    let base = work.operands.removeLast()
    var bracket = Bracket(kind: .call, start: tree.nodes[base].span.start)
    bracket.function = known(word)
    bracket.functionSpan = nameSpan
    bracket.items = [base]
    bracket.labels = [nil]
    bracket.isMethod = true
    try open(bracket, token, &work)
    try parseLabel(&work)
  }
}
