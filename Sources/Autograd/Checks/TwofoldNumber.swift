import GradvizSystem

/// A number with about 32 digits: the unevaluated sum of two that do not overlap (Dekker, "A floating-point
/// technique for extending the available precision", 1971; Hida, Li & Bailey, "Algorithms for quad-double
/// precision arithmetic", 2001).
///
/// With this many digits, a difference quotient can have steps of 10⁻¹² and less, too small to contain an
/// edge, kink or wave of a function.
struct TwofoldNumber {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = high.isFinite ? low : 0
  }

  /// A sum of two numbers and its rounding error.
  @inline(__always)
  static func sum(_ a: Double, _ b: Double) -> TwofoldNumber {
    let s = a + b
    let part = s - a
    return TwofoldNumber(s, (a - (s - part)) + (b - part))
  }

  /// The same, given |a| ≥ |b|.
  @inline(__always)
  private static func quickSum(_ a: Double, _ b: Double) -> TwofoldNumber {
    let s = a + b
    return TwofoldNumber(s, b - (s - a))
  }

  @inline(__always)
  private static func product(_ a: Double, _ b: Double) -> TwofoldNumber {
    let p = a * b
    return TwofoldNumber(p, (-p).addingProduct(a, b))
  }

  static func + (a: Self, b: Self) -> Self {
    var s = sum(a.high, b.high)
    guard s.high.isFinite else { return s }
    let t = sum(a.low, b.low)
    s = quickSum(s.high, s.low + t.high)
    return quickSum(s.high, s.low + t.low)
  }

  static prefix func - (a: Self) -> Self { TwofoldNumber(-a.high, -a.low) }
  static func - (a: Self, b: Self) -> Self { a + -b }

  static func * (a: Self, b: Self) -> Self {
    let p = product(a.high, b.high)
    guard p.high.isFinite else { return p }
    return quickSum(p.high, p.low + (a.high * b.low + a.low * b.high))
  }

  static func / (a: Self, b: Self) -> Self {
    let first = a.high / b.high
    guard first.isFinite, b.high.isFinite else { return TwofoldNumber(first) }
    var rest = a - b * TwofoldNumber(first)
    let second = rest.high / b.high
    rest = rest - b * TwofoldNumber(second)
    let whole = quickSum(first, second)
    return whole + TwofoldNumber(rest.high / b.high)
  }

  static func < (a: Self, b: Self) -> Bool { a.high < b.high || a.high == b.high && a.low < b.low }

  var isNaN: Bool { high.isNaN }
  var isFinite: Bool { high.isFinite }

  private func scaled(_ exponent: Int) -> Self {
    // In two parts, as 2ⁿ itself may be out of range.
    let half = exponent / 2
    let (a, b) = (
      Double(sign: .plus, exponent: half, significand: 1),
      Double(sign: .plus, exponent: exponent - half, significand: 1)
    )
    return TwofoldNumber(high * a * b, low * a * b)
  }

  // MARK: Functions

  static let ln2 = TwofoldNumber(0.6931471805599453, 2.3190468138462996e-17)
  /// π/2 in three parts.
  static let halfPi = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33)

  /// eʳ − 1, and the power k of two in eˣ = eʳ·2ᵏ.
  var reducedExponential: (TwofoldNumber, Int) {
    let k = (high / Self.ln2.high).rounded()
    let r = (self - Self.ln2 * TwofoldNumber(k)).scaled(-9)
    var (term, total) = (r, r)
    for n in 2...9 {
      term = term * r / TwofoldNumber(Double(n))
      total = total + term
    }
    // (1 + t)² − 1 = 2t + t², nine times.
    for _ in 0..<9 { total = total + total + total * total }
    return (total, Int(k))
  }

  var exponential: Self {
    guard high.isFinite, high > -745, high < 709.8 else { return TwofoldNumber(exp(high)) }
    let (part, power) = reducedExponential
    return (part + TwofoldNumber(1)).scaled(power)
  }

  var logarithm: Self {
    let first = log(high)
    guard first.isFinite else { return TwofoldNumber(first) }
    if high < 1e-200 || high > 1e200 {
      // x = m·2ᵉ, since e⁻ˡᵒᵍ ˣ would be out of range.
      let exponent = Int(high.exponent)
      return scaled(-exponent).logarithm + Self.ln2 * TwofoldNumber(Double(exponent))
    }
    // One step of Newton's method doubles the digits.
    let start = TwofoldNumber(first)
    return start + (self * (-start).exponential - TwofoldNumber(1))
  }

  var squareRoot: Self {
    let first = high.squareRoot()
    guard first.isFinite, first > 0 else { return TwofoldNumber(first) }
    let rest = self - Self.product(first, first)
    return Self.quickSum(first, 0) + TwofoldNumber(rest.high / (2 * first))
  }

  var hyperbolicTangent: Self {
    guard high.magnitude < 36 else { return TwofoldNumber(high.isNaN ? .nan : high < 0 ? -1 : 1) }
    let (part, power) = (self + self).reducedExponential
    // e²ˣ − 1, exact for small x.
    let grown = power == 0 ? part : (part + TwofoldNumber(1)).scaled(power) - TwofoldNumber(1)
    return grown / (grown + TwofoldNumber(2))
  }

  var sigmoid: Self { TwofoldNumber(1) / (TwofoldNumber(1) + (-self).exponential) }

  var sine: Self { circular(quarter: 0) }
  var cosine: Self { circular(quarter: 1) }

  /// sin(x + quarter·π/2).
  private func circular(quarter: Int) -> Self {
    let k = (high / Self.halfPi.0).rounded()
    guard k.magnitude < 1e15 else { return TwofoldNumber(quarter == 0 ? sin(high) : cos(high)) }
    let r =
      self - Self.product(k, Self.halfPi.0) - Self.product(k, Self.halfPi.1)
      - TwofoldNumber(k * Self.halfPi.2)
    let turn = (Int(k) + quarter) & 3
    let square = r * r
    var term = turn & 1 == 0 ? r : TwofoldNumber(1)
    var total = term
    var n = turn & 1 == 0 ? 2.0 : 1.0
    for _ in 0..<15 {
      term = -(term * square / TwofoldNumber(n * (n + 1)))
      total = total + term
      n += 2
    }
    return turn >= 2 ? -total : total
  }

  func raised(to exponent: TwofoldNumber) -> Self {
    if exponent.low == 0, let whole = Int(exactly: exponent.high), whole.magnitude <= 64 {
      var (result, square, rest) = (TwofoldNumber(1), self, whole.magnitude)
      while rest > 0 {
        if rest & 1 == 1 { result = result * square }
        square = square * square
        rest >>= 1
      }
      return whole < 0 ? TwofoldNumber(1) / result : result
    }
    guard high > 0 else { return TwofoldNumber(pow(high, exponent.high)) }
    return (exponent * logarithm).exponential
  }
}
