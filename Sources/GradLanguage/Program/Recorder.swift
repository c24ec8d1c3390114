import Autograd

/// Records the statements in one pass; the nodes of an expression are in operands-first order.
struct Recorder {
  let program: Program
  let facts: [Fact]
  /// The samples to record; nil for all of them in order.
  let rows: [Int]?
  let tape = Tape()
  var loss: Value?
  var predictions: [(name: String, tensor: Tensor)] = []
  var names: [String: Tensor] = [:]
  var warnings: [Diagnostic] = []
  var samples: [(tensor: Tensor, all: Constant)] = []
  var classRows: [ClassRows] = []
  var phased = PhasedParts()
  /// The syntax node for which each section of the tape was recorded.
  var origins: [(end: Int, node: Int)] = []
  /// The handles of the current statement's nodes, counted from its first.
  private var handles: [Tensor?] = []
  private var firstNode = 0
  /// How many scopes each composed function has so far.
  private var scopeCounts: [String: Int] = [:]

  init(program: Program, facts: [Fact], rows: [Int]?) {
    self.program = program
    self.facts = facts
    self.rows = rows
  }

  mutating func record(_ statement: Statement) {
    guard case .declaration(let keyword) = statement.kind, keyword != .metric, let name = statement.name,
      let root = statement.root
    else { return }
    if let keyword, let role = Self.leafRole(keyword) {
      guard let constant = facts[root].constant, let all = program.facts[root].constant else { return }
      let tensor = leaf(constant, all: all, role: role, name: name)
      names[name] = tensor
      origins.append((tape.count, root))
      return warn(tensor, root)
    }
    guard let tensor = evaluate(statement) else { return }
    switch keyword {
    case .predict:
      predictions.append((name, tensor.label(name, role: .prediction)))
    case .loss:
      loss = tensor.label(name, role: .loss).value
    case nil where facts[root].symbol != nil: break
    default:
      tensor.label(name, role: facts[root].isLiteral ? .constant : .intermediate)
    }
    names[name] = tensor
  }

  /// Records a leaf with its own numbers, or with those of the recorded samples if it has one row per sample.
  private mutating func leaf(_ constant: Constant, all: Constant, role: Role, name: String) -> Tensor {
    let isSample = role != .parameter && program.sampleCount > 0 && all.shape.first == program.sampleCount
    guard isSample else {
      return tape.array(constant.numbers, shape: constant.shape, role: role, name: name)
    }
    let own = rows.map(all.rows) ?? all
    let tensor = tape.array(own.numbers, shape: own.shape, role: role, name: name)
    samples.append((tensor, all))
    return tensor
  }

  private static func leafRole(_ keyword: Vocabulary.Keyword) -> Role? {
    switch keyword {
    case .input: .input
    case .target: .target
    case .param: .parameter
    default: nil
    }
  }

  /// The value of a statement's expression.
  mutating func evaluate(_ statement: Statement) -> Tensor? {
    guard let root = statement.root else { return nil }
    firstNode = statement.nodes.lowerBound
    handles = [Tensor?](repeating: nil, count: statement.nodes.count)
    for node in statement.nodes where !facts[node].isLiteral {
      let scope = Int(program.tree.nodes[node].scope)
      tape.enterScope(scope < 0 ? nil : program.tree.scopes[scope].path)
      evaluate(node)
      if tape.count > origins.last?.end ?? 0 { origins.append((tape.count, node)) }
    }
    tape.enterScope(nil)
    return handle(root)
  }

  /// For a statement on its own tape: copies the values it names, with their current numbers.
  mutating func copyNames(_ statement: Statement, from others: [String: Tensor]) {
    for node in statement.nodes {
      guard case .name(let name) = program.tree.nodes[node].kind, names[name] == nil, let other = others[name]
      else { continue }
      names[name] = tape.array(other.data, shape: other.shape, role: .constant, name: nil)
    }
  }

  private mutating func evaluate(_ node: Int) {
    if case .name(let name) = program.tree.nodes[node].kind {
      handles[node - firstNode] = names[name]
      return
    }
    guard let computation = facts[node].computation else { return }
    var operands: [Tensor] = []
    for operand in computation.sources(program.tree.operands(of: node)) {
      guard let tensor = handle(operand) else { return }
      operands.append(tensor)
    }
    switch computation {
    case .layer(let layer):
      if let count = layer.classCount {
        operands[0] = oneHot(Int(program.tree.operands(of: node).first ?? 0), operands[0], count)
      }
      for parameter in layer.parameters {
        let name = "\(layer.name).\(parameter.suffix)"
        let tensor = tape.array(
          parameter.start.numbers, shape: parameter.start.shape, role: .parameter, name: name)
        names[name] = tensor
        operands.append(tensor)
      }
    case .embedding(let count):
      let rows = oneHot(Int(program.tree.operands(of: node).dropFirst().first ?? 0), operands[1], count)
      operands = [rows, operands[0]]
    case .crossEntropyOfClasses(let classes):
      let rows = Int(program.tree.operands(of: node).dropFirst().first ?? 0)
      operands[1] = oneHot(rows, operands[1], classes.count, ignoring: classes.ignored)
    default: break
    }
    let result = apply(computation, operands)
    if case .power = computation, let exponent = program.tree.operands(of: node).last,
      let text = ConstantText.of(Int(exponent), program.tree)
    {
      tape.setSource(text, of: result)
    }
    handles[node - firstNode] = result
    warn(result, node)
  }

