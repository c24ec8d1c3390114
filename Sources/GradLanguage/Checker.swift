import Autograd

/// Finds out shapes and constants of every node and reports what does not fit, before anything runs.
struct Checker {
  /// More elements than any figure or lesson needs, and few enough that memory holds.
  static let elementLimit = 10_000_000
  static let totalElementLimit = 30_000_000.0

  struct Symbol: Sendable {
    var name: String
    var line: Int
    var keyword: Vocabulary.Keyword?
    var fact: Fact
  }

  let source: SourceText
  let tree: SyntaxTree
  let loadData: (String) throws -> String
  /// Whether data may stand outside the program's folder.
  var allowsDataOutside = false
  var log: IssueLog
  var facts: [Fact] = []
  var symbols: [Symbol] = []
  var symbolByName: [String: Int] = [:]
  /// The line each name is first declared in, for names that are used too early.
  var declaredLines: [String: Int] = [:]
  var settings = ProgramSettings()
  var settingLines: [Vocabulary.Keyword: Int] = [:]
  /// Operations and leaves after the expansion into scalars.
  var scalarCount = 0.0
  /// The numbers that all values together hold.
  var totalElements = 0.0
  /// The statement at hand.
  var present = 0
  /// Where the file asks for the scalar level.
  var scalarLevelSpan: Span?
  /// Layers so far: the seed of each where it names none.
  var layerCount = 0
  var metricLines: [String: Int] = [:]
  /// Whether `step` has a meaning, as in a rate.
  var isStepKnown = false
  var optimizerRateSpan: Span?
  var scheduleSpan: Span?
  var batchSpan: Span?
  var holdoutSpan: Span?
  /// The size of the sample axis, and how many samples are checked: the first ones of all data that has it.
  var restriction: (samples: Int, rows: Int)?

  init(source: SourceText, tree: SyntaxTree, log: IssueLog, loadData: @escaping (String) throws -> String) {
    self.source = source
    self.tree = tree
    self.log = log
    self.loadData = loadData
    facts = [Fact](repeating: .poisoned, count: tree.nodes.count)
  }

  mutating func check() {
    for statement in tree.statements {
      guard let name = statement.name, declaredLines[name] == nil else { continue }
      declaredLines[name] = line(statement.span)
    }
    // The number of steps says how often a rate is computed.
    for (index, statement) in tree.statements.enumerated() {
      guard case .setting(.steps) = statement.kind else { continue }
      present = index
      checkSetting(.steps, statement)
    }
    for (index, statement) in tree.statements.enumerated() {
      present = index
      switch statement.kind {
      case .broken:
        if let name = statement.name, symbolByName[name] == nil {
          declare(name, statement, nil, .poisoned)
        }
      case .setting(.steps), .definition: break
      case .setting(let keyword): checkSetting(keyword, statement)
      case .declaration(.metric): checkMetric(statement)
      case .declaration(let keyword): checkDeclaration(keyword, statement)
      }
    }
    finishTraining()
    let hasValues = tree.statements.contains { if case .setting = $0.kind { false } else { true } }
    if let span = scalarLevelSpan, scalarCount > Double(Program.scalarExpansionLimit) {
      log.add(
        Issue(
          span,
          "the program has more than \(Program.scalarExpansionLimit) numbers and operations, too many for `level scalar`",
          hint: "`level tensor` shows arrays"))
    }
    if !hasValues {
      log.add(
        Issue(
          Span(start: 0, end: 0), "the program is empty",
          hint: "it needs at least one value, such as `input x = 2`"))
    }
  }

  func line(_ span: Span) -> Int { source.line(at: span.start) + 1 }

  /// The size of the axis along which samples stand: the first of the first `input` that has one.
  var sampleCount: Int {
    symbols.first { $0.keyword == .input && !$0.fact.shape.isEmpty }?.fact.shape.first ?? 0
  }

  // MARK: Declarations

