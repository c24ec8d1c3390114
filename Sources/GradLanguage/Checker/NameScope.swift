import GradvizGraph

/// The names and nodes of a program with what is known of each, and the issues found: what its checkers share.
final class NameScope {
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
  let limits: Limits
  var log: IssueLog
  private(set) var facts: [Fact]
  /// The facts for all samples, when only some are checked.
  let factsOfAll: [Fact]
  private(set) var symbols: [Symbol] = []
  private var symbolByName: [String: Int] = [:]
  /// The line on which each name is first declared, to report names used too early.
  private let declaredLines: [String: String]
  /// See ``dataValue(of:)``: values of declarations.
  var dataValues: [Int: Constant] = [:]
  var budget: Budget
  /// How often numbers were drawn so far, by what draws them: its default seed.
  private var drawCounts: [Draw: Int] = [:]
  /// The index of the current statement.
  var present = 0
  /// The number of steps while `step` is defined, as in a rate; nil elsewhere.
  var stepCount: Int?

  /// What draws numbers of its own each time.
  enum Draw { case layer, dropout, random }

  init(source: SourceText, tree: SyntaxTree, log: IssueLog, limits: Limits, factsOfAll: [Fact] = []) {
    self.source = source
    self.tree = tree
    self.log = log
    self.limits = limits
    self.factsOfAll = factsOfAll
    budget = Budget(limits: limits)
    facts = [Fact](repeating: .poisoned, count: tree.nodes.count)
    var lines: [String: String] = [:]
    for statement in tree.statements {
      guard let name = statement.name, lines[name] == nil else { continue }
      lines[name] = source.lineName(at: statement.span.start)
    }
    declaredLines = lines
  }

  // MARK: Nodes

  /// What is known of a node.
  subscript(node: Int) -> Fact {
    get { facts[node] }
    set { facts[node] = newValue }
  }

  /// The statement that is checked.
  var statement: Statement { tree.statements[present] }

  func span(_ node: Int) -> Span { tree.nodes[node].span }

  func line(_ span: Span) -> String { source.lineName(at: span.start) }

  /// Whether an error in one of the nodes has been reported.
  func hasPoisoned(_ nodes: [Int]) -> Bool { nodes.contains { facts[$0].category == .poisoned } }

  // MARK: Names

  /// The index of what a name stands for in ``symbols``.
  func index(of name: String) -> Int? { symbolByName[name] }

  /// What a name stands for.
  func symbol(_ name: String) -> Symbol? { symbolByName[name].map { symbols[$0] } }

  /// Declares a value of a line.
  func declare(_ symbol: Symbol) {
    symbolByName[symbol.name] = symbols.count
    symbols.append(symbol)
  }

  /// Lets a name stand for a symbol that is declared already, or is declared next.
  func name(_ name: String, symbol index: Int) { symbolByName[name] = index }

  /// The line that declares a name later on.
  func line(declaring name: String) -> String? { declaredLines[name] }

  /// Some of the names so far, the last ones, in order of their declaration.
  var recentNames: [String] { symbols.suffix(2000).map(\.name) }

  /// The size of the sample axis: the first axis of the first `input` that has one.
  var sampleCount: Int {
    symbols.first { $0.keyword == .input && !$0.fact.shape.isEmpty }?.fact.shape.first ?? 0
  }

  // MARK: Default seeds

  /// Counts what draws numbers.
  func count(_ draw: Draw) { drawCounts[draw, default: 0] += 1 }

  /// The default seed of what was counted last.
  func seed(of draw: Draw) -> Int { drawCounts[draw] ?? 0 }
}
