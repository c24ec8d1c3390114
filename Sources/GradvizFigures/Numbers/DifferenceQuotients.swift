import Autograd

/// Slopes (f(x + h) − f(x)) / h next to the derivative, for a table: each number follows from the others on its
/// line as printed, or is marked ≈.
package struct DifferenceQuotients {
  package struct Line {
    package let h: String
    package let value: String
    package let slope: String
    package let error: String
  }

  package private(set) var lines: [Line] = []
  /// The value at x.
  package let here: String
  package let derivative: String

  package init(
    _ secants: [(h: Double, y: Double)], here: Double, derivative: Double, format: NumberFormat
  ) {
    func slope(_ secant: (h: Double, y: Double)) -> Double { (secant.y - here) / secant.h }
    func follows(_ secant: (h: Double, y: Double), _ values: NumberFormat) -> Bool {
      let rise = values.printed(secant.y).value - values.printed(here).value
      return format.printed(slope(secant)).admits(rise / format.printed(secant.h).value)
    }
    // The values have as many digits as most of the slopes need.
    var (values, missed) = (format, secants.count { !follows($0, format) })
    for precision in (format.precision + 1)..<max(NumberFormat.maxDigits + 1, format.precision + 2) where missed > 0 {
      let finer = format.with(precision)
      let misses = secants.count { !follows($0, finer) }
      if misses < missed { (values, missed) = (finer, misses) }
    }
    self.here = values.text(here)
    self.derivative = format.text(derivative)
    for secant in secants {
      let own = slope(secant)
      // Within what rounding of both values makes, it is 0.
      let rounding = 2 * (secant.y.ulp + here.ulp) / secant.h.magnitude
      let error = abs(own - derivative) <= rounding ? 0 : own - derivative
      let difference = format.printed(own).value - format.printed(derivative).value
      lines.append(
        Line(
          h: format.text(secant.h), value: values.text(secant.y),
          slope: (follows(secant, values) ? "" : "≈ ") + format.text(own),
          error: (format.printed(error).admits(difference) ? "" : "≈ ") + format.text(error)))
    }
  }
}
