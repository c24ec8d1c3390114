#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One element of a parameter: its gradient from the backward pass beside the one from central differences.
public struct GradientCheck: Sendable, Equatable {
  /// The parameter's name and the element's row-major position in it.
  public var parameter: String
  public var element: Int
  public var analytic: Double
  public var numeric: Double
  /// |analytic − numeric| / max(|analytic|, |numeric|); 0 where both are 0.
  public var relativeError: Double
  /// Whether the slopes on both sides differ: no number is the derivative there.
  public var isKink: Bool
  public var passes: Bool

  public init(
    parameter: String, element: Int, analytic: Double, numeric: Double, relativeError: Double, isKink: Bool,
    passes: Bool
  ) {
    self.parameter = parameter
    self.element = element
    self.analytic = analytic
    self.numeric = numeric
    self.relativeError = relativeError
    self.isKink = isKink
    self.passes = passes
  }
}

extension Tape {
  /// Compares the gradient of every parameter element with (L(w + h) − L(w − h)) / 2h,
  /// h = ∛ε · max(1, |w|): the step that balances rounding against truncation
  /// (Press et al., *Numerical Recipes*, 3rd ed., 2007, section 5.7).
  ///
  /// An element passes with a relative error of at most 1e-5, or where both numbers are as small as the
  /// rounding of L itself. The tape's values are as before afterwards.
  ///
  /// - Complexity: two forward passes for each parameter element.
  public func check(_ loss: Value) -> [GradientCheck] {
    backward(from: loss)
    let base = loss.data
    var checks: [GradientCheck] = []
    for index in parameters {
      let analytic = gradient(of: index)
      let original = values(of: index)
      for element in original.indices {
        let h = cbrt(Double.ulpOfOne) * Swift.max(1, original[element].magnitude)
        func lossAt(_ value: Double) -> Double {
          var values = original
          values[element] = value
          setValues(values, of: index)
          replay()
          return number(loss.index)
        }
        let above = lossAt(original[element] + h)
        let below = lossAt(original[element] - h)
        setValues(original, of: index)
        let numeric = (above - below) / (2 * h)
        let difference = (analytic[element] - numeric).magnitude
        let scale = Swift.max(analytic[element].magnitude, numeric.magnitude)
        // What rounding of the loss alone can do to the difference quotient.
        let noise = 8 * Double.ulpOfOne * Swift.max(base.magnitude, above.magnitude, below.magnitude) / h
        let error = scale == 0 ? 0 : difference / scale
        let right = (above - base) / h
        let left = (base - below) / h
        // A smooth function's one-sided slopes differ by h · L″; a kink's by the jump of the slope.
        let isKink = (right - left).magnitude > 1e-2 * Swift.max(right.magnitude, left.magnitude) + noise
        let agrees = error <= 1e-5 || difference <= noise
        checks.append(
          GradientCheck(
            parameter: labels[index]?.name ?? "parameter \(index + 1)", element: element,
            analytic: analytic[element], numeric: numeric, relativeError: error, isKink: isKink && !agrees,
            passes: agrees || isKink))
      }
    }
    replay()
    return checks
  }
}
