import GradvizSystem

/// The gradient of one parameter element, from the backward pass and from central differences.
public struct GradientCheck: Sendable, Equatable {
  /// The outcome of a comparison.
  public enum Verdict: Sendable, Equatable {
    /// Equal to five digits.
    case agrees
    /// Equal within this tolerance, the best that can be resolved there.
    case agreesWithin(Double)
    /// A relu, maximum or similar operation has a kink there, where the derivative is undefined.
    case kink
    /// Neither: the backward pass is wrong there.
    case differs
    /// The gradient is NaN or infinite.
    case notFinite
  }

  /// The parameter's name and the element's row-major position in it.
  public var parameter: String
  /// The row-major position of the element in its parameter.
  public var element: Int
  /// The shape of the parameter.
  public var shape: [Int]
  /// The gradient of the backward pass.
  public var analytic: Double
  /// The slope of the loss by central differences.
  public var numeric: Double
  /// |analytic − numeric| / max(|analytic|, |numeric|); 0 if both are 0.
  public var relativeError: Double
  /// The outcome.
  public var verdict: Verdict

  /// Whether the gradient is right as far as this can be told; a kink passes.
  public var passes: Bool { verdict != .differs && verdict != .notFinite }

  /// The element as the language writes it: `W[0, 1]`.
  public var name: String { EntryName.text(parameter, shape, element) }

  /// Creates a comparison with an outcome; its relative error follows from the two gradients.
  public init(
    parameter: String, element: Int, shape: [Int] = [], analytic: Double, numeric: Double, verdict: Verdict
  ) {
    self.parameter = parameter
    self.shape = shape
    self.element = element
    self.analytic = analytic
    self.numeric = numeric
    self.verdict = verdict
    let scale = Swift.max(analytic.magnitude, numeric.magnitude)
    relativeError = scale == 0 ? 0 : (analytic - numeric).magnitude / scale
  }
}

extension Tape {
  /// Compares the gradient of every parameter element with the slope of the loss.
  ///
  /// The first comparison is with (L(w + h) − L(w − h)) / 2h, where h = ∛ε · max(1, |w|) balances rounding
  /// against truncation (Press et al., *Numerical Recipes*, 3rd ed., 2007, section 5.7). If that does not
  /// agree to five digits (near the edge of a domain, next to a kink or on a steep wave), the slope is
  /// computed again with twice the digits and with steps relative to w, from 2⁻²⁰ down to 2⁻⁸⁰, extrapolated,
  /// and one-sided at an edge. A change of direction that remains between w − h and w + h is a kink;
  /// functions without relu, abs, max and min have none. A gradient whose terms cancel out may be off by
  /// their rounding, 64 · ε times their magnitudes.
  ///
  /// The tape's values do not change.
  ///
  /// - Complexity: two forward passes for each parameter element, and up to `PreciseSlopes.maxWork` for those
  ///   in doubt.
  public func check(_ loss: Value) -> [GradientCheck] {
    replay()
    backward(from: loss)
    let gradients = parameters.map(gradient(of:))
    let stopped = holdStoppedValues()
    defer {
      release(stopped)
      replay()
    }
    let greatest = gradients.joined().reduce(0) { $1.isFinite ? Swift.max($0, $1.magnitude) : $0 }
    var precise: PreciseSlopes?
    var checks: [GradientCheck] = []
    for (index, analytic) in zip(parameters, gradients) {
      let original = values(of: index)
      for element in original.indices {
        let quick = centralDifference(loss, index, original, element)
        let exact = analytic[element]
        var found = Self.verdict(exact, quick, greatest)
        if found == nil {
          setValues(original, of: index)
          replay()
          precise = precise ?? PreciseSlopes(self, loss: loss.index)
        }
        var slope = quick.slope
        if found == nil, let (own, verdict) = precise?.compare(exact, leaf: index, element) {
          (slope, found) = (own, verdict)
        }
        checks.append(
          GradientCheck(
            parameter: labels[index]?.name ?? "parameter \(index + 1)", element: element, shape: shape(of: index),
            analytic: exact, numeric: slope, verdict: found ?? Self.lastVerdict(exact, quick)))
      }
      setValues(original, of: index)
    }
    return checks
  }

