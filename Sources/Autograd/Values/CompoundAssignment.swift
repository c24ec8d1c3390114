/// `total += x` and similar: the variable holds the result of a new operation; the previous value stays on
/// the tape.
extension Value {
  /// Records `a + b` and assigns the result to `a`.
  public static func += (a: inout Value, b: Value) { a = a + b }
  /// Records `a + b` and assigns the result to `a`.
  public static func += (a: inout Value, b: Double) { a = a + b }
  /// Records `a + b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func += (a: inout Value, b: Int) { a = a + b }
  /// Records `a - b` and assigns the result to `a`.
  public static func -= (a: inout Value, b: Value) { a = a - b }
  /// Records `a - b` and assigns the result to `a`.
  public static func -= (a: inout Value, b: Double) { a = a - b }
  /// Records `a - b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func -= (a: inout Value, b: Int) { a = a - b }
  /// Records `a * b` and assigns the result to `a`.
  public static func *= (a: inout Value, b: Value) { a = a * b }
  /// Records `a * b` and assigns the result to `a`.
  public static func *= (a: inout Value, b: Double) { a = a * b }
  /// Records `a * b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func *= (a: inout Value, b: Int) { a = a * b }
  /// Records `a / b` and assigns the result to `a`.
  public static func /= (a: inout Value, b: Value) { a = a / b }
  /// Records `a / b` and assigns the result to `a`.
  public static func /= (a: inout Value, b: Double) { a = a / b }
  /// Records `a / b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func /= (a: inout Value, b: Int) { a = a / b }
}

extension Tensor {
  /// Records `a + b` and assigns the result to `a`.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Records `a + b` and assigns the result to `a`.
  public static func += (a: inout Tensor, b: Value) { a = a + b }
  /// Records `a + b` and assigns the result to `a`.
  public static func += (a: inout Tensor, b: Double) { a = a + b }
  /// Records `a + b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func += (a: inout Tensor, b: Int) { a = a + b }
  /// Records `a - b` and assigns the result to `a`.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Records `a - b` and assigns the result to `a`.
  public static func -= (a: inout Tensor, b: Value) { a = a - b }
  /// Records `a - b` and assigns the result to `a`.
  public static func -= (a: inout Tensor, b: Double) { a = a - b }
  /// Records `a - b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func -= (a: inout Tensor, b: Int) { a = a - b }
  /// Records `a * b` and assigns the result to `a`.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Records `a * b` and assigns the result to `a`.
  public static func *= (a: inout Tensor, b: Value) { a = a * b }
  /// Records `a * b` and assigns the result to `a`.
  public static func *= (a: inout Tensor, b: Double) { a = a * b }
  /// Records `a * b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func *= (a: inout Tensor, b: Int) { a = a * b }
  /// Records `a / b` and assigns the result to `a`.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Records `a / b` and assigns the result to `a`.
  public static func /= (a: inout Tensor, b: Value) { a = a / b }
  /// Records `a / b` and assigns the result to `a`.
  public static func /= (a: inout Tensor, b: Double) { a = a / b }
  /// Records `a / b` and assigns the result to `a`.
  @_disfavoredOverload
  public static func /= (a: inout Tensor, b: Int) { a = a / b }
}
