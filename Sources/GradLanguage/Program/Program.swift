import Autograd
import GradvizGraph

/// A checked `.grad` program: recording it cannot fail.
///
/// ```swift
/// let source = SourceFile(name: "chain.grad", text: "param a = 2\nloss L = a * a")
/// let program = try Program.parse(source) { path in throw CocoaError(.fileNoSuchFile) }
/// let graph = program.graph()
/// ```
public struct Program: Sendable {
  /// The largest number of boxes and operations that are drawn at the scalar level by default.
  public static let automaticScalarLimit = 150
  /// The learning rate of the drawn update if the program has no `rate`.
  public static let defaultRate = 0.01
  /// How the program is trained and drawn; it can be changed after parsing.
  public var settings: ProgramSettings
  let source: SourceText
  let tree: SyntaxTree
  let facts: [Fact]
  /// The values and operations of the program after scalar expansion.
  package let scalarCount: Double
  /// The size of the sample axis; 0 if there is none.
  let sampleCount: Int
  /// The facts for batches that do not contain all samples.
  let factsByRows: [Int: [Fact]]
  /// The limits against which the program was checked.
  public let limits: Limits
  /// The scalar operations of one forward pass over all samples.
  public let operationCount: Double
  /// Warnings, such as about a value that nothing uses; at most ``DiagnosticList/limit``, in line order.
  public let warnings: [Diagnostic]

  /// Parses and checks a program, evaluating only its constants.
  ///
  /// - Parameters:
  ///   - source: the text, with any line endings, with or without a byte order mark.
  ///   - steps: the number of training steps, in place of the program's own `steps`; a rate that depends on
  ///     the step is computed for each.
  ///   - limits: how large the program may be.
  ///   - allowsDataOutside: whether the paths of data files may be absolute or contain `..`.
  ///   - loadData: returns the text of a data file by its path relative to the program's folder; the path is
  ///     relative and has no `..`. An error it throws becomes part of a diagnostic; see ``DataFolder``.
  /// - Throws: all errors in the program, in line order.
  /// - Complexity: O(size of the source + elements of its constants).
  public static func parse(
    _ source: SourceFile, steps: Int? = nil, limits: Limits = .init(), allowsDataOutside: Bool = false,
    loadData: @escaping (_ relativePath: String) throws -> String
  ) throws(DiagnosticList) -> Program {
    guard source.text.utf8.count <= limits.programBytes else {
      let message = "the file has \(source.text.utf8.count) bytes, more than \(limits.programBytes)"
      let issue = Issue(
        Span(start: 0, end: 0), message,
        hint: limits.hint(.size, after: "move long lists of numbers to a file and read it with `csv`"))
      var diagnostic = issue.diagnostic(in: SourceText(""))
      diagnostic.sourceLine = String(source.text.prefix(40).prefix { !$0.isNewline }) + "…"
      throw DiagnosticList(diagnostics: [diagnostic])
    }
    let text = SourceText(source.text, origins: source.origins)
    var parser = Parser(text, limits: limits)
    let tree = parser.parse()
    let (expanded, log) = Expansion.of(tree, text, parser.log, limits)
    let files = DataFiles(limits: limits, allowsOutside: allowsDataOutside, load: loadData)
    let scope = NameScope(source: text, tree: expanded, log: log, limits: limits)
    var checker = Checker(scope, files: files, steps: steps)
    checker.check()
    guard scope.log.isEmpty else { throw scope.log.list(in: text) }
    let whole = Program(checker, [:], [])
    let rows = try checkBatches(whole, checker, steps: steps)
    let warnings = UnusedValues(checker, written: tree).issues.prefix(DiagnosticList.limit)
    return Program(checker, rows, warnings.map { $0.diagnostic(in: text, severity: .warning) })
  }

  private init(_ checker: Checker, _ factsByRows: [Int: [Fact]], _ warnings: [Diagnostic]) {
    let scope = checker.scope
    self.warnings = warnings
    settings = checker.settingChecker.settings
    source = scope.source
    tree = scope.tree
    facts = scope.facts
    scalarCount = scope.budget.scalarCount
    sampleCount = scope.sampleCount
    self.factsByRows = factsByRows
    limits = scope.limits
    operationCount = scope.budget.operationCount
  }

