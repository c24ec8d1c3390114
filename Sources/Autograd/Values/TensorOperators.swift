/// Operations on arrays, elementwise ones with NumPy's broadcasting; each is computed and recorded
/// immediately.
///
/// - Precondition, for all binary operations: both operands belong to one tape, and their shapes are equal or
///   broadcast.

extension Tensor {
  static func binary(_ operation: Tape.Operation, _ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.tape === b.tape,
      "\(a.tape.description(of: a.index)) and \(b.tape.description(of: b.index)) belong to different tapes")
    return Tensor(tape: a.tape, index: a.tape.binary(operation, a.index, b.index))
  }

  func unary(_ operation: Tape.Operation) -> Tensor { Tensor(tape: tape, index: tape.unary(operation, index)) }

  private var constantTape: (Double) -> Tensor { { Tensor(self.tape.constant($0)) } }

  /// The elementwise sum.
  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(.add, a, b) }
  /// The elementwise difference.
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(.subtract, a, b) }
  /// The elementwise product; `matmul` is the product of matrices.
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(.multiply, a, b) }
  /// The elementwise quotient.
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(.divide, a, b) }
  /// Each entry raised to the corresponding power.
  public static func ** (a: Tensor, b: Tensor) -> Tensor { binary(.power, a, b) }

  /// The sum of each entry and a number.
  public static func + (a: Tensor, b: Value) -> Tensor { a + Tensor(b) }
  /// Each entry less a number.
  public static func - (a: Tensor, b: Value) -> Tensor { a - Tensor(b) }
  /// The product of each entry and a number.
  public static func * (a: Tensor, b: Value) -> Tensor { a * Tensor(b) }
  /// The quotient of each entry and a number.
  public static func / (a: Tensor, b: Value) -> Tensor { a / Tensor(b) }
  /// The sum of a number and each entry.
  public static func + (a: Value, b: Tensor) -> Tensor { Tensor(a) + b }
  /// A number less each entry.
  public static func - (a: Value, b: Tensor) -> Tensor { Tensor(a) - b }
  /// The product of a number and each entry.
  public static func * (a: Value, b: Tensor) -> Tensor { Tensor(a) * b }
  /// The quotient of a number and each entry.
  public static func / (a: Value, b: Tensor) -> Tensor { Tensor(a) / b }

  /// The sum of each entry and a constant.
  public static func + (a: Tensor, b: Double) -> Tensor { a + a.constantTape(b) }
  /// Each entry less a constant.
  public static func - (a: Tensor, b: Double) -> Tensor { a - a.constantTape(b) }
  /// The product of each entry and a constant.
  public static func * (a: Tensor, b: Double) -> Tensor { a * a.constantTape(b) }
  /// The quotient of each entry and a constant.
  public static func / (a: Tensor, b: Double) -> Tensor { a / a.constantTape(b) }
  /// A constant exponent is part of the operation, not an operand.
  public static func ** (a: Tensor, exponent: Double) -> Tensor {
    Tensor(tape: a.tape, index: a.tape.power(a.index, exponent: exponent))
  }
  /// The sum of a constant and each entry.
  public static func + (a: Double, b: Tensor) -> Tensor { b.constantTape(a) + b }
  /// A constant less each entry.
  public static func - (a: Double, b: Tensor) -> Tensor { b.constantTape(a) - b }
  /// The product of a constant and each entry.
  public static func * (a: Double, b: Tensor) -> Tensor { b.constantTape(a) * b }
  /// The quotient of a constant and each entry.
  public static func / (a: Double, b: Tensor) -> Tensor { b.constantTape(a) / b }
  /// A constant raised to the power of each entry.
  public static func ** (a: Double, b: Tensor) -> Tensor { b.constantTape(a) ** b }

  /// Every entry with the opposite sign.
  public static prefix func - (a: Tensor) -> Tensor { a.unary(.negate) }
}

/// Python's `@`: matrix·matrix, matrix·vector, vector·matrix, vector·vector; of more axes, the last two are those of
/// matrices, and the others broadcast.
///
/// - Precondition: the inner sizes are equal.
/// - Complexity: O(rows · inner · columns)
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(
    a.tape === b.tape,
    "\(a.tape.description(of: a.index)) and \(b.tape.description(of: b.index)) belong to different tapes")
  // Among many matrices, a vector is one with a single row or column, which is taken away again.
  if a.shape.count == 1, b.shape.count > 2 {
    let result = matmul(a.expanded(axis: 0), b)
    return result.reshaped(to: result.shape.dropLast(2) + [result.shape[result.shape.count - 1]])
  }
  if b.shape.count == 1, a.shape.count > 2 {
    return matmul(a, b.expanded(axis: 1)).reshaped(to: Array(a.shape.dropLast()))
  }
  return Tensor(tape: a.tape, index: a.tape.matrixMultiply(a.index, b.index))
}

/// eˣ of each entry.
public func exp(_ x: Tensor) -> Tensor { x.unary(.exp) }
/// The natural logarithm of each entry; NaN for a negative number, −∞ at 0.
public func log(_ x: Tensor) -> Tensor { x.unary(.log) }
/// The hyperbolic tangent of each entry.
public func tanh(_ x: Tensor) -> Tensor { x.unary(.tanh) }
/// The logistic function 1 / (1 + e⁻ˣ) of each entry.
public func sigmoid(_ x: Tensor) -> Tensor { x.unary(.sigmoid) }
/// max(x, 0) of each entry, with derivative 0 at 0 as in PyTorch.
public func relu(_ x: Tensor) -> Tensor { x.unary(.relu) }
/// The sine of each entry, in radians.
public func sin(_ x: Tensor) -> Tensor { x.unary(.sin) }
/// The cosine of each entry, in radians.
public func cos(_ x: Tensor) -> Tensor { x.unary(.cos) }
/// The square root of each entry; NaN for a negative number.
public func sqrt(_ x: Tensor) -> Tensor { x.unary(.sqrt) }
/// |x| of each entry, with derivative 0 at 0 as in PyTorch.
public func abs(_ x: Tensor) -> Tensor { x.unary(.abs) }
/// The elementwise maximum; on a tie, each operand takes half of the gradient, as in PyTorch.
public func max(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor.binary(.maximum, a, b) }
/// The elementwise minimum; on a tie, each operand takes half of the gradient, as in PyTorch.
public func min(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor.binary(.minimum, a, b) }
