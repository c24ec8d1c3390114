import Foundation

/// Every operation of the language on numbers and arrays, drawn at random from what fits the operands.
extension RandomProgramBuilder {
  /// One more expression over what there is; nil where the operation drawn does not fit.
  mutating func operation() -> RandomTerm? {
    let a = anyTerm()
    let term: RandomTerm? =
      switch numbers.below(kind == .scalar ? 9 : 14) {
      case 0, 1, 2: unary(a)
      case 3, 4, 5, 6: binary(a, partner(of: a))
      case 7: power(a)
      case 8: functions.isEmpty ? unary(a) : call(a, partner(of: a))
      case 9, 10: a.shape.isEmpty ? nil : reduction(a)
      case 11: a.shape.isEmpty ? nil : indexed(a)
      case 12: product(a)
      default: transposed(a)
      }
    guard let term, term.size <= 60 else { return nil }
    return term
  }

  // MARK: One operand

  mutating func unary(_ a: RandomTerm) -> RandomTerm? {
    func call(_ name: String, _ bounds: ClosedRange<Double>) -> RandomTerm {
      RandomTerm(text: "\(name)(\(a.text))", shape: a.shape, bounds: bounds, hasSamples: a.hasSamples)
    }
    switch numbers.below(10) {
    case 0:
      return RandomTerm(
        text: "-\(a.operand)", shape: a.shape, bounds: -a.bounds.upperBound ... -a.bounds.lowerBound,
        isClosed: false, hasSamples: a.hasSamples)
    case 1: return a.bounds.upperBound < 3 ? call("exp", a.bounds(through: exp)) : nil
    case 2: return a.bounds.lowerBound > 0.1 ? call("log", a.bounds(through: log)) : nil
    case 3: return call("tanh", a.bounds(through: tanh))
    case 4: return call("sigmoid", a.bounds { 1 / (1 + exp(-$0)) })
    case 5: return call("relu", a.bounds { max($0, 0) })
    case 6: return call("sin", -1...1)
    case 7: return call("cos", -1...1)
    case 8: return a.bounds.lowerBound > 0.1 ? call("sqrt", a.bounds(through: sqrt)) : nil
    default: return call("abs", a.distanceFromZero...a.size)
    }
  }

  mutating func power(_ a: RandomTerm) -> RandomTerm? {
    let exponent = numbers.pick([2, 3, 2, 4, -1, 0.5, 1.5, -2, -0.5])
    guard exponent > 1 && exponent.rounded() == exponent || a.bounds.lowerBound > 0.2 else { return nil }
    let ends = [a.bounds.lowerBound, a.bounds.upperBound].map { pow($0, exponent) }
    let isEven = exponent == 2 || exponent == 4
    let low = isEven ? pow(a.distanceFromZero, exponent) : min(ends[0], ends[1])
    return RandomTerm(
      text: "\(a.operand)**\(text(exponent))", shape: a.shape, bounds: low...max(ends[0], ends[1]),
      isClosed: false, hasSamples: a.hasSamples)
  }

  /// Along an axis or over everything.
  mutating func reduction(_ a: RandomTerm) -> RandomTerm? {
    let axis = numbers.below(3) == 0 ? nil : numbers.below(a.shape.count)
    let count = axis.map { a.shape[$0] } ?? a.shape.reduce(1, *)
    var shape: [Int] = []
    if let axis {
      shape = a.shape
      shape.remove(at: axis)
    }
    let label = axis.map { numbers.below(3) == 0 ? ", \($0)" : ", axis=\($0)" } ?? ""
    func call(_ name: String, _ bounds: ClosedRange<Double>) -> RandomTerm {
      RandomTerm(
        text: "\(name)(\(a.text)\(label))", shape: shape, bounds: bounds,
        hasSamples: a.hasSamples && axis == 1)
    }
    switch numbers.below(7) {
    case 0, 1: return call("sum", a.summed(count))
    case 2: return call("mean", a.bounds)
    case 3:
      let label = axis.map { ", axis=\($0)" } ?? ""
      return RandomTerm(
        text: "max(\(a.text)\(label))", shape: shape, bounds: a.bounds, hasSamples: a.hasSamples && axis == 1)
    case 4:
      let label = axis.map { ", axis=\($0)" } ?? ""
      return RandomTerm(
        text: "min(\(a.text)\(label))", shape: shape, bounds: a.bounds, hasSamples: a.hasSamples && axis == 1)
    case 5: return call("logsumexp", a.bounds.lowerBound...a.bounds.upperBound + log(Double(count)))
    default:
      let axis = numbers.below(2) == 0 ? "" : ", axis=\(numbers.below(a.shape.count))"
      return RandomTerm(
        text: "softmax(\(a.text)\(axis))", shape: a.shape, bounds: 0...1, hasSamples: a.hasSamples)
    }
  }

