import Autograd
import GradvizGraph

/// Checks expressions, operands first.
struct ExpressionChecker {
  let scope: NameScope
  let files: DataFiles

  private var results: Results { Results(scope: scope) }

  /// - Returns: the fact of the root; those of all nodes are in the scope.
  func check(_ statement: Statement) -> Fact {
    guard let root = statement.root else { return .poisoned }
    for node in statement.nodes { check(node: node) }
    return scope[root]
  }

  func check(node: Int) {
    do throws(Issue) {
      scope[node] = try fact(of: node)
      countElements(node)
    } catch {
      var issue = error
      let place = Int(scope.tree.nodes[node].scope)
      if place >= 0, !scope.tree.scopes[place].isTurn {
        let call = scope.tree.scopes[place]
        issue.message += " (in `\(call.function)`, called on line \(scope.line(call.callSpan)))"
      }
      scope.log.add(issue)
      scope[node] = .poisoned
    }
  }

  /// Names and plain numbers are not counted.
  private func countElements(_ node: Int) {
    if case .name = scope.tree.nodes[node].kind { return }
    guard !scope[node].shape.isEmpty else { return }
    scope.budget.totalElements += Shapes.count(scope[node].shape) ?? 0
  }

  private func fact(of node: Int) throws(Issue) -> Fact {
    let operands = scope.tree.operands(of: node).map(Int.init)
    switch scope.tree.nodes[node].kind {
    case .number(let number): return .literal(Constant(number))
    case .text: return Fact(category: .text)
    case .name(let name): return try checkName(name, scope.span(node))
    case .list: return try checkList(operands, node)
    case .selection, .range, .classes:
      return scope.hasPoisoned(operands) ? .poisoned : Fact(category: .text)
    case .call(let call):
      return try CallChecker(scope: scope, files: files).check(scope.tree.calls[call], operands, node)
    case .negate: return try results.computed(.negate, operands, node)
    case .not: return try results.computed(.not, operands, node)
    case .identity: return try results.computed(.passOn, operands, node)
    case .transpose: return try results.computed(.transpose, operands, node)
    case .index(let index): return try IndexChecker(scope: scope).check(scope.tree.indices[index], operands, node)
    case .binary(let operation):
      if operation == .power, scope[operands[1]].isLiteral,
        let exponent = scope[operands[1]].constant?.scalar
      {
        return try results.computed(.power(exponent), [operands[0]], node)
      }
      return try results.computed(.binary(operation), operands, node)
    }
  }

  private func checkName(_ name: String, _ span: Span) throws(Issue) -> Fact {
    if let index = scope.index(of: name) {
      let symbol = scope.symbols[index]
      var fact = symbol.fact
      if fact.category == .value {
        fact.symbol = index
        fact.isLiteral = false
        fact.computation = nil
        // A parameter or input is not a constant, although its numbers are known.
        if symbol.keyword != nil { fact.constant = nil }
        if symbol.keyword == .param { fact.isData = false }
      }
      return fact
    }
    if name == scope.statement.name {
      throw Issue(span, "`\(name)` is used in its own declaration")
    }
    if let line = scope.line(declaring: name) {
      throw Issue(span, "`\(name)` is used before it is declared on line \(line)", hint: "move that line up")
    }
    if name == "step" {
      guard let steps = scope.stepCount else {
        throw Issue(span, "`step` can be used only in `rate`", hint: "as in `rate 1 - 0.9 * step / 100`")
      }
      try scope.budget.requireSize([steps], span)
      return .literal(Constant(shape: [steps], numbers: (0..<steps).map(Double.init)))
    }
    if let dot = name.lastIndex(of: ".") {
      let layer = name[..<dot]
      throw Issue(
        span, "unknown name `\(name)`",
        hint: scope.index(of: String(layer)) == nil
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
    guard scope.log.count < DiagnosticList.limit * 10 else { return nil }
    return Spelling.suggestion(for: name, among: scope.recentNames + Vocabulary.constants.keys.sorted())
  }

  private func checkList(_ items: [Int], _ node: Int) throws(Issue) -> Fact {
    let span = scope.span(node)
    guard let first = items.first else {
      throw Issue(span, "the list is empty", hint: "it needs at least one number")
    }
    if scope.hasPoisoned(items) { return .poisoned }
    if items.allSatisfy({ scope[$0].category == .text }) { return Fact(category: .text) }
    let shape = scope[first].shape
    var numbers: [Double] = []
    for item in items {
      let fact = scope[item]
      guard fact.category == .value else {
        throw scope.noValue(item)
      }
      guard fact.shape == shape else {
        throw Issue(
          scope.span(item),
          "the list is ragged: this row \(Shapes.phrase(fact.shape)), the first \(Shapes.phrase(shape))",
          hint: "all rows need the same number of entries")
      }
    }
    guard shape.count < Shapes.maxRank else {
      throw Issue(span, "an array has at most \(Shapes.maxRank) axes", hint: "a matrix is a list of rows")
    }
    // Its symbols stay values of their own: a list of inputs is not a literal.
    guard items.allSatisfy({ scope[$0].constant != nil }) else { return try listOfValues(items, shape, node) }
    for item in items { numbers.append(contentsOf: scope[item].constant?.numbers ?? []) }
    try scope.budget.requireSize([items.count] + shape, span)
    return .literal(Constant(shape: [items.count] + shape, numbers: numbers))
  }

  /// A list whose items are computed: its rows side by side.
  private func listOfValues(_ items: [Int], _ shape: [Int], _ node: Int) throws(Issue) -> Fact {
    try results.computed(
      .composed(
        Composition(name: "list", shape: [items.count] + shape, operandCount: items.count, steps: 1) { stack($0) }),
      items, node)
  }
}
