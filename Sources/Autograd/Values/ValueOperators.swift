/// Operations on scalars; each is computed and recorded immediately.
///
/// - Precondition, for all binary operations: both operands belong to one tape.

/// The precedence of `**`: higher than that of `*`, right-associative, as in Python.
precedencegroup PowerPrecedence {
  higherThan: MultiplicationPrecedence
  associativity: right
}
/// The first raised to the second: `x ** 2`.
infix operator ** : PowerPrecedence

extension Value {
  @inline(__always)
  private static func binary(_ operation: Tape.Operation, _ a: Value, _ b: Value) -> Value {
    if !a.meets(b) { a.refuse(b) }
    return a.beside(a.recording.pointee.binary(operation, a.index, b.index))
  }

  @inline(__always)
  private static func binary(
    _ template: Tape.Record, _ a: Value, _ b: Value, _ rule: (Double, Double) -> Double
  ) -> Value {
    if !a.meets(b) { a.refuse(b) }
    return a.beside(a.recording.pointee.binary(template, a.index, b.index, rule))
  }

  @inline(__always)
  func unary(_ operation: Tape.Operation) -> Value { beside(recording.pointee.unary(operation, index)) }

  /// A number beside this one.
  @inline(__always)
  private func constant(_ number: Double) -> Value { beside(recording.pointee.constant(number)) }

  /// The sum.
  public static func + (a: Value, b: Value) -> Value { binary(.sum, a, b) { $0 + $1 } }
  /// The difference.
  public static func - (a: Value, b: Value) -> Value { binary(.difference, a, b) { $0 - $1 } }
  /// The product.
  public static func * (a: Value, b: Value) -> Value { binary(.product, a, b) { $0 * $1 } }
  /// The quotient.
  public static func / (a: Value, b: Value) -> Value { binary(.divide, a, b) }
  /// The first raised to the second.
  public static func ** (a: Value, b: Value) -> Value { binary(.power, a, b) }

  /// The sum with a constant.
  public static func + (a: Value, b: Double) -> Value { a + a.constant(b) }
  /// The difference from a constant.
  public static func - (a: Value, b: Double) -> Value { a - a.constant(b) }
  /// The product with a constant.
  public static func * (a: Value, b: Double) -> Value { a * a.constant(b) }
  /// The quotient by a constant.
  public static func / (a: Value, b: Double) -> Value { a / a.constant(b) }
  /// A constant exponent is part of the operation, not an operand.
  public static func ** (a: Value, exponent: Double) -> Value {
    a.beside(a.tape.power(a.index, exponent: exponent))
  }

  /// The sum with a constant.
  public static func + (a: Double, b: Value) -> Value { b.constant(a) + b }
  /// A constant less the value.
  public static func - (a: Double, b: Value) -> Value { b.constant(a) - b }
  /// The product with a constant.
  public static func * (a: Double, b: Value) -> Value { b.constant(a) * b }
  /// A constant over the value.
  public static func / (a: Double, b: Value) -> Value { b.constant(a) / b }
  /// A constant raised to the value.
  public static func ** (a: Double, b: Value) -> Value { b.constant(a) ** b }

  /// The opposite number.
  public static prefix func - (a: Value) -> Value { a.unary(.negate) }

  static func maximum(_ a: Value, _ b: Value) -> Value { binary(.maximum, a, b) }
  static func minimum(_ a: Value, _ b: Value) -> Value { binary(.minimum, a, b) }
}

/// eˣ.
public func exp(_ x: Value) -> Value { x.unary(.exp) }
/// The natural logarithm; NaN for a negative number, −∞ at 0.
public func log(_ x: Value) -> Value { x.unary(.log) }
/// The hyperbolic tangent.
public func tanh(_ x: Value) -> Value { x.unary(.tanh) }
/// The logistic function 1 / (1 + e⁻ˣ).
public func sigmoid(_ x: Value) -> Value { x.unary(.sigmoid) }
/// max(x, 0), with derivative 0 at 0 as in PyTorch.
public func relu(_ x: Value) -> Value { x.unary(.relu) }
/// The sine, in radians.
public func sin(_ x: Value) -> Value { x.unary(.sin) }
/// The cosine, in radians.
public func cos(_ x: Value) -> Value { x.unary(.cos) }
/// The square root; NaN for a negative number.
public func sqrt(_ x: Value) -> Value { x.unary(.sqrt) }
/// |x|, with derivative 0 at 0 as in PyTorch.
public func abs(_ x: Value) -> Value { x.unary(.abs) }
/// The maximum; on a tie, each operand takes half of the gradient, as in PyTorch.
public func max(_ a: Value, _ b: Value) -> Value { Value.maximum(a, b) }
/// The minimum; on a tie, each operand takes half of the gradient, as in PyTorch.
public func min(_ a: Value, _ b: Value) -> Value { Value.minimum(a, b) }

/// Σ of the values, as one operation.
///
/// - Precondition: at least one value, all of one tape.
public func sum(_ values: [Value]) -> Value { list(.sum, values) }
/// The mean of the values, as one operation.
///
/// - Precondition: at least one value, all of one tape.
public func mean(_ values: [Value]) -> Value { list(.mean, values) }
/// The maximum of the values, as one operation; ties share the gradient evenly, as in PyTorch.
///
/// - Precondition: at least one value, all of one tape.
public func max(_ values: [Value]) -> Value { list(.maximumReduction, values) }
/// The minimum of the values, as one operation; ties share the gradient evenly, as in PyTorch.
///
/// - Precondition: at least one value, all of one tape.
public func min(_ values: [Value]) -> Value { list(.minimumReduction, values) }
/// log Σ eˣ of the values, as one operation, without overflow.
///
/// - Precondition: at least one value, all of one tape.
public func logSumExp(_ values: [Value]) -> Value { list(.logSumExp, values) }

private func list(_ operation: Tape.Operation, _ values: [Value]) -> Value {
  precondition(!values.isEmpty, "\(operation.rawValue) of no values")
  let first = values[0]
  for value in values where !first.meets(value) { first.refuse(value) }
  return first.beside(first.tape.list(operation, values.map(\.index)))
}
