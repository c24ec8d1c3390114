extension SwiftTokens {
  /// The lines of every function and initializer from its name to its last brace, by the line of its name.
  package var functions: [(line: Int, lines: Int)] {
    tokens.indices.compactMap { start in
      let isCall = start > 0 && tokens[start - 1].text == "."
      guard ["func", "init", "subscript"].contains(tokens[start].text), !isCall,
        let open = bodyStart(after: start), let close = end(of: open)
      else { return nil }
      return (tokens[start].line, tokens[close].line - tokens[start].line + 1)
    }
  }

  /// The parameters of every initializer, by the line of its name, and the line where its body begins.
  package var initializers: [(line: Int, parameters: Int, bodyLine: Int)] {
    tokens.indices.compactMap { start in
      let isCall = start > 0 && tokens[start - 1].text == "."
      guard tokens[start].text == "init", !isCall, let open = bodyStart(after: start),
        let list = tokens[start...].firstIndex(where: { $0.text == "(" }), list < open
      else { return nil }
      var (depth, count) = (0, 0)
      for index in list..<open {
        if ["(", "[", "{"].contains(tokens[index].text) { depth += 1 }
        if [")", "]", "}"].contains(tokens[index].text) { depth -= 1 }
        // One colon at the list's own level for each parameter.
        if depth == 1, tokens[index].text == ":" { count += 1 }
        if depth == 0 { break }
      }
      return (tokens[start].line, count, tokens[open].line)
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
