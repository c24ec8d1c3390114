import GradvizGraph

/// The state of the expression parser.
extension Parser {
  /// An operator or bracket that waits for its last operand or closing bracket.
  enum Pending {
    case binary(BinaryOperator)
    case sign(ExpressionNode.Kind, Span)
    /// `not`, which binds more loosely than a comparison.
    case not(Span)
    /// The `:` of a range, which binds more loosely than any operator.
    case range
    case bracket(Bracket)

    /// A bracket never binds an operand outside it.
    var precedence: Int {
      switch self {
      case .bracket, .range: 0
      case .binary(.or): 1
      case .binary(.and): 2
      case .not: 3
      case .binary(.add), .binary(.subtract): 5
      case .binary(.multiply), .binary(.divide), .binary(.matrixMultiply): 6
      case .sign: 7
      case .binary(.power): 8
      case .binary: 4
      }
    }

    var nests: Bool {
      switch self {
      case .sign, .not, .bracket, .binary(.power): true
      case .binary, .range: false
      }
    }
  }

  struct Bracket {
    /// A tuple is a list in parentheses.
    enum Kind { case group, tuple, list, index, call }
    var kind: Kind
    /// Where the node starts: at the bracket, the indexed value or the function's name.
    var start: Int
    /// The finished items; for an index, starting with the indexed value.
    var items: [Int] = []
    /// For an index: what it takes of each axis so far.
    var taken: [IndexItem] = []
    /// For an index: which parts of the slice being read are there; nil outside one.
    var slice: [Bool]?
    var function = ""
    var functionSpan = Span(start: 0, end: 0)
    /// Whether the first item stands in front of a dot.
    var isMethod = false
    var labels: [CallSyntax.Label?] = []
    /// Where the nodes of the current item start.
    var firstNode = 0
  }

  /// An expression in progress.
  struct Expression {
    var pending: [Pending] = []
    var operands: [Int] = []
    var depth = 0
    /// Whether a value comes next rather than an operator.
    var expectsValue = true

    mutating func produce(_ node: Int) {
      operands.append(node)
      expectsValue = false
    }

    /// - Throws: if the nesting is too deep.
    mutating func push(_ operation: Pending, at span: Span, _ limits: Limits) throws(Issue) {
      if operation.nests {
        depth += 1
        guard depth <= limits.nesting else {
          throw Issue(
            span, "this is nested more than \(limits.nesting) levels deep",
            hint: limits.hint(.nesting, after: "split it into named parts"))
        }
      }
      pending.append(operation)
    }

    /// The kind of the innermost open bracket, if it is the last pending item.
    ///
    /// Does not copy the bracket, since a second reference to a long list would copy the list.
    var innermost: Bracket.Kind? {
      if case .bracket(let bracket) = pending.last { bracket.kind } else { nil }
    }
  }
}
