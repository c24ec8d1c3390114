import Autograd

/// A function of the language that is composed of several operations, or moves numbers: its shape and cost are known
/// before it is recorded.
struct Composition: Sendable {
  /// The name in messages and scopes.
  var name: String
  /// The shape of the result.
  var shape: [Int]
  /// The syntax nodes that it reads; those of the call unless said.
  var operands: [Int] = []
  var operandCount: Int
  /// The operations on each entry.
  var steps: Int
  /// Whether its operations are a scope, which figures can fold.
  var isScope = false
  /// What it is if training and evaluation differ.
  var phased: Phased?
  /// - Precondition: the operands have the shapes with which the composition was checked.
  let apply: @Sendable ([Tensor]) -> Tensor

  init(
    name: String, shape: [Int], operands: [Int] = [], operandCount: Int = 1, steps: Int, isScope: Bool = false,
    apply: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    // Plain data: a parameter for each member.
    self.name = name
    self.shape = shape
    self.operands = operands
    self.operandCount = operandCount
    self.steps = steps
    self.isScope = isScope
    self.apply = apply
  }
}

extension Computation {
  /// The syntax nodes whose values it reads, of a node with these operands.
  func sources(_ operands: ArraySlice<Int32>) -> [Int] {
    if case .composed(let composition) = self, !composition.operands.isEmpty { return composition.operands }
    return operands.prefix(operandCount).map(Int.init)
  }

  static func binary(_ operation: BinaryOperator, _ a: Tensor, _ b: Tensor) -> Tensor {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .matrixMultiply: matmul(a, b)
    case .power: a ** b
    case .less: a .< b
    case .lessOrEqual: a .<= b
    case .greater: a .> b
    case .greaterOrEqual: a .>= b
    case .equal: a .== b
    case .notEqual: a .!= b
    case .and: Autograd.and(a, b)
    case .or: Autograd.or(a, b)
    }
  }
}

extension Computation.ElementFunction {
  func apply(_ a: Tensor) -> Tensor {
    switch self {
    case .exp: Autograd.exp(a)
    case .log: Autograd.log(a)
    case .tanh: Autograd.tanh(a)
    case .sigmoid: Autograd.sigmoid(a)
    case .relu: Autograd.relu(a)
    case .sin: Autograd.sin(a)
    case .cos: Autograd.cos(a)
    case .sqrt: Autograd.sqrt(a)
    case .abs: Autograd.abs(a)
    case .tan: Autograd.tan(a)
    case .asin: Autograd.asin(a)
    case .acos: Autograd.acos(a)
    case .atan: Autograd.atan(a)
    case .sinh: Autograd.sinh(a)
    case .cosh: Autograd.cosh(a)
    case .log1p: Autograd.log1p(a)
    case .expm1: Autograd.expm1(a)
    case .log2: Autograd.log2(a)
    case .log10: Autograd.log10(a)
    case .erf: Autograd.erf(a)
    case .sign: Autograd.sign(a)
    case .floor: Autograd.floor(a)
    case .ceil: Autograd.ceil(a)
    case .round: Autograd.round(a)
    }
  }
}