  /// What is composed of several operations is a scope of its own, numbered as calls of functions are.
  private mutating func apply(_ computation: Computation, _ operands: [Tensor]) -> Tensor {
    if case .layer(let layer) = computation {
      return tape.withScope(layer.name) {
        layer.phased.map { phased.record($0, operands) } ?? layer.apply(operands)
      }
    }
    guard case .composed(let composition) = computation, composition.isScope else {
      return computation.apply(operands)
    }
    scopeCounts[composition.name, default: 0] += 1
    return tape.withScope("\(composition.name)\(scopeCounts[composition.name] ?? 1)") {
      composition.phased.map { phased.record($0, operands) } ?? computation.apply(operands)
    }
  }

  /// Records one-hot rows of class numbers, which are updated when other samples are set.
  private mutating func oneHot(_ node: Int, _ classes: Tensor, _ count: Int, ignoring ignored: Int? = nil) -> Tensor {
    if let known = classRows.first(where: { $0.isOf(classes, count, ignored) }) { return known.rows }
    let own = Constant(shape: classes.shape, numbers: classes.data).oneHot(count, ignoring: ignored)
    guard !facts[node].isLiteral else {
      return tape.array(own.numbers, shape: own.shape, role: .constant, name: nil)
    }
    let words = program.source.excerpt(program.tree.nodes[node].span, limit: 24) ?? "…"
    let others = classRows.count { $0.words == words }
    let rows = tape.array(
      own.numbers, shape: own.shape, role: .target,
      name: "one_hot(\(words))" + (others == 0 ? "" : " \(others + 1)"))
    classRows.append(ClassRows(classes: classes, rows: rows, count: count, ignored: ignored, words: words, tape: tape))
    return rows
  }

  /// A literal becomes a constant of the tape where it is used.
  private mutating func handle(_ node: Int) -> Tensor? {
    let fact = facts[node]
    guard fact.isLiteral else { return handles[node - firstNode] }
    guard let constant = fact.constant else { return nil }
    let tensor = tape.array(constant.numbers, shape: constant.shape, role: .constant, name: nil)
    if constant.shape.isEmpty, let text = ConstantText.of(node, program.tree) {
      tape.setSource(text, of: tensor)
    }
    warn(tensor, node)
    return tensor
  }

  private mutating func warn(_ tensor: Tensor, _ node: Int) {
    guard warnings.isEmpty, let number = tensor.data.first(where: { !$0.isFinite }) else { return }
    let span = program.tree.nodes[node].span
    let subject = program.source.excerpt(span, limit: 40).map { "`\($0)`" } ?? "this value"
    var hint: String?
    if case .loss(.bce, _) = facts[node].computation {
      hint = "`bce` takes probabilities from 0 to 1; use `bce_with_logits` for scores before the sigmoid"
    }
    let issue = Issue(span, "\(subject) is \(PlainNumber.text(number)), not a finite number", hint: hint)
    warnings.append(issue.diagnostic(in: program.source, severity: .warning))
  }
}

/// Class numbers on a tape and their one-hot rows.
struct ClassRows {
  private let classes: Tensor
  let rows: Tensor
  private let count: Int
  /// The class number whose row is empty.
  private let ignored: Int?
  /// The class numbers as the program writes them.
  let words: String
  /// The values from which the class numbers are computed, including themselves.
  private let path: [Int]

  init(classes: Tensor, rows: Tensor, count: Int, ignored: Int?, words: String, tape: Tape) {
    self.classes = classes
    self.rows = rows
    self.count = count
    self.ignored = ignored
    self.words = words
    path = tape.nodes(behind: classes)
  }

  func isOf(_ other: Tensor, _ count: Int, _ ignored: Int?) -> Bool {
    classes == other && self.count == count && self.ignored == ignored
  }

  /// The leaf that the rows can represent in a figure, if nothing else uses it.
  var leaf: Tensor? { classes.tape.onlyNamed(path) }

  /// Recomputes the rows from the current data.
  func update() {
    classes.tape.evaluate(path)
    rows.data = Constant(shape: classes.shape, numbers: classes.data).oneHot(count, ignoring: ignored).numbers
  }
}
