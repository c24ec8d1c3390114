import GradvizGraph

/// Loops, which are unrolled: their block is read once in every turn, and each turn is a scope. A name that is assigned
/// again is the next step of a recurrence, h1, h2, h3, …; behind the loop the name means the last step.
extension Parser {
  /// Turns of one loop.
  static let maxTurns = 10_000
  /// Turns of all loops together.
  static let maxTurnsInAll = 20_000

  /// `for t in range(3):` with its block.
  mutating func parseLoop() throws(Issue) {
    let header = token
    advance()
    let variable = token
    let word = name(variable)
    guard Vocabulary.Keyword(reserved: word) == nil, Vocabulary.Function(reserved: word) == nil else {
      throw Issue(variable.span, "`\(word)` is reserved and cannot be the variable of a loop")
    }
    if declaredNames.contains(word) || loopValues[word] != nil {
      throw Issue(variable.span, "`\(word)` is already a name", hint: "take another name for the turns")
    }
    advance()
    guard token.kind == .name, name(token) == "in" else { throw unexpected("`in`", hint: "as in `for t in range(3):`") }
    advance()
    let turns = try parseRangeOfTurns()
    let range = try block(under: header)
    loopDepth += 1
    defer {
      loopValues[word] = nil
      loopDepth -= 1
    }
    let errors = log.count
    for turn in turns where log.count == errors {
      turnCount += 1
      guard turnCount <= Self.maxTurnsInAll else {
        log.add(Issue(header.span, "the loops have more than \(Self.maxTurnsInAll) turns in all"))
        break
      }
      loopValues[word] = Double(turn)
      enterTurn("\(word)\(turn)", header)
      parseBlock(range)
      leaveTurn()
    }
    position = range.upperBound
  }

  private mutating func parseRangeOfTurns() throws(Issue) -> [Int] {
    let call = token
    guard call.kind == .name, name(call) == "range", peek() == .openParenthesis else {
      throw unexpected("`range(…)`", hint: "as in `for t in range(3):`")
    }
    let root = try parseExpression()
    var ends: [Int] = []
    for operand in tree.operands(of: root).map(Int.init) {
      let number = try constant(operand, "the end of a `range`")
      guard let whole = Int(exactly: number), whole.magnitude <= 1_000_000_000 else {
        throw Issue(tree.nodes[operand].span, "the end of a `range` must be a whole number")
      }
      ends.append(whole)
    }
    guard (1...3).contains(ends.count), case .call = tree.nodes[root].kind else {
      throw Issue(tree.nodes[root].span, "`range` takes an end, a start and an end, or both and a step")
    }
    let (from, to) = ends.count == 1 ? (0, ends[0]) : (ends[0], ends[1])
    let step = ends.count > 2 ? ends[2] : 1
    guard step != 0 else { throw Issue(tree.nodes[root].span, "the step of a `range` cannot be 0") }
    guard (to - from) / step <= Self.maxTurns else {
      throw Issue(tree.nodes[root].span, "a loop has at most \(Self.maxTurns) turns")
    }
    let turns = Array(stride(from: from, to: to, by: step))
    guard !turns.isEmpty else {
      throw Issue(tree.nodes[root].span, "the range is empty", hint: "`range(3)` is 0, 1, 2")
    }
    return turns
  }

  // MARK: Scopes

  private mutating func enterTurn(_ name: String, _ header: Token) {
    let outer = turnScopes.last.map { tree.scopes[Int($0)].path + "." } ?? ""
    var path = outer + name
    var number = 2
    // A second loop has turns of its own.
    while !turnPaths.insert(path).inserted {
      path = "\(outer)\(name)_\(number)"
      number += 1
    }
    tree.scopes.append(CallScope(path: path, function: name, callSpan: header.span, isTurn: true))
    turnScopes.append(Int32(tree.scopes.count - 1))
  }

  private mutating func leaveTurn() { turnScopes.removeLast() }

  // MARK: Names

  /// The name that a line declares: in a loop the next step of the recurrence.
  mutating func declaredName(_ word: String, _ span: Span) throws(Issue) -> String {
    if loopValues[word] != nil {
      throw Issue(span, "`\(word)` counts the turns of a loop", hint: "take another name")
    }
    guard loopDepth > 0 else {
      if currentSteps[word] != nil {
        throw Issue(span, "`\(word)` is assigned in a loop and keeps its last value", hint: "take another name")
      }
      return word
    }
    var step = (stepCounts[word] ?? 0) + 1
    let separator = word.last?.isNumber == true ? "_" : ""
    while declaredNames.contains("\(word)\(separator)\(step)") { step += 1 }
    stepCounts[word] = step
    return "\(word)\(separator)\(step)"
  }

  /// What a word stands for in an expression: the number of a turn, the last step of a recurrence, a value of a
  /// function's body, or itself.
  mutating func produceName(_ word: String, _ span: Span, _ work: inout Expression) {
    if let number = loopValues[word] {
      work.produce(append(.number(number), [], span))
    } else if let local = locals?[word] {
      readLocals.insert(word)
      // Another use of the same node.
      work.produce(append(.identity, [local], span))
    } else {
      work.produce(append(.name(currentSteps[word] ?? word), [], span))
    }
  }

  /// `a += b` in a loop: the operator in front of the `=`.
  func compoundOperator() -> BinaryOperator? {
    guard peek(2) == .equals else { return nil }
    return switch peek() {
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .power: .power
    case .at: .matrixMultiply
    default: nil
    }
  }

  /// `a += b`, which is `a = a + b` in a loop.
  mutating func parseCompound(_ operation: BinaryOperator, _ statement: inout Statement) throws(Issue) {
    let nameToken = token
    let word = name(nameToken)
    guard loopDepth > 0 || locals != nil else {
      let line = tokens[position...].prefix { $0.kind != .newline && $0.kind != .end }
      let isUpdate = line.contains { $0.kind == .name && name($0) == "grad" }
      throw Issue(
        nameToken.span.joined(with: tokens[position + 2].span), "outside a loop a value keeps one meaning",
        hint: isUpdate
          ? "`gradviz train` updates every `param`; `rate 0.1` says how far" : "give the new value a name of its own")
    }
    var work = Expression()
    produceName(word, nameToken.span, &work)
    let before = work.operands[0]
    for _ in 0..<3 { advance() }
    let other = try parseExpression()
    let span = nameToken.span.joined(with: tree.nodes[other].span)
    let root = append(.binary(operation), [before, other], span)
    try declare(nameToken, nil, root, &statement)
  }

  /// Gives the value at a node its name.
  mutating func declare(
    _ nameToken: Token, _ keyword: Vocabulary.Keyword?, _ root: Int, _ statement: inout Statement
  ) throws(Issue) {
    let word = name(nameToken)
    let own = try declaredName(word, nameToken.span)
    statement.name = own
    statement.nameSpan = nameToken.span
    statement.root = root
    statement.kind = .declaration(keyword)
    statement.span = Span(start: statement.span.start, end: nameToken.span.end)
    if loopDepth > 0 { currentSteps[word] = own }
    if keyword == nil, case .number(let number) = tree.nodes[root].kind { namedNumbers[own] = number }
  }
}
