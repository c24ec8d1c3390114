import GradvizSystem

/// Values and derivatives of the elementwise operations that networks need less often.
extension ElementRules {
  static func otherValue(_ operation: Tape.Operation, _ x: Double) -> Double {
    switch operation {
    case .tan: Glue.tan(x)
    case .asin: Glue.asin(x)
    case .acos: Glue.acos(x)
    case .atan: Glue.atan(x)
    case .sinh: Glue.sinh(x)
    case .cosh: Glue.cosh(x)
    case .log1p: Glue.log1p(x)
    case .expm1: Glue.expm1(x)
    case .log2: Glue.log2(x)
    case .log10: Glue.log10(x)
    case .erf: Glue.erf(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .stopGradient: x
    default: .nan
    }
  }

  /// dy/dx at x, given y.
  static func otherDerivative(_ operation: Tape.Operation, _ x: Double, result y: Double) -> Double {
    switch operation {
    case .tan: 1 + y * y
    case .asin: 1 / (1 - x * x).squareRoot()
    case .acos: -1 / (1 - x * x).squareRoot()
    case .atan: 1 / (1 + x * x)
    case .sinh: Glue.cosh(x)
    case .cosh: Glue.sinh(x)
    case .log1p: 1 / (x + 1)
    case .expm1: y + 1
    case .log2: 1 / (x * 0.6931471805599453)
    case .log10: 1 / (x * 2.302585092994046)
    case .erf: twoOverRootPi * Glue.exp(-x * x)
    default: operation.passesNothing ? 0 : .nan
    }
  }

  /// The slope of erf at 0.
  package static let twoOverRootPi = 1.1283791670955126

  static func otherValue(_ operation: Tape.Operation, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .masked: b != 0 ? a : 0
    default: .nan
    }
  }
}

/// libm functions under names that the operations of this module do not shadow.
enum Glue {
  #if canImport(Glibc)
    static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    static func log(_ x: Double) -> Double { Glibc.log(x) }
    static func sin(_ x: Double) -> Double { Glibc.sin(x) }
    static func cos(_ x: Double) -> Double { Glibc.cos(x) }
    static func tan(_ x: Double) -> Double { Glibc.tan(x) }
    static func asin(_ x: Double) -> Double { Glibc.asin(x) }
    static func acos(_ x: Double) -> Double { Glibc.acos(x) }
    static func atan(_ x: Double) -> Double { Glibc.atan(x) }
    static func sinh(_ x: Double) -> Double { Glibc.sinh(x) }
    static func cosh(_ x: Double) -> Double { Glibc.cosh(x) }
    static func log1p(_ x: Double) -> Double { Glibc.log1p(x) }
    static func expm1(_ x: Double) -> Double { Glibc.expm1(x) }
    static func log2(_ x: Double) -> Double { Glibc.log2(x) }
    static func log10(_ x: Double) -> Double { Glibc.log10(x) }
    static func erf(_ x: Double) -> Double { Glibc.erf(x) }
    static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
  #else
    static func exp(_ x: Double) -> Double { Darwin.exp(x) }
    static func log(_ x: Double) -> Double { Darwin.log(x) }
    static func sin(_ x: Double) -> Double { Darwin.sin(x) }
    static func cos(_ x: Double) -> Double { Darwin.cos(x) }
    static func tan(_ x: Double) -> Double { Darwin.tan(x) }
    static func asin(_ x: Double) -> Double { Darwin.asin(x) }
    static func acos(_ x: Double) -> Double { Darwin.acos(x) }
    static func atan(_ x: Double) -> Double { Darwin.atan(x) }
    static func sinh(_ x: Double) -> Double { Darwin.sinh(x) }
    static func cosh(_ x: Double) -> Double { Darwin.cosh(x) }
    static func log1p(_ x: Double) -> Double { Darwin.log1p(x) }
    static func expm1(_ x: Double) -> Double { Darwin.expm1(x) }
    static func log2(_ x: Double) -> Double { Darwin.log2(x) }
    static func log10(_ x: Double) -> Double { Darwin.log10(x) }
    static func erf(_ x: Double) -> Double { Darwin.erf(x) }
    static func pow(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
  #endif
}
