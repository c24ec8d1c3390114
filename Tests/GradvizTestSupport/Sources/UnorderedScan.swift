/// Finds where source goes through a `Set` or a `Dictionary`, whose order is another one in every process.
///
/// A scan of words, not a compiler: it knows what is declared as such a collection (variables, parameters,
/// properties, results of functions, copies of any of them), and looks at how each is used. Uses in which no
/// order can show are known by name; every other one is a finding, right or not.
package struct UnorderedScan {
  package struct Finding: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var name: String
    /// The line's text.
    package var text: String

    package var description: String { "\(file):\(line): `\(name)` in: \(text)" }

    package static func < (a: Finding, b: Finding) -> Bool { (a.file, a.line) < (b.file, b.line) }
  }

  /// In which no order shows, whatever the elements are.
  private static let harmless: Set<Substring> = [
    "contains", "insert", "remove", "removeValue", "removeAll", "count", "isEmpty", "formUnion", "subtract",
    "formIntersection", "isSubset", "isSuperset", "isDisjoint", "reserveCapacity", "updateValue", "sorted",
    "capacity",
    "allSatisfy", "self",
  ]
  /// What gives such a collection again.
  static let passing: Set<Substring> = [
    "mapValues", "compactMapValues", "filter", "union", "intersection", "subtracting", "symmetricDifference",
    "merging",
    "merge", "keys", "values",
  ]

  struct File {
    /// Its path from the folder of the modules on.
    var name: String
    var module: Substring { name.prefix { $0 != "/" } }
    var lines: [Substring]
    var tokens: [SwiftTokens.Token]
  }

  private var files: [File] = []
  /// What the name of a property means: in its file, in its module, and, where it is public, everywhere.
  var meanings: [Scope: [Substring: Meaning]] = [:]
  /// Functions that give such a collection.
  var functions: Set<Substring> = []
  private var findings: [Finding] = []

  enum Scope: Hashable {
    case file(String)
    case module(Substring)
    case everywhere
  }

  enum Meaning {
    case ordered, unordered
    /// One type's property has an order and another's has none: a scan of words cannot tell them apart.
    case both

    func joined(_ other: Meaning) -> Meaning { self == other ? self : .both }
  }

  /// - Parameter sources: texts by the names of their files.
  /// - Returns: the findings in order of file and line.
  package static func findings(in sources: [(name: String, text: String)]) -> [Finding] {
    var scan = UnorderedScan()
    for source in sources {
      scan.files.append(
        File(
          name: source.name, lines: source.text.split(separator: "\n", omittingEmptySubsequences: false),
          tokens: SwiftTokens(source.text).tokens))
    }
    for file in scan.files { scan.collectDeclarations(file) }
    for file in scan.files { scan.look(through: file) }
    return scan.findings.sorted()
  }

  // MARK: Uses

  private mutating func look(through file: File) {
    let tokens = file.tokens
    // What each name means in the scopes that are open, the innermost last.
    var scopes: [[Substring: Bool]] = [[:]]
    var pending: [Substring: Bool] = [:]
    for (index, token) in tokens.enumerated() {
      if token.text == "{" {
        scopes.append(pending)
        pending = [:]
        continue
      }
      if token.text == "}" {
        if scopes.count > 1 { scopes.removeLast() }
        continue
      }
      guard token.isWord else { continue }
      let before = index > 0 ? tokens[index - 1].text : ""
      let after = index + 1 < tokens.count ? tokens[index + 1].text : ""
      if token.text == "let" || token.text == "var" {
        declare(tokens, at: index, in: file, &scopes)
        continue
      }
      if ["func", "init", "subscript"].contains(token.text), before != "." {
        pending = Self.parameters(tokens, from: index + 1)
        continue
      }
      if after == ":" { continue }
      let isMember = before == "." && index > 1 && tokens[index - 2].text != "self"
      let isCall = after == "("
      var isUnordered: Bool
      if token.text == "Set" || token.text == "Dictionary" {
        isUnordered = isCall
      } else if isCall {
        isUnordered = functions.contains(token.text)
      } else if !isMember, let known = scopes.reversed().lazy.compactMap({ $0[token.text] }).first {
        isUnordered = known
      } else {
        isUnordered = self.isUnordered(property: token.text, in: file)
      }
      if before == "func" || before == "case" || before == "let" || before == "var" { isUnordered = false }
      guard isUnordered else { continue }
      if Self.showsOrder(tokens, from: index, isCall: isCall) {
        let line = token.line
        findings.append(
          Finding(
            file: file.name, line: line, name: String(token.text),
            text: file.lines[line - 1].drop { $0 == " " }.description))
      }
    }
  }

  /// The names of a function's parameters, and which of them have no order.
  private static func parameters(_ tokens: [SwiftTokens.Token], from start: Int) -> [Substring: Bool] {
    guard let open = tokens[start...].firstIndex(where: { $0.text == "(" || $0.text == "{" }),
      tokens[open].text == "("
    else { return [:] }
    var names: [Substring: Bool] = [:]
    for index in open..<(end(of: tokens, from: open) - 1)
    where tokens[index].text == ":" && tokens[index - 1].isWord {
      names[tokens[index - 1].text] = isUnordered(tokens, at: index + 1)
    }
    return names
  }

  /// Notes a local name; a copy of what has no order has none.
  private func declare(
    _ tokens: [SwiftTokens.Token], at index: Int, in file: File, _ scopes: inout [[Substring: Bool]]
  ) {
    guard let name = Self.declared(tokens, at: index) else {
      declareTuple(tokens, at: index, &scopes)
      return
    }
    var isUnordered = name.isUnordered
    if !isUnordered, index + 3 < tokens.count, tokens[index + 2].text == "=" {
      var at = index + 3
      // The last name of a chain: `a.b.c`, or `f(…)`.
      while at + 2 < tokens.count, tokens[at].isWord, tokens[at + 1].text == "." { at += 2 }
      let last = tokens[at].text
      let next = at + 1 < tokens.count ? tokens[at + 1].text : ""
      let isElement = next == "[" || next == "?"
      let known = at == index + 3 ? scopes.reversed().lazy.compactMap { $0[last] }.first : nil
      isUnordered =
        next == "("
        ? functions.contains(last)
        : !isElement && next != "." && (known ?? self.isUnordered(property: last, in: file))
    }
    scopes[scopes.count - 1][name.text] = isUnordered
  }

  /// A declaration such as `var (a, b): ([Int: Int], [Int])`.
  private func declareTuple(_ tokens: [SwiftTokens.Token], at index: Int, _ scopes: inout [[Substring: Bool]]) {
    guard index + 1 < tokens.count, tokens[index + 1].text == "(" else { return }
    var at = index + 2
    var names: [Substring] = []
    while at < tokens.count, tokens[at].text != ")" {
      if tokens[at].isWord { names.append(tokens[at].text) }
      at += 1
    }
    for name in names { scopes[scopes.count - 1][name] = false }
    guard at + 2 < tokens.count, tokens[at + 1].text == ":", tokens[at + 2].text == "(" else { return }
    var place = 0
    var depth = 0
    var isStart = true
    for position in (at + 3)..<tokens.count {
      if isStart, place < names.count, Self.isUnordered(tokens, at: position) {
        scopes[scopes.count - 1][names[place]] = true
      }
      isStart = false
      switch tokens[position].text {
      case "(", "[", "<": depth += 1
      case ")", "]", ">": depth -= 1
      case "," where depth == 0:
        place += 1
        isStart = true
      default: break
      }
      if depth < 0 { return }
    }
  }

  /// Whether the order of a collection that is named here can show.
  private static func showsOrder(_ tokens: [SwiftTokens.Token], from index: Int, isCall: Bool) -> Bool {
    var at = index + 1
    if isCall { at = Self.end(of: tokens, from: at) }
    while at < tokens.count, ["?", "!"].contains(tokens[at].text) { at += 1 }
    guard at < tokens.count else { return false }
    if tokens[at].text == "[" { return false }
    guard tokens[at].text == ".", at + 1 < tokens.count else { return isGoneThrough(tokens, index, at) }
    let method = tokens[at + 1].text
    var next = at + 2
    let hasArguments = next < tokens.count && ["(", "{"].contains(tokens[next].text)
    if passing.contains(method) {
      if hasArguments { next = Self.end(of: tokens, from: next) }
      return showsOrder(tokens, from: next - 1, isCall: false, start: index)
    }
    // Least and greatest are the same in any order, by a rule of one's own only where no two are alike.
    if method == "min" || method == "max" || method == "sorted" {
      return !(hasArguments && tokens[next].text == "(" && tokens[next + 1].text == ")")
    }
    return !harmless.contains(method)
  }

  private static func showsOrder(_ tokens: [SwiftTokens.Token], from index: Int, isCall: Bool, start: Int)
    -> Bool
  {
    let at = index + 1
    guard at < tokens.count, tokens[at].text == "." else { return isGoneThrough(tokens, start, at) }
    return showsOrder(tokens, from: index, isCall: false)
  }

  /// Of a collection that is only named: whether a loop or another collection takes its elements one by one.
  private static func isGoneThrough(_ tokens: [SwiftTokens.Token], _ index: Int, _ end: Int) -> Bool {
    var start = index
    while start >= 2, tokens[start - 1].text == "." { start -= 2 }
    guard start > 0 else { return false }
    let before = tokens[start - 1].text
    if before == "in" { return true }
    if before == "+" || (before == "=" && start > 1 && tokens[start - 2].text == "+") { return true }
    if end < tokens.count, tokens[end].text == "+" { return true }
    if before == ":", start > 1, tokens[start - 2].text == "contentsOf" { return true }
    if before == "(", start > 1 {
      return ["Array", "zip", "ContiguousArray", "String"].contains(tokens[start - 2].text)
    }
    return false
  }

  /// Behind the bracket that closes the one here, which may be that of a type's arguments.
  static func end(of tokens: [SwiftTokens.Token], from start: Int) -> Int {
    let isGeneric = start < tokens.count && tokens[start].text == "<"
    var depth = 0
    for index in start..<tokens.count {
      switch tokens[index].text {
      case "<" where isGeneric: depth += 1
      case ">" where isGeneric:
        depth -= 1
        if depth == 0 { return index + 1 }
      case "(", "[", "{": depth += 1
      case ")", "]", "}":
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
    }
    return tokens.count
  }
}
