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

  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(.add, a, b) }
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(.subtract, a, b) }
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(.multiply, a, b) }
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(.divide, a, b) }
  public static func ** (a: Tensor, b: Tensor) -> Tensor { binary(.power, a, b) }

  public static func + (a: Tensor, b: Value) -> Tensor { a + Tensor(b) }
  public static func - (a: Tensor, b: Value) -> Tensor { a - Tensor(b) }
  public static func * (a: Tensor, b: Value) -> Tensor { a * Tensor(b) }
  public static func / (a: Tensor, b: Value) -> Tensor { a / Tensor(b) }
  public static func + (a: Value, b: Tensor) -> Tensor { Tensor(a) + b }
  public static func - (a: Value, b: Tensor) -> Tensor { Tensor(a) - b }
  public static func * (a: Value, b: Tensor) -> Tensor { Tensor(a) * b }
  public static func / (a: Value, b: Tensor) -> Tensor { Tensor(a) / b }

  public static func + (a: Tensor, b: Double) -> Tensor { a + a.constantTape(b) }
  public static func - (a: Tensor, b: Double) -> Tensor { a - a.constantTape(b) }
  public static func * (a: Tensor, b: Double) -> Tensor { a * a.constantTape(b) }
  public static func / (a: Tensor, b: Double) -> Tensor { a / a.constantTape(b) }
  /// A constant exponent is part of the operation, not an operand.
  public static func ** (a: Tensor, exponent: Double) -> Tensor {
    Tensor(tape: a.tape, index: a.tape.power(a.index, exponent: exponent))
  }
  public static func + (a: Double, b: Tensor) -> Tensor { b.constantTape(a) + b }
  public static func - (a: Double, b: Tensor) -> Tensor { b.constantTape(a) - b }
  public static func * (a: Double, b: Tensor) -> Tensor { b.constantTape(a) * b }
  public static func / (a: Double, b: Tensor) -> Tensor { b.constantTape(a) / b }
  public static func ** (a: Double, b: Tensor) -> Tensor { b.constantTape(a) ** b }

  public static prefix func - (a: Tensor) -> Tensor { a.unary(.negate) }
}

/// Python's `@`: matrix·matrix, matrix·vector, vector·matrix, vector·vector.
///
/// - Precondition: the inner sizes are equal.
/// - Complexity: O(rows · inner · columns)
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(
    a.tape === b.tape,
    "\(a.tape.description(of: a.index)) and \(b.tape.description(of: b.index)) belong to different tapes")
  return Tensor(tape: a.tape, index: a.tape.matrixMultiply(a.index, b.index))
}

public func exp(_ x: Tensor) -> Tensor { x.unary(.exp) }
public func log(_ x: Tensor) -> Tensor { x.unary(.log) }
public func tanh(_ x: Tensor) -> Tensor { x.unary(.tanh) }
public func sigmoid(_ x: Tensor) -> Tensor { x.unary(.sigmoid) }
public func relu(_ x: Tensor) -> Tensor { x.unary(.relu) }
public func sin(_ x: Tensor) -> Tensor { x.unary(.sin) }
public func cos(_ x: Tensor) -> Tensor { x.unary(.cos) }
public func sqrt(_ x: Tensor) -> Tensor { x.unary(.sqrt) }
public func abs(_ x: Tensor) -> Tensor { x.unary(.abs) }
public func max(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor.binary(.maximum, a, b) }
public func min(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor.binary(.minimum, a, b) }
