import Autograd

/// Goes through the statements once; the nodes of an expression stand operands first.
struct Recorder {
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
    if case .power = computation, let exponent = program.tree.operands(of: node).last,
      let text = ConstantText.of(Int(exponent), program.tree)
    {
      tape.setSource(text, of: result)
    }
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
    let shown = number.isNaN ? "NaN" : number < 0 ? "−∞" : "∞"
    let issue = Issue(span, "\(subject) is not a finite number but \(shown)")
    warnings.append(issue.diagnostic(in: program.source, severity: .warning))
  }
}
