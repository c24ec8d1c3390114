import Autograd
import GradvizGraph

/// Expands calls of a program's own functions in place.
///
/// The resulting tree has no definitions; the nodes of a body record the call they belong to. A function can
/// call only functions defined before it, so there is no recursion.
struct Expansion {
  /// In bytes: the names of all calls, each with the names of its enclosing calls.
  private static let pathLimit = 64 << 20

  private struct Node {
    var kind: ExpressionNode.Kind
    /// Inside the body.
    var operands: [Int]
    var span: Span
    /// An index into the body's own calls.
    var scope: Int?
  }

  private struct Body {
    var parameters: [String]
    var line: String
    var nodes: [Node] = []
    var root = 0
    /// The depth of nested calls.
    var depth = 0
    var scopes: [(parent: Int?, function: String, callSpan: Span)] = []
  }

  private let source: SourceText
  private let tree: SyntaxTree
  private var result = SyntaxTree()
  private var log: IssueLog
  private var bodies: [String: Body] = [:]
  private var counts: [String: Int] = [:]
  private let limits: Limits
  /// The number of nodes that calls have inserted so far, into lines and into the bodies of other functions.
  private var inlined = 0
  private var pathBytes = 0
  /// Functions with an error that has been reported; their calls are not reported again.
  private var failed: Set<String> = []

  /// Returns the tree without definitions and logs errors in them and in their calls.
  static func of(_ tree: SyntaxTree, _ source: SourceText, _ log: IssueLog, _ limits: Limits)
    -> (SyntaxTree, IssueLog)
  {
    let hasDefinitions = tree.statements.contains {
      if case .definition = $0.kind { true } else { false }
    }
    guard hasDefinitions else { return (tree, log) }
    var expansion = Expansion(tree: tree, source: source, log: log, limits: limits)
    expansion.run()
    return (expansion.result, expansion.log)
  }

  private init(tree: SyntaxTree, source: SourceText, log: IssueLog, limits: Limits) {
    self.limits = limits
    self.tree = tree
    self.source = source
    self.log = log
    result.calls = tree.calls
    result.indices = tree.indices
    result.scopes = tree.scopes
  }

  private mutating func run() {
    for statement in tree.statements {
      do throws(Issue) {
        if case .definition(let parameters) = statement.kind {
          try define(statement, parameters)
        } else {
          try copy(statement)
        }
      } catch {
        if !error.message.isEmpty { log.add(error) }
        if case .definition = statement.kind, let name = statement.name, bodies[name] == nil {
          failed.insert(name)
        }
        var broken = statement
        broken.kind = .broken
        broken.root = nil
        broken.nodes = 0..<0
        if case .definition = statement.kind { continue }
        result.statements.append(broken)
      }
    }
  }

  private func line(_ span: Span) -> String { source.lineName(at: span.start) }

  // MARK: Definitions

  private mutating func define(_ statement: Statement, _ parameters: [String]) throws(Issue) {
    guard let name = statement.name, let span = statement.nameSpan, let root = statement.root else { return }
    if let first = bodies[name] {
      throw Issue(span, "`\(name)` is already defined on line \(first.line)", hint: "take another name")
    }
    var body = Body(parameters: parameters, line: line(span))
    var places: [Int: Int] = [:]
    for node in statement.nodes {
      let own = tree.nodes[node]
      let operands = tree.operands(of: node).map { places[Int($0)] ?? 0 }
      if case .call(let call) = own.kind, let inner = bodies[tree.calls[call].name] {
        let arguments = try arguments(tree.calls[call], operands, inner, own.span)
        try count(inner, at: own.span)
        body.depth = max(body.depth, inner.depth + 1)
        guard body.depth < limits.nesting else {
          throw Issue(
            own.span, "functions call each other more than \(limits.nesting) levels deep",
            hint: limits.hint(.nesting))
        }
        let firstScope = body.scopes.count
        body.scopes.append((nil, tree.calls[call].name, own.span))
        body.scopes += inner.scopes.map {
          ($0.parent.map { $0 + firstScope + 1 } ?? firstScope, $0.function, $0.callSpan)
        }
        var inside: [Int] = []
        for node in inner.nodes {
          if case .name(let parameter) = node.kind, let at = inner.parameters.firstIndex(of: parameter) {
            inside.append(arguments[at])
            continue
          }
          body.nodes.append(
            Node(
              kind: node.kind, operands: node.operands.map { inside[$0] }, span: node.span,
              scope: node.scope.map { $0 + firstScope + 1 } ?? firstScope))
          inside.append(body.nodes.count - 1)
        }
        places[node] = inside[inner.root]
      } else {
        if case .call(let call) = own.kind, failed.contains(tree.calls[call].name) {
          throw Issue(own.span, "")
        }
        if case .call(let call) = own.kind, tree.calls[call].name == name {
          throw Issue(
            tree.calls[call].nameSpan, "`\(name)` calls itself", hint: "a function can call only those defined above it"
          )
        }
        body.nodes.append(Node(kind: own.kind, operands: operands, span: own.span, scope: nil))
        places[node] = body.nodes.count - 1
      }
    }
    body.root = places[root] ?? 0
    bodies[name] = body
  }

