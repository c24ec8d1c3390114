import Foundation

/// Reference numbers are computed with 64 bits of mantissa where the machine has them.
#if arch(x86_64)
  typealias Precise = Float80
#else
  typealias Precise = Double
#endif

/// A number and its derivative in one direction: forward-mode differentiation by textbook rules.
///
/// Independent of the engine, which uses reverse mode: they share no code.
struct Dual {
  var value: Precise
  var part: Precise

  init(_ value: Precise, _ part: Precise = 0) {
    self.value = value
    self.part = part
  }

  static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.part + b.part) }
  static func - (a: Dual, b: Dual) -> Dual { Dual(a.value - b.value, a.part - b.part) }
  static prefix func - (a: Dual) -> Dual { Dual(-a.value, -a.part) }
  static func * (a: Dual, b: Dual) -> Dual { Dual(a.value * b.value, a.part * b.value + a.value * b.part) }
  static func / (a: Dual, b: Dual) -> Dual {
    Dual(a.value / b.value, (a.part * b.value - a.value * b.part) / (b.value * b.value))
  }

  var exponential: Dual { Dual(exp(value), part * exp(value)) }
  var logarithm: Dual { Dual(log(value), part / value) }
  var sine: Dual { Dual(sin(value), part * cos(value)) }
  var cosine: Dual { Dual(cos(value), -part * sin(value)) }
  var root: Dual { Dual(value.squareRoot(), part / (2 * value.squareRoot())) }
  var magnitude: Dual { value < 0 ? -self : self }
  var positive: Dual { value > 0 ? self : Dual(0) }
  /// By its definition, (e²ˣ − 1) / (e²ˣ + 1).
  var hyperbolicTangent: Dual {
    let square = (self + self).exponential
    return (square - Dual(1)) / (square + Dual(1))
  }
  var logistic: Dual { Dual(1) / (Dual(1) + (-self).exponential) }

  /// For a positive base.
  func raised(_ exponent: Dual) -> Dual { (exponent * logarithm).exponential }

  func raised(_ exponent: Double) -> Dual {
    if exponent == exponent.rounded(), exponent.magnitude <= 1000 {
      let product = (0..<Int(exponent.magnitude)).reduce(Dual(1)) { result, _ in result * self }
      return exponent < 0 ? Dual(1) / product : product
    }
    return raised(Dual(Precise(exponent)))
  }
}
