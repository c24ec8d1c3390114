import Autograd
import GradvizGraph

/// Checks expressions, operands first.
extension Checker {
  /// - Returns: the fact of the root; the facts of all nodes are in ``facts``.
  mutating func checkExpression(_ statement: Statement) -> Fact {
    guard let root = statement.root else { return .poisoned }
    for node in statement.nodes { checkInPlace(node) }
    return facts[root]
  }

  mutating func checkInPlace(_ node: Int) {
    do throws(Issue) {
      facts[node] = try checkNode(node)
      countElements(node)
    } catch {
      var issue = error
      let scope = Int(tree.nodes[node].scope)
      if scope >= 0, !tree.scopes[scope].isTurn {
        let call = tree.scopes[scope]
        issue.message += " (in `\(call.function)`, called on line \(line(call.callSpan)))"
      }
      log.add(issue)
      facts[node] = .poisoned
    }
  }

  /// Names and plain numbers are not counted.
  mutating func countElements(_ node: Int) {
    if case .name = tree.nodes[node].kind { return }
    guard !facts[node].shape.isEmpty else { return }
    totalElements += Shapes.count(facts[node].shape) ?? 0
  }

  /// - Throws: if a forward pass exceeds the allowed number of operations. Called before anything is
  ///   computed.
  mutating func countOperations(_ count: Double, _ span: Span) throws(Issue) {
    operationCount += count
    guard operationCount <= Double(limits.operations) else {
      throw Issue(
        span, "a forward pass takes more than \(limits.operations) operations",
        hint: limits.hint(.operations))
    }
  }

  mutating func checkNode(_ node: Int) throws(Issue) -> Fact {
    let operands = tree.operands(of: node).map(Int.init)
    switch tree.nodes[node].kind {
    case .number(let number): return .literal(Constant(number))
    case .text: return Fact(category: .text)
    case .name(let name): return try checkName(name, tree.nodes[node].span)
    case .list: return try checkList(operands, node)
    case .selection, .range, .classes:
      return operands.contains { facts[$0].category == .poisoned } ? .poisoned : Fact(category: .text)
    case .call(let call): return try checkCall(tree.calls[call], operands, node)
    case .negate: return try computed(.negate, operands, node)
    case .not: return try computed(.not, operands, node)
    case .identity: return try computed(.passOn, operands, node)
    case .transpose: return try computed(.transpose, operands, node)
    case .index(let index): return try checkIndex(tree.indices[index], operands, node)
    case .binary(let operation):
      if operation == .power, facts[operands[1]].isLiteral,
        let exponent = facts[operands[1]].constant?.scalar
      {
        return try computed(.power(exponent), [operands[0]], node)
      }
      return try computed(.binary(operation), operands, node)
    }
  }

  mutating func checkName(_ name: String, _ span: Span) throws(Issue) -> Fact {
    if let index = symbolByName[name] {
      var fact = symbols[index].fact
      if fact.category == .value {
        fact.symbol = index
        fact.isLiteral = false
        fact.computation = nil
        // A parameter or input is not a constant, although its numbers are known.
        if symbols[index].keyword != nil { fact.constant = nil }
        if symbols[index].keyword == .param { fact.isData = false }
      }
      return fact
    }
    if name == tree.statements[present].name {
      throw Issue(span, "`\(name)` is used in its own declaration")
    }
    if let line = declaredLines[name] {
      throw Issue(span, "`\(name)` is used before it is declared on line \(line)", hint: "move that line up")
    }
    if name == "step" {
      guard isStepKnown else {
        throw Issue(span, "`step` can be used only in `rate`", hint: "as in `rate 1 - 0.9 * step / 100`")
      }
      let steps = settings.steps ?? Self.defaultSteps
      try requireSize([steps], span)
      return .literal(Constant(shape: [steps], numbers: (0..<steps).map(Double.init)))
    }
    if let dot = name.lastIndex(of: ".") {
      let layer = name[..<dot]
      throw Issue(
        span, "unknown name `\(name)`",
        hint: symbolByName[String(layer)] == nil
          ? nil : "only layers have weights `.w` and a bias `.b`")
    }
    if let number = Vocabulary.constants[name] { return .literal(Constant(number)) }
    if Vocabulary.Function(rawValue: name) != nil {
      throw Issue(span, "`\(name)` is a function", hint: "write `\(name)(…)`")
    }
    throw Issue(
      span, "unknown name `\(name)`",
      hint: ForeignWords.valueAnswers[name] ?? suggestion(for: name))
  }

