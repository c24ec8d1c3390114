import Autograd
import GradvizGraph

/// Checks a program line by line, before anything runs: its shapes, its names, and what it sets.
struct Checker {
  let scope: NameScope
  let expressions: ExpressionChecker
  private(set) var settingChecker: SettingChecker
  /// The number of steps requested by the caller, in place of the program's own.
  private let stepsInstead: Int?
  /// The size of the sample axis and the number of samples to check: the first rows of all data with that
  /// axis.
  private let restriction: (samples: Int, rows: Int)?
  /// The symbol of the loss.
  private var lossSymbol: Int?
  private var metricLines: [String: String] = [:]

  init(_ scope: NameScope, files: DataFiles, steps: Int?, restriction: (samples: Int, rows: Int)? = nil) {
    self.scope = scope
    expressions = ExpressionChecker(scope: scope, files: files)
    settingChecker = SettingChecker(scope: scope, expressions: expressions)
    stepsInstead = steps
    self.restriction = restriction
  }

  mutating func check() {
    // The number of steps determines how often a rate is computed.
    for (index, statement) in scope.tree.statements.enumerated() {
      guard case .setting(.steps) = statement.kind else { continue }
      scope.present = index
      settingChecker.check(.steps, statement)
    }
    if let stepsInstead { settingChecker.settings.steps = stepsInstead }
    for (index, statement) in scope.tree.statements.enumerated() {
      scope.present = index
      switch statement.kind {
      case .broken:
        if let name = statement.name, scope.index(of: name) == nil {
          declare(name, statement, nil, .poisoned)
        }
      case .setting(.steps), .definition: break
      case .setting(let keyword): settingChecker.check(keyword, statement)
      case .declaration(.metric): checkMetric(statement)
      case .declaration(let keyword): checkDeclaration(keyword, statement)
      }
    }
    settingChecker.finish()
    let hasValues = scope.tree.statements.contains { if case .setting = $0.kind { false } else { true } }
    if let span = settingChecker.scalarLevelSpan, scope.budget.scalarCount > Double(scope.limits.values) {
      scope.log.add(
        Issue(
          span,
          "the program has more than \(scope.limits.values) numbers and operations, too many for `level scalar`",
          hint: scope.limits.hint(.values, after: "use `level tensor` to show arrays")))
    }
    if !hasValues, scope.log.isEmpty {
      scope.log.add(
        Issue(
          Span(start: 0, end: 0), "the program is empty",
          hint: "it needs at least one value, such as `input x = 2`"))
    }
  }

  // MARK: Declarations

  /// The span of the current statement's expression; an error in the value of a call is reported at the call.
  private func expressionSpan(_ root: Int) -> Span {
    scope.statement.expressionSpan ?? scope.span(root)
  }

  private mutating func checkMetric(_ statement: Statement) {
    guard let name = statement.name, let span = statement.nameSpan else { return }
    let fact = expressions.check(statement)
    if let first = metricLines[name] {
      scope.log.add(
        Issue(span, "the metric `\(name)` is already declared on line \(first)", hint: "take another name"))
    } else if fact.category == .value, !fact.shape.isEmpty, let root = statement.root {
      scope.log.add(
        Issue(
          expressionSpan(root), "a metric must be a scalar, but `\(name)` \(Shapes.phrase(fact.shape))",
          hint: "`mean(…)` makes it a scalar"))
    }
    metricLines[name] = scope.line(statement.span)
  }

  private mutating func declare(
    _ name: String, _ statement: Statement, _ keyword: Vocabulary.Keyword?, _ fact: Fact
  ) {
    if let other = fact.symbol {
      // A second name draws no box; the name of a result takes the value's box over.
      if keyword == nil { return scope.name(name, symbol: other) }
      scope.name(scope.symbols[other].name, symbol: scope.symbols.count)
    }
    if keyword == .loss, lossSymbol == nil { lossSymbol = scope.symbols.count }
    scope.declare(
      NameScope.Symbol(
        name: name, line: scope.line(statement.span), keyword: keyword, fact: fact, root: statement.root))
  }

  private mutating func checkDeclaration(_ keyword: Vocabulary.Keyword?, _ statement: Statement) {
    guard let name = statement.name, let nameSpan = statement.nameSpan, let root = statement.root else {
      return
    }
    var fact =
      keyword == .layer
      ? LayerChecker(scope: scope, expressions: expressions).check(statement) : expressions.check(statement)
    if let first = scope.symbol(name) {
      return scope.log.add(
        Issue(
          nameSpan, "`\(name)` is already declared on line \(first.line)", hint: "take another name"
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
        count(fact.shape, root)
      }
    } catch {
      scope.log.add(error)
      fact = .poisoned
    }
    declare(name, statement, keyword, fact)
  }

  /// Counts the values of a leaf.
  private func count(_ shape: [Int], _ root: Int) {
    guard scope[root].computation == nil else { return }
    scope.budget.scalarCount += shape.reduce(1.0) { $0 * Double($1) }
  }

  /// The first rows of data with the sample axis, when only some samples are checked.
  private func restricted(_ fact: Fact, _ root: Int) -> Fact {
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
    scope[root] = fact
    return fact
  }

  /// Requires numbers after `input`, `target` and `param`.
  private func checkLeaf(_ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ root: Int)
    throws(Issue)
  {
    guard fact.constant == nil else { return }
    let article = keyword == .input ? "an" : "a"
    let subject = "\(article) \(keyword?.rawValue ?? "") takes only numbers"
    for node in scope.statement.nodes {
      if case .name(let used) = scope.tree.nodes[node].kind, scope[node].constant == nil,
        let symbol = scope.symbol(used)
      {
        throw Issue(
          scope.span(node),
          "\(subject), but `\(used)` is computed or learned (line \(symbol.line))",
          hint: "without a keyword, `\(name) = …` takes any expression")
      }
    }
    throw Issue(expressionSpan(root), subject)
  }

  private func checkResult(
    _ keyword: Vocabulary.Keyword?, _ name: String, _ fact: Fact, _ nameSpan: Span, _ root: Int
  ) throws(Issue) {
    let word = keyword?.rawValue ?? ""
    if keyword == .loss, let first = lossSymbol.map({ scope.symbols[$0] }) {
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
    let symbol = scope.symbols[index]
    let isPlain = symbol.keyword == nil
    if keyword == nil || isPlain && !symbol.fact.isLiteral { return }
    throw Issue(
      expressionSpan(root), "`\(name)` would be a second name for `\(symbol.name)`",
      hint: keyword != nil && isPlain
        ? "write `\(keyword?.rawValue ?? "") \(symbol.name) = …` on line \(symbol.line) instead"
        : "compute something from it")
  }
}