  /// Declares a value that a line makes besides its own.
  mutating func declare(_ name: String, _ node: Int, _ keyword: Vocabulary.Keyword?, _ fact: Fact) {
    symbolByName[name] = symbols.count
    symbols.append(Symbol(name: name, line: line(tree.nodes[node].span), keyword: keyword, fact: fact))
  }

  private mutating func checkMetric(_ statement: Statement) {
    guard let name = statement.name, let span = statement.nameSpan else { return }
    let fact = checkExpression(statement)
    if let first = metricLines[name] {
      log.add(
        Issue(span, "the metric `\(name)` is there already, in line \(first)", hint: "take another name"))
    } else if fact.category == .value, !fact.shape.isEmpty, let root = statement.root {
      log.add(
        Issue(
          tree.nodes[root].span, "a metric is one number, but `\(name)` \(Shapes.phrase(fact.shape))",
          hint: "`mean(…)` makes it one number"))
    }
    metricLines[name] = line(statement.span)
  }

  private mutating func declare(
    _ name: String, _ statement: Statement, _ keyword: Vocabulary.Keyword?, _ fact: Fact
  ) {
    symbolByName[name] = symbols.count
    symbols.append(Symbol(name: name, line: line(statement.span), keyword: keyword, fact: fact))
  }

  private mutating func checkDeclaration(_ keyword: Vocabulary.Keyword?, _ statement: Statement) {
    guard let name = statement.name, let nameSpan = statement.nameSpan, let root = statement.root else {
      return
    }
    var fact = keyword == .layer ? checkLayer(statement) : checkExpression(statement)
    if let first = symbolByName[name] {
      return log.add(
        Issue(
          nameSpan, "`\(name)` is declared already, in line \(symbols[first].line)", hint: "take another name"
        ))
    }
    do throws(Issue) {
      if fact.category == .text {
        throw Issue(tree.nodes[root].span, "a text is no value", hint: "only `csv` takes texts")
      }
      if fact.category == .value {
        switch keyword {
        case .input, .target, .param:
          try checkLeaf(keyword, name, fact, root)
          if keyword != .param { fact = restricted(fact, root) }
        case .layer: break
        case .predict, .loss: try checkResult(keyword, name, fact, nameSpan, root)
        default: try checkAlias(keyword, name, fact, root)
        }
        count(elements: fact.shape)
      }
    } catch {
      log.add(error)
      fact = .poisoned
    }
    declare(name, statement, keyword, fact)
  }

  private mutating func count(elements shape: [Int]) {
    scalarCount +=
      tree.statements[present].root.map { facts[$0].computation == nil } == true
      ? shape.reduce(1.0) { $0 * Double($1) } : 0
  }

  /// The first rows of what has the sample axis, where only some samples are checked.
  private mutating func restricted(_ fact: Fact, _ root: Int) -> Fact {
    guard let restriction, fact.shape.first == restriction.samples, var constant = fact.constant else {
      return fact
    }
    var fact = fact
    let perSample = constant.numbers.count / Swift.max(restriction.samples, 1)
    constant = Constant(
      shape: [restriction.rows] + constant.shape.dropFirst(),
      numbers: Array(constant.numbers.prefix(perSample * restriction.rows)))
    fact.shape = constant.shape
    fact.constant = constant
    facts[root] = fact
    return fact
  }

  /// `input`, `target` and `param` take numbers.
  private func checkLeaf(_ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ root: Int)
    throws(Issue)
  {
    guard fact.constant == nil else { return }
    let article = keyword == .input ? "an" : "a"
    let subject = "\(article) \(keyword?.rawValue ?? "") takes numbers only"
    for node in tree.statements[present].nodes {
      if case .name(let used) = tree.nodes[node].kind, facts[node].constant == nil,
        let symbol = symbolByName[used]
      {
        throw Issue(
          tree.nodes[node].span,
          "\(subject), but `\(used)` is computed or learned (line \(symbols[symbol].line))",
          hint: "without a keyword, `\(name) = …` takes any expression")
      }
    }
    throw Issue(tree.nodes[root].span, subject)
  }

