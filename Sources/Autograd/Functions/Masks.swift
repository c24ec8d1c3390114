/// Comparisons, which give masks of 1 and 0 without gradients, and what is done with masks.
extension Tensor {
  /// 1 where `a` is less than `b`, and 0 elsewhere; operands broadcast.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { binary(.less, a, b) }
  /// 1 where an entry is less than the number, and 0 elsewhere.
  public static func .< (a: Tensor, b: Double) -> Tensor { a .< a.number(b) }
  /// 1 where `a` is at most `b`, and 0 elsewhere; operands broadcast.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { binary(.lessOrEqual, a, b) }
  /// 1 where an entry is at most the number, and 0 elsewhere.
  public static func .<= (a: Tensor, b: Double) -> Tensor { a .<= a.number(b) }
  /// 1 where `a` is greater than `b`, and 0 elsewhere; operands broadcast.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { binary(.greater, a, b) }
  /// 1 where an entry is greater than the number, and 0 elsewhere.
  public static func .> (a: Tensor, b: Double) -> Tensor { a .> a.number(b) }
  /// 1 where `a` is at least `b`, and 0 elsewhere; operands broadcast.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { binary(.greaterOrEqual, a, b) }
  /// 1 where an entry is at least the number, and 0 elsewhere.
  public static func .>= (a: Tensor, b: Double) -> Tensor { a .>= a.number(b) }
  /// 1 where `a` equals `b`, and 0 elsewhere; operands broadcast.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { binary(.equal, a, b) }
  /// 1 where an entry equals the number, and 0 elsewhere.
  public static func .== (a: Tensor, b: Double) -> Tensor { a .== a.number(b) }
  /// 1 where `a` differs from `b`, and 0 elsewhere; operands broadcast.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { binary(.notEqual, a, b) }
  /// 1 where an entry differs from the number, and 0 elsewhere.
  public static func .!= (a: Tensor, b: Double) -> Tensor { a .!= a.number(b) }

  /// A constant of this tape, which broadcasts.
  func number(_ value: Double) -> Tensor { Tensor(tape.constant(value)) }

  /// The root of a number as a constant of this tape, which formulas write as a root.
  func root(of number: Double, writtenAs text: String) -> Tensor {
    let root = self.number(number.squareRoot())
    tape.setSource("√\(text)", of: root)
    return root
  }

  /// The array where a mask is not 0, and 0 elsewhere, even where the array is not finite; the mask has no gradient.
  public func masked(by mask: Tensor) -> Tensor { Tensor.binary(.masked, self, mask) }

  /// The array within bounds, `torch.clamp`: at a bound and beyond it that bound, with gradient 0.
  ///
  /// - Parameters:
  ///   - low: the lower bound; nil for none.
  ///   - high: the upper bound; nil for none.
  public func clipped(from low: Double?, to high: Double?) -> Tensor {
    var result = self
    if let high { result = choose(result .>= number(high), number(high), result) }
    if let low { result = choose(result .<= number(low), number(low), result) }
    return result
  }
}

extension Value {
  /// 1 if `a` is less than `b`, and 0 otherwise, without a gradient.
  public static func .< (a: Value, b: Value) -> Value { (Tensor(a) .< Tensor(b)).value }
  /// 1 if `a` is less than the number, and 0 otherwise, without a gradient.
  public static func .< (a: Value, b: Double) -> Value { (Tensor(a) .< b).value }
  /// 1 if `a` is at most `b`, and 0 otherwise, without a gradient.
  public static func .<= (a: Value, b: Value) -> Value { (Tensor(a) .<= Tensor(b)).value }
  /// 1 if `a` is at most the number, and 0 otherwise, without a gradient.
  public static func .<= (a: Value, b: Double) -> Value { (Tensor(a) .<= b).value }
  /// 1 if `a` is greater than `b`, and 0 otherwise, without a gradient.
  public static func .> (a: Value, b: Value) -> Value { (Tensor(a) .> Tensor(b)).value }
  /// 1 if `a` is greater than the number, and 0 otherwise, without a gradient.
  public static func .> (a: Value, b: Double) -> Value { (Tensor(a) .> b).value }
  /// 1 if `a` is at least `b`, and 0 otherwise, without a gradient.
  public static func .>= (a: Value, b: Value) -> Value { (Tensor(a) .>= Tensor(b)).value }
  /// 1 if `a` is at least the number, and 0 otherwise, without a gradient.
  public static func .>= (a: Value, b: Double) -> Value { (Tensor(a) .>= b).value }
  /// 1 if `a` equals `b`, and 0 otherwise, without a gradient.
  public static func .== (a: Value, b: Value) -> Value { (Tensor(a) .== Tensor(b)).value }
  /// 1 if `a` equals the number, and 0 otherwise, without a gradient.
  public static func .== (a: Value, b: Double) -> Value { (Tensor(a) .== b).value }
  /// 1 if `a` differs from `b`, and 0 otherwise, without a gradient.
  public static func .!= (a: Value, b: Value) -> Value { (Tensor(a) .!= Tensor(b)).value }
  /// 1 if `a` differs from the number, and 0 otherwise, without a gradient.
  public static func .!= (a: Value, b: Double) -> Value { (Tensor(a) .!= b).value }

  /// The number within bounds: at a bound and beyond it that bound, with gradient 0.
  ///
  /// - Parameters:
  ///   - low: the lower bound; nil for none.
  ///   - high: the upper bound; nil for none.
  public func clipped(from low: Double?, to high: Double?) -> Value { Tensor(self).clipped(from: low, to: high).value }
}

/// 1 where both masks are not 0.
public func and(_ a: Tensor, _ b: Tensor) -> Tensor { a.truth * b.truth }
/// 1 if both masks are not 0.
public func and(_ a: Value, _ b: Value) -> Value { and(Tensor(a), Tensor(b)).value }
/// 1 where one of the masks, or both, are not 0.
public func or(_ a: Tensor, _ b: Tensor) -> Tensor { max(a.truth, b.truth) }
/// 1 if one of the masks, or both, are not 0.
public func or(_ a: Value, _ b: Value) -> Value { or(Tensor(a), Tensor(b)).value }
/// 1 where the mask is 0.
public func not(_ a: Tensor) -> Tensor { a .== a.number(0) }
/// 1 if the mask is 0.
public func not(_ a: Value) -> Value { not(Tensor(a)).value }

/// `torch.where`: the first array where the mask is not 0, the second elsewhere; all three broadcast.
///
/// The gradient of each entry goes to the array that it comes from, and the other gets 0, even where it is not finite. A
/// gradient that is itself infinite gives 0 · ∞, NaN.
public func choose(_ mask: Tensor, _ first: Tensor, _ second: Tensor) -> Tensor {
  first.masked(by: mask) + second.masked(by: not(mask))
}
/// The first number if the mask is not 0, the second otherwise; the other one gets the gradient 0.
public func choose(_ mask: Value, _ first: Value, _ second: Value) -> Value {
  choose(Tensor(mask), Tensor(first), Tensor(second)).value
}

extension Tensor {
  /// The mask itself where it comes from a comparison, and otherwise where it is not 0.
  fileprivate var truth: Tensor {
    switch tape.operation(of: index) {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: self
    default: self .!= number(0)
    }
  }
}
