import Foundation

extension PrintedText {
  /// What a reader makes of a text.
  struct Result {
    var value: Double
    /// The largest intermediate number: its rounding is the calculator's, not the figure's.
    var size: Double
    /// Half a unit of the last digit; for a formula, over all of its numbers.
    var halfUnit: Double
    var isNumber: Bool
    var exactness: Exactness
    /// The value in decimal arithmetic; nil where there is a function.
    var decimal: Decimal?

    /// Whether the printed `result` is this, to within half a unit of its last digit; of exact numbers, whether it is
    /// the same number.
    ///
    /// - Returns: whether it may be, and whether it must be: a function's last bits are not the reader's.
    func gives(_ result: Result) -> (mayBe: Bool, mustBe: Bool) {
      // The rounding of the calculator itself.
      let slack = 1e-6 * result.halfUnit + 1e-14 * max(size, result.size)
      let rounded = (
        mayBe: ArithmeticLawTests.agree(value, result.value, result.halfUnit + slack),
        mustBe: ArithmeticLawTests.agree(value, result.value, result.halfUnit - slack)
      )
      let exactness = min(exactness, result.exactness)
      guard exactness > .rounded, value.isFinite, result.value.isFinite else { return rounded }
      var exact = rounded
      if let decimal, let other = result.decimal {
        exact.mayBe = abs(decimal - other) <= abs(other) * Decimal(sign: .plus, exponent: -30, significand: 1)
        exact.mustBe = exact.mayBe
      } else {
        let difference = abs(value - result.value)
        exact = (difference <= 1e-14 * max(size, result.size), difference <= 1e-16 * result.size)
      }
      return exactness == .exact ? exact : (rounded.mayBe || exact.mayBe, rounded.mustBe && exact.mustBe)
    }
  }

  /// Whether numbers are rounded, as far as their digits say so.
  enum Exactness: Int, Comparable {
    case rounded, unknown, exact

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// A number on the way, and the same in decimal arithmetic.
  struct Number {
    var value: Double
    var decimal: Decimal?

    init(_ value: Double, _ decimal: Decimal? = nil) {
      self.value = value
      self.decimal = decimal.flatMap { $0.isNaN ? nil : $0 }
    }

    init(whole: Int) { self.init(Double(whole), Decimal(whole)) }

    /// Both by the same operation.
    func with(_ other: Number, _ doubles: (Double, Double) -> Double, _ decimals: (Decimal, Decimal) -> Decimal)
      -> Number
    {
      var exact: Decimal?
      if let decimal, let own = other.decimal { exact = decimals(decimal, own) }
      return Number(doubles(value, other.value), exact)
    }

    func dividedBy(_ other: Number) -> Number {
      guard other.value != 0 else { return Number(value / other.value) }
      return with(other, /, /)
    }

    func raised(to exponent: Number) -> Number {
      var exact: Decimal?
      if let decimal, exponent.value == exponent.value.rounded(), (0..<64).contains(exponent.value) {
        exact = Foundation.pow(decimal, Int(exponent.value))
      }
      return Number(pow(value, exponent.value), exact)
    }

    var negated: Number { Number(-value, decimal.map { -$0 }) }
    var magnitude: Number { value < 0 ? negated : self }
  }
}
