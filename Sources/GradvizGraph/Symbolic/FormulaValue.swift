import Autograd

extension Formula {
  /// The number that the formula evaluates to; nil for an array, or if a part of it has no value.
  public func evaluate(in graph: ComputationGraph) -> Double? {
    guard let value = value(in: graph), value.numbers.count == 1 else { return nil }
    return value.numbers[0]
  }

  /// The value of the formula and its shape; nil if its parts do not fit or one has no value.
  ///
  /// - Complexity: O(size · entries of the values in it)
  func value(in graph: ComputationGraph) -> ArrayValue? {
    switch self {
    case .number(let number), .constant(let number, _): return ArrayValue(number)
    case .value(let node): return ArrayValue(shape: graph.nodes[node].shape, numbers: graph.nodes[node].value)
    case .gradient(let node):
      return graph.nodes[node].gradient.map { ArrayValue(shape: graph.nodes[node].shape, numbers: $0) }
    case .sum(let terms): return folded(terms, .add, in: graph)
    case .product(let factors): return folded(factors, .multiply, in: graph)
    case .quotient(let a, let b): return elementwise(.divide, [a, b], in: graph)
    case .power(let a, let b): return elementwise(.power, [a, b], in: graph)
    case .negated(let part): return elementwise(.negate, [part], in: graph)
    case .call(let operation, let parts):
      guard operation.takesNumbersOnly else { return elementwise(operation, parts, in: graph) }
      let numbers = parts.compactMap { $0.evaluate(in: graph) }
      guard numbers.count == parts.count else { return nil }
      return ArrayValue(ElementRules.value(operation, of: numbers, count: numbers.count))
    case .along(let operation, let part, let axis):
      return part.value(in: graph)?.reduced(operation, axis: axis)
    case .comparison(let a, let relation, let b):
      return ArrayValue.meeting(a.value(in: graph), b.value(in: graph)) { x, y in
        relation.holds(x, y) ? 1 : 0
      }
    case .only(let part, let condition, let number):
      return ArrayValue.meeting(part.value(in: graph), condition.value(in: graph)) { $1 != number ? $0 : 0 }
    case .sign(let part):
      return part.value(in: graph)?.map { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 }
    case .matrixProduct(let a, let b):
      guard let a = a.value(in: graph), let b = b.value(in: graph) else { return nil }
      return a.times(b)
    case .outerProduct(let a, let b):
      guard let a = a.value(in: graph), let b = b.value(in: graph) else { return nil }
      return ArrayValue(
        shape: a.shape + b.shape, numbers: a.numbers.flatMap { x in b.numbers.map { x * $0 } })
    default: return arrayValue(in: graph)
    }
  }

  /// The value of what only arrays have.
  private func arrayValue(in graph: ComputationGraph) -> ArrayValue? {
    switch self {
    case .transposed(let part):
      guard let x = part.value(in: graph) else { return nil }
      guard x.shape.count == 2 else { return x.shape.count < 2 ? x : nil }
      let (rows, columns) = (x.shape[0], x.shape[1])
      return ArrayValue(
        shape: [columns, rows],
        numbers: (0..<columns).flatMap { j in (0..<rows).map { x.numbers[$0 * columns + j] } })
    case .entries(let part, let position):
      guard let x = part.value(in: graph), let shape = Shapes.index(x.shape, position) else { return nil }
      return ArrayValue(shape: shape, numbers: Shapes.indexMap(x.shape, position).map { x.numbers[$0] })
    case .widened(let part, let axis):
      guard var x = part.value(in: graph), axis <= x.shape.count else { return nil }
      x.shape.insert(1, at: axis)
      return x
    case .placed(let part, let position, let shape):
      guard let x = part.value(in: graph), Shapes.index(shape, position) == x.shape else { return nil }
      var result = ArrayValue(
        shape: shape, numbers: [Double](repeating: 0, count: Shapes.count(shape) ?? 0))
      for (place, number) in zip(Shapes.indexMap(shape, position), x.numbers) {
        result.numbers[place] += number
      }
      return result
    case .permuted(let part, let axes):
      guard let x = part.value(in: graph), let shape = Shapes.transpose(x.shape, axes) else { return nil }
      return ArrayValue(shape: shape, numbers: Shapes.transposeMap(x.shape, axes).map { x.numbers[$0] })
    case .reshaped(let part, let shape):
      guard let x = part.value(in: graph), Shapes.count(shape) == x.numbers.count else { return nil }
      return ArrayValue(shape: shape, numbers: x.numbers)
    case .joined(let parts, let axis):
      let values = parts.compactMap { $0.value(in: graph) }
      guard values.count == parts.count, let shape = Shapes.concat(values.map(\.shape), axis: axis),
        let at = Shapes.normalized(axis, rank: shape.count)
      else { return nil }
      let map = Shapes.concatMap(values.map(\.shape), axis: at)
      return ArrayValue(shape: shape, numbers: map.map { values[$0.part].numbers[$0.element] })
    case .filled(let number, let shape):
      return ArrayValue(
        shape: shape, numbers: [Double](repeating: Double(number), count: Shapes.count(shape) ?? 0))
    case .oneHot(let part, let count):
      guard let x = part.value(in: graph) else { return nil }
      return ArrayValue(
        shape: x.shape + [count],
        numbers: x.numbers.flatMap { own in (0..<count).map { Double($0) == own ? 1 : 0 } })
    default: return nil
    }
  }

