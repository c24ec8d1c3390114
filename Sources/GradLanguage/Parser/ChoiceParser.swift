import GradvizGraph

/// Parses the selections of `csv`: rows and columns by position, by name and by range.
extension Parser {
  /// `rows` or `columns`, if the last item of a call selects those.
  func chosen(_ bracket: Bracket) -> String? {
    guard bracket.kind == .call, Vocabulary.Function(rawValue: bracket.function) == .csv,
      let label = bracket.labels.last??.name, label == "rows" || label == "columns"
    else { return nil }
    return label
  }

  /// Whether the next item is a row or a column of a data file, alone or in a list.
  func choosesFromData(_ work: Expression) -> Bool {
    let brackets = work.pending.reversed().lazy.compactMap { pending in
      if case .bracket(let bracket) = pending { bracket } else { nil }
    }
    guard let call = brackets.first(where: { $0.kind != .list }), chosen(call) != nil else { return false }
    // A nested list, and anything after the label's own item, is an ordinary value.
    return call.labels.count > call.items.count && brackets.prefix(3).prefix { $0.kind == .list }.count < 2
  }

  /// A range of rows: `0:50` or `50:`.
  mutating func parseRange(_ work: inout Expression) throws(Issue) {
    let colon = token
    reduce(&work, atLeast: 1)
    if case .range = work.pending.last {
      throw Issue(
        colon.span, "ranges take no step", hint: "`0:50` selects 0 to 49")
    }
    advance()
    if token.kind == .comma || token.kind == .closeBracket || token.kind == .closeParenthesis {
      let start = work.operands.removeLast()
      work.operands.append(append(.range, [start], tree.nodes[start].span.joined(with: colon.span)))
    } else {
      try work.push(.range, at: colon.span, limits)
      work.expectsValue = true
    }
  }

  /// Marks the selection of rows or columns at the end of a call: its list, and `class(…)`.
  mutating func markChoice(_ bracket: Bracket) {
    guard let root = bracket.items.last else { return }
    if case .list = tree.nodes[root].kind { tree.nodes[root].kind = .selection }
    guard chosen(bracket) == "columns" else { return }
    for node in bracket.firstNode..<tree.nodes.count {
      if case .call(let call) = tree.nodes[node].kind, tree.calls[call].name == "class",
        tree.calls[call].labels.count == 1, tree.calls[call].labels[0] == nil
      {
        tree.nodes[node].kind = .classes
      }
    }
  }
}
