/// What is declared as a set or a dictionary, and where that is known.
extension UnorderedScan {
  /// Whether a type begins here that is a set or a dictionary.
  static func isUnordered(_ tokens: [SwiftTokens.Token], at start: Int) -> Bool {
    var at = start
    while at < tokens.count, ["inout", "@", "escaping", "some", "any"].contains(tokens[at].text) { at += 1 }
    guard at < tokens.count else { return false }
    if tokens[at].text == "Set" || tokens[at].text == "Dictionary" {
      return at + 1 < tokens.count && ["<", "("].contains(tokens[at + 1].text)
    }
    guard tokens[at].text == "[" else { return false }
    var depth = 0
    var choices = 0
    for index in at..<tokens.count {
      switch tokens[index].text {
      case "[", "(", "<": depth += 1
      case "]", ")", ">":
        depth -= 1
        if depth == 0 { return false }
      // A choice between two values, unless it is an optional key.
      case "?" where depth == 1 && tokens[index + 1].text != ":": choices += 1
      case ":" where depth == 1:
        if choices == 0 { return true }
        choices -= 1
      default: break
      }
    }
    return false
  }

  /// Whether such a collection is made here and stays one: `Set(x)`, not `Set(x).sorted()`.
  static func isMade(_ tokens: [SwiftTokens.Token], at start: Int) -> Bool {
    guard isUnordered(tokens, at: start) else { return false }
    var at = start
    while at < tokens.count,
      ["Set", "Dictionary"].contains(tokens[at].text) || "[<(".contains(tokens[at].text)
    {
      at = tokens[at].isWord ? at + 1 : end(of: tokens, from: at)
    }
    while at + 1 < tokens.count, tokens[at].text == ".", passing.contains(tokens[at + 1].text) {
      at = end(of: tokens, from: at + 2)
    }
    return at >= tokens.count || tokens[at].text != "."
  }

  /// Properties and functions, by the braces they stand in: of types, not of functions.
  mutating func collectDeclarations(_ file: File) {
    let tokens = file.tokens
    struct Body { var isType: Bool, isPrivate: Bool }
    var bodies = [Body(isType: true, isPrivate: false)]
    var opened = Body(isType: false, isPrivate: false)
    for (index, token) in tokens.enumerated() {
      switch token.text {
      case "struct", "class", "enum", "extension", "protocol", "actor":
        opened = Body(
          isType: true,
          isPrivate: Self.has(["private", "fileprivate"], tokens, before: index)
            || bodies.last?.isPrivate == true)
      case "{":
        bodies.append(opened)
        opened = Body(isType: false, isPrivate: false)
      case "}": if bodies.count > 1 { bodies.removeLast() }
      case "func":
        if index + 1 < tokens.count, let arrow = Self.arrow(tokens, from: index + 1),
          Self.isUnordered(tokens, at: arrow + 1)
        {
          functions.insert(tokens[index + 1].text)
        }
      case "let", "var":
        guard let body = bodies.last, body.isType, let name = Self.declared(tokens, at: index) else {
          continue
        }
        var scopes: [Scope] = [.file(file.name)]
        if !body.isPrivate, !Self.has(["private", "fileprivate"], tokens, before: index) {
          scopes.append(.module(file.module))
          if Self.has(["public", "package"], tokens, before: index) { scopes.append(.everywhere) }
        }
        let meaning: Meaning = name.isUnordered ? .unordered : .ordered
        for scope in scopes {
          let known = meanings[scope]?[name.text]
          meanings[scope, default: [:]][name.text] = known?.joined(meaning) ?? meaning
        }
      default: break
      }
    }
  }

  /// Whether one of the words stands before a declaration's keyword, and is not only about setting.
  static func has(_ words: [Substring], _ tokens: [SwiftTokens.Token], before index: Int) -> Bool {
    var at = index - 1
    while at >= 0 {
      if tokens[at].text == ")" {
        // `private(set)`
        at -= 4
        continue
      }
      if words.contains(tokens[at].text) { return true }
      guard
        ["static", "final", "lazy", "indirect", "mutating", "unsafe", "public", "package", "nonisolated"]
          .contains(tokens[at].text)
      else { return false }
      at -= 1
    }
    return false
  }

  /// Whether a property of this name has no order, or one of several of this name has none.
  func isUnordered(property name: Substring, in file: File) -> Bool {
    let scopes: [Scope] = [.file(file.name), .module(file.module), .everywhere]
    guard let meaning = scopes.lazy.compactMap({ meanings[$0]?[name] }).first else { return false }
    return meaning != .ordered
  }

  /// The `->` of a function's declaration, before its body.
  static func arrow(_ tokens: [SwiftTokens.Token], from start: Int) -> Int? {
    var depth = 0
    for index in start..<tokens.count {
      switch tokens[index].text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{", "}", "func", "var", "let": if depth <= 0 { return nil }
      case "->": if depth == 0 { return index }
      default: break
      }
    }
    return nil
  }

  /// The name after `let` or `var`, and whether its type, or what it is made of, says that it has no order.
  static func declared(_ tokens: [SwiftTokens.Token], at index: Int) -> (
    text: Substring, isUnordered: Bool
  )? {
    guard index + 2 < tokens.count, tokens[index + 1].isWord else { return nil }
    let sign = tokens[index + 2].text
    let isUnordered =
      sign == ":"
      ? Self.isUnordered(tokens, at: index + 3) : sign == "=" && Self.isMade(tokens, at: index + 3)
    return (tokens[index + 1].text, isUnordered)
  }
}
