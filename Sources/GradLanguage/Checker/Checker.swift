import Autograd
import GradvizGraph

/// Infers the shape and constant value of every node and reports errors before anything runs.
struct Checker {
  struct Symbol: Sendable {
    var name: String
    var line: String
    var keyword: Vocabulary.Keyword?
    var fact: Fact
    /// The root of its expression.
    var root: Int?
  }

  let source: SourceText
  let tree: SyntaxTree
  let files: DataFiles
  let limits: Limits
  /// Whether data files may be outside the program's folder.
  var allowsDataOutside = false
  /// The number of steps requested by the caller, in place of the program's own.
  var stepsInstead: Int?
  var log: IssueLog
  var facts: [Fact] = []
  var symbols: [Symbol] = []
  var symbolByName: [String: Int] = [:]
  /// The symbol of the loss.
  private var lossSymbol: Int?
  /// See ``dataValue(of:)``: values of declarations.
  var dataValues: [Int: Constant] = [:]
  /// The line on which each name is first declared, to report names used too early.
  var declaredLines: [String: String] = [:]
  var settings = ProgramSettings()
  var settingLines: [Vocabulary.Keyword: String] = [:]
  /// The operations and leaves after scalar expansion.
  var scalarCount = 0.0
  /// The elements of all arrays.
  var totalElements = 0
  /// The scalar operations of one forward pass, including those on constants.
  var operationCount = 0.0
  /// The index of the current statement.
  var present = 0
  /// Where the file requests the scalar level.
  var scalarLevelSpan: Span?
  /// The number of layers so far: the default seed of each layer.
  var layerCount = 0
  /// The number of dropouts so far: the default seed of each.
  var dropoutCount = 0
  /// The number of `randn` and `rand` so far: the default seed of each.
  var randomCount = 0
  var metricLines: [String: String] = [:]
  /// Whether `step` is defined, as in a rate.
  var isStepKnown = false
  var optimizerRateSpan: Span?
  var scheduleSpan: Span?
  var batchSpan: Span?
  var holdoutSpan: Span?
  /// The size of the sample axis and the number of samples to check: the first rows of all data with that
  /// axis.
  var restriction: (samples: Int, rows: Int)?
  /// The facts for all samples, when only some are checked.
  var factsOfAll: [Fact] = []

  init(
    source: SourceText, tree: SyntaxTree, log: IssueLog, limits: Limits, files: DataFiles
  ) {
    self.source = source
    self.tree = tree
    self.log = log
    self.limits = limits
    self.files = files
    facts = [Fact](repeating: .poisoned, count: tree.nodes.count)
  }

  mutating func check() {
    for statement in tree.statements {
      guard let name = statement.name, declaredLines[name] == nil else { continue }
      declaredLines[name] = line(statement.span)
    }
    // The number of steps determines how often a rate is computed.
    for (index, statement) in tree.statements.enumerated() {
      guard case .setting(.steps) = statement.kind else { continue }
      present = index
      checkSetting(.steps, statement)
    }
    if let stepsInstead { settings.steps = stepsInstead }
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
    if let span = scalarLevelSpan, scalarCount > Double(limits.values) {
      log.add(
        Issue(
          span,
          "the program has more than \(limits.values) numbers and operations, too many for `level scalar`",
          hint: limits.hint(.values, after: "use `level tensor` to show arrays")))
    }
    if !hasValues, log.isEmpty {
      log.add(
        Issue(
          Span(start: 0, end: 0), "the program is empty",
          hint: "it needs at least one value, such as `input x = 2`"))
    }
  }

  func line(_ span: Span) -> String { source.lineName(at: span.start) }

  /// The size of the sample axis: the first axis of the first `input` that has one.
  var sampleCount: Int {
    symbols.first { $0.keyword == .input && !$0.fact.shape.isEmpty }?.fact.shape.first ?? 0
  }

  // MARK: Declarations

  /// The span of the current statement's expression; an error in the value of a call is reported at the call.
  private func expressionSpan(_ root: Int) -> Span {
    tree.statements[present].expressionSpan ?? tree.nodes[root].span
  }

