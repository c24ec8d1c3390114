/// What the parser makes of a source: statements, and their expressions in one arena.
///
/// The nodes of an expression stand in the order of evaluation, operands first, so that checking and
/// recording are loops: a sum of a million terms needs no deeper stack than one of two.
struct SyntaxTree: Sendable {
  var statements: [Statement] = []
  var nodes: [ExpressionNode] = []
  /// The operands of all nodes, as indices into ``nodes``.
  var operands: [Int32] = []
  /// What calls have beyond their operands.
  var calls: [CallSyntax] = []
  /// For each index expression, which axes are taken whole (`:`); the others have an operand each.
  var indices: [[Bool]] = []
  /// The calls of the program's own functions, which ``ExpressionNode/scope`` points to.
  var scopes: [CallScope] = []

  func operands(of node: Int) -> ArraySlice<Int32> {
    operands[Int(nodes[node].firstOperand)..<Int(nodes[node].firstOperand + nodes[node].operandCount)]
  }
}

enum BinaryOperator: UInt8, Sendable {
  case add, subtract, multiply, divide, matrixMultiply, power

  var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .matrixMultiply: "@"
    case .power: "**"
    }
  }
}

struct ExpressionNode: Sendable {
  enum Kind: Sendable {
    case number(Double)
    case name(String)
    case text(String)
    case list
    /// A list that chooses rows or columns of a data file.
    case selection
    /// `0:50` in such a list or in its place: from the first operand to before the second, or to the end.
    case range
    /// `class(species)` in the place of a column.
    case classes
    case negate
    /// A plus sign in front, which changes nothing.
    case identity
    case binary(BinaryOperator)
    /// An index into ``SyntaxTree/calls``.
    case call(Int)
    /// An index into ``SyntaxTree/indices``; the first operand is what is indexed.
    case index(Int)
    case transpose
  }

  var kind: Kind
  var span: Span
  var firstOperand: Int32 = 0
  var operandCount: Int32 = 0
  /// The call that the node was put in for, as an index into ``SyntaxTree/scopes``; −1 for none.
  var scope: Int32 = -1
}

/// One call of a function that the program defines.
struct CallScope: Sendable {
  /// `neuron2`, inside another call `outer1.neuron2`.
  var path: String
  var function: String
  var callSpan: Span
}

struct CallSyntax: Sendable {
  struct Label: Sendable {
    var name: String
    var span: Span
  }
  var name: String
  var nameSpan: Span
  /// One entry per operand; nil for those that have no label.
  var labels: [Label?]
}

struct Statement: Sendable {
  enum Kind: Sendable {
    /// `input x = …` and plain `x = …`, which has no keyword.
    case declaration(Vocabulary.Keyword?)
    case setting(Vocabulary.Keyword)
    /// `def f(x, y) = …`
    case definition(parameters: [String])
    /// What could not be read; it has been reported.
    case broken
  }

  var kind: Kind
  var span: Span
  /// The declared name, NFC-normalised; for a broken statement as well, where it got that far.
  var name: String?
  var nameSpan: Span?
  /// A setting that is a word or a text.
  var word: String?
  var wordSpan: Span?
  /// `shuffle` after a batch.
  var isShuffled = false
  /// The root of the expression after `seed`.
  var seedRoot: Int?
  /// The root of the expression.
  var root: Int?
  /// The expression as it is written; its root may stand in the body of a function that it calls.
  var expressionSpan: Span?
  /// All nodes of the expression.
  var nodes: Range<Int> = 0..<0
}
