@testable import Autograd

/// A random computation on small arrays as plain data, independent of the engine; see ``RandomScalarGraph``.
struct RandomArrayGraph {
  enum Kind: CaseIterable {
    case add, subtract, multiply, divide, maximum, minimum
    case negate, exp, tanh, sigmoid, relu, sin, cos, abs, square
    case matrixProduct, transpose, sum, mean, greatest, least, logSumExp, softmax, row
  }

  struct Step {
    var kind: Kind
    var operands: [Int]
    var axis: Int?
  }

  /// Row-major numbers of the leaves, which come first: two parameters, an input, a vector and a number as
  /// parameters.
  private(set) var leaves: [(shape: [Int], numbers: [Double])] = []
  private(set) var steps: [Step] = []
  let parameters = [0, 1, 3, 4]

  init(operations: Int, generator: inout SeededGenerator) {
    let rows = Int.random(in: 2...3, using: &generator)
    let columns = Int.random(in: 2...4, using: &generator)
    for shape in [[rows, columns], [columns, rows], [rows, columns], [columns], []] {
      leaves.append(
        (
          shape,
          (0..<shape.reduce(1, *)).map { _ in
            Double.random(in: 0.2...1.5, using: &generator) * (Bool.random(using: &generator) ? 1 : -1)
          }
        ))
    }
    var values = evaluated()
    var growth: [Precise] = values.map { _ in 1 }
    var isUsed = values.map { _ in false }
    while steps.count < operations {
      let kind = Kind.allCases[Int.random(in: 0..<Kind.allCases.count, using: &generator)]
      let operands = (0..<Self.operandCount(kind)).map { _ in
        Int.random(
          in: (Bool.random(using: &generator) ? 0 : max(0, values.count - 8))..<values.count,
          using: &generator)
      }
      let x = operands.map { values[$0] }
      guard Self.fits(kind, x) else { continue }
      let axis = [nil, 0, 1][Int.random(in: 0..<3, using: &generator)]
      let step = Step(
        kind: kind, operands: operands, axis: x[0].rank == 2 ? (kind == .softmax ? axis ?? 1 : axis) : nil)
      guard Self.isSmooth(step, x, sameOperand: operands.count == 2 && operands[0] == operands[1]) else {
        continue
      }
      let value = Self.result(step, x)
      // Shifts every entry of an operand by 1 in turn.
      var gain: Precise = 0
      for position in operands.indices {
        for entry in x[position].entries.indices {
          var moved = x
          moved[position].entries[entry].part = 1
          gain = max(
            gain,
            Self.result(step, moved).entries.map(\.part.magnitude).reduce(0, +) * growth[operands[position]])
        }
      }
      guard value.entries.allSatisfy({ $0.value.magnitude <= 6 }), gain <= 100 else { continue }
      steps.append(step)
      values.append(value)
      growth.append(max(1, gain))
      isUsed.append(false)
      for operand in operands { isUsed[operand] = true }
    }
    addLoss(of: values.indices.filter { !isUsed[$0] }.map { ($0, values[$0].shape) })
  }

  /// Every value contributes to the loss: the mean of each unused one, added up.
  private mutating func addLoss(of unused: [(index: Int, shape: [Int])]) {
    var total: Int?
    for (index, shape) in unused {
      var term = index
      if !shape.isEmpty {
        steps.append(Step(kind: .mean, operands: [index], axis: nil))
        term = leaves.count + steps.count - 1
      }
      if let sum = total {
        steps.append(Step(kind: .add, operands: [sum, term], axis: nil))
        total = leaves.count + steps.count - 1
      } else {
        total = term
      }
    }
  }

  private static func operandCount(_ kind: Kind) -> Int {
    switch kind {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .matrixProduct: 2
    default: 1
    }
  }

  private static func fits(_ kind: Kind, _ x: [DualArray]) -> Bool {
    switch kind {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum:
      x[0].rank == 0 || x[1].rank == 0 || x[0].shape == x[1].shape
        || x[0].columns == x[1].columns && x[0].rank + x[1].rank == 3
    case .matrixProduct:
      x[0].rank == 2
        && (x[1].rank == 2 && x[0].columns == x[1].rows || x[1].rank == 1 && x[0].columns == x[1].columns)
    case .transpose, .softmax, .row: x[0].rank == 2
    case .sum, .mean, .greatest, .least, .logSumExp: x[0].rank > 0
    default: true
    }
  }

