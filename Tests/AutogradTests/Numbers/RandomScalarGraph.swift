@testable import Autograd

/// A random computation on numbers as plain data, independent of the engine.
///
/// Constructed so that the comparison tests the engine rather than rounding: values stay moderate, and so
/// does the effect of an error in one value on later ones; no value is on a kink.
struct RandomScalarGraph {
  enum Kind: CaseIterable {
    case add, subtract, multiply, divide, power, maximum, minimum
    case negate, exp, log, tanh, sigmoid, relu, sin, cos, sqrt, abs
    case constantPower, sum, mean

    var operandCount: ClosedRange<Int> {
      switch self {
      case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum: 2...2
      case .sum, .mean: 1...5
      default: 1...1
      }
    }
  }

  enum Step {
    case parameter(Double)
    case input(Double)
    case operation(Kind, [Int], exponent: Double)
  }

  private(set) var steps: [Step] = []
  var parameters: [Int] {
    steps.indices.filter { if case .parameter = steps[$0] { true } else { false } }
  }

  /// - Parameter operations: the number of operations, besides the mean of unused values, which is the loss.
  init(operations: Int, generator: inout SeededGenerator) {
    for place in 0..<6 {
      let number = Double.random(in: 0.2...1.5, using: &generator) * (place % 2 == 0 ? 1 : -1)
      steps.append(place < 4 ? .parameter(number) : .input(number))
    }
    var values = evaluated().map(\.value)
    var growth = values.map { _ in Precise(1) }
    var isUsed = values.map { _ in false }
    while steps.count < 6 + operations {
      let kind = Kind.allCases[Int.random(in: 0..<Kind.allCases.count, using: &generator)]
      let operands = (0..<Int.random(in: kind.operandCount, using: &generator)).map { _ in
        Int.random(
          in: (Bool.random(using: &generator) ? 0 : max(0, steps.count - 12))..<steps.count, using: &generator
        )
      }
      let exponent = [2, 3, -1, 0.5, 1.5, -0.5, 4][Int.random(in: 0..<7, using: &generator)]
      guard Self.isSmooth(kind, operands.map { values[$0] }, operands, exponent) else { continue }
      let value = Self.result(kind, operands.map { Dual(values[$0]) }, exponent).value
      // The effect of an error in any earlier value on this one, to first order.
      let gain = operands.indices.reduce(Precise(1)) { sum, position in
        let duals = operands.enumerated().map { Dual(values[$1], $0 == position ? 1 : 0) }
        return sum + Self.result(kind, duals, exponent).part.magnitude * growth[operands[position]]
      }
      guard (0.01...6).contains(value.magnitude) || kind == .relu && value == 0, gain <= 300 else { continue }
      steps.append(.operation(kind, operands, exponent: exponent))
      values.append(value)
      growth.append(gain)
      isUsed.append(false)
      for operand in operands { isUsed[operand] = true }
    }
    // Every value contributes to the loss.
    steps.append(.operation(.mean, steps.indices.filter { !isUsed[$0] }, exponent: 1))
  }

  /// Whether the operation is differentiable there, and far from the edge of its domain.
  private static func isSmooth(_ kind: Kind, _ x: [Precise], _ operands: [Int], _ exponent: Double) -> Bool {
    switch kind {
    case .divide: x[1].magnitude > 0.25
    case .log, .sqrt: x[0] > 0.1
    case .power: x[0] > 0.1
    case .constantPower: exponent > 1 && exponent.rounded() == exponent || x[0] > 0.1
    case .relu, .abs: x[0].magnitude > 1e-3
    case .maximum, .minimum: operands[0] == operands[1] || (x[0] - x[1]).magnitude > 1e-3
    default: true
    }
  }

  private static func result(_ kind: Kind, _ x: [Dual], _ exponent: Double) -> Dual {
    switch kind {
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .divide: x[0] / x[1]
    case .power: x[0].raised(x[1])
    case .maximum: x[0].value > x[1].value ? x[0] : x[1]
    case .minimum: x[0].value < x[1].value ? x[0] : x[1]
    case .negate: -x[0]
    case .exp: x[0].exponential
    case .log: x[0].logarithm
    case .tanh: x[0].hyperbolicTangent
    case .sigmoid: x[0].logistic
    case .relu: x[0].positive
    case .sin: x[0].sine
    case .cos: x[0].cosine
    case .sqrt: x[0].root
    case .abs: x[0].magnitude
    case .constantPower: x[0].raised(exponent)
    case .sum: x.dropFirst().reduce(x[0], +)
    case .mean: x.dropFirst().reduce(x[0], +) / Dual(Precise(x.count))
    }
  }

  /// All values, and their derivatives with respect to one of them.
  ///
  /// - Parameters:
  ///   - direction: the value to differentiate by.
  ///   - numbers: the numbers of the parameters, in place of the graph's own.
  func evaluated(by direction: Int? = nil, parameters numbers: [Int: Precise] = [:]) -> [Dual] {
    var values: [Dual] = []
    values.reserveCapacity(steps.count)
    for (index, step) in steps.enumerated() {
      switch step {
      case .parameter(let number): values.append(Dual(numbers[index] ?? Precise(number)))
      case .input(let number): values.append(Dual(Precise(number)))
      case .operation(let kind, let operands, let exponent):
        values.append(Self.result(kind, operands.map { values[$0] }, exponent))
      }
      if index == direction { values[index].part = 1 }
    }
    return values
  }

  /// The same on a tape, one node per step; some values are named, as in real programs.
  func recorded(on tape: Tape, generator: inout SeededGenerator) -> [Value] {
    var values: [Value] = []
    for (index, step) in steps.enumerated() {
      switch step {
      case .parameter(let number): values.append(tape.parameter(number, name: "p\(index)"))
      case .input(let number): values.append(tape.input(number, name: "x\(index)"))
      case .operation(let kind, let operands, let exponent):
        let value = Self.record(kind, operands.map { values[$0] }, exponent)
        if Int.random(in: 0..<8, using: &generator) == 0 { value.label("v\(index)") }
        values.append(value)
      }
    }
    values.last?.label("L", role: .loss)
    return values
  }

  private static func record(_ kind: Kind, _ x: [Value], _ exponent: Double) -> Value {
    switch kind {
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .divide: x[0] / x[1]
    case .power: x[0] ** x[1]
    case .maximum: Autograd.max(x[0], x[1])
    case .minimum: Autograd.min(x[0], x[1])
    case .negate: -x[0]
    case .exp: Autograd.exp(x[0])
    case .log: Autograd.log(x[0])
    case .tanh: Autograd.tanh(x[0])
    case .sigmoid: Autograd.sigmoid(x[0])
    case .relu: Autograd.relu(x[0])
    case .sin: Autograd.sin(x[0])
    case .cos: Autograd.cos(x[0])
    case .sqrt: Autograd.sqrt(x[0])
    case .abs: Autograd.abs(x[0])
    case .constantPower: x[0] ** exponent
    case .sum: Autograd.sum(x)
    case .mean: Autograd.mean(x)
    }
  }
}
