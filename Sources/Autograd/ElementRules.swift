#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Values and local derivatives of the elementwise operations, for one number.
///
/// At kinks the derivative is PyTorch's: 0 for `relu` and `abs` at 0, one half for each operand of
/// `max` and `min` on a tie. Outside an operation's domain the results are IEEE's: NaN and infinities.
enum ElementRules {
  static func value(_ operation: Operation, _ x: Double) -> Double {
    switch operation {
    case .negate: -x
    case .exp: Glue.exp(x)
    case .log: Glue.log(x)
    case .clampedLog: x.isNaN ? x : x < 0 ? .nan : Swift.max(Glue.log(x), -100)
    case .tanh: Glue.tanh(x)
    case .sigmoid: sigmoid(x)
    case .relu: x > 0 || x.isNaN ? x : 0
    case .sin: Glue.sin(x)
    case .cos: Glue.cos(x)
    case .sqrt: x.squareRoot()
    case .abs: x.magnitude
    default: .nan
    }
  }

  /// 1 / (1 + e⁻ˣ), from the side on which e^… does not overflow.
  private static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + Glue.exp(-x)) }
    let e = Glue.exp(x)
    return e / (1 + e)
  }

  /// dy/dx at x, given y.
  static func derivative(_ operation: Operation, _ x: Double, result y: Double) -> Double {
    switch operation {
    case .negate: -1
    case .exp: y
    case .log: 1 / x
    case .clampedLog: 1 / (x < 1e-12 ? 1e-12 : x)
    case .tanh: 1 - y * y
    case .sigmoid: y * (1 - y)
    case .relu: x > 0 ? 1 : x.isNaN ? x : 0
    case .sin: Glue.cos(x)
    case .cos: -Glue.sin(x)
    case .sqrt: 0.5 / y
    case .abs: x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0
    default: .nan
    }
  }

  static func value(_ operation: Operation, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: Glue.pow(a, b)
    case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    default: .nan
    }
  }

  /// ∂y/∂a and ∂y/∂b, given y.
  static func derivatives(
    _ operation: Operation, _ a: Double, _ b: Double, result y: Double
  ) -> (Double, Double) {
    switch operation {
    case .add: (1, 1)
    case .subtract: (1, -1)
    case .multiply: (b, a)
    case .divide: (1 / b, -a / (b * b))
    // As PyTorch: the exponent 0 is constant in the base; at base 0 the exponent has no influence.
    case .power: (powerDerivative(a, exponent: b), a == 0 && b >= 0 ? 0 : y * Glue.log(a))
    case .maximum: a == b ? (0.5, 0.5) : a > b ? (1, 0) : (0, 1)
    case .minimum: a == b ? (0.5, 0.5) : a < b ? (1, 0) : (0, 1)
    default: (.nan, .nan)
    }
  }

  static func powerDerivative(_ a: Double, exponent: Double) -> Double {
    exponent == 0 ? 0 : exponent * Glue.pow(a, exponent - 1)
  }

  /// Squares are products: rounded once, and quicker than libm's power.
  static func power(_ a: Double, _ exponent: Double) -> Double {
    exponent == 2 ? a * a : Glue.pow(a, exponent)
  }

  // MARK: Several operands

  static func value(_ operation: Operation, of operands: [Double]) -> Double {
    switch operation {
    case .sum: return operands.reduce(0, +)
    case .mean: return operands.reduce(0, +) / Double(operands.count)
    case .maximumReduction: return operands.reduce(-.infinity) { value(.maximum, $0, $1) }
    case .minimumReduction: return operands.reduce(.infinity) { value(.minimum, $0, $1) }
    case .logSumExp:
      // Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
      let greatest = operands.reduce(-.infinity) { value(.maximum, $0, $1) }
      guard greatest.isFinite else { return greatest }
      return greatest + Glue.log(operands.reduce(0) { $0 + Glue.exp($1 - greatest) })
    default: return .nan
    }
  }

  /// ∂y/∂operand for each operand, given y.
  static func derivatives(_ operation: Operation, of operands: [Double], result y: Double) -> [Double] {
    switch operation {
    case .sum: return operands.map { _ in 1 }
    case .mean: return operands.map { _ in 1 / Double(operands.count) }
    case .maximumReduction, .minimumReduction:
      let ties = operands.count { $0 == y }
      return operands.map { $0 == y ? 1 / Double(ties) : y.isNaN ? .nan : 0 }
    case .logSumExp: return operands.map { Glue.exp($0 - y) }
    default: return operands.map { _ in .nan }
    }
  }

  static func softmax(_ operands: [Double]) -> [Double] {
    let greatest = operands.reduce(-.infinity) { value(.maximum, $0, $1) }
    let powers = operands.map { Glue.exp($0 - greatest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }
}

/// libm, under names that the operations of this module do not shadow.
private enum Glue {
  #if canImport(Glibc)
    static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    static func log(_ x: Double) -> Double { Glibc.log(x) }
    static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
    static func sin(_ x: Double) -> Double { Glibc.sin(x) }
    static func cos(_ x: Double) -> Double { Glibc.cos(x) }
    static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
  #else
    static func exp(_ x: Double) -> Double { Darwin.exp(x) }
    static func log(_ x: Double) -> Double { Darwin.log(x) }
    static func tanh(_ x: Double) -> Double { Darwin.tanh(x) }
    static func sin(_ x: Double) -> Double { Darwin.sin(x) }
    static func cos(_ x: Double) -> Double { Darwin.cos(x) }
    static func pow(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
  #endif
}