  private static func isSmooth(_ step: Step, _ x: [DualArray], sameOperand: Bool) -> Bool {
    switch step.kind {
    case .divide: return x[1].entries.allSatisfy { $0.value.magnitude > 0.25 }
    case .relu, .abs: return x[0].entries.allSatisfy { $0.value.magnitude > 1e-3 }
    case .maximum, .minimum:
      return sameOperand
        || DualArray.zip(x[0], x[1], -).entries.allSatisfy { $0.value.magnitude > 1e-3 }
    case .greatest, .least:
      let numbers = x[0].entries.map(\.value).sorted()
      return Swift.zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 > 1e-3 }
    default: return true
    }
  }

  private static func result(_ step: Step, _ x: [DualArray]) -> DualArray {
    switch step.kind {
    case .add: .zip(x[0], x[1], +)
    case .subtract: .zip(x[0], x[1], -)
    case .multiply: .zip(x[0], x[1], *)
    case .divide: .zip(x[0], x[1], /)
    case .maximum: .zip(x[0], x[1]) { $0.value > $1.value ? $0 : $1 }
    case .minimum: .zip(x[0], x[1]) { $0.value < $1.value ? $0 : $1 }
    case .negate: x[0].map { -$0 }
    case .exp: x[0].map(\.exponential)
    case .tanh: x[0].map(\.hyperbolicTangent)
    case .sigmoid: x[0].map(\.logistic)
    case .relu: x[0].map(\.positive)
    case .sin: x[0].map(\.sine)
    case .cos: x[0].map(\.cosine)
    case .abs: x[0].map(\.magnitude)
    case .square: x[0].map { $0 * $0 }
    case .matrixProduct: .product(x[0], x[1])
    case .transpose: x[0].transposed
    case .sum: x[0].reduced(axis: step.axis) { $0.reduce(Dual(0), +) }
    case .mean: x[0].reduced(axis: step.axis) { $0.reduce(Dual(0), +) / Dual(Precise($0.count)) }
    case .greatest: x[0].reduced(axis: step.axis) { $0.max { $0.value < $1.value } ?? $0[0] }
    case .least: x[0].reduced(axis: step.axis) { $0.min { $0.value < $1.value } ?? $0[0] }
    case .logSumExp: x[0].reduced(axis: step.axis) { $0.map(\.exponential).reduce(Dual(0), +).logarithm }
    case .softmax: x[0].softmax(axis: step.axis ?? 1)
    case .row: x[0].row(0)
    }
  }

  /// All values, and their derivatives by one entry of one of them.
  func evaluated(by direction: (node: Int, entry: Int)? = nil, leaves numbers: [Int: [Precise]] = [:])
    -> [DualArray]
  {
    var values: [DualArray] = []
    for index in 0..<(leaves.count + steps.count) {
      if index < leaves.count {
        let shape = leaves[index].shape
        let columns = shape.last ?? 1
        values.append(
          DualArray(rank: shape.count, rows: shape.count == 2 ? shape[0] : 1, columns: columns) {
            let place = $0 * columns + $1
            return Dual(numbers[index]?[place] ?? Precise(leaves[index].numbers[place]))
          })
      } else {
        let step = steps[index - leaves.count]
        values.append(Self.result(step, step.operands.map { values[$0] }))
      }
      if let direction, index == direction.node { values[index].entries[direction.entry].part = 1 }
    }
    return values
  }

  /// The same on a tape, one node per step.
  func recorded(on tape: Tape) -> [Tensor] {
    var values: [Tensor] = []
    for (index, leaf) in leaves.enumerated() {
      values.append(
        tape.array(
          leaf.numbers, shape: leaf.shape, role: parameters.contains(index) ? .parameter : .input,
          name: "p\(index)"))
    }
    for step in steps { values.append(Self.record(step, step.operands.map { values[$0] })) }
    return values
  }

  private static func record(_ step: Step, _ x: [Tensor]) -> Tensor {
    switch step.kind {
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .divide: x[0] / x[1]
    case .maximum: Autograd.max(x[0], x[1])
    case .minimum: Autograd.min(x[0], x[1])
    case .negate: -x[0]
    case .exp: Autograd.exp(x[0])
    case .tanh: Autograd.tanh(x[0])
    case .sigmoid: Autograd.sigmoid(x[0])
    case .relu: Autograd.relu(x[0])
    case .sin: Autograd.sin(x[0])
    case .cos: Autograd.cos(x[0])
    case .abs: Autograd.abs(x[0])
    case .square: x[0] ** 2
    case .matrixProduct: matmul(x[0], x[1])
    case .transpose: x[0].transposed
    case .sum: x[0].sum(axis: step.axis)
    case .mean: x[0].mean(axis: step.axis)
    case .greatest: x[0].max(axis: step.axis)
    case .least: x[0].min(axis: step.axis)
    case .logSumExp: x[0].logSumExp(axis: step.axis)
    case .softmax: x[0].softmax(axis: step.axis ?? 1)
    case .row: x[0][0]
    }
  }
}
