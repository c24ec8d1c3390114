import GradvizSystem

/// The functions that networks need less often, with about 32 digits.
extension TwofoldNumber {
  /// - Returns: NaN for another operation.
  func function(_ operation: Tape.Operation) -> Self {
    switch operation {
    case .tan: sine / cosine
    case .atan: arctangent
    case .asin: arcsine
    case .acos: TwofoldNumber(Self.halfPi.0, Self.halfPi.1) - arcsine
    case .sinh: hyperbolicSine
    case .cosh: hyperbolicCosine
    case .log1p: logarithmOfSuccessor
    case .expm1: exponentialLessOne
    case .log2: logarithm / Self.ln2
    case .log10: logarithm / TwofoldNumber(10).logarithm
    case .erf: errorFunction
    case .stopGradient: self
    default: TwofoldNumber(.nan)
    }
  }

  /// The step that the number is on.
  func stepped(_ operation: Tape.Operation) -> Double {
    switch operation {
    case .sign: return high > 0 ? 1 : high < 0 ? -1 : high
    case .floor:
      let floor = high.rounded(.down)
      return floor == high && low < 0 ? floor - 1 : floor
    case .ceil:
      let ceiling = high.rounded(.up)
      return ceiling == high && low > 0 ? ceiling + 1 : ceiling
    default:
      let nearest = high.rounded(.toNearestOrEven)
      // The small part decides what would be a half.
      guard (high - high.rounded(.down)) == 0.5, low != 0 else { return nearest }
      return low > 0 ? high.rounded(.up) : high.rounded(.down)
    }
  }

  private var exponentialLessOne: Self {
    guard high.isFinite, high > -745, high < 709.8 else { return TwofoldNumber(expm1(high)) }
    let (part, power) = reducedExponential
    return power == 0 ? part : exponential - TwofoldNumber(1)
  }

  private var hyperbolicSine: Self {
    guard high.magnitude < 709 else { return TwofoldNumber(sinh(high)) }
    let grown = exponentialLessOne
    return (grown + grown / (grown + TwofoldNumber(1))) / TwofoldNumber(2)
  }

  private var hyperbolicCosine: Self {
    guard high.magnitude < 709 else { return TwofoldNumber(cosh(high)) }
    let power = exponential
    return (power + TwofoldNumber(1) / power) / TwofoldNumber(2)
  }

  /// log(1 + x); for small x by one step of Newton's method, which doubles the digits.
  private var logarithmOfSuccessor: Self {
    guard high.magnitude < 0.25 else { return (self + TwofoldNumber(1)).logarithm }
    let start = TwofoldNumber(log1p(high))
    let back = start.exponentialLessOne
    return start + (self - back) / (back + TwofoldNumber(1))
  }

  /// One step of Newton's method from libm's result: y + (x·cos y − sin y)·cos y.
  private var arctangent: Self {
    guard high.isFinite else { return TwofoldNumber(atan(high)) }
    let start = TwofoldNumber(atan(high))
    guard high.magnitude < 1e15 else { return start }
    let (sine, cosine) = (start.sine, start.cosine)
    return start + (self * cosine - sine) * cosine
  }

  private var arcsine: Self {
    guard high.magnitude < 1 else { return TwofoldNumber(asin(high)) }
    let side = ((TwofoldNumber(1) - self) * (TwofoldNumber(1) + self)).squareRoot
    return (self / side).arctangent
  }

  /// 2/√π · e^(−x²) · Σ 2ⁿ·x²ⁿ⁺¹ / (1·3·5 ⋯ (2n + 1)): all terms have the same sign, so that none cancel out.
  private var errorFunction: Self {
    guard high.magnitude < 8.6 else { return TwofoldNumber(erf(high)) }
    let square = self * self
    var (term, total) = (self, self)
    for n in 1...400 {
      term = term * square * TwofoldNumber(2) / TwofoldNumber(Double(2 * n + 1))
      total = total + term
      if term.high.magnitude <= 1e-34 * total.high.magnitude { break }
    }
    let pi = TwofoldNumber(2 * Self.halfPi.0, 2 * Self.halfPi.1)
    return TwofoldNumber(2) / pi.squareRoot * (-square).exponential * total
  }
}
