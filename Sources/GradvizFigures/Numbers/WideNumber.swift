/// A number with twice the digits of `Double`, as a sum of two, to distinguish decimal numbers, and what a
/// reader computes with them, from binary rounding.
///
/// Sums and products follow Dekker, "A floating-point technique for extending the available precision", 1971.
struct WideNumber: Comparable, ExpressibleByIntegerLiteral {
  /// How exact a number is; a result is as exact as the least exact of its operands.
  enum Exactness: Int, Comparable {
    /// Rounded in print.
    case rounded
    /// The result of a function, to the digits of `Double`.
    case ofDouble
    /// A decimal number, or the result of arithmetic with such numbers.
    case exact

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  let high: Double
  let low: Double
  let exactness: Exactness

  init(_ value: Double, _ exactness: Exactness = .exact) {
    high = value
    low = 0
    self.exactness = exactness
  }

  init(integerLiteral value: Int) { self.init(Double(value)) }

  private init(high: Double, low: Double, _ exactness: Exactness) {
    let sum = high + low
    self.high = sum
    self.low = sum.isFinite ? low - (sum - high) : 0
    self.exactness = exactness
  }

  /// The same number, known to be no more exact than this.
  func atMost(_ exactness: Exactness) -> Self { Self(high: high, low: low, min(self.exactness, exactness)) }

  var isFinite: Bool { high.isFinite }
  var magnitude: WideNumber { high < 0 ? -self : self }

  static func < (a: Self, b: Self) -> Bool { a.high < b.high || a.high == b.high && a.low < b.low }

  static prefix func - (a: Self) -> Self { Self(high: -a.high, low: -a.low, a.exactness) }

  static func == (a: Self, b: Self) -> Bool { a.high == b.high && a.low == b.low }

  static func + (a: Self, b: Self) -> Self {
    let (sum, exactness) = (a.high + b.high, min(a.exactness, b.exactness))
    guard sum.isFinite else { return Self(sum, exactness) }
    let part = sum - a.high
    let error = (a.high - (sum - part)) + (b.high - part)
    return Self(high: sum, low: error + a.low + b.low, exactness)
  }

  static func - (a: Self, b: Self) -> Self { a + -b }

  static func * (a: Self, b: Self) -> Self {
    let (product, exactness) = (a.high * b.high, min(a.exactness, b.exactness))
    guard product.isFinite else { return Self(product, exactness) }
    let error = (-product).addingProduct(a.high, b.high)
    return Self(high: product, low: error + (a.high * b.low + a.low * b.high), exactness)
  }

  static func / (a: Self, b: Self) -> Self {
    let (first, exactness) = (a.high / b.high, min(a.exactness, b.exactness))
    guard first.isFinite, b.isFinite else { return Self(first, exactness) }
    let rest = a - b * Self(first)
    let second = rest.high / b.high
    let last = (rest - b * Self(second)).high / b.high
    return Self(high: first, low: second, exactness) + Self(last)
  }

  /// Integer powers, by repeated squaring.
  func raised(to exponent: Int) -> Self {
    guard exponent >= 0 else { return 1 / raised(to: -exponent) }
    var (result, square, rest): (Self, Self, Int) = (1, self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }

  /// To the digits of `Double`.
  func squareRoot() -> Self { Self(high.squareRoot(), min(exactness, .ofDouble)) }

  /// Below the smallest normal numbers, where digits are lost, in two steps.
  static func powerOfTen(_ exponent: Int) -> Self {
    exponent < -290
      ? WideNumber(10).raised(to: exponent + 40) * WideNumber(10).raised(to: -40)
      : WideNumber(10).raised(to: exponent)
  }
}

extension WideNumber {
  /// The shortest decimal number that parses as `value`: 0.1 itself, not the nearest `Double`.
  init(decimalOf value: Double) {
    guard value.isFinite, value != 0 else {
      self.init(value)
      return
    }
    let parts = "\(value.magnitude)".split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let digits = Double(mantissa[0] + fraction) ?? value.magnitude
    let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
    let size = Self.twoPart(String(mantissa[0] + fraction), digits) * .powerOfTen(exponent)
    self = value < 0 ? -size : size
  }

  /// Seventeen digits are more than one `Double` holds.
  private static func twoPart(_ digits: String, _ rounded: Double) -> WideNumber {
    guard digits.count > 15, let head = Double(digits.dropLast(8)), let tail = Double(digits.suffix(8)) else {
      return WideNumber(rounded)
    }
    return WideNumber(head) * WideNumber(1e8) + WideNumber(tail)
  }
}
