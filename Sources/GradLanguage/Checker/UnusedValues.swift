import Autograd

/// Finds declared values that nothing uses, in programs with a loss or a prediction; in other programs, the last
/// value is the result.
///
/// Predictions, targets and metrics are results too.
struct UnusedValues {
  private let scope: NameScope
  private let settings: SettingChecker
  /// The program as written, before its functions are expanded.
  private let tree: SyntaxTree

  init(_ checker: Checker, written tree: SyntaxTree) {
    scope = checker.scope
    settings = checker.settingChecker
    self.tree = tree
  }

  /// - Complexity: O(size of the program).
  var issues: [Issue] {
    let isWorthIt = tree.statements.contains { statement in
      switch statement.kind {
      case .declaration(.loss), .declaration(.predict): true
      default: false
      }
    }
    guard isWorthIt else { return [] }
    let used = usedNames
    // The steps of a name in a loop share its place: they are one warning, of the name if no step is used.
    var steps = OrderedSteps()
    for statement in tree.statements {
      guard case .declaration(let keyword) = statement.kind, [nil, .input, .param, .layer].contains(keyword),
        let name = statement.name, let span = statement.nameSpan
      else { continue }
      steps.add(statement, at: span, isUsed: used.contains(name))
    }
    let issues = steps.unused.map { one in
      let name = one.statement.name ?? ""
      let written = one.isRepeated && !one.hasUse ? scope.source.excerpt(one.span) ?? name : name
      guard case .declaration(let keyword) = one.statement.kind else {
        return Issue(one.span, "nothing uses `\(written)`")
      }
      return Issue(
        one.span, "nothing uses `\(written)`",
        hint: hint(name, written, one.statement, isComputed: isComputed(keyword, name)))
    }
    let locals = tree.unusedLocals.map { Issue($0, "nothing uses `\(scope.source.excerpt($0) ?? "…")`") }
    return issues + locals
  }

  private var usedNames: Set<String> {
    var used = tree.readNumbers
    for statement in tree.statements {
      var own: Set<String> = []
      if case .definition(let parameters) = statement.kind { own = Set(parameters) }
      for node in statement.nodes {
        guard case .name(let name) = tree.nodes[node].kind, !own.contains(name) else { continue }
        used.insert(name)
        // `h.w` is a use of the layer.
        if let dot = name.lastIndex(of: ".") { used.insert(String(name[..<dot])) }
      }
    }
    return used
  }

  private func isComputed(_ keyword: Vocabulary.Keyword?, _ name: String) -> Bool {
    if keyword == .layer { return true }
    return keyword == nil && scope.symbol(name).map { !$0.fact.isLiteral } ?? false
  }

  /// Whether it is another name of a parameter, a result or data, which has its role already.
  private func isSecondName(_ name: String) -> Bool {
    scope.symbol(name).map { $0.keyword != nil && $0.name != name } ?? false
  }

  // MARK: What was meant

  private func hint(_ name: String, _ written: String, _ statement: Statement, isComputed: Bool) -> String? {
    if isSecondName(name) { return nil }
    if isComputed { return "`predict \(written) = …` makes it a prediction" }
    guard let number = statement.root.flatMap({ scope.source.excerpt(tree.nodes[$0].span) }),
      scope.symbol(name).map({ $0.fact.shape.isEmpty }) == true
    else { return nil }
    let word = name.lowercased().filter { $0 != "_" }
    guard
      let (keyword, setting) = Self.settings.first(where: { $0.words.contains(word) }).map({
        ($0.keyword, $0.text)
      })
    else { return nil }
    if keyword == .rate, let span = settings.optimizer.rateSpan {
      return "the rate is set on line \(scope.line(span))"
    }
    if let line = settings.lines[keyword] { return "`\(keyword.rawValue)` is set on line \(line)" }
    return "did you mean `\(setting.replacing("…", with: number))`?"
  }

  /// Names by which other libraries call these settings.
  private static let settings: [(words: Set<String>, keyword: Vocabulary.Keyword, text: String)] = [
    (
      ["lr", "lrate", "learningrate", "learnrate", "stepsize", "eta", "η", "alpha", "α", "rate0", "taux"],
      .rate,
      "rate …"
    ),
    (
      [
        "epochs", "epoch", "nepochs", "numepochs", "iterations", "iters", "iter", "niter", "maxiter",
        "nsteps",
        "numsteps", "maxsteps",
      ], .steps, "steps …"
    ),
    (["batchsize", "bs", "minibatch", "nbatch"], .batch, "batch …"),
    (["momentum", "mu", "μ"], .optimizer, "optimizer sgd(momentum: …)"),
    (["weightdecay", "wd", "decay", "l2"], .optimizer, "optimizer sgd(weight_decay: …)"),
    (["testsize", "validationsplit", "valsplit", "testsplit"], .holdout, "holdout …"),
    (["digits", "decimals"], .precision, "precision …"),
  ]
}

/// The declarations that nothing uses, one for each place in the text: a loop declares the steps of a name at one place.
private struct OrderedSteps {
  struct Step {
    var statement: Statement
    var span: Span
    var isUsed: Bool
    var isRepeated = false
    /// Whether another step of the name is used.
    var hasUse = false
  }

  private var all: [Step] = []
  private var places: [Int: Int] = [:]

  var unused: [Step] { all.filter { !$0.isUsed } }

  mutating func add(_ statement: Statement, at span: Span, isUsed: Bool) {
    guard let place = places[span.start] else {
      places[span.start] = all.count
      return all.append(Step(statement: statement, span: span, isUsed: isUsed))
    }
    let hasUse = all[place].hasUse || isUsed || all[place].isUsed
    // The first step that nothing uses stands for them.
    if all[place].isUsed, !isUsed { all[place] = Step(statement: statement, span: span, isUsed: false) }
    all[place].isRepeated = true
    all[place].hasUse = hasUse
  }
}