  /// Turns what a gradient does not pass through into leaves, so that a slope does not see them move.
  ///
  /// - Returns: what ``release(_:)`` needs.
  private func holdStoppedValues() -> [(index: Int, kind: Kind)] {
    (0..<count).filter { record($0).operation == .stopGradient && !isLeaf($0) }.map { index in
      let kind = record(index).kind
      storage.pointee.records[index].kind = kind == .unary ? .leaf : .arrayLeaf
      return (index, kind)
    }
  }

  private func release(_ stopped: [(index: Int, kind: Kind)]) {
    for (index, kind) in stopped { storage.pointee.records[index].kind = kind }
  }

  private typealias Difference = (slope: Double, noise: Double)

  /// The verdict from a central difference; nil if it is inconclusive.
  private static func verdict(
    _ exact: Double, _ difference: Difference, _ greatest: Double
  ) -> GradientCheck.Verdict? {
    if !exact.isFinite { return .notFinite }
    let distance = (exact - difference.slope).magnitude
    if distance <= 1e-5 * Swift.max(exact.magnitude, difference.slope.magnitude) { return .agrees }
    let isLost = distance <= difference.noise && difference.noise <= 1e-8 * greatest
    return isLost ? .agreesWithin(difference.noise) : nil
  }

  /// The verdict if no more precise slope is available.
  private static func lastVerdict(_ exact: Double, _ difference: Difference) -> GradientCheck.Verdict {
    (exact - difference.slope).magnitude <= difference.noise ? .agreesWithin(difference.noise) : .differs
  }

  /// The slope by one central difference, and the possible effect of rounding of the loss.
  private func centralDifference(
    _ loss: Value, _ index: Int, _ original: [Double], _ element: Int
  ) -> Difference {
    let h = cbrt(Double.ulpOfOne) * Swift.max(1, original[element].magnitude)
    func lossAt(_ value: Double) -> Double {
      var values = original
      values[element] = value
      setValues(values, of: index)
      replay()
      return number(loss.index)
    }
    let (high, low) = (original[element] + h, original[element] - h)
    let (above, below) = (lossAt(high), lossAt(low))
    return (
      (above - below) / (high - low), 8 * Double.ulpOfOne * Swift.max(above.magnitude, below.magnitude) / h
    )
  }
}

/// Computes slopes of a loss with twice the digits; see ``Tape/check(_:)``.
struct PreciseSlopes {
  private var evaluation: TwofoldEvaluation
  private let tape: Tape
  private let terms: TermSizes
  private var leaf = -1
  private var users: [Int] = []

  /// The maximum number of operations, which are some thirty times as slow as the tape's.
  ///
  /// One forward pass may take a twentieth of them.
  static let maxWork = 4e8

  /// Returns nil for a computation that is too large.
  init?(_ tape: Tape, loss: Int) {
    guard TwofoldEvaluation.work(tape, loss: loss) <= Self.maxWork / 20 else { return nil }
    self.tape = tape
    evaluation = TwofoldEvaluation(tape, loss: loss)
    terms = TermSizes(tape, loss: loss)
  }

  /// A slope and its error bound.
  private struct Estimate {
    var slope: Double
    var error: Double
  }

  /// Returns the slope, and whether the gradient agrees with it; nil once the maximum work is done.
  mutating func compare(_ exact: Double, leaf: Int, _ element: Int) -> (
    slope: Double, verdict: GradientCheck.Verdict
  )? {
    guard evaluation.work <= Self.maxWork else { return nil }
    if self.leaf != leaf {
      self.leaf = leaf
      users = evaluation.users(of: leaf)
    }
    let size = tape.values(of: leaf)[element].magnitude
    var best = Estimate(slope: .nan, error: .infinity)
    var isKink = false
    for power in stride(from: -20, through: -80, by: -12) {
      let h = (size == 0 ? 1 : size) * Double(sign: .plus, exponent: power, significand: 1)
      guard h >= .leastNormalMagnitude else { break }
      let (estimate, turns) = estimate(element, h)
      isKink = turns
      if turns { continue }
      if estimate.error < best.error { best = estimate }
      if best.error <= 1e-9 * best.slope.magnitude { break }
    }
    if isKink, !best.slope.isFinite {
      let found = turn(element, size == 0 ? 1 : size)
      guard let smooth = found.smooth else { return (found.slope, .kink) }
      best = smooth
    }
    let distance = (exact - best.slope).magnitude
    let scale = max(exact.magnitude, best.slope.magnitude)
    if distance <= 1e-5 * scale { return (best.slope, .agrees) }
    // The rounding of the intermediate values of the gradient, and of terms that cancel out.
    let tolerance =
      best.error + min(100 * evaluation.roundingOfTape, 0.01) * scale
      + 64 * Double.ulpOfOne * terms.size(of: leaf, element)
    return (best.slope, distance <= tolerance ? .agreesWithin(tolerance) : .differs)
  }

