import GradvizSystem

/// Values and local derivatives of the elementwise scalar operations.
///
/// At kinks the derivative is PyTorch's: 0 for `relu` and `abs` at 0, one half for each operand of
/// `max` and `min` on a tie. Outside an operation's domain the results are IEEE's: NaN and infinities.
package enum ElementRules {
  package static func value(_ operation: Tape.Operation, _ x: Double) -> Double {
    switch operation {
    case .negate: -x
    case .exp: Glue.exp(x)
    case .log: Glue.log(x)
    case .clampedLog: x.isNaN ? x : x < 0 ? .nan : Swift.max(Glue.log(x), -100)
    case .tanh: HyperbolicTangent.value(x)
    case .sigmoid: sigmoid(x)
    case .relu: x > 0 || x.isNaN ? x : 0
    case .sin: Glue.sin(x)
    case .cos: Glue.cos(x)
    case .sqrt: x.squareRoot()
    case .abs: x.magnitude
    default: otherValue(operation, x)
    }
  }

  /// 1 / (1 + e⁻ˣ), computed on the side where e^… does not overflow.
  private static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + Glue.exp(-x)) }
    let e = Glue.exp(x)
    return e / (1 + e)
  }

  /// dy/dx at x, given y.
  static func derivative(_ operation: Tape.Operation, _ x: Double, result y: Double) -> Double {
    switch operation {
    case .negate: -1
    case .exp: y
    case .log: 1 / x
    case .clampedLog: clampedLogDerivative(x)
    case .tanh: 1 - y * y
    case .sigmoid: y * (1 - y)
    case .relu: x > 0 ? 1 : x.isNaN ? x : 0
    case .sin: Glue.cos(x)
    case .cos: -Glue.sin(x)
    case .sqrt: 0.5 / y
    case .abs: x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0
    default: otherDerivative(operation, x, result: y)
    }
  }

  /// 1/x, modified so that `y · log p + (1 − y) · log(1 − p)` has the derivative of PyTorch's `BCELoss`, (y − p) /
  /// max(p · (1 − p), 10⁻¹²): (1 − x) / 10⁻¹² if x is within 10⁻¹² of 0 or 1.
  ///
  /// PyTorch's 10⁻¹² is in single precision.
  private static func clampedLogDerivative(_ x: Double) -> Double {
    x < 0 || x > 1 || x * (1 - x) >= minClampedProduct ? 1 / x : (1 - x) / minClampedProduct
  }

  package static let minClampedProduct = Double(1e-12 as Float)

  package static func value(_ operation: Tape.Operation, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: Glue.pow(a, b)
    case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    default: otherValue(operation, a, b)
    }
  }

  /// ∂y/∂a and ∂y/∂b, given y.
  static func derivatives(
    _ operation: Tape.Operation, _ a: Double, _ b: Double, result y: Double
  ) -> (Double, Double) {
    switch operation {
    case .add: (1, 1)
    case .subtract: (1, -1)
    case .multiply: (b, a)
    case .divide: (1 / b, -a / (b * b))
    // As in PyTorch: with exponent 0, the base has no influence; with base 0, the exponent has none.
    case .power: (powerDerivative(a, exponent: b), a == 0 && b >= 0 ? 0 : y * Glue.log(a))
    case .maximum: a == b ? (0.5, 0.5) : a > b ? (1, 0) : (0, 1)
    case .minimum: a == b ? (0.5, 0.5) : a < b ? (1, 0) : (0, 1)
    case .masked: (b != 0 ? 1 : 0, 0)
    default: operation.passesNothing ? (0, 0) : (.nan, .nan)
    }
  }

  static func powerDerivative(_ a: Double, exponent: Double) -> Double {
    exponent == 0 ? 0 : exponent * Glue.pow(a, exponent - 1)
  }

  /// Squares are products: rounded once, and quicker than libm's power.
  package static func power(_ a: Double, _ exponent: Double) -> Double {
    exponent == 2 ? a * a : Glue.pow(a, exponent)
  }

  // MARK: Several operands

  @inline(__always)
  private static func greatest<Numbers: Sequence<Double>>(_ operands: Numbers) -> Double {
    operands.reduce(-.infinity) { value(.maximum, $0, $1) }
  }

  package static func value<Numbers: Sequence<Double>>(
    _ operation: Tape.Operation, of operands: Numbers, count: Int
  ) -> Double {
    switch operation {
    case .sum: return operands.reduce(0, +)
    case .mean: return operands.reduce(0, +) / Double(count)
    case .maximumReduction: return greatest(operands)
    case .minimumReduction: return operands.reduce(.infinity) { value(.minimum, $0, $1) }
    case .logSumExp:
      // Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", 2021.
      let greatest = greatest(operands)
      guard greatest.isFinite else { return greatest }
      return greatest + Glue.log(operands.reduce(0) { $0 + Glue.exp($1 - greatest) })
    default: return .nan
    }
  }

  /// Passes ∂y/∂operand of each operand, given y, to `body`.
  @inline(__always)
  static func forEachDerivative<Numbers: Sequence<Double>>(
    _ operation: Tape.Operation, of operands: Numbers, count: Int, result y: Double, _ body: (Int, Double) -> Void
  ) {
    var position = 0
    switch operation {
    case .sum, .mean:
      let share = operation == .mean ? 1 / Double(count) : 1
      for position in 0..<count { body(position, share) }
    case .maximumReduction, .minimumReduction:
      var ties = 0.0
      for x in operands where x == y { ties += 1 }
      for x in operands {
        body(position, x == y ? 1 / ties : y.isNaN ? .nan : 0)
        position += 1
      }
    case .logSumExp:
      for x in operands {
        body(position, Glue.exp(x - y))
        position += 1
      }
    default: for position in 0..<count { body(position, .nan) }
    }
  }

  /// Writes the softmax of a line of `x` to the same positions in `result`.
  static func softmax(
    _ x: UnsafePointer<Double>, _ line: Lines.Line, into result: UnsafeMutablePointer<Double>
  ) {
    let greatest = greatest(line.over(x))
    var total = 0.0
    for place in line.places {
      result[place] = Glue.exp(x[place] - greatest)
      total += result[place]
    }
    for place in line.places { result[place] /= total }
  }
}
