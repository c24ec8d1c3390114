import Autograd

/// The computation of a checked node, applied to constants while checking and to the tape while recording.
enum Computation: Sendable {
  /// The value of the single operand, as in `+x` or `x[:]`.
  case passOn
  case negate
  /// 1 where a mask is 0.
  case not
  case binary(BinaryOperator)
  /// A power with a literal exponent, which is part of the operation.
  case power(Double)
  case elementwise(ElementFunction)
  case maximum, minimum
  case reduction(ReductionFunction, axis: Int?)
  case softmax(axis: Int)
  case transpose
  case index([AxisIndex])
  case loss(LossFunction, delta: Double)
  /// Cross-entropy of scores and class numbers; the second operand becomes one-hot rows.
  case crossEntropyOfClasses(ClassLoss)
  case layer(Layer)
  /// Without gradients; for metrics only.
  case argmax(axis: Int?)
  case accuracy(threshold: Double?)
  /// What is composed of several operations, or moves numbers.
  case composed(Composition)
  /// The rows of a table by their numbers; the first operand becomes one-hot rows.
  case embedding(count: Int)

  enum LossFunction: Sendable {
    case mse, mae, huber, hinge, bce, bceWithLogits, crossEntropy
    /// For target rows that are known to add up to 1.
    case crossEntropyOfDistributions
  }

  /// A layer: its parameters with their initial numbers, and what it makes of its operand and of them.
  struct Layer: Sendable {
    struct Parameter: Sendable {
      /// What follows the layer's name and a dot: `w`.
      var suffix: String
      var start: Constant
    }
    var name: String
    var parameters: [Parameter]
    var shape: [Int]
    /// The scalar operations for each entry of the result.
    var steps: Double
    /// What it is if training and evaluation differ.
    var phased: Phased?
    /// Whether the operand are class numbers, and so many classes, whose one-hot rows it takes.
    var classCount: Int?
    let apply: @Sendable ([Tensor]) -> Tensor
  }

  enum ElementFunction: String, Sendable {
    case exp, log, tanh, sigmoid, relu, sin, cos, sqrt, abs
    case tan, asin, acos, atan, sinh, cosh, log1p, expm1, log2, log10, erf, sign, floor, ceil, round
  }
  enum ReductionFunction: String, Sendable { case sum, mean, max, min, logsumexp }

  /// - Precondition: the shapes fit; the checker ensures this.
  func apply(_ operands: [Tensor]) -> Tensor {
    let a = operands[0]
    switch self {
    case .passOn: return a
    case .negate: return -a
    case .not: return Autograd.not(a)
    case .composed(let composition): return composition.apply(operands)
    case .embedding: return matmul(a, operands[1])
    case .power(let exponent): return a ** exponent
    case .maximum: return max(a, operands[1])
    case .minimum: return min(a, operands[1])
    case .softmax(let axis): return a.softmax(axis: axis)
    case .transpose: return a.transposed
    case .loss(let function, let delta): return Self.loss(function, a, operands[1], delta: delta)
    case .crossEntropyOfClasses(let classes): return classes.apply(a, operands[1])
    case .layer(let layer): return layer.apply(operands)
    case .argmax(let axis): return Metrics.argmax(a, axis: axis)
    case .accuracy(let threshold): return Metrics.accuracy(a, operands[1], threshold: threshold)
    case .index(let position): return a.entries(position)
    case .binary(let operation): return Self.binary(operation, a, operands[1])
    case .elementwise(let function): return function.apply(a)
    case .reduction(let function, let axis):
      switch function {
      case .sum: return a.sum(axis: axis)
      case .mean: return a.mean(axis: axis)
      case .max: return a.max(axis: axis)
      case .min: return a.min(axis: axis)
      case .logsumexp: return a.logSumExp(axis: axis)
      }
    }
  }

  private static func loss(
    _ function: LossFunction, _ a: Tensor, _ b: Tensor, delta: Double
  ) -> Tensor {
    switch function {
    case .mse: return mse(a, b)
    case .mae: return mae(a, b)
    case .huber: return huber(a, b, delta: delta)
    case .hinge: return hinge(a, b)
    case .bce: return bce(a, b)
    case .bceWithLogits: return bceWithLogits(a, b)
    case .crossEntropy: return crossEntropy(a, b)
    case .crossEntropyOfDistributions: return crossEntropyOfDistributions(a, b)
    }
  }

