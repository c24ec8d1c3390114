/// Operators for `Int` operands, as in `total / count`.
///
/// Marked so that they apply only to variables of type `Int`: the literals in `1 / 2 * x` are floating-point
/// numbers, as everywhere next to values, and not integers with the quotient 0.
extension Value {
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func + (a: Value, b: Int) -> Value { a + Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func - (a: Value, b: Int) -> Value { a - Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func * (a: Value, b: Int) -> Value { a * Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func / (a: Value, b: Int) -> Value { a / Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func ** (a: Value, b: Int) -> Value { a ** Double(b) }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func + (a: Int, b: Value) -> Value { Double(a) + b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func - (a: Int, b: Value) -> Value { Double(a) - b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func * (a: Int, b: Value) -> Value { Double(a) * b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func / (a: Int, b: Value) -> Value { Double(a) / b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func ** (a: Int, b: Value) -> Value { Double(a) ** b }
}

extension Tensor {
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func + (a: Tensor, b: Int) -> Tensor { a + Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func - (a: Tensor, b: Int) -> Tensor { a - Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func * (a: Tensor, b: Int) -> Tensor { a * Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func / (a: Tensor, b: Int) -> Tensor { a / Double(b) }
  /// The same as with `Double(b)`.
  @_disfavoredOverload
  public static func ** (a: Tensor, b: Int) -> Tensor { a ** Double(b) }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func + (a: Int, b: Tensor) -> Tensor { Double(a) + b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func - (a: Int, b: Tensor) -> Tensor { Double(a) - b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func * (a: Int, b: Tensor) -> Tensor { Double(a) * b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func / (a: Int, b: Tensor) -> Tensor { Double(a) / b }
  /// The same as with `Double(a)`.
  @_disfavoredOverload
  public static func ** (a: Int, b: Tensor) -> Tensor { Double(a) ** b }
}
