import Autograd

/// A program on a tape: its values are computed, gradients are not yet.
///
/// Belongs to one task at a time, as its tape does.
public struct Recording {
  public let tape: Tape
  /// nil where the program declares none.
  public let loss: Value?
  /// nil where the program declares none.
  public let prediction: Tensor?
  /// The declared values by name.
  public let names: [String: Tensor]
  /// The first value that is not a finite number, if there is one.
  public let warnings: [Diagnostic]
  let program: Program
  let facts: [Fact]
  /// The leaves with one row per sample, and all their rows.
  let samples: [(tensor: Tensor, all: Constant)]

  /// The inputs by name in the program's order, with all their rows.
  public var inputs: [(name: String, tensor: Tensor)] {
    program.leafNames(.input).compactMap { name in names[name].map { (name, $0) } }
  }

  /// The targets by name in the program's order.
  public var targets: [(name: String, tensor: Tensor)] {
    program.leafNames(.target).compactMap { name in names[name].map { (name, $0) } }
  }

  /// Puts other samples in; ``Tape/replay()`` carries them on.
  ///
  /// - Precondition: as many rows as were recorded, each one of the program's samples.
  public func setRows(_ rows: [Int]) {
    for (tensor, all) in samples {
      precondition(tensor.shape.first == rows.count, "the recording takes \(tensor.shape.first ?? 0) samples")
      tensor.data = all.rows(rows).numbers
    }
  }

  /// The program's metrics for the present values.
  ///
  /// - Complexity: O(entries of the values they read).
  public func metrics() -> [(name: String, value: Double)] {
    program.tree.statements.compactMap { statement in
      guard case .declaration(.metric) = statement.kind, let name = statement.name else { return nil }
      var recorder = Recorder(program: program, facts: facts, rows: nil)
      recorder.copyNames(statement, from: names)
      return recorder.evaluate(statement).map { (name, $0.data[0]) }
    }
  }
}

extension Program {
  /// Runs the program on a fresh tape, with the samples of its first step.
  ///
  /// - Complexity: O(scalar operations).
  public func record() -> Recording {
    guard let rows = firstBatch, let facts = factsByRows[rows.count] else { return record(facts, rows: nil) }
    return record(facts, rows: rows)
  }

  /// Runs the program with some of its samples: those of a batch, all that are trained with, or all that are
  /// held out.
  ///
  /// - Throws: where the program does not fit that number of samples.
  public func record(rows: [Int]) throws(RecordingError) -> Recording {
    if rows.count == sampleCount { return record(facts, rows: rows) }
    guard let facts = factsByRows[rows.count] else {
      throw RecordingError(rows: rows.count, samples: sampleCount)
    }
    return record(facts, rows: rows)
  }

  private func record(_ facts: [Fact], rows: [Int]?) -> Recording {
    var recorder = Recorder(program: self, facts: facts, rows: rows)
    for statement in tree.statements { recorder.record(statement) }
    recorder.tape.enterScope(nil)
    for (classes, rows) in recorder.oneHots { recorder.tape.hand(nameOf: classes, to: rows) }
    recorder.tape.learningRate = settings.rate
    if settings.optimizer != nil || settings.rates.map({ !$0.isConstant }) == true {
      recorder.tape.optimizer = plan.optimizer
    }
    return Recording(
      tape: recorder.tape, loss: recorder.loss, prediction: recorder.prediction, names: recorder.names,
      warnings: recorder.warnings, program: self, facts: facts, samples: recorder.samples)
  }

  fileprivate func leafNames(_ keyword: Vocabulary.Keyword) -> [String] {
    tree.statements.compactMap { statement in
      if case .declaration(keyword) = statement.kind { statement.name } else { nil }
    }
  }
}

/// A number of samples that a program does not fit.
public struct RecordingError: Error, CustomStringConvertible, Sendable {
  var rows: Int
  var samples: Int
  public var description: String { "the program is not recorded with \(rows) of its \(samples) samples" }
}

extension Constant {
  /// - Precondition: rank 1 or more, and positions of the first axis.
  func rows(_ rows: [Int]) -> Constant {
    let perRow = shape[0] == 0 ? 0 : numbers.count / shape[0]
    return Constant(
      shape: [rows.count] + shape.dropFirst(),
      numbers: rows.flatMap { numbers[($0 * perRow)..<(($0 + 1) * perRow)] })
  }

  /// Class numbers as rows with a 1 each.
  func oneHot(_ count: Int) -> Constant {
    var result = Constant(
      shape: [numbers.count, count], numbers: [Double](repeating: 0, count: numbers.count * count))
    for (row, number) in numbers.enumerated() {
      if let own = Int(exactly: number), (0..<count).contains(own) { result.numbers[row * count + own] = 1 }
    }
    return result
  }
}

