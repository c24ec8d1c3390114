/// The result of parsing: statements, and their expressions in one arena.
///
/// The nodes of an expression are in evaluation order, operands first, so that checking and recording are
/// loops: a sum of a million terms needs no deeper stack than a sum of two.
struct SyntaxTree: Sendable {
  var statements: [Statement] = []
  var nodes: [ExpressionNode] = []
  /// The operands of all nodes, as indices into ``nodes``.
  var operands: [Int32] = []
  /// The parts of calls besides their operands.
  var calls: [CallSyntax] = []
  /// For each index expression, what it takes of each axis.
  var indices: [[IndexItem]] = []
  /// The calls of the program's own functions, to which ``ExpressionNode/scope`` refers.
  var scopes: [CallScope] = []
  /// The named numbers that loops and conditions read.
  var readNumbers: Set<String> = []
  /// Where functions of several lines name values that they do not use.
  var unusedLocals: [Span] = []

  func operands(of node: Int) -> ArraySlice<Int32> {
    operands[Int(nodes[node].firstOperand)..<Int(nodes[node].firstOperand + nodes[node].operandCount)]
  }
}

enum BinaryOperator: UInt8, Sendable {
  case add, subtract, multiply, divide, matrixMultiply, power
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case and, or

  var isComparison: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
    default: false
    }
  }
}

/// What an index takes of one axis.
enum IndexItem: Sendable {
  /// A position or a list of them: the next operand.
  case value
  /// `a:b:c`, where each part that is there is an operand.
  case slice([Bool])
  /// `...`: the axes that nothing else takes, whole.
  case ellipsis
  /// `None`: a new axis of size 1.
  case newAxis

  var operandCount: Int {
    switch self {
    case .value: 1
    case .slice(let parts): parts.count { $0 }
    case .ellipsis, .newAxis: 0
    }
  }
}

struct ExpressionNode: Sendable {
  enum Kind: Sendable {
    case number(Double)
    case name(String)
    case text(String)
    case list
    /// A list that selects rows or columns of a data file, or names the arrays that a function joins.
    case selection
    /// `0:50` in or instead of such a list: from the first operand up to, but not including, the second, or
    /// to the end.
    case range
    /// `class(species)` in place of a column.
    case classes
    case negate
    /// `not` before a mask.
    case not
    /// A unary plus, which changes nothing.
    case identity
    case binary(BinaryOperator)
    /// An index into ``SyntaxTree/calls``.
    case call(Int)
    /// An index into ``SyntaxTree/indices``; the first operand is the indexed value.
    case index(Int)
    case transpose
  }

  var kind: Kind
  var span: Span
  var firstOperand: Int32 = 0
  var operandCount: Int32 = 0
  /// The call from which the node was expanded, as an index into ``SyntaxTree/scopes``; −1 for none.
  var scope: Int32 = -1
}

/// A call of a function that the program defines.
struct CallScope: Sendable {
  /// `neuron2`, or `outer1.neuron2` inside another call.
  var path: String
  var function: String
  var callSpan: Span
  /// Whether it is a turn of a loop instead.
  var isTurn = false
}

struct CallSyntax: Sendable {
  struct Label: Sendable {
    var name: String
    var span: Span
  }
  var name: String
  var nameSpan: Span
  /// Whether the first operand stands in front of a dot.
  var isMethod = false
  /// One entry per operand; nil for an operand without a label.
  var labels: [Label?]
}

struct Statement: Sendable {
  enum Kind: Sendable {
    /// `input x = …`, or plain `x = …` without a keyword.
    case declaration(Vocabulary.Keyword?)
    case setting(Vocabulary.Keyword)
    /// `def f(x, y) = …`
    case definition(parameters: [String])
    /// A statement with an error, which has been reported.
    case broken
  }

  var kind: Kind
  var span: Span
  /// The declared name in NFC; present in a broken statement if parsing got that far.
  var name: String?
  var nameSpan: Span?
  /// The value of a setting that is a word or a string.
  var word: String?
  var wordSpan: Span?
  /// `shuffle` after a batch.
  var isShuffled = false
  /// The root of the expression after `seed`.
  var seedRoot: Int?
  /// The root of the expression.
  var root: Int?
  /// The expression as written; its root may be in the body of a function that it calls.
  var expressionSpan: Span?
  /// All nodes of the expression.
  var nodes: Range<Int> = 0..<0
}