  mutating func indexed(_ a: RandomTerm) -> RandomTerm? {
    func position(_ axis: Int) -> String {
      "\(numbers.below(a.shape[axis]) - numbers.below(2) * a.shape[axis])"
    }
    guard a.shape.count == 2 else {
      return RandomTerm(text: "\(a.operand)[\(position(0))]", bounds: a.bounds)
    }
    switch numbers.below(4) {
    case 0: return RandomTerm(text: "\(a.operand)[\(position(0)), \(position(1))]", bounds: a.bounds)
    case 1:
      return RandomTerm(text: "\(a.operand)[\(position(0))]", shape: [a.shape[1]], bounds: a.bounds)
    default:
      return RandomTerm(
        text: "\(a.operand)[:, \(position(1))]", shape: [a.shape[0]], bounds: a.bounds,
        hasSamples: a.hasSamples)
    }
  }

  mutating func transposed(_ a: RandomTerm) -> RandomTerm? {
    guard a.shape.count == 2, !a.hasSamples else { return nil }
    return RandomTerm(
      text: numbers.below(2) == 0 ? "\(a.operand).T" : "transpose(\(a.text))",
      shape: a.shape.reversed(), bounds: a.bounds)
  }

  // MARK: Two operands

  mutating func binary(_ a: RandomTerm, _ b: RandomTerm) -> RandomTerm? {
    guard let shape = Self.broadcast(a.shape, b.shape) else { return nil }
    // One row against a column of samples would pair all with all.
    guard !(a.hasSamples || b.hasSamples) || shape == (a.hasSamples ? a : b).shape else { return nil }
    func term(_ text: String, _ bounds: ClosedRange<Double>, isClosed: Bool = false) -> RandomTerm {
      RandomTerm(
        text: text, shape: shape, bounds: bounds, isClosed: isClosed, hasSamples: a.hasSamples || b.hasSamples
      )
    }
    switch numbers.below(11) {
    case 0, 1, 2: return term("\(a.operand) + \(b.operand)", a.corners(b, +))
    case 3, 4: return term("\(a.operand) - \(b.operand)", a.corners(b, -))
    case 5, 6, 7: return term("\(a.operand) * \(b.operand)", a.corners(b, *))
    case 8:
      guard b.distanceFromZero > 0.2 else { return nil }
      return term("\(a.operand) / \(b.operand)", a.corners(b, /))
    case 9:
      let name = numbers.below(2) == 0 ? "max" : "min"
      return term("\(name)(\(a.text), \(b.text))", a.corners(b, name == "max" ? max : min), isClosed: true)
    default:
      guard a.bounds.lowerBound > 0.2, b.size < 4 else { return nil }
      return term("\(a.operand)**\(b.operand)", a.corners(b, pow))
    }
  }

  /// A matrix product with any term whose sizes fit, or with a parameter made for it.
  mutating func product(_ a: RandomTerm) -> RandomTerm? {
    guard let inner = a.shape.last else { return nil }
    let fitting = terms.filter { $0.shape.first == inner && !$0.hasSamples }
    guard let b = fitting.isEmpty || numbers.below(3) == 0 ? weights(for: inner) : numbers.pick(fitting)
    else {
      return nil
    }
    let shape = a.shape.dropLast() + b.shape.dropFirst()
    let term = RandomTerm(text: "", bounds: a.corners(b, *))
    return RandomTerm(
      text: "\(a.operand) @ \(b.operand)", shape: Array(shape), bounds: term.summed(inner), isClosed: false,
      hasSamples: a.hasSamples)
  }

  /// A call of one of the program's own functions.
  mutating func call(_ a: RandomTerm, _ b: RandomTerm) -> RandomTerm? {
    let function = numbers.pick(functions)
    guard a.size <= 7, b.size <= 7, Self.broadcast(a.shape, b.shape) != nil else { return nil }
    guard !(a.hasSamples || b.hasSamples) || a.shape == b.shape || b.shape.isEmpty else { return nil }
    let shape = Self.broadcast(a.shape, b.shape) ?? []
    return RandomTerm(
      text: "\(function)(\(a.text), \(b.text))", shape: shape, bounds: -60...60,
      hasSamples: a.hasSamples || b.hasSamples)
  }

  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    let count = max(a.count, b.count)
    var shape: [Int] = []
    for place in 0..<count {
      let x = place < count - a.count ? 1 : a[place - count + a.count]
      let y = place < count - b.count ? 1 : b[place - count + b.count]
      guard x == y || x == 1 || y == 1 else { return nil }
      shape.append(max(x, y))
    }
    return shape
  }
}