  /// The slopes on both sides of a kink, with the step at which they are closest: their mean, and an estimate
  /// if they are equal there, as for relu(w)² at 0.
  private mutating func turn(_ element: Int, _ size: Double) -> (slope: Double, smooth: Estimate?) {
    var found: (slope: Double, smooth: Estimate?) = (.nan, nil)
    var least = Double.infinity
    for power in stride(from: -80, through: -20, by: 12) {
      let h = size * Double(sign: .plus, exponent: power, significand: 1)
      let (right, left) = (side(element, h), side(element, -h))
      guard right.isFinite, left.isFinite else { return (right.isFinite ? right : left, nil) }
      let jump = (right - left).magnitude
      let floor = noise(of: h) + 1e-12 * max(1, evaluation.loss.high.magnitude / size)
      guard jump + floor < least else { continue }
      least = jump + floor
      let slope = (right + left) / 2
      let isSmooth = jump <= max(1e-6 * max(right.magnitude, left.magnitude), floor)
      found = (slope, isSmooth ? Estimate(slope: slope, error: jump + floor) : nil)
    }
    return found
  }

  /// The possible effect of rounding of the loss on a difference quotient.
  private func noise(of h: Double) -> Double {
    let size =
      terms.ofLoss.isFinite ? max(terms.ofLoss, evaluation.loss.high.magnitude) : evaluation.loss.high.magnitude
    // Of a loss that is almost 0, what lies below the least number is lost.
    return (0x1p-100 * size + 16 * .leastNonzeroMagnitude) / h
  }

  private mutating func side(_ element: Int, _ step: Double) -> Double {
    let moved = evaluation.loss(moving: leaf, element, by: step, users: users)
    return ((moved - evaluation.loss) / TwofoldNumber(step)).high
  }

  /// The slope from steps h and h/2, extrapolated, and whether the loss has a kink between them.
  private mutating func estimate(_ element: Int, _ h: Double) -> (Estimate, isKink: Bool) {
    var sides: [(above: TwofoldNumber, below: TwofoldNumber)] = []
    _ = evaluation.loss(moving: leaf, element, by: 0, users: users)
    let branchesAtBase = evaluation.branches
    for step in [h, h / 2] {
      let above = evaluation.loss(moving: leaf, element, by: step, users: users)
      let branches = evaluation.branches
      let below = evaluation.loss(moving: leaf, element, by: -step, users: users)
      // At the edge of a domain, there is one side, and the point itself.
      let turns =
        above.isFinite && below.isFinite
        ? evaluation.branches != branches
        : above.isFinite ? branches != branchesAtBase : evaluation.branches != branchesAtBase
      if turns, above.isFinite || below.isFinite { return (Estimate(slope: .nan, error: .infinity), true) }
      sides.append((above, below))
    }
    let base = evaluation.loss
    let isAbove = sides.allSatisfy(\.above.isFinite)
    let isBelow = sides.allSatisfy(\.below.isFinite)
    func quotient(_ number: Int) -> TwofoldNumber {
      let (above, below) = sides[number]
      let step = TwofoldNumber(number == 0 ? h : h / 2)
      if isAbove, isBelow { return (above - below) / (step + step) }
      return isAbove ? (above - base) / step : (base - below) / step
    }
    guard isAbove || isBelow else { return (Estimate(slope: .nan, error: .infinity), false) }
    let (coarse, fine) = (quotient(0), quotient(1))
    // The error of a central difference decreases with h², that of a one-sided one with h.
    let rest = (fine - coarse) / TwofoldNumber(isAbove && isBelow ? 3 : 1)
    let error = rest.high.magnitude * (isAbove && isBelow ? 1 : 4) + noise(of: h)
    return (Estimate(slope: (fine + rest).high, error: error), false)
  }
}
