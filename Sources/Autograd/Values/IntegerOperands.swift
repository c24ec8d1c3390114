/// `Int` beside values, as in `total / count`.
///
/// Marked so that the compiler takes them for variables of type `Int` only: the 1 and the 2 of `1 / 2 * x` are
/// floating-point numbers, as everywhere beside values, and not the integer 0.
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
