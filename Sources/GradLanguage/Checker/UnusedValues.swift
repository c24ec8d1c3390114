import Autograd

/// Finds declared values that nothing uses, in programs with a loss or a prediction; in other programs, the last
/// value is the result.
///
/// Predictions, targets and metrics are results too.
struct UnusedValues {
  private let checker: Checker
  /// The program as written, before its functions are expanded.
  private let tree: SyntaxTree

  init(_ checker: Checker, written tree: SyntaxTree) {
    self.checker = checker
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
    return tree.statements.compactMap { statement in
      guard case .declaration(let keyword) = statement.kind, let name = statement.name,
        let span = statement.nameSpan, !used.contains(name)
      else { return nil }
      switch keyword {
      case nil, .input, .param, .layer: break
      default: return nil
      }
      return Issue(
        span, "nothing uses `\(name)`", hint: hint(name, statement, isComputed: isComputed(keyword, name)))
    }
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
    return keyword == nil && checker.symbolByName[name].map { !checker.symbols[$0].fact.isLiteral } ?? false
  }

  // MARK: What was meant

  private func hint(_ name: String, _ statement: Statement, isComputed: Bool) -> String? {
    if isComputed { return "`predict \(name) = …` makes it a prediction" }
    guard let number = statement.root.flatMap({ checker.source.excerpt(tree.nodes[$0].span) }),
      checker.symbolByName[name].map({ checker.symbols[$0].fact.shape.isEmpty }) == true
    else { return nil }
    let word = name.lowercased().filter { $0 != "_" }
    guard
      let (keyword, setting) = Self.settings.first(where: { $0.words.contains(word) }).map({
        ($0.keyword, $0.text)
      })
    else { return nil }
    if keyword == .rate, let span = checker.optimizerRateSpan {
      return "the rate is set on line \(checker.line(span))"
    }
    if let line = checker.settingLines[keyword] { return "`\(keyword.rawValue)` is set on line \(line)" }
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
