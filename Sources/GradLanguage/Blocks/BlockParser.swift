import GradvizGraph

/// Indented blocks: which lines they hold, and reading them, for a loop once in every turn.
extension Parser {
  /// The depth of blocks in blocks.
  static let maxBlockDepth = 20

  /// Reads one line, or a line with its block.
  mutating func parseItem() {
    let first = tokens[position]
    let word = first.kind == .name && first.span.end - first.span.start <= 4 ? name(first) : ""
    let start = position
    openings = []
    do throws(Issue) {
      switch word {
      case "for" where peek() == .name: try parseLoop()
      case "if" where peek() != .equals: try parseChoice()
      default: parseLine()
      }
    } catch {
      log.add(error)
      recover(from: start, leftOpen: error.leftOpen)
      skipBlock(under: first)
    }
  }

  // MARK: Blocks

  /// The column of a token, in bytes.
  private func column(_ token: Token) -> Int { token.span.start - source.lineStarts[source.line(at: token.span.start)] }

  /// The position behind the block that begins here: behind the last line that is indented more than the header, or
  /// behind this line if the block does not begin with a new one.
  private mutating func endOfBlock(under header: Token) throws(Issue) -> Int {
    let indent = column(header)
    if tokens[position].kind != .newline {
      // Inside brackets a line may end anywhere.
      var (end, depth) = (position, 0)
      while tokens[end].kind != .end, depth > 0 || tokens[end].kind != .newline {
        switch tokens[end].kind {
        case .openBracket, .openParenthesis: depth += 1
        case .closeBracket, .closeParenthesis: depth -= 1
        default: break
        }
        end += 1
      }
      return end
    }
    var (end, at, depth) = (position, position, 0)
    while tokens[at].kind != .end {
      let isLineStart = depth == 0 && at > position && tokens[at - 1].kind == .newline && tokens[at].kind != .newline
      if isLineStart, column(tokens[at]) <= indent { break }
      switch tokens[at].kind {
      case .openBracket, .openParenthesis: depth += 1
      case .closeBracket, .closeParenthesis: depth = max(0, depth - 1)
      case .newline: break
      default: end = at + 1
      }
      at += 1
      if tokens[at - 1].kind == .closeBracket || tokens[at - 1].kind == .closeParenthesis { end = at }
    }
    guard end > position else {
      throw Issue(
        header.span, "`\(source.string(header.span))` has no lines of its own",
        hint: "indent the lines that belong to it")
    }
    return end
  }

  /// Skips the lines of a block whose header is wrong.
  mutating func skipBlock(under header: Token) {
    guard tokens[position].kind == .newline, let end = try? endOfBlock(under: header) else { return }
    position = end
  }

  /// The `:` at the end of a header, and where its block begins and ends.
  mutating func block(under header: Token) throws(Issue) -> Range<Int> {
    guard take(.colon) else { throw unexpected("`:`") }
    guard blockDepth < Self.maxBlockDepth else {
      throw Issue(header.span, "blocks are nested more than \(Self.maxBlockDepth) levels deep")
    }
    let end = try endOfBlock(under: header)
    return position..<end
  }

  /// Reads the lines of a block.
  mutating func parseBlock(_ range: Range<Int>) {
    position = range.lowerBound
    blockDepth += 1
    while position < range.upperBound {
      if tokens[position].kind == .newline {
        advance()
        continue
      }
      guard tree.nodes.count + tree.statements.count <= limits.values else { break }
      parseItem()
    }
    blockDepth -= 1
    position = max(position, range.upperBound)
  }

  // MARK: if

  /// `if t > 0:` with its block, and `else:` with another; the condition is a constant.
  private mutating func parseChoice() throws(Issue) {
    let header = token
    advance()
    let holds = try constant(try parseExpression(), "the condition of an `if`") != 0
    let own = try block(under: header)
    position = own.upperBound
    var other: Range<Int>?
    var next = position
    while tokens[next].kind == .newline { next += 1 }
    if tokens[next].kind == .name, name(tokens[next]) == "else", column(tokens[next]) == column(header) {
      position = next
      let word = token
      advance()
      other = try block(under: word)
    }
    if holds {
      parseBlock(own)
    } else if let other {
      parseBlock(other)
    }
    position = other?.upperBound ?? own.upperBound
  }

  /// The number that an expression of numbers, loop variables and named numbers is.
  mutating func constant(_ root: Int, _ subject: String) throws(Issue) -> Double {
    var values: [Int: Double] = [:]
    // Operands precede their users.
    for node in max(0, root - 200)...root {
      let operands = tree.operands(of: node).compactMap { values[Int($0)] }
      guard operands.count == tree.operands(of: node).count else { continue }
      switch tree.nodes[node].kind {
      case .number(let number): values[node] = number
      case .name(let name):
        values[node] = namedNumbers[name]
        tree.readNumbers.insert(name)
      case .negate: values[node] = -operands[0]
      case .identity: values[node] = operands[0]
      case .not: values[node] = operands[0] == 0 ? 1 : 0
      case .binary(let operation): values[node] = Self.number(operation, operands[0], operands[1])
      default: break
      }
    }
    guard let value = values[root] else {
      throw Issue(
        tree.nodes[root].span, "\(subject) must be a constant",
        hint: subject.contains("`if`")
          ? "it is read before the program runs; `where(condition, a, b)` chooses between values"
          : "it is read before the program runs")
    }
    return value
  }

  private static func number(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double? {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .and: a != 0 && b != 0 ? 1 : 0
    case .or: a != 0 || b != 0 ? 1 : 0
    case .matrixMultiply, .power: nil
    }
  }
}