  /// Checks the program again with the number of samples of a batch and of a holdout.
  private static func checkBatches(
    _ program: Program, _ checker: Checker, steps: Int?
  ) throws(DiagnosticList) -> [Int: [Fact]] {
    guard let span = checker.settingChecker.batchSpan ?? checker.settingChecker.holdoutSpan else { return [:] }
    let (scope, text) = (checker.scope, checker.scope.source)
    var log = IssueLog()
    let plan = program.plan
    if plan.sampleCount < 2 {
      log.add(
        Issue(
          span, "the program has no samples to choose from", hint: "declare an `input` with one row per sample"))
      throw log.list(in: text)
    }
    if let size = plan.batchSize, size > plan.trainingRows.count {
      log.add(Issue(span, "a batch of \(size) is larger than the \(plan.trainingRows.count) training samples"))
      throw log.list(in: text)
    }
    var result: [Int: [Fact]] = [:]
    for rows in Set([plan.batchSize ?? 1, plan.trainingRows.count, plan.heldOutRows.count]).sorted() {
      guard rows > 0, rows < plan.sampleCount,
        rows != 1 || plan.batchSize == 1 || plan.heldOutRows.count == 1
          || plan.trainingRows.count == 1
      else { continue }
      let part = NameScope(
        source: text, tree: scope.tree, log: IssueLog(), limits: scope.limits, factsOfAll: scope.facts)
      var again = Checker(
        part, files: checker.expressions.files, steps: steps, restriction: (plan.sampleCount, rows))
      again.check()
      if let issue = part.log.first {
        log.add(
          Issue(span, "with \(rows) of the \(plan.sampleCount) samples: \(issue.message)", hint: issue.hint))
        throw log.list(in: text)
      }
      if let issue = divided(scope, part, span) {
        log.add(issue)
        throw log.list(in: text)
      }
      result[rows] = part.facts
    }
    return result
  }

  /// The words that the class numbers of a declared value stand for, in order; nil for other values.
  public func classes(of name: String) -> [String]? {
    tree.statements.last { $0.name == name && $0.root != nil }?.root.flatMap { facts[$0].classes }
  }

  /// Reports a layer that takes the samples as features: its weights would change with each batch.
  private static func divided(_ whole: NameScope, _ part: NameScope, _ span: Span) -> Issue? {
    for (node, pair) in zip(whole.facts, part.facts).enumerated() {
      guard case .layer(let own) = pair.0.computation, case .layer(let other) = pair.1.computation,
        let weight = own.parameters.first?.start, weight.shape != other.parameters.first?.start.shape
      else { continue }
      let operand = whole.tree.operands(of: node).first.map { whole.span(Int($0)) }
      let name = operand.flatMap { whole.source.excerpt($0) }.map { "`\($0)`" } ?? "its operand"
      return Issue(
        span,
        "the program has no samples to choose from: the layer `\(own.name)` takes the \(weight.shape[0]) numbers of "
          + "\(name) together",
        hint: "declare an `input` with one row per sample")
    }
    return nil
  }

  /// The default level: the file's own, otherwise scalar for small programs.
  public var automaticLevel: ComputationGraph.Level {
    if let level = settings.level { return level }
    let isScalar = settings.presentation.samples == .all || scalarCount <= Double(Self.automaticScalarLimit)
    return isScalar ? .scalar : .tensor
  }

  /// Records the program, runs the backward pass and simulates the update.
  ///
  /// - Parameter level: nil for ``automaticLevel``; a program with more numbers than `Limits.values` stays at
  ///   the tensor level, as the graph's own `level` says.
  public func graph(level: ComputationGraph.Level? = nil) -> ComputationGraph {
    graph(of: record(), level: level)
  }

  /// A warning if a training step is finite in the forward pass but not in the backward pass or in the update that
  /// the graph shows; nil otherwise.
  ///
  /// ``Recording/warnings`` covers the forward pass.
  ///
  /// - Complexity: two backward passes if there is a warning.
  package func warning(about graph: ComputationGraph, of recording: Recording) -> Diagnostic? {
    let hasFault = graph.nodes.contains { node in
      !(node.gradient ?? []).allSatisfy(\.isFinite) || !(node.updated ?? []).allSatisfy(\.isFinite)
    }
    guard hasFault, let loss = recording.loss else { return nil }
    let fault: NumericFault
    if let found = recording.tape.fault(in: loss) {
      guard found.pass == .backward || recording.warnings.isEmpty else { return nil }
      fault = found
    } else if let found = recording.tape.rehearsalFault(in: loss) {
      fault = found
    } else {
      return nil
    }
    guard let origin = recording.origins.first(where: { $0.end > fault.node }) else { return nil }
    return Issue(tree.nodes[origin.node].span, fault.description).diagnostic(in: source, severity: .warning)
  }

  /// A warning about the training step as a whole, at the loss; nil without one.
  package func warningAtLoss(_ message: String) -> Diagnostic? {
    let loss = tree.statements.last { if case .declaration(.loss) = $0.kind { true } else { false } }
    return loss.map { Issue($0.nameSpan ?? $0.span, message).diagnostic(in: source, severity: .warning) }
  }

  /// Makes the graph of a recording returned by ``record()``.
  package func graph(of recording: Recording, level: ComputationGraph.Level?) -> ComputationGraph {
    if recording.tape.learningRate == nil { recording.tape.learningRate = Self.defaultRate }
    let isSmall = scalarCount <= Double(limits.values)
    var graph = recording.tape.graph(
      loss: recording.loss, level: isSmall ? level ?? automaticLevel : .tensor,
      presentation: settings.presentation)
    graph.usesDefaultRate = settings.rates == nil && settings.optimizer == nil && graph.learningRate != nil
    graph.classes = tree.statements.compactMap { statement in
      guard case .declaration = statement.kind, let name = statement.name, let words = classes(of: name) else {
        return nil
      }
      return ComputationGraph.Classes(name: name, words: words)
    }
    return graph
  }
}
