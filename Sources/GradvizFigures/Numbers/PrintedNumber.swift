import GradvizDrawing

/// A number as printed in a figure: its text, and the value that a reader takes from it.
struct PrintedNumber {
  private(set) var text: String
  /// The value of the text, not of the original number, and whether the text is rounded.
  let value: WideNumber
  /// Half a unit of its last digit; for an exact number, of the last digit to which it would be rounded.
  let tolerance: WideNumber
  /// Whether it is written with ×10ⁿ.
  let isScientific: Bool

  /// Creates 0, an infinity or NaN.
  init(unrounded value: Double) {
    text = value.isNaN ? "NaN" : value == 0 ? "0" : value < 0 ? "−∞" : "∞"
    self.value = WideNumber(value)
    tolerance = 0
    isScientific = false
  }

  /// - Parameters:
  ///   - digits: the significant digits, as an integer with `count` digits.
  ///   - exponent: the exponent of the first digit.
  init(
    isNegative: Bool, digits: Int, count: Int, exponent: Int, isExact: Bool, isPositional: Bool, precision: Int,
    mark: NumberFormat.Mark
  ) {
    // All that the digits of one number say, found together by the caller.
    let sign = isNegative ? "−" : ""
    let last = exponent - count + 1
    let size = WideNumber(Double(digits)) * .powerOfTen(last)
    value = (isNegative ? -size : size).atMost(
      // A number that has all digits there are may have more.
      isExact && count < NumberFormat.maxDigits ? .exact : .rounded)
    // Digits before the point are never rounded away: those of 100000 are all digits.
    let unit = WideNumber.powerOfTen(isExact ? min(exponent - precision + 1, last, isPositional ? 0 : last) : last)
    tolerance = unit * WideNumber(0.5)
    isScientific = !isPositional
    if isPositional {
      text = sign + Self.decimal(digits, count, before: exponent + 1, mark)
    } else {
      let power = "10" + NumberFormat.superscript(exponent)
      let isPower = isExact && digits == 1
      text = sign + (isPower ? power : Self.decimal(digits, count, before: 1, mark) + "×" + power)
    }
  }

  /// As a blank, which has its marks around the text.
  var hidden: PrintedNumber {
    var number = self
    number.text = "\(BlankMark.begin)\(text)\(BlankMark.end)"
    return number
  }

  /// Whether `result`, computed by a reader, agrees with this number to within half a unit of its last digit; of
  /// exact numbers, whether it is this number: 10¹⁵ + 0.5 is not 10¹⁵.
  func admits(_ result: WideNumber) -> Bool {
    if result.isFinite != value.isFinite || !result.isFinite {
      return result.high.isNaN ? value.high.isNaN : result.high == value.high
    }
    let difference = (result - value).magnitude
    // A function's value has its own error, far below the printed digits.
    let size = value.high.magnitude
    switch min(result.exactness, value.exactness) {
    case .rounded: return difference <= max(tolerance * WideNumber(1 + 1e-9), WideNumber(size * 1e-15))
    case .ofDouble: return difference <= WideNumber(size * 1e-15)
    // What remains of terms that cancel out is below the last digit of double numbers in two parts.
    case .exact: return difference <= WideNumber(max(size * 1e-24, 1e-29))
    }
  }

  /// The digits with a decimal mark after the first `before` of them, padded with zeros.
  private static func decimal(_ digits: Int, _ count: Int, before: Int, _ mark: NumberFormat.Mark) -> String {
    String(unsafeUninitializedCapacity: 40) { buffer in
      let zero = UInt8(ascii: "0")
      let leading = max(1 - before, 0)
      // With the leading zeros, there is at least one digit before the decimal point.
      let (all, whole) = (count + leading, before + leading)
      let hasPoint = all > whole
      let length = max(all, whole) + (hasPoint ? 1 : 0)
      var rest = digits
      for place in (0..<max(all, whole)).reversed() {
        let at = hasPoint && place >= whole ? place + 1 : place
        if place >= leading && place < all {
          buffer[at] = zero + UInt8(rest % 10)
          rest /= 10
        } else {
          buffer[at] = zero
        }
      }
      if hasPoint { buffer[whole] = mark == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".") }
      return length
    }
  }
}