  /// At most so many entries are held beside the result: the steps of what is made of several operations.
  ///
  /// - Precondition: the operands were checked, so that no count overflows.
  func otherEntries(operands: [[Int]]) -> Int {
    switch self {
    case .composed(let composition):
      let counts = operands.map { Shapes.count($0) ?? 0 } + [Shapes.count(composition.shape) ?? 0]
      return composition.steps * (counts.max() ?? 0)
    case .embedding(let count): return (Shapes.count(operands[0]) ?? 0) * count
    case .loss, .crossEntropyOfClasses:
      let counts = operands.map { Shapes.count($0) ?? 0 }
      return 8 * (counts.max() ?? 0)
    default: return 0
    }
  }

  /// The number of scalar operations after scalar expansion.
  func scalarCount(operands: [[Int]], result: [Int]) -> Double {
    let elements = result.reduce(1.0) { $0 * Double($1) }
    switch self {
    case .passOn, .transpose, .index, .argmax, .accuracy: return 0
    case .loss, .crossEntropyOfClasses:
      // At most seven operations per entry, and the mean.
      return 8 * (operands[0].reduce(1.0) { $0 * Double($1) })
    case .layer(let layer):
      return elements * layer.steps + layer.parameters.reduce(0) { $0 + Double($1.start.numbers.count) }
    case .composed(let composition): return Double(otherEntries(operands: operands)) * (composition.steps > 1 ? 1 : 0)
    case .embedding(let count): return 2 * elements * Double(count)
    case .binary(.matrixMultiply):
      let inner = Double(operands[0].last ?? 1)
      return elements * (inner == 1 ? 1 : inner + 1)
    case .softmax(let axis):
      let groups = operands[0].indices.contains(axis) ? elements / Double(operands[0][axis]) : 1
      return 3 * elements + 2 * groups
    default: return elements
    }
  }
}

/// Numbers known before recording, with their shape.
struct Constant: Sendable {
  var shape: [Int]
  var numbers: [Double]

  init(_ number: Double) {
    shape = []
    numbers = [number]
  }

  /// - Precondition: the shape has as many elements as there are numbers.
  init(shape: [Int], numbers: [Double]) {
    self.shape = shape
    self.numbers = numbers
  }

  /// The number of a scalar.
  var scalar: Double? { shape.isEmpty ? numbers.first : nil }

  /// The scalar as an integer, if it is one.
  var integer: Int? { scalar.flatMap { Int(exactly: $0) } }
}

/// What the checker has inferred about a node.
struct Fact: Sendable {
  enum Category: UInt8, Sendable {
    case value
    /// A string, a list of strings or a selection of rows or columns, which only `csv` takes.
    case text
    /// An error in it has been reported.
    case poisoned
  }

  var category = Category.value
  var shape: [Int] = []
  /// The value, if it does not depend on inputs and parameters.
  var constant: Constant?
  /// Whether it consists only of literals, and so is one constant of the recording.
  var isLiteral = false
  /// Whether it is computed only from numbers, inputs and targets, so that ``NameScope/dataValue(of:)`` can
  /// evaluate it.
  var isData = false
  /// Whether it comes from a comparison, and so is 1 or 0.
  var isMask = false
  /// The declaration of this value, under this or another name.
  var symbol: Int?
  var computation: Computation?
  /// The words that class numbers stand for, if they come from a data file.
  var classes: [String]?

  static let poisoned = Fact(category: .poisoned)

  static func literal(_ constant: Constant) -> Fact {
    Fact(shape: constant.shape, constant: constant, isLiteral: true, isData: true)
  }
}

extension Shapes {
  /// `is a scalar`, `has 2 entries`, `is 4×3`.
  static func phrase(_ shape: [Int]) -> String {
    switch shape.count {
    case 0: "is a scalar"
    case 1: shape[0] == 1 ? "has 1 entry" : "has \(shape[0]) entries"
    default: "is " + shape.map(String.init).joined(separator: "×")
    }
  }
}

extension Computation {
  /// Whether it gives 1 and 0 for what holds and what does not.
  var isMask: Bool {
    switch self {
    case .not: true
    case .binary(let operation): operation.isComparison || operation == .and || operation == .or
    default: false
    }
  }

  /// The number of the syntax node's operands that it reads; labels such as `axis` follow them.
  var operandCount: Int {
    switch self {
    case .composed(let composition): composition.operandCount
    case .binary, .maximum, .minimum, .loss, .crossEntropyOfClasses, .accuracy, .embedding: 2
    default: 1
    }
  }
}
