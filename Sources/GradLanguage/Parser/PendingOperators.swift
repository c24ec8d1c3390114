import GradvizGraph

/// What the expression parser keeps while it reads.
extension Parser {
  /// What waits for its last operand or its closing bracket.
  enum Pending {
    case binary(BinaryOperator)
    case sign(ExpressionNode.Kind, Span)
    /// The `:` of a range, which binds more weakly than everything that computes.
    case range
    case bracket(Bracket)

    /// A bracket binds nothing that stands outside of it.
    var precedence: Int {
      switch self {
      case .bracket, .range: 0
      case .binary(.add), .binary(.subtract): 1
      case .binary(.multiply), .binary(.divide), .binary(.matrixMultiply): 2
      case .sign: 3
      case .binary(.power): 4
      }
    }

    var nests: Bool {
      switch self {
      case .sign, .bracket, .binary(.power): true
      case .binary, .range: false
      }
    }
  }

  struct Bracket {
    enum Kind { case group, list, index, call }
    var kind: Kind
    /// Where the node starts: the bracket, the indexed value or the function's name.
    var start: Int
    /// The finished items; for an index the indexed value first.
    var items: [Int] = []
    /// For an index: which axes are taken whole.
    var isWhole: [Bool] = []
    var function = ""
    var functionSpan = Span(start: 0, end: 0)
    var labels: [CallSyntax.Label?] = []
    /// Where the nodes of the present item start.
    var firstNode = 0
  }

  /// The work in hand.
  struct Expression {
    var pending: [Pending] = []
    var operands: [Int] = []
    var depth = 0
    /// Whether a value comes next, and not an operator.
    var expectsValue = true

    mutating func produce(_ node: Int) {
      operands.append(node)
      expectsValue = false
    }

    /// - Throws: where it nests too deeply.
    mutating func push(_ operation: Pending, at span: Span, _ limits: Limits) throws(Issue) {
      if operation.nests {
        depth += 1
        guard depth <= limits.nesting else {
          throw Issue(
            span, "this nests more than \(limits.nesting) levels deep",
            hint: limits.hint(.nesting, after: "name the parts"))
        }
      }
      pending.append(operation)
    }

    /// What the innermost open bracket is, where it is the last thing that waits; a look at it only, as
    /// a second reference to a long list would copy the list.
    var innermost: Bracket.Kind? {
      if case .bracket(let bracket) = pending.last { bracket.kind } else { nil }
    }
  }
}
