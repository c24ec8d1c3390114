import GradvizFigures

/// A range of numbers along an edge of a plot, with round ticks.
struct Axis: Sendable {
  var low: Double
  var high: Double
  var isLogarithmic = false
  var ticks: [Double] = []

  /// Creates an axis for `values`, with a small margin at both ends and ticks at 1, 2 or 5 times a power of
  /// ten.
  ///
  /// - Parameters:
  ///   - values: the values; those that are not finite are ignored. Without any, the axis is 0 to 1.
  ///   - isTight: omits the margin.
  init(
    _ values: some Sequence<Double>, isLogarithmic: Bool = false, isTight: Bool = false, ticks count: Int = 6
  ) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (!isLogarithmic || value > 0) {
      let value = Self.bounded(value, isLogarithmic)
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (isLogarithmic ? 0.1 : 0, 1) }
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      if high / low < 1.0001 { (low, high) = (low / 2, high * 2) }
      self.low = low / 1.15
      self.high = high * 1.15
    } else {
      // Halved first, since the span of the largest numbers overflows. A difference in the last digits only
      // is rounding, which varies between machines.
      let isFlat = high / 2 - low / 2 <= 1e-12 * max(abs(low), abs(high))
      let half = isFlat ? 0 : high / 2 - low / 2
      let room = half > 0 ? (isTight ? 0 : half * 0.08) : max(abs(high) * 0.5, 0.5)
      self.low = low - room
      self.high = high + room
    }
    ticks = isLogarithmic ? decades(count) : steps(count)
  }

  /// Creates the axis of a map, which ends exactly where the map ends.
  init(over range: ClosedRange<Double>) {
    self.init([range.lowerBound, range.upperBound], isTight: true)
    (low, high) = (range.lowerBound, range.upperBound)
  }

  /// Clamps numbers near the limits of `Double`, so that spans and steps between them are finite.
  private static func bounded(_ value: Double, _ isLogarithmic: Bool) -> Double {
    min(max(value, isLogarithmic ? 1e-280 : -1e300), 1e300)
  }

  /// The fraction of the way from the low end to the high end.
  func part(_ value: Double) -> Double {
    if isLogarithmic {
      guard value > 0 else { return 0 }
      // Outside the axis, near the limits of `Double`.
      let value = value < 1e-279 || value > 1e299 ? min(max(value, low), high) : value
      let (start, end) = (Self.logarithm(low), Self.logarithm(high))
      return (Self.logarithm(value) - start) / (end - start)
    }
    let value = Self.bounded(value, false)
    let whole = high / 2 - low / 2
    return whole > 0 ? (value / 2 - low / 2) / whole : 0.5
  }

  /// The number at a fraction of the way.
  func value(_ part: Double) -> Double { low + (high - low) * part }

  /// The inverse of ``logarithm(_:)``, with the same precision and the same result on every machine.
  static func exponential(_ x: Double) -> Double {
    guard x.isFinite, x.magnitude < 700 else { return x < 0 ? 0 : .infinity }
    // The series converges quickly near 0; squaring does the rest.
    let part = x / 1024
    var (sum, term) = (1.0, 1.0)
    for count in 1...8 {
      term *= part / Double(count)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }

  /// log x by halving: precise enough for a position on a page, and the same on every machine.
  static func logarithm(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return 0 }
    let mantissa = x.significand
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = 0.0
    for odd in stride(from: 31.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return Double(x.exponent) * 0.6931471805599453 + 2 * s * sum
  }

  private func steps(_ count: Int) -> [Double] {
    let rough = (high / Double(count) - low / Double(count))
    guard rough > 0, rough.isFinite else { return [low] }
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    while power > rough { power /= 10 }
    guard power > 0 else { return [low, high] }
    let steps = [0.1, 0.2, 0.5, 1, 2, 5, 10].map { $0 * power }
    var place = steps.firstIndex { $0 >= rough } ?? steps.count - 1
    // A single tick gives no scale.
    while place > 0,
      (high / steps[place]).rounded(.down) - (low / steps[place]).rounded(.up) + 1 < Double(min(count, 3))
    {
      place -= 1
    }
    let step = steps[place]
    var ticks: [Double] = []
    var number = (low / step).rounded(.up)
    while number * step <= high + step * 1e-9, ticks.count < 4 * count {
      ticks.append(number * step)
      number += 1
    }
    return ticks
  }

  /// Powers of ten, with 2 and 5 between them if there are few.
  private func decades(_ count: Int) -> [Double] {
    var powers: [Double] = []
    var power = 1.0
    while power > low, power > 1e-300 { power /= 10 }
    while power < low / 10 { power *= 10 }
    while power <= high, powers.count < 700 {
      powers.append(power)
      if power > 1e300 { break }
      power *= 10
    }
    let inside = powers.filter { $0 >= low && $0 <= high }
    if inside.count >= 3 {
      let step = (inside.count + count - 1) / count
      return inside.enumerated().filter { $0.offset % max(step, 1) == 0 }.map(\.element)
    }
    return powers.flatMap { [$0, 2 * $0, 5 * $0] }.filter { $0 >= low && $0 <= high }
  }

  /// The label of a tick, with enough digits to tell it from its neighbors.
  func label(_ tick: Double, _ mark: NumberFormat.Mark = .point) -> String {
    if tick == 0 || isLogarithmic { return NumberFormat(precision: 3, mark: mark).text(tick) }
    let step = ticks.count > 1 ? abs(ticks[1] - ticks[0]) : abs(tick)
    var digits = 1
    var reach = abs(tick)
    while reach >= step * 2, digits < 8 {
      reach /= 10
      digits += 1
    }
    // Removes the rounding error of a multiple such as 3 · 0.1.
    return NumberFormat(precision: min(digits + 1, 8), mark: mark).text(abs(tick) < step * 1e-6 ? 0 : tick)
  }
}