  /// A similar name; skipped in a program with very many names or errors.
  private func suggestion(for name: String) -> String? {
    guard log.count < DiagnosticList.limit * 10 else { return nil }
    return Spelling.suggestion(for: name, among: symbols.suffix(2000).map(\.name) + Vocabulary.constants.keys.sorted())
  }

  mutating func checkList(_ items: [Int], _ node: Int) throws(Issue) -> Fact {
    let span = tree.nodes[node].span
    guard let first = items.first else {
      throw Issue(span, "the list is empty", hint: "it needs at least one number")
    }
    if items.contains(where: { facts[$0].category == .poisoned }) { return .poisoned }
    if items.allSatisfy({ facts[$0].category == .text }) { return Fact(category: .text) }
    let shape = facts[first].shape
    var numbers: [Double] = []
    for item in items {
      let fact = facts[item]
      guard fact.category == .value else {
        throw noValue(item)
      }
      guard fact.shape == shape else {
        throw Issue(
          tree.nodes[item].span,
          "the list is ragged: this row \(Shapes.phrase(fact.shape)), the first \(Shapes.phrase(shape))",
          hint: "all rows need the same number of entries")
      }
    }
    guard shape.count < Shapes.maxRank else {
      throw Issue(span, "an array has at most \(Shapes.maxRank) axes", hint: "a matrix is a list of rows")
    }
    // Its symbols stay values of their own: a list of inputs is not a literal.
    guard items.allSatisfy({ facts[$0].constant != nil }) else { return try listOfValues(items, shape, node) }
    for item in items { numbers.append(contentsOf: facts[item].constant?.numbers ?? []) }
    try requireSize([items.count] + shape, span)
    return .literal(Constant(shape: [items.count] + shape, numbers: numbers))
  }

  /// A list whose items are computed: its rows side by side.
  private mutating func listOfValues(_ items: [Int], _ shape: [Int], _ node: Int) throws(Issue) -> Fact {
    try computed(
      .composed(
        Composition(name: "list", shape: [items.count] + shape, operandCount: items.count, steps: 1) { stack($0) }),
      items, node)
  }

  /// - Parameter others: the elements of other values created with this one.
  /// - Throws: if this shape, or all values together, exceed the allowed number of elements.
  func requireSize(_ shape: [Int], others: Int = 0, _ span: Span) throws(Issue) {
    guard let count = Shapes.count(shape), count <= limits.entries else {
      throw Issue(
        span, "this would have \(Shapes.text(shape)) entries, more than \(limits.entries)",
        hint: limits.hint(.entries))
    }
    let (total, overflow) = totalElements.addingReportingOverflow(count)
    guard !overflow, total <= limits.entries, others <= limits.entries - total else {
      throw Issue(
        span, "this brings the program's values to more than \(limits.entries) entries in total",
        hint: limits.hint(.entries))
    }
  }

  /// The fact of an operation whose shapes are checked here; literal operands yield a literal.
  mutating func computed(_ computation: Computation, _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    let span = tree.nodes[node].span
    for operand in operands {
      if facts[operand].category == .poisoned { return .poisoned }
      if facts[operand].category == .text {
        throw noValue(operand)
      }
    }
    let shapes = operands.map { facts[$0].shape }
    let shape = try resultShape(computation, operands, shapes, node)
    let others = computation.otherEntries(operands: shapes)
    try requireSize(shape, others: others, span)
    totalElements += others
    // `x[:]`, `+x` and the transpose of a vector are the value itself.
    var computation = computation
    switch computation {
    case .transpose where shape.count < 2: computation = .passOn
    case .index(let position) where position.allSatisfy({ $0 == .all }): computation = .passOn
    default: break
    }
    var fact = Fact(shape: shape, computation: computation)
    fact.isMask = computation.isMask
    fact.isData = operands.allSatisfy { facts[$0].isData }
    if case .passOn = computation { fact.symbol = facts[operands[0]].symbol }
    let work = Swift.max(
      computation.scalarCount(operands: shapes, result: shape),
      shapes.reduce(0) { $0 + Double(Shapes.count($1) ?? 0) })
    try countOperations(work, span)
    let constants = operands.compactMap { facts[$0].constant }
    if constants.count == operands.count {
      let tape = Tape()
      let leaves = constants.map { tape.array($0.numbers, shape: $0.shape, role: .constant, name: nil) }
      fact.constant = Constant(shape: shape, numbers: computation.apply(leaves).data)
      fact.isLiteral = operands.allSatisfy { facts[$0].isLiteral }
    }
    if !fact.isLiteral { scalarCount += computation.scalarCount(operands: shapes, result: shape) }
    return fact
  }
}