  private mutating func checkResult(
    _ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ nameSpan: Span, _ root: Int
  ) throws(Issue) {
    let word = keyword?.rawValue ?? ""
    if let first = symbols.first(where: { $0.keyword == keyword }) {
      throw Issue(
        nameSpan, "there is a \(word) already, `\(first.name)` in line \(first.line)",
        hint: "leave the keyword out: `\(name) = …`")
    }
    if keyword == .loss, !fact.shape.isEmpty {
      throw Issue(
        tree.nodes[root].span, "the loss is one number, but `\(name)` \(Shapes.phrase(fact.shape))",
        hint: "`sum(…)` or `mean(…)` makes it one number")
    }
    if fact.isLiteral {
      throw Issue(
        tree.nodes[root].span, "a \(word) that is a constant has nothing to show",
        hint: "compute it from inputs and parameters")
    }
    try checkAlias(keyword, name, fact, root)
  }

  /// One value has one name: the figure shows one box.
  private func checkAlias(_ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ root: Int)
    throws(Issue)
  {
    guard let index = fact.symbol else { return }
    let symbol = symbols[index]
    let isPlain = symbol.keyword == nil
    throw Issue(
      tree.nodes[root].span, "`\(name)` would be a second name for `\(symbol.name)`",
      hint: keyword != nil && isPlain
        ? "write `\(keyword?.rawValue ?? "") \(symbol.name) = …` in line \(symbol.line) instead"
        : "compute something from it")
  }

  // MARK: Expressions

  /// - Returns: what is known of the whole; its nodes' facts are in ``facts``.
  mutating func checkExpression(_ statement: Statement) -> Fact {
    guard let root = statement.root else { return .poisoned }
    for node in statement.nodes { checkInPlace(node) }
    return facts[root]
  }

  mutating func checkInPlace(_ node: Int) {
    do throws(Issue) {
      facts[node] = try checkNode(node)
      try countElements(node)
    } catch {
      var issue = error
      let scope = Int(tree.nodes[node].scope)
      if scope >= 0 {
        let call = tree.scopes[scope]
        issue.message += " (in `\(call.function)`, called in line \(line(call.callSpan)))"
      }
      log.add(issue)
      facts[node] = .poisoned
    }
  }

  /// Bounds the memory of the whole program; names and lone numbers cost nothing to speak of.
  private mutating func countElements(_ node: Int) throws(Issue) {
    if case .name = tree.nodes[node].kind { return }
    guard !facts[node].shape.isEmpty else { return }
    totalElements += facts[node].shape.reduce(1.0) { $0 * Double($1) }
    guard totalElements <= Self.totalElementLimit else {
      throw Issue(
        tree.nodes[node].span,
        "the program's values have more than \(Int(Self.totalElementLimit)) entries in all")
    }
  }

