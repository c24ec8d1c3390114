/// The part of an array node, or of a scalar made from one, beyond its record: shape, operands, and the
/// memory of its values and gradient, which is allocated once and reused in every step.
final class ArrayNode {
  let shape: [Int]
  let operation: Tape.Operation
  let a: Int
  let b: Int
  let axis: Int?
  let position: [AxisIndex]?
  let exponent: Double?
  /// Row-major; a scalar made from an array has its value on the tape.
  let values: UnsafeMutableBufferPointer<Double>
  /// Allocated by the first backward pass; not initialized until ``isReached``.
  private var gradientMemory: UnsafeMutableBufferPointer<Double>?
  /// Whether the current backward pass has reached this node.
  var isReached = false
  /// Whether it depends on a parameter: training needs no other gradients.
  var leadsToParameter = true
  /// How the elements of operands with different shapes are paired; computed when the node is recorded.
  let meeting: ElementMeeting?
  /// The sizes of a product of matrices.
  let product: MatrixSizes?
  /// The operands of a concatenation, of which there can be many.
  let parts: [Int]
  /// For an index and a transpose: the operand's element for each element of the result.
  let sources: [Int]

  /// A leaf.
  init(shape: [Int]) {
    self.shape = shape
    operation = .sum
    (a, b, axis, position, exponent, meeting, sources) = (-1, -1, nil, nil, nil, nil, [])
    (product, parts) = (nil, [])
    values = Self.memory(shape)
  }

  init(
    _ operation: Tape.Operation, _ a: Int, _ b: Int?, shape: [Int], operands: ([Int], [Int]), exponent: Double?,
    axis: Int?, position: [AxisIndex]?, parts: [Int] = []
  ) {
    // Every operation has its own of these, and a node is made in one place.
    self.shape = shape
    self.operation = operation
    self.a = a
    self.b = b ?? -1
    self.axis = axis
    self.position = position
    self.exponent = exponent
    meeting = b == nil || operation == .matrixMultiply ? nil : ElementMeeting(operands.0, operands.1, shape)
    product = operation == .matrixMultiply ? MatrixSizes(operands.0, operands.1) : nil
    self.parts = parts
    if operation == .transpose, position != nil {
      sources = Shapes.transposeMap(operands.0, Shapes.axes(position) ?? [])
    } else {
      sources = position.map { Shapes.indexMap(operands.0, $0) } ?? []
    }
    values = shape.isEmpty ? .init(start: nil, count: 0) : Self.memory(shape)
  }

  /// The axes of a transpose in their new order.
  var order: [Int] { Shapes.axes(position) ?? Array(shape.indices.reversed()) }

  deinit {
    values.deallocate()
    gradientMemory?.deallocate()
  }

  private static func memory(_ shape: [Int]) -> UnsafeMutableBufferPointer<Double> {
    let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: Shapes.count(shape) ?? 0)
    memory.initialize(repeating: 0)
    return memory
  }

  func setValues(_ new: [Double]) {
    precondition(new.count == values.count, "\(new.count) values for \(values.count) elements")
    _ = values.update(from: new)
  }

  /// ∂loss/∂element, from the last backward pass; zeros if it did not reach this node.
  var gradient: [Double] {
    guard isReached, let gradientMemory else { return [Double](repeating: 0, count: values.count) }
    return Array(gradientMemory)
  }

  /// The gradient to read; nil if the backward pass did not reach this node.
  var knownGradient: UnsafeMutablePointer<Double>? { isReached ? gradientMemory?.baseAddress : nil }

  /// The gradient to add to, and whether it is empty, so that the first contribution can overwrite it.
  func gradientToChange() -> (UnsafeMutablePointer<Double>, isEmpty: Bool) {
    let memory: UnsafeMutableBufferPointer<Double>
    if let gradientMemory {
      memory = gradientMemory
    } else {
      memory = Self.memory(shape)
      gradientMemory = memory
    }
    let isEmpty = !isReached
    isReached = true
    // The address of an empty buffer may be nil; the replacement is neither read nor written.
    return (memory.baseAddress ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped, isEmpty)
  }
}

/// How the elements of two operands are paired in the result (NumPy's broadcasting).
struct ElementMeeting {
  /// The result as a matrix.
  var rows: Int
  var columns: Int
  /// The strides between rows and columns in each operand: 0 along a broadcast axis.
  var left: (row: Int, column: Int)
  var right: (row: Int, column: Int)
  /// For more than two axes: the element that each element of the result reads.
  var maps: (left: [Int], right: [Int])?

  init(_ a: [Int], _ b: [Int], _ result: [Int]) {
    if a == result && b == result {
      (rows, columns, left, right) = (1, result.reduce(1, *), (0, 1), (0, 1))
      return
    }
    columns = result.last ?? 1
    rows = result.dropLast().reduce(1, *)
    func distances(_ shape: [Int]) -> (row: Int, column: Int) {
      let width = shape.last ?? 1
      return (shape.dropLast().reduce(1, *) == 1 ? 0 : width, width == 1 ? 0 : 1)
    }
    left = distances(a)
    right = distances(b)
    // Of more axes, only the leading ones together may be broadcast.
    guard result.count > 2, !Self.isMatrix(a, result) || !Self.isMatrix(b, result) else { return }
    maps = (Shapes.broadcastMap(from: a, to: result), Shapes.broadcastMap(from: b, to: result))
  }

  /// Whether an operand is a matrix of the result's rows, one row for all of them, or one number for each or all.
  private static func isMatrix(_ shape: [Int], _ result: [Int]) -> Bool {
    let leading = shape.dropLast()
    return leading.allSatisfy { $0 == 1 } || shape.count == result.count && leading == result.dropLast()
  }
}