  private func folded(_ parts: [Formula], _ operation: Tape.Operation, in graph: ComputationGraph) -> ArrayValue? {
    var result: ArrayValue?
    for part in parts {
      guard let next = part.value(in: graph) else { return nil }
      guard let before = result else {
        result = next
        continue
      }
      guard let both = ArrayValue.meeting(before, next, { ElementRules.value(operation, $0, $1) }) else {
        return nil
      }
      result = both
    }
    return result
  }

  private func elementwise(_ operation: Tape.Operation, _ parts: [Formula], in graph: ComputationGraph)
    -> ArrayValue?
  {
    guard let x = parts[0].value(in: graph) else { return nil }
    if parts.count == 1 { return x.map { ElementRules.value(operation, $0) } }
    return ArrayValue.meeting(x, parts[1].value(in: graph)) {
      operation == .power ? ElementRules.power($0, $1) : ElementRules.value(operation, $0, $1)
    }
  }
}

/// Numbers with a shape, row-major.
struct ArrayValue {
  var shape: [Int]
  var numbers: [Double]

  init(shape: [Int], numbers: [Double]) {
    self.shape = shape
    self.numbers = numbers
  }

  init(_ number: Double) {
    shape = []
    numbers = [number]
  }

  func map(_ function: (Double) -> Double) -> ArrayValue {
    ArrayValue(shape: shape, numbers: numbers.map(function))
  }

  static func meeting(_ a: ArrayValue?, _ b: ArrayValue?, _ function: (Double, Double) -> Double)
    -> ArrayValue?
  {
    guard let a, let b, let shape = Shapes.broadcast(a.shape, b.shape) else { return nil }
    if a.shape == b.shape {
      return ArrayValue(shape: shape, numbers: zip(a.numbers, b.numbers).map(function))
    }
    let left = Shapes.broadcastMap(from: a.shape, to: shape)
    let right = Shapes.broadcastMap(from: b.shape, to: shape)
    return ArrayValue(shape: shape, numbers: zip(left, right).map { function(a.numbers[$0], b.numbers[$1]) })
  }

  func reduced(_ operation: Tape.Operation, axis: Int?) -> ArrayValue? {
    let groups = Shapes.groups(shape, axis: axis)
    if operation == .softmax {
      var result = self
      for group in groups {
        let greatest = group.map { numbers[$0] }.max() ?? 0
        let powers = group.map { ElementRules.value(.exp, numbers[$0] - greatest) }
        let total = powers.reduce(0, +)
        for (place, power) in zip(group, powers) { result.numbers[place] = power / total }
      }
      return result
    }
    guard let shape = Shapes.reduce(shape, axis: axis) else { return nil }
    return ArrayValue(
      shape: shape,
      numbers: groups.map { group in
        ElementRules.value(operation, of: group.map { numbers[$0] }, count: group.count)
      })
  }

  func times(_ other: ArrayValue) -> ArrayValue? {
    guard let shape = Shapes.matrixMultiply(shape, other.shape) else { return nil }
    let size = MatrixSizes(self.shape, other.shape)
    let (rows, inner, columns) = (size.rows, size.inner, size.columns)
    var result = [Double](repeating: 0, count: size.batches.count * rows * columns)
    for (number, batch) in size.batches.enumerated() {
      for i in 0..<rows {
        for k in 0..<inner {
          let factor = numbers[batch.left + i * inner + k]
          for j in 0..<columns {
            result[(number * rows + i) * columns + j] += factor * other.numbers[batch.right + k * columns + j]
          }
        }
      }
    }
    return ArrayValue(shape: shape, numbers: result)
  }
}