  /// Declares an additional value that a line creates, such as the weight of a layer.
  mutating func declare(_ name: String, _ node: Int, _ keyword: Vocabulary.Keyword?, _ fact: Fact) {
    symbolByName[name] = symbols.count
    symbols.append(Symbol(name: name, line: line(tree.nodes[node].span), keyword: keyword, fact: fact))
  }

  private mutating func checkMetric(_ statement: Statement) {
    guard let name = statement.name, let span = statement.nameSpan else { return }
    let fact = checkExpression(statement)
    if let first = metricLines[name] {
      log.add(
        Issue(span, "the metric `\(name)` is already declared on line \(first)", hint: "take another name"))
    } else if fact.category == .value, !fact.shape.isEmpty, let root = statement.root {
      log.add(
        Issue(
          expressionSpan(root), "a metric must be a scalar, but `\(name)` \(Shapes.phrase(fact.shape))",
          hint: "`mean(…)` makes it a scalar"))
    }
    metricLines[name] = line(statement.span)
  }

  private mutating func declare(
    _ name: String, _ statement: Statement, _ keyword: Vocabulary.Keyword?, _ fact: Fact
  ) {
    if let other = fact.symbol {
      // A second name draws no box; the name of a result takes the value's box over.
      if keyword == nil {
        symbolByName[name] = other
        return
      }
      symbolByName[symbols[other].name] = symbols.count
    }
    symbolByName[name] = symbols.count
    if keyword == .loss, lossSymbol == nil { lossSymbol = symbols.count }
    symbols.append(
      Symbol(name: name, line: line(statement.span), keyword: keyword, fact: fact, root: statement.root))
  }

  private mutating func checkDeclaration(_ keyword: Vocabulary.Keyword?, _ statement: Statement) {
    guard let name = statement.name, let nameSpan = statement.nameSpan, let root = statement.root else {
      return
    }
    var fact = keyword == .layer ? checkLayer(statement) : checkExpression(statement)
    if let first = symbolByName[name] {
      return log.add(
        Issue(
          nameSpan, "`\(name)` is already declared on line \(symbols[first].line)", hint: "take another name"
        ))
    }
    do throws(Issue) {
      if fact.category == .text {
        throw Issue(expressionSpan(root), "text cannot be used as a value", hint: "only `csv` takes text")
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

  /// The first rows of data with the sample axis, when only some samples are checked.
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

  /// Requires numbers after `input`, `target` and `param`.
  private func checkLeaf(_ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ root: Int)
    throws(Issue)
  {
    guard fact.constant == nil else { return }
    let article = keyword == .input ? "an" : "a"
    let subject = "\(article) \(keyword?.rawValue ?? "") takes only numbers"
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
    throw Issue(expressionSpan(root), subject)
  }

  private mutating func checkResult(
    _ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ nameSpan: Span, _ root: Int
  ) throws(Issue) {
    let word = keyword?.rawValue ?? ""
    if keyword == .loss, let first = lossSymbol.map({ symbols[$0] }) {
      throw Issue(
        nameSpan, "the loss is already declared: `\(first.name)` on line \(first.line)",
        hint: "remove the keyword: `\(name) = …`")
    }
    if keyword == .loss, !fact.shape.isEmpty {
      throw Issue(
        expressionSpan(root), "the loss must be a scalar, but `\(name)` \(Shapes.phrase(fact.shape))",
        hint: "`sum(…)` or `mean(…)` makes it a scalar")
    }
    if fact.isLiteral {
      throw Issue(
        expressionSpan(root), "a \(word) of a constant has nothing to show",
        hint: "compute it from inputs and parameters")
    }
    try checkAlias(keyword, name, fact, root)
  }

  /// Requires one name per value with a role: the figure shows one box.
  ///
  /// A plain value takes the name of a result, and a plain second name draws no box.
  private func checkAlias(_ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ root: Int)
    throws(Issue)
  {
    guard let index = fact.symbol else { return }
    let symbol = symbols[index]
    let isPlain = symbol.keyword == nil
    if keyword == nil || isPlain && !symbol.fact.isLiteral { return }
    throw Issue(
      expressionSpan(root), "`\(name)` would be a second name for `\(symbol.name)`",
      hint: keyword != nil && isPlain
        ? "write `\(keyword?.rawValue ?? "") \(symbol.name) = …` on line \(symbol.line) instead"
        : "compute something from it")
  }
}
