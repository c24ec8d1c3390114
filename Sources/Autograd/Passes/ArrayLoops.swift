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
    case .relu: map(a, count, result) { ElementRules.value(.relu, $0) }
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
    case .sigmoid: add(count, to: gradient) { upstream[$0] * (y[$0] * (1 - y[$0])) }
    case .exp: add(count, to: gradient) { upstream[$0] * y[$0] }
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

  // MARK: Two operands

  static func values(
    _ operation: Tape.Operation, _ a: Elements, _ b: Elements, _ meeting: ElementMeeting, into result: Target
  ) {
    @inline(__always)
    func combine(_ rule: (Double, Double) -> Double) {
      for row in 0..<meeting.rows {
        let (left, right) = (a + row * meeting.left.row, b + row * meeting.right.row)
        let target = result + row * meeting.columns
        switch (meeting.left.column, meeting.right.column) {
        case (1, 1): for i in 0..<meeting.columns { target[i] = rule(left[i], right[i]) }
        case (1, _):
          let number = right[0]
          for i in 0..<meeting.columns { target[i] = rule(left[i], number) }
        case (_, 1):
          let number = left[0]
          for i in 0..<meeting.columns { target[i] = rule(number, right[i]) }
        default:
          for i in 0..<meeting.columns { target[i] = rule(left[0], right[0]) }
        }
      }
    }
    if let maps = meeting.maps {
      for i in 0..<(meeting.rows * meeting.columns) {
        result[i] = ElementRules.value(operation, a[maps.left[i]], b[maps.right[i]])
      }
      return
    }
    switch operation {
    case .add: combine { $0 + $1 }
    case .subtract: combine { $0 - $1 }
    case .multiply: combine { $0 * $1 }
    default: combine { ElementRules.value(operation, $0, $1) }
    }
  }

  /// Adds the passed-back gradient to that of one operand.
  ///
  /// - Parameters:
  ///   - side: the operand's row and column strides; sums over broadcast axes run row by row.
  ///   - contribution: for a row and an element of it, upstream · local derivative; and for four of them.
  @inline(__always)
  private static func pass(
    _ meeting: ElementMeeting, _ side: (row: Int, column: Int), to gradient: Gradient,
    _ fourfold: ((Int, Int) -> Four)? = nil, _ contribution: (Int, Int) -> Double
  ) {
    let target = gradient.0
    var isEmpty = gradient.isEmpty
    for row in 0..<meeting.rows {
      let line = target + row * side.row
      if side.column == 1, let fourfold {
        add(meeting.columns, to: (line, isEmpty), { fourfold(row, $0) }, { contribution(row, $0) })
      } else if side.column == 1 {
        add(meeting.columns, to: (line, isEmpty)) { contribution(row, $0) }
      } else {
        var total = isEmpty ? 0 : line[0]
        for i in 0..<meeting.columns { total += contribution(row, i) }
        line[0] = total
      }
      // After the first, every row visits the same elements.
      if side.row == 0 { isEmpty = false }
    }
  }

  /// Adds to the gradients of both operands; nil for one that is not needed.
  static func gradients(
    _ operation: Tape.Operation, _ upstream: Elements, _ x: Elements, _ z: Elements, _ y: Elements,
    _ meeting: ElementMeeting, left: Gradient?, right: Gradient?
  ) {
    let (l, r, columns) = (meeting.left, meeting.right, meeting.columns)
    @inline(__always) func u(_ row: Int, _ i: Int) -> Double { upstream[row * columns + i] }
    @inline(__always) func u4(_ row: Int, _ i: Int) -> Four { four(upstream, row * columns + i) }
    @inline(__always) func a(_ row: Int, _ i: Int) -> Double { x[row * l.row + i * l.column] }
    @inline(__always) func b(_ row: Int, _ i: Int) -> Double { z[row * r.row + i * r.column] }
    switch operation {
    case .add:
      if let left { pass(meeting, l, to: left, u4) { u($0, $1) } }
      if let right { pass(meeting, r, to: right, u4) { u($0, $1) } }
    case .subtract:
      if let left { pass(meeting, l, to: left, u4) { u($0, $1) } }
      if let right { pass(meeting, r, to: right, { -u4($0, $1) }) { -u($0, $1) } }
    case .multiply where l.column == 1 && r.column == 1:
      if let left {
        pass(meeting, l, to: left, { u4($0, $1) * four(z, $0 * r.row + $1) }) { u($0, $1) * b($0, $1) }
      }
      if let right {
        pass(meeting, r, to: right, { u4($0, $1) * four(x, $0 * l.row + $1) }) { u($0, $1) * a($0, $1) }
      }
    case .multiply:
      if let left { pass(meeting, l, to: left) { u($0, $1) * b($0, $1) } }
      if let right { pass(meeting, r, to: right) { u($0, $1) * a($0, $1) } }
    default:
      @inline(__always) func local(_ row: Int, _ i: Int) -> (Double, Double) {
        ElementRules.derivatives(operation, a(row, i), b(row, i), result: y[row * columns + i])
      }
      if let left { pass(meeting, l, to: left) { u($0, $1) * local($0, $1).0 } }
      if let right { pass(meeting, r, to: right) { u($0, $1) * local($0, $1).1 } }
    }
  }

  /// The same for more than two axes, element by element; both gradients are initialized.
  static func mappedGradients(
    _ operation: Tape.Operation, _ upstream: Elements, _ x: Elements, _ z: Elements, _ y: Elements, _ count: Int,
    _ maps: (left: [Int], right: [Int]), left: Target?, right: Target?
  ) {
    for element in 0..<count {
      let (i, j) = (maps.left[element], maps.right[element])
      let local = ElementRules.derivatives(operation, x[i], z[j], result: y[element])
      left?[i] += upstream[element] * local.0
      right?[j] += upstream[element] * local.1
    }
  }
}
