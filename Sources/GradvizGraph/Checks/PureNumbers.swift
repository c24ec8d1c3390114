import Autograd

/// The values and gradients of a graph computed from its leaves alone.
struct PureNumbers {
  private let tape = Tape()
  private var places: [Int] = []

  init(_ graph: ComputationGraph) {
    places.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let place =
        tape.append(node, node.operands.map { places[$0] })
        ?? tape.array(node.value, shape: node.shape, role: node.role, name: nil).index
      places.append(place)
    }
    if let loss = graph.loss { tape.backward(from: Value(tape: tape, index: places[loss])) }
  }

  func values(of node: Int) -> [Double] { tape.values(of: places[node]) }
  func gradient(of node: Int) -> [Double] { tape.gradient(of: places[node]) }
}

extension ComputationGraph {
  /// By value, the gradients after the update: a forward and a backward pass with the updated parameters; nil where no
  /// parameter is updated, and for a graph whose values cannot be computed again.
  package var gradientsAfterUpdate: [[Double]]? {
    guard loss != nil, nodes.contains(where: { $0.updated != nil }), SecondPass(self) != nil else { return nil }
    var next = self
    for index in nodes.indices { next.nodes[index].value = nodes[index].updated ?? nodes[index].value }
    let pass = PureNumbers(next)
    return nodes.indices.map { pass.gradient(of: $0) }
  }
}

extension Tape {
  /// Records a node of a graph; returns nil for a leaf, or if the tape lacks the operation.
  func append(_ node: ComputationGraph.Node, _ operands: [Int]) -> Int? {
    guard node.factsBox != nil else { return appendOperation(node, operands) }
    guard node.hasNumbers, !operands.isEmpty, let facts = node.facts else { return nil }
    let place: Int?
    if facts.operation == nil {
      place = appendOperation(node, operands)
    } else {
      // One whose operands were cut off is another operation.
      let isWhole = facts.arguments.isEmpty || facts.arguments.count == operands.count
      let module = RecordedModule(tape: self, facts: facts, shape: node.shape, operands: operands)
      place = isWhole && !facts.isCut ? module.record() : nil
    }
    guard let place, facts.requiresGradient == false, !(node.operation?.passesNothing ?? false) else { return place }
    return unary(.stopGradient, place)
  }

  private func appendOperation(_ node: ComputationGraph.Node, _ operands: [Int]) -> Int? {
    guard let operation = node.operation, let a = operands.first, !node.hidesOperands else { return nil }
    let shape = self.shape(of: a)
    switch operation {
    case let pair where pair.isElementPair && pair != .power:
      guard operands.count == 2, Shapes.broadcast(shape, self.shape(of: operands[1])) == node.shape else {
        return nil
      }
      return binary(operation, a, operands[1])
    case .power:
      if let exponent = node.exponent, operands.count == 1 {
        return shape == node.shape ? power(a, exponent: exponent) : nil
      } else {
        guard operands.count == 2, Shapes.broadcast(shape, self.shape(of: operands[1])) == node.shape else {
          return nil
        }
        return binary(operation, a, operands[1])
      }
    case let function where function.isElementFunction:
      return operands.count == 1 && shape == node.shape ? unary(operation, a) : nil
    case .sum, .mean, .maximumReduction, .minimumReduction, .logSumExp:
      if operands.allSatisfy(isScalar) {
        return node.shape.isEmpty ? list(operation, operands) : nil
      } else {
        guard operands.count == 1, Shapes.reduce(shape, axis: node.axis) == node.shape else { return nil }
        return reduce(operation, a, axis: node.axis)
      }
    case .softmax:
      let axis = node.axis ?? shape.count - 1
      return Shapes.normalized(axis, rank: shape.count) != nil && shape == node.shape
        ? softmax(a, axis: axis) : nil
    case .matrixMultiply:
      guard operands.count == 2, Shapes.matrixMultiply(shape, self.shape(of: operands[1])) == node.shape
      else {
        return nil
      }
      return matrixMultiply(a, operands[1])
    case .transpose:
      guard node.transposedShape(shape) == node.shape else { return nil }
      if shape.count < 2 { return a }
      let axes = Shapes.axes(node.position)
      // A matrix whose axes keep their places.
      if let axes, axes == Array(axes.indices) { return reshape(a, node.shape) }
      return transpose(a, axes: axes)
    case .reshape:
      return operands.count == 1 && Shapes.count(shape) == Shapes.count(node.shape) ? reshape(a, node.shape) : nil
    case .concat:
      let shapes = operands.map { self.shape(of: $0) }
      guard let axis = node.axis, Shapes.concat(shapes, axis: axis) == node.shape else { return nil }
      return concat(operands, axis: axis)
    case .index:
      let position = node.position ?? []
      return Shapes.index(shape, position) == node.shape ? index(a, position) : nil
    default: return nil
    }
  }
}

extension ComputationGraph.Node {
  /// The shape that a transpose gives an operand; nil if its axes are not those of the operand.
  func transposedShape(_ shape: [Int]) -> [Int]? {
    guard let position else { return shape.count <= 2 ? shape.reversed() : nil }
    return Shapes.axes(position).flatMap { Shapes.transpose(shape, $0) }
  }
}
