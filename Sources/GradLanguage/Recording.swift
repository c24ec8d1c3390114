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
}

extension Program {
  /// Runs the program on a fresh tape.
  ///
  /// - Complexity: O(scalar operations).
  public func record() -> Recording {
    var recorder = Recorder(program: self)
    for statement in tree.statements { recorder.record(statement) }
    recorder.tape.learningRate = settings.rate
    return Recording(
      tape: recorder.tape, loss: recorder.loss, prediction: recorder.prediction, names: recorder.names,
      warnings: recorder.warnings)
  }
}

/// Goes through the statements once; the nodes of an expression stand operands first.
private struct Recorder {
  let program: Program
  let tape = Tape()
  var loss: Value?
  var prediction: Tensor?
  var names: [String: Tensor] = [:]
  var warnings: [Diagnostic] = []
  /// The handles of the present statement's nodes, counted from its first.
  private var handles: [Tensor?] = []
  private var firstNode = 0

  init(program: Program) { self.program = program }

  mutating func record(_ statement: Statement) {
    guard case .declaration(let keyword) = statement.kind, let name = statement.name,
      let root = statement.root
    else { return }
    if let keyword, let role = Self.leafRole(keyword) {
      guard let constant = program.facts[root].constant else { return }
      let tensor = tape.leaf(constant.numbers, shape: constant.shape, role: role, name: name)
      names[name] = tensor
      return warn(tensor, root)
    }
    firstNode = statement.nodes.lowerBound
    handles = [Tensor?](repeating: nil, count: statement.nodes.count)
    for node in statement.nodes where !program.facts[node].isLiteral { evaluate(node) }
    guard let tensor = handle(root) else { return }
    switch keyword {
    case .predict:
      prediction = tensor.named(name, role: .prediction)
    case .loss:
      loss = tensor.named(name, role: .loss).value
    default:
      tensor.named(name, role: program.facts[root].isLiteral ? .constant : .intermediate)
    }
    names[name] = tensor
  }

  private static func leafRole(_ keyword: Vocabulary.Keyword) -> Role? {
    switch keyword {
    case .input: .input
    case .target: .target
    case .param: .parameter
    default: nil
    }
  }

  private mutating func evaluate(_ node: Int) {
    if case .name(let name) = program.tree.nodes[node].kind {
      handles[node - firstNode] = names[name]
      return
    }
    guard let computation = program.facts[node].computation else { return }
    var operands: [Tensor] = []
    for operand in program.tree.operands(of: node).prefix(computation.operandCount) {
      guard let tensor = handle(Int(operand)) else { return }
      operands.append(tensor)
    }
    let result = computation.apply(operands)
    handles[node - firstNode] = result
    warn(result, node)
  }

  /// A literal becomes a constant of the tape where it is used.
  private mutating func handle(_ node: Int) -> Tensor? {
    let fact = program.facts[node]
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