/// Goes through the statements once; the nodes of an expression stand operands first.
private struct Recorder {
  let program: Program
  let facts: [Fact]
  /// The samples that are recorded; nil for all in their order.
  let rows: [Int]?
  let tape = Tape()
  var loss: Value?
  var prediction: Tensor?
  var names: [String: Tensor] = [:]
  var warnings: [Diagnostic] = []
  var samples: [(tensor: Tensor, all: Constant)] = []
  /// Leaves of class numbers, and their rows.
  var oneHots: [(classes: Tensor, rows: Tensor)] = []
  /// All rows of the leaves with one row per sample, by name.
  private var allRows: [String: Constant] = [:]
  /// The handles of the present statement's nodes, counted from its first.
  private var handles: [Tensor?] = []
  private var firstNode = 0

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
      return warn(tensor, root)
    }
    guard let tensor = evaluate(statement) else { return }
    switch keyword {
    case .predict:
      prediction = tensor.named(name, role: .prediction)
    case .loss:
      loss = tensor.named(name, role: .loss).value
    default:
      tensor.named(name, role: facts[root].isLiteral ? .constant : .intermediate)
    }
    names[name] = tensor
  }

  /// A leaf with its own numbers, or with those of the recorded samples where it has one row for each.
  private mutating func leaf(_ constant: Constant, all: Constant, role: Role, name: String) -> Tensor {
    let isSample = role != .parameter && program.sampleCount > 0 && all.shape.first == program.sampleCount
    guard isSample else {
      return tape.leaf(constant.numbers, shape: constant.shape, role: role, name: name)
    }
    allRows[name] = all
    let own = rows.map(all.rows) ?? all
    let tensor = tape.leaf(own.numbers, shape: own.shape, role: role, name: name)
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
    }
    tape.enterScope(nil)
    return handle(root)
  }

  /// For a statement on a tape of its own: the values it names, with their present numbers.
  mutating func copyNames(_ statement: Statement, from others: [String: Tensor]) {
    for node in statement.nodes {
      guard case .name(let name) = program.tree.nodes[node].kind, names[name] == nil, let other = others[name]
      else { continue }
      names[name] = tape.leaf(other.data, shape: other.shape, role: .constant, name: nil)
    }
  }

  private mutating func evaluate(_ node: Int) {
    if case .name(let name) = program.tree.nodes[node].kind {
      handles[node - firstNode] = names[name]
      return
    }
    guard let computation = facts[node].computation else { return }
    var operands: [Tensor] = []
    for operand in program.tree.operands(of: node).prefix(computation.operandCount) {
      guard let tensor = handle(Int(operand)) else { return }
      operands.append(tensor)
    }
    switch computation {
    case .layer(let layer):
      let weight = tape.leaf(
        layer.weight.numbers, shape: layer.weight.shape, role: .parameter, name: "\(layer.name).w")
      let bias = tape.leaf(
        layer.bias.numbers, shape: layer.bias.shape, role: .parameter, name: "\(layer.name).b")
      names["\(layer.name).w"] = weight
      names["\(layer.name).b"] = bias
      operands += [weight, bias]
    case .crossEntropyOfClasses(let count):
      operands[1] = oneHot(Int(program.tree.operands(of: node).dropFirst().first ?? 0), operands[1], count)
    default: break
    }
    let result = computation.apply(operands)
    handles[node - firstNode] = result
    warn(result, node)
  }

  /// The rows of a leaf of class numbers, which follow it when other samples are put in.
  private mutating func oneHot(_ node: Int, _ classes: Tensor, _ count: Int) -> Tensor {
    let own = Constant(shape: classes.shape, numbers: classes.data).oneHot(count)
    guard case .name(let name) = program.tree.nodes[node].kind else {
      return tape.leaf(own.numbers, shape: own.shape, role: .constant, name: nil)
    }
    let tensor = tape.leaf(own.numbers, shape: own.shape, role: .target, name: "one_hot(\(name))")
    oneHots.append((classes, tensor))
    if let all = allRows[name] { samples.append((tensor, all.oneHot(count))) }
    return tensor
  }

  /// A literal becomes a constant of the tape where it is used.
  private mutating func handle(_ node: Int) -> Tensor? {
    let fact = facts[node]
    guard fact.isLiteral else { return handles[node - firstNode] }
    guard let constant = fact.constant else { return nil }
    let tensor = tape.leaf(constant.numbers, shape: constant.shape, role: .constant, name: nil)
    warn(tensor, node)
    return tensor
  }

  private mutating func warn(_ tensor: Tensor, _ node: Int) {
    guard warnings.isEmpty, let number = tensor.data.first(where: { !$0.isFinite }) else { return }
    let span = program.tree.nodes[node].span
    let subject = program.source.excerpt(span, limit: 40).map { "`\($0)`" } ?? "this value"
    let shown = number.isNaN ? "NaN" : number < 0 ? "−∞" : "∞"
    let issue = Issue(span, "\(subject) is not a finite number but \(shown)")
    warnings.append(issue.diagnostic(in: program.source, severity: .warning))
  }
}