  /// Counts the nodes that a call is about to insert.
  private mutating func count(_ body: Body, at span: Span) throws(Issue) {
    inlined += body.nodes.count + body.scopes.count + 1
    guard inlined <= limits.values else { throw tooLarge(span) }
  }

  private func tooLarge(_ span: Span) -> Issue {
    Issue(
      span, "the program has more than \(limits.values) names and operations after its functions are expanded",
      hint: limits.hint(.values))
  }

  // MARK: Calls

  private mutating func copy(_ statement: Statement) throws(Issue) {
    var copied = statement
    if let name = statement.name, let body = bodies[name], let span = statement.nameSpan,
      case .declaration = statement.kind
    {
      log.add(
        Issue(
          span, "`\(name)` is already a function, defined on line \(body.line)", hint: "take another name"))
    }
    let first = result.nodes.count
    var places: [Int: Int] = [:]
    for node in statement.nodes {
      let own = tree.nodes[node]
      let operands = tree.operands(of: node).map { places[Int($0)] ?? 0 }
      if case .call(let call) = own.kind, let body = bodies[tree.calls[call].name] {
        places[node] = try inline(body, tree.calls[call], operands, own.span, within: own.scope)
      } else {
        if case .call(let call) = own.kind, failed.contains(tree.calls[call].name) {
          throw Issue(own.span, "")
        }
        places[node] = append(own.kind, operands, own.span, scope: own.scope)
      }
    }
    copied.nodes = first..<result.nodes.count
    copied.root = statement.root.flatMap { places[$0] }
    copied.expressionSpan = statement.root.map { tree.nodes[$0].span }
    copied.seedRoot = statement.seedRoot.flatMap { places[$0] }
    result.statements.append(copied)
  }

  private mutating func inline(
    _ body: Body, _ call: CallSyntax, _ operands: [Int], _ span: Span, within turn: Int32
  ) throws(Issue) -> Int {
    let arguments = try arguments(call, operands, body, span)
    try count(body, at: span)
    let firstScope = result.scopes.count
    for scope in [(parent: Int?.none, function: call.name, callSpan: span)]
      + body.scopes.map({
        (parent: ($0.parent.map { $0 + 1 } ?? 0), function: $0.function, callSpan: $0.callSpan)
      })
    {
      counts[scope.function, default: 0] += 1
      let own = "\(scope.function)\(counts[scope.function] ?? 1)"
      let outer =
        scope.parent.map { result.scopes[firstScope + $0].path } ?? (turn < 0 ? nil : tree.scopes[Int(turn)].path)
      let path = outer.map { "\($0).\(own)" } ?? own
      pathBytes += path.utf8.count
      guard pathBytes <= Self.pathLimit else { throw tooLarge(span) }
      result.scopes.append(CallScope(path: path, function: scope.function, callSpan: span))
    }
    var places: [Int] = []
    for node in body.nodes {
      if case .name(let parameter) = node.kind, let at = body.parameters.firstIndex(of: parameter) {
        places.append(arguments[at])
        continue
      }
      places.append(
        append(
          node.kind, node.operands.map { places[$0] }, node.span,
          scope: Int32(firstScope + (node.scope.map { $0 + 1 } ?? 0))))
    }
    return places[body.root]
  }

  /// The operands in the order of the function's parameters.
  private func arguments(_ call: CallSyntax, _ operands: [Int], _ body: Body, _ span: Span) throws(Issue)
    -> [Int]
  {
    var values = [Int?](repeating: nil, count: body.parameters.count)
    let shown = "`\(call.name)(\(body.parameters.joined(separator: ", ")))`"
    guard operands.count == body.parameters.count else {
      let noun = body.parameters.count == 1 ? "argument" : "arguments"
      throw Issue(span, "\(shown) takes \(body.parameters.count) \(noun), not \(operands.count)")
    }
    for (position, (operand, label)) in zip(operands, call.labels).enumerated() {
      guard let label else {
        values[position] = operand
        continue
      }
      guard let at = body.parameters.firstIndex(of: label.name) else {
        throw Issue(
          label.span, "\(shown) has no parameter `\(label.name)`",
          hint: Spelling.suggestion(for: label.name, among: body.parameters))
      }
      guard values[at] == nil else { throw Issue(label.span, "`\(label.name)` is given twice") }
      values[at] = operand
    }
    return values.compactMap { $0 }
  }

  private mutating func append(_ kind: ExpressionNode.Kind, _ operands: [Int], _ span: Span, scope: Int32)
    -> Int
  {
    let first = result.operands.count
    result.operands.append(contentsOf: operands.map(Int32.init))
    result.nodes.append(
      ExpressionNode(
        kind: kind, span: span, firstOperand: Int32(first), operandCount: Int32(operands.count), scope: scope)
    )
    return result.nodes.count - 1
  }
}
