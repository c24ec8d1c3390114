import Autograd

extension ComputationGraph {
  /// The shape of a formula's value, by NumPy's rules; empty if its parts do not fit.
  func shape(of expression: Formula) -> [Int] {
    func broadcast(_ parts: [Formula]) -> [Int] {
      parts.reduce([]) { Shapes.broadcast($0, shape(of: $1)) ?? $0 }
    }
    switch expression {
    case .number, .constant: return []
    case .value(let node), .gradient(let node): return nodes[node].shape
    case .sum(let parts), .product(let parts): return broadcast(parts)
    case .call(let operation, let parts):
      return operation.takesNumbersOnly && parts.count > 1 ? [] : broadcast(parts)
    case .quotient(let a, let b), .power(let a, let b), .comparison(let a, _, let b), .only(let a, let b, _):
      return broadcast([a, b])
    case .negated(let a), .sign(let a): return shape(of: a)
    case .along(.softmax, let a, _): return shape(of: a)
    case .along(_, let a, let axis): return Shapes.reduce(shape(of: a), axis: axis) ?? []
    case .matrixProduct(let a, let b): return Shapes.matrixMultiply(shape(of: a), shape(of: b)) ?? []
    case .outerProduct(let a, let b): return shape(of: a) + shape(of: b)
    case .permuted(let a, let axes): return Shapes.transpose(shape(of: a), axes) ?? []
    case .reshaped(_, let shape): return shape
    case .joined(let parts, let axis): return Shapes.concat(parts.map { shape(of: $0) }, axis: axis) ?? []
    case .transposed(let a): return shape(of: a).reversed()
    case .entries(let a, let position): return Shapes.index(shape(of: a), position) ?? []
    case .widened(let a, let axis):
      var shape = shape(of: a)
      shape.insert(1, at: min(axis, shape.count))
      return shape
    case .placed(_, _, let shape), .filled(_, let shape): return shape
    case .oneHot(let a, let count): return shape(of: a) + [count]
    }
  }
}

extension Tape.Operation {
  /// Whether it reduces many scalars to one; in a scalar graph, of any number of operands.
  var takesNumbersOnly: Bool {
    switch self {
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp: true
    default: false
    }
  }
}
