/// What stands in brackets: calls, lists, indices, labels.
extension Parser {
  mutating func open(_ bracket: Bracket, _ token: Token, _ work: inout Expression) throws(Issue) {
    var bracket = bracket
    bracket.firstNode = tree.nodes.count
    try work.push(.bracket(bracket), at: token.span, limits)
    openings.append(token)
    advance()
    work.expectsValue = true
  }

  /// The value at the end becomes an item of the innermost bracket.
  mutating func finishItem(_ work: inout Expression) {
    guard case .bracket(var bracket) = work.pending.last else { return }
    // Out of the list while it changes, so that long lists are not copied for each item.
    work.pending.removeLast()
    bracket.items.append(work.operands.removeLast())
    switch bracket.kind {
    case .index:
      if let parts = bracket.slice {
        bracket.taken.append(.slice(parts + [true]))
        bracket.slice = nil
      } else {
        bracket.taken.append(.value)
      }
    case .call:
      if bracket.labels.count < bracket.items.count { bracket.labels.append(nil) }
      if let item = bracket.items.last, case .name(let word) = tree.nodes[item].kind,
        ["True", "False", "None"].contains(word), !declaredNames.contains(word)
      {
        tree.nodes[item].kind = .text(word)
      }
      if takesWords(bracket) {
        // Columns are named after the file's header, schemes and activations after what they do: not after
        // values of the program.
        for node in bracket.firstNode..<tree.nodes.count {
          if case .name = tree.nodes[node].kind {
            tree.nodes[node].kind = .text(source.string(tree.nodes[node].span).composed)
          }
        }
      }
      if chosen(bracket) != nil { markChoice(bracket) }
      if joinsArrays(bracket), let item = bracket.items.last, case .list = tree.nodes[item].kind {
        // Its items are the function's own operands, and may differ in their shapes.
        tree.nodes[item].kind = .selection
      }
    case .group, .tuple, .list: break
    }
    bracket.firstNode = tree.nodes.count
    work.pending.append(.bracket(bracket))
  }

  private func joinsArrays(_ bracket: Bracket) -> Bool {
    let function = Vocabulary.Function(rawValue: bracket.function)
    return (function == .concat || function == .stack) && !definedNames.contains(bracket.function)
  }

  /// Whether the item at the end of a call is made of words.
  private func takesWords(_ bracket: Bracket) -> Bool {
    let label = bracket.labels.last??.name
    if let label, ["keepdims", "keepdim", "approximate", "requires_grad", "mask"].contains(label) { return true }
    switch Vocabulary.Function(rawValue: bracket.function) {
    case .csv: return label == "columns" || label == "header"
    case .random: return label == "scheme"
    case .dense: return label == "scheme" || label == "activation" || label == nil && bracket.items.count == 3
    case .conv1d, .conv2d: return label == "activation" || label == nil && bracket.items.count == 4
    default: return false
    }
  }

  /// `axis=` or `axis:` in front of an argument.
  mutating func parseLabel(_ work: inout Expression) throws(Issue) {
    guard work.innermost == .call, case .bracket(var bracket) = work.pending.last else { return }
    let first = token
    if first.kind == .name, peek() == .equals || peek() == .colon {
      bracket.labels.append(CallSyntax.Label(name: name(first), span: first.span))
      work.pending[work.pending.count - 1] = .bracket(bracket)
      advance()
      advance()
    } else if let last = bracket.labels.last, let last, first.kind != .closeParenthesis {
      throw Issue(
        first.span, "an argument without a label cannot follow `\(last.name)`", hint: decimalHint(first, last.name))
    }
  }

  /// What is said about a number right behind a comma, as the second half of `rate: 0,1`.
  private func decimalHint(_ second: Token, _ label: String) -> String? {
    guard second.kind == .number else { return nil }
    let before = source.string(Span(start: max(second.span.start - 24, 0), end: second.span.start))
    guard let match = before.firstMatch(of: /([0-9]+),$/) else { return nil }
    let (whole, rest) = (match.output.1, source.string(second.span))
    return label == "axis" || label == "dim" ? "write `\(label)=[\(whole), \(rest)]`" : "write `\(whole).\(rest)`"
  }

  mutating func close(_ work: inout Expression) throws(Issue) {
    let found = token
    guard case .bracket(let bracket) = work.pending.last else { throw unexpected("a value") }
    let kind: Token.Kind =
      bracket.kind == .list || bracket.kind == .index ? .closeBracket : .closeParenthesis
    guard found.kind == kind else {
      let opening = openings[openings.count - 1]
      throw Issue(
        found.span,
        "\(description(found)) does not match `\(source.string(opening.span))` on line "
          + source.lineName(at: opening.span.start))
    }
    let opening = openings.removeLast()
    advance()
    work.pending.removeLast()
    work.depth -= 1
    let span = Span(start: bracket.start, end: found.span.end)
    switch bracket.kind {
    case .group:
      tree.nodes[bracket.items[0]].span = span
      work.produce(bracket.items[0])
    case .list, .tuple: work.produce(append(.list, bracket.items, span))
    case .index:
      guard !bracket.taken.isEmpty else {
        throw Issue(
          opening.span.joined(with: found.span), "the index is empty", hint: "write a position, as in `[0]`")
      }
      tree.indices.append(bracket.taken)
      work.produce(append(.index(tree.indices.count - 1), bracket.items, span))
    case .call:
      var bracket = bracket
      if bracket.function == "embedding", bracket.items.count == 2,
        Library(source.string(bracket.functionSpan)) == .torch
      {
        // PyTorch has the numbers of the rows in front of their table.
        bracket.items.swapAt(0, 1)
        bracket.labels = [nil, nil]
      }
      tree.calls.append(
        CallSyntax(
          name: bracket.function, nameSpan: bracket.functionSpan, isMethod: bracket.isMethod, labels: bracket.labels))
      work.produce(append(.call(tree.calls.count - 1), bracket.items, span))
    }
  }

  func unclosed() -> Issue {
    let bracket = openings[openings.count - 1]
    var issue = Issue(bracket.span, "`\(source.string(bracket.span))` is never closed")
    issue.leftOpen = true
    return issue
  }
}
