/// A random number generator with the same results, bit for bit, on every machine.
///
/// SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", 2014); derived numbers
/// use only + − × ÷ √, which IEEE 754 rounds identically everywhere.
public struct SeededNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the sequence of a seed.
  public init(seed: UInt64) { state = seed }

  /// Starts the sequence of a seed.
  ///
  /// - Parameter seed: any integer, including negative ones.
  public init(seed: Int) { self.init(seed: UInt64(bitPattern: Int64(seed))) }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// Draws a number uniform in [0, 1): 53 bits, so that the number is exact.
  public mutating func drawUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Draws a number normally distributed, of mean 0 and standard deviation 1.
  ///
  /// The polar method (Marsaglia & Bray, "A convenient method for generating normal variables", 1964).
  public mutating func drawNormal() -> Double {
    while true {
      let u = drawUniform() * 2 - 1
      let v = drawUniform() * 2 - 1
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * Self.logarithm(s) / s).squareRoot() }
    }
  }

  /// Draws an order of the numbers 0 to `count` − 1 (Fisher & Yates; Durstenfeld, 1964).
  public mutating func drawOrder(of count: Int) -> [Int] {
    var order = Array(0..<Swift.max(count, 0))
    for place in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(place, Int(draw(below: UInt64(place) + 1)))
    }
    return order
  }

  /// Draws a number uniform in 0 ..< `bound`, without the bias of a plain remainder.
  private mutating func draw(below bound: UInt64) -> UInt64 {
    let limit = UInt64.max - UInt64.max % bound
    while true {
      let bits = next()
      if bits < limit { return bits % bound }
    }
  }

  /// log x for x > 0 by the series of artanh, since libm's last bit differs between machines.
  static func logarithm(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.4142135623730951 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    // s is at most 0.172: the term after the eleventh is below 10⁻¹⁷.
    for odd in stride(from: 23.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return exponent * 0.6931471805599453 + 2 * s * sum
  }
}
