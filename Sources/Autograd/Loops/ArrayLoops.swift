import CAutograd

/// The loops over elements in which training spends its time: one operation for all elements, written
/// directly to the result, without allocations, and without bounds checks in the innermost loop.
///
/// Sums run in the order of the elements, as everywhere in the engine, so that all machines compute the same
/// bits.
enum ArrayLoops {
  typealias Elements = UnsafePointer<Double>
  typealias Target = UnsafeMutablePointer<Double>

  static func sum(_ a: Elements, _ count: Int) -> Double {
    var total = 0.0
    for i in 0..<count { total += a[i] }
    return total
  }

  /// The greatest number, or NaN if there is one; −∞ of none.
  static func greatest(_ a: Elements, _ count: Int) -> Double {
    var greatest = -Double.infinity
    for i in 0..<count where !(a[i] <= greatest) { greatest = greatest.isNaN ? greatest : a[i] }
    return greatest
  }

  // MARK: One operand

  @inline(__always)
  private static func map(_ a: Elements, _ count: Int, _ result: Target, _ rule: (Double) -> Double) {
    for i in 0..<count { result[i] = rule(a[i]) }
  }

  static func powers(_ a: Elements, _ exponent: Double, _ count: Int, into result: Target) {
    if exponent == 2 {
      map(a, count, result) { $0 * $0 }
    } else {
      map(a, count, result) { ElementRules.power($0, exponent) }
    }
  }

  static func values(_ operation: Tape.Operation, _ a: Elements, _ count: Int, into result: Target) {
    switch operation {
    // NaN is not at most 0.
    case .relu:
      add(
        count, to: (result, true), { four(a, $0).replacing(with: 0, where: four(a, $0) .<= 0) },
        { a[$0] <= 0 ? 0 : a[$0] })
    case .exp: gradviz_elements(GRADVIZ_EXP, count, a, result)
    case .tanh: gradviz_elements(GRADVIZ_TANH, count, a, result)
    case .sigmoid: gradviz_elements(GRADVIZ_SIGMOID, count, a, result)
    case .erf: gradviz_elements(GRADVIZ_ERF, count, a, result)
    case .sqrt: map(a, count, result) { $0.squareRoot() }
    case .negate: map(a, count, result) { -$0 }
    case .abs: map(a, count, result) { $0.magnitude }
    default: map(a, count, result) { ElementRules.value(operation, $0) }
    }
  }

  /// The destination of a gradient; `isEmpty` means that it is not initialized, not even with zeros.
  typealias Gradient = (Target, isEmpty: Bool)

  /// Four elements at once: vectorized by hand, since the compiler cannot know that a gradient never aliases
  /// the values it is computed from.
  typealias Four = SIMD4<Double>

  @inline(__always)
  static func four(_ elements: Elements, _ place: Int) -> Four {
    UnsafeRawPointer(elements + place).loadUnaligned(as: Four.self)
  }

  @inline(__always)
  static func add(_ count: Int, to gradient: Gradient, _ rule: (Int) -> Double) {
    let target = gradient.0
    if gradient.isEmpty {
      for i in 0..<count { target[i] = rule(i) }
    } else {
      for i in 0..<count { target[i] += rule(i) }
    }
  }

  /// The same in groups of four, then one by one for the rest.
  @inline(__always)
  static func add(_ count: Int, to gradient: Gradient, _ fourfold: (Int) -> Four, _ rule: (Int) -> Double) {
    let target = gradient.0
    var i = 0
    if gradient.isEmpty {
      while i &+ 4 <= count {
        UnsafeMutableRawPointer(target + i).storeBytes(of: fourfold(i), as: Four.self)
        i &+= 4
      }
      while i < count {
        target[i] = rule(i)
        i &+= 1
      }
    } else {
      while i &+ 4 <= count {
        UnsafeMutableRawPointer(target + i).storeBytes(of: four(target, i) + fourfold(i), as: Four.self)
        i &+= 4
      }
      while i < count {
        target[i] += rule(i)
        i &+= 1
      }
    }
  }

  static func gradients(
    _ operation: Tape.Operation, _ upstream: Elements, _ x: Elements, _ y: Elements, _ count: Int,
    to gradient: Gradient
  ) {
    switch operation {
    // Written out, since the rule's switch would stay inside the loop.
    case .negate: add(count, to: gradient) { -upstream[$0] }
    case .relu:
      add(
        count, to: gradient,
        {
          let x = four(x, $0)
          // NaN is neither above 0 nor at most 0.
          let local = Four.zero.replacing(with: 1, where: x .> 0).replacing(with: x, where: x .!= x)
          return four(upstream, $0) * local
        }, { upstream[$0] * ElementRules.derivative(.relu, x[$0], result: y[$0]) })
    case .tanh:
      add(
        count, to: gradient, { four(upstream, $0) * (1 - four(y, $0) * four(y, $0)) },
        { upstream[$0] * (1 - y[$0] * y[$0]) })
    case .sigmoid:
      add(
        count, to: gradient, { four(upstream, $0) * (four(y, $0) * (1 - four(y, $0))) },
        { upstream[$0] * (y[$0] * (1 - y[$0])) })
    case .exp: add(count, to: gradient, { four(upstream, $0) * four(y, $0) }) { upstream[$0] * y[$0] }
    case .erf: bellGradients(upstream, x, count, to: gradient)
    case .sqrt: add(count, to: gradient, { four(upstream, $0) * (0.5 / four(y, $0)) }) { upstream[$0] * (0.5 / y[$0]) }
    default:
      add(count, to: gradient) {
        upstream[$0] * ElementRules.derivative(operation, x[$0], result: y[$0])
      }
    }
  }

  static func powerGradients(
    _ exponent: Double, _ upstream: Elements, _ x: Elements, _ count: Int, to gradient: Gradient
  ) {
    if exponent == 2 {
      add(
        count, to: gradient, { four(upstream, $0) * (2 * four(x, $0)) }, { upstream[$0] * (2 * x[$0]) })
    } else {
      add(count, to: gradient) { upstream[$0] * ElementRules.powerDerivative(x[$0], exponent: exponent) }
    }
  }

  /// The derivative of erf, 2/√π · e^−x², in parts that need no memory but the stack's.
  private static func bellGradients(_ upstream: Elements, _ x: Elements, _ count: Int, to gradient: Gradient) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 64) { part in
      guard let bell = part.baseAddress else { return }
      for start in stride(from: 0, to: count, by: 64) {
        let (length, own, u) = (min(64, count - start), x + start, upstream + start)
        for i in 0..<length { (bell + i).initialize(to: -own[i] * own[i]) }
        gradviz_elements(GRADVIZ_EXP, length, bell, bell)
        let factor = ElementRules.twoOverRootPi
        add(
          length, to: (gradient.0 + start, gradient.isEmpty), { four(u, $0) * (factor * four(bell, $0)) },
          { u[$0] * (factor * bell[$0]) })
      }
    }
  }
}
