/// What a random program has so far: an expression, its shape, and between which numbers its entries lie.
///
/// The bounds are those of interval arithmetic; they keep every operation inside its domain without anything
/// being evaluated, so that what is generated owes nothing to the engine that it is to test.
struct RandomTerm {
  var text: String
  var shape: [Int] = []
  var bounds: ClosedRange<Double>
  /// Whether the text is a name, a call or in brackets, so that any operator may follow.
  var isClosed = true
  /// Whether the shape's first axis counts the samples.
  var hasSamples = false
  /// Whether the term is a name by itself, which no other value may be called by.
  var isName = false
  /// Whether it is made of literals only.
  var isConstant = false

  /// The text as an operand of any operator.
  var operand: String { isClosed ? text : "(\(text))" }

  var size: Double { max(bounds.lowerBound.magnitude, bounds.upperBound.magnitude) }

  /// The smallest distance from 0.
  var distanceFromZero: Double {
    bounds.contains(0) ? 0 : min(bounds.lowerBound.magnitude, bounds.upperBound.magnitude)
  }

  /// Bounds of a function that only rises.
  func bounds(through rising: (Double) -> Double) -> ClosedRange<Double> {
    rising(bounds.lowerBound)...rising(bounds.upperBound)
  }

  /// Bounds of what is made of two terms, where the extremes lie at the bounds' corners.
  func corners(_ other: RandomTerm, _ combine: (Double, Double) -> Double) -> ClosedRange<Double> {
    let corners = [bounds.lowerBound, bounds.upperBound].flatMap { a in
      [other.bounds.lowerBound, other.bounds.upperBound].map { combine(a, $0) }
    }
    return (corners.min() ?? 0)...(corners.max() ?? 0)
  }

  /// The bounds of a sum of so many such terms.
  func summed(_ count: Int) -> ClosedRange<Double> {
    bounds.lowerBound * Double(count)...bounds.upperBound * Double(count)
  }
}
