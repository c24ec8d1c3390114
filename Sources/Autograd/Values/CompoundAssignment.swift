/// `total += x` and its kin: a variable takes the result of a new operation; what it held stays on the tape.
extension Value {
  /// Records `a + b` and takes its result in the place of `a`.
  public static func += (a: inout Value, b: Value) { a = a + b }
  /// Records `a + b` and takes its result in the place of `a`.
  public static func += (a: inout Value, b: Double) { a = a + b }
  /// Records `a + b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func += (a: inout Value, b: Int) { a = a + b }
  /// Records `a - b` and takes its result in the place of `a`.
  public static func -= (a: inout Value, b: Value) { a = a - b }
  /// Records `a - b` and takes its result in the place of `a`.
  public static func -= (a: inout Value, b: Double) { a = a - b }
  /// Records `a - b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func -= (a: inout Value, b: Int) { a = a - b }
  /// Records `a * b` and takes its result in the place of `a`.
  public static func *= (a: inout Value, b: Value) { a = a * b }
  /// Records `a * b` and takes its result in the place of `a`.
  public static func *= (a: inout Value, b: Double) { a = a * b }
  /// Records `a * b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func *= (a: inout Value, b: Int) { a = a * b }
  /// Records `a / b` and takes its result in the place of `a`.
  public static func /= (a: inout Value, b: Value) { a = a / b }
  /// Records `a / b` and takes its result in the place of `a`.
  public static func /= (a: inout Value, b: Double) { a = a / b }
  /// Records `a / b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func /= (a: inout Value, b: Int) { a = a / b }
}

extension Tensor {
  /// Records `a + b` and takes its result in the place of `a`.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Records `a + b` and takes its result in the place of `a`.
  public static func += (a: inout Tensor, b: Value) { a = a + b }
  /// Records `a + b` and takes its result in the place of `a`.
  public static func += (a: inout Tensor, b: Double) { a = a + b }
  /// Records `a + b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func += (a: inout Tensor, b: Int) { a = a + b }
  /// Records `a - b` and takes its result in the place of `a`.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Records `a - b` and takes its result in the place of `a`.
  public static func -= (a: inout Tensor, b: Value) { a = a - b }
  /// Records `a - b` and takes its result in the place of `a`.
  public static func -= (a: inout Tensor, b: Double) { a = a - b }
  /// Records `a - b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func -= (a: inout Tensor, b: Int) { a = a - b }
  /// Records `a * b` and takes its result in the place of `a`.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Records `a * b` and takes its result in the place of `a`.
  public static func *= (a: inout Tensor, b: Value) { a = a * b }
  /// Records `a * b` and takes its result in the place of `a`.
  public static func *= (a: inout Tensor, b: Double) { a = a * b }
  /// Records `a * b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func *= (a: inout Tensor, b: Int) { a = a * b }
  /// Records `a / b` and takes its result in the place of `a`.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Records `a / b` and takes its result in the place of `a`.
  public static func /= (a: inout Tensor, b: Value) { a = a / b }
  /// Records `a / b` and takes its result in the place of `a`.
  public static func /= (a: inout Tensor, b: Double) { a = a / b }
  /// Records `a / b` and takes its result in the place of `a`.
  @_disfavoredOverload
  public static func /= (a: inout Tensor, b: Int) { a = a / b }
}
