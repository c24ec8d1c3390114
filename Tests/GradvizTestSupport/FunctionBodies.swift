extension SwiftTokens {
  /// The lines between the braces of every function and initializer, by the line of its name.
  package var functionBodies: [(line: Int, lines: Int)] {
    tokens.indices.compactMap { start in
      let isCall = start > 0 && tokens[start - 1].text == "."
      guard ["func", "init", "subscript"].contains(tokens[start].text), !isCall,
        let open = bodyStart(after: start), let close = end(of: open)
      else { return nil }
      return (tokens[start].line, max(tokens[close].line - tokens[open].line - 1, 0))
    }
  }

  /// The brace that opens a declaration's body; nil for a requirement of a protocol.
  private func bodyStart(after start: Int) -> Int? {
    var depth = 0
    for index in tokens.indices[(start + 1)...] {
      switch tokens[index].text {
      case "(": depth += 1
      case ")": depth -= 1
      case "{" where depth == 0: return index
      case "}", "func", "init", "var", "subscript", "static": if depth == 0 { return nil }
      default: break
      }
    }
    return nil
  }

  private func end(of open: Int) -> Int? {
    var depth = 0
    for index in tokens.indices[open...] {
      if tokens[index].text == "{" { depth += 1 }
      if tokens[index].text == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }
}