  private mutating func checkNode(_ node: Int) throws(Issue) -> Fact {
    let operands = tree.operands(of: node).map(Int.init)
    switch tree.nodes[node].kind {
    case .number(let number): return .literal(Constant(number))
    case .text: return Fact(category: .text)
    case .name(let name): return try checkName(name, tree.nodes[node].span)
    case .list: return try checkList(operands, node)
    case .call(let call): return try checkCall(tree.calls[call], operands, node)
    case .negate: return try computed(.negate, operands, node)
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

  private mutating func checkName(_ name: String, _ span: Span) throws(Issue) -> Fact {
    if let index = symbolByName[name] {
      var fact = symbols[index].fact
      if fact.category == .value {
        fact.symbol = index
        fact.isLiteral = false
        fact.computation = nil
        // A leaf that is learned or fed is not a constant, though its numbers are known.
        if symbols[index].keyword != nil { fact.constant = nil }
      }
      return fact
    }
    if name == tree.statements[present].name {
      throw Issue(span, "`\(name)` is used in its own declaration")
    }
    if let line = declaredLines[name] {
      throw Issue(span, "`\(name)` is used before it is declared in line \(line)", hint: "move that line up")
    }
    if name == "step" {
      guard isStepKnown else {
        throw Issue(span, "`step` is known in `rate` only", hint: "as in `rate 1 - 0.9 * step / 100`")
      }
      let steps = settings.steps ?? Self.usualSteps
      return .literal(Constant(shape: [steps], numbers: (0..<steps).map(Double.init)))
    }
    if let dot = name.lastIndex(of: ".") {
      let layer = name[..<dot]
      throw Issue(
        span, "`\(name)` is not known",
        hint: symbolByName[String(layer)] == nil
          ? nil : "layers have weights `.w` and a bias `.b`; `\(layer)` is none")
    }
    if let number = Vocabulary.constants[name] { return .literal(Constant(number)) }
    if Vocabulary.Function(rawValue: name) != nil {
      throw Issue(span, "`\(name)` is a function", hint: "write `\(name)(…)`")
    }
    throw Issue(
      span, "`\(name)` is not known",
      hint: Spelling.suggestion(for: name, among: symbols.map(\.name) + Vocabulary.constants.keys))
  }

  private func checkList(_ items: [Int], _ node: Int) throws(Issue) -> Fact {
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
      guard let constant = fact.constant else {
        throw Issue(
          tree.nodes[item].span, "a list takes numbers only",
          hint: "inputs and parameters are lists as a whole")
      }
      guard fact.shape == shape else {
        throw Issue(
          tree.nodes[item].span,
          "the list is ragged: this \(Shapes.phrase(fact.shape)), the first \(Shapes.phrase(shape))",
          hint: "all rows need the same number of entries")
      }
      numbers.append(contentsOf: constant.numbers)
    }
    guard shape.count < 2 else {
      throw Issue(span, "lists nest at most two deep", hint: "a matrix is a list of rows")
    }
    try requireSize([items.count] + shape, span)
    return .literal(Constant(shape: [items.count] + shape, numbers: numbers))
  }

  /// - Throws: where a value has more elements than are allowed.
  func requireSize(_ shape: [Int], _ span: Span) throws(Issue) {
    guard let count = Shapes.count(shape), count <= Self.elementLimit else {
      throw Issue(
        span, "this would have \(Shapes.text(shape)) entries, more than \(Self.elementLimit)",
        hint: "the limit keeps the memory in bounds")
    }
  }

  /// The fact of an operation whose shapes are checked here; literal operands give a literal.
  mutating func computed(_ computation: Computation, _ operands: [Int], _ node: Int) throws(Issue) -> Fact {
    let span = tree.nodes[node].span
    for operand in operands {
      if facts[operand].category == .poisoned { return .poisoned }
      if facts[operand].category == .text {
        throw Issue(tree.nodes[operand].span, "a text is no value", hint: "only `csv` takes texts")
      }
    }
    let shapes = operands.map { facts[$0].shape }
    let shape = try resultShape(computation, operands, shapes, node)
    try requireSize(shape, span)
    // `x[:]`, `+x` and the transpose of a vector are the value itself.
    var computation = computation
    switch computation {
    case .transpose where shape.count < 2: computation = .passOn
    case .index(let position) where position.allSatisfy({ $0 == nil }): computation = .passOn
    default: break
    }
    var fact = Fact(shape: shape, computation: computation)
    if case .passOn = computation { fact.symbol = facts[operands[0]].symbol }
    let constants = operands.compactMap { facts[$0].constant }
    if constants.count == operands.count {
      let tape = Tape()
      let leaves = constants.map { tape.leaf($0.numbers, shape: $0.shape, role: .constant, name: nil) }
      fact.constant = Constant(shape: shape, numbers: computation.apply(leaves).data)
      fact.isLiteral = operands.allSatisfy { facts[$0].isLiteral }
    }
    if !fact.isLiteral { scalarCount += computation.scalarCount(operands: shapes, result: shape) }
    return fact
  }
}
