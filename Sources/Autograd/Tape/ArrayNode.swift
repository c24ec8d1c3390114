/// What an array, or a number made of one, has beyond its record: shape, operands, and the memory of its
/// values and its gradient, which is taken once and used in every later step.
final class ArrayNode {
  let shape: [Int]
  let operation: Tape.Operation
  let a: Int
  let b: Int
  let axis: Int?
  let position: [AxisIndex]?
  let exponent: Double?
  /// Row-major; a number made of an array has its value on the tape.
  let values: UnsafeMutableBufferPointer<Double>
  /// Allocated by the first backward pass; zeros until ``isReached``.
  private var gradientMemory: UnsafeMutableBufferPointer<Double>?
  /// Whether the present backward pass has come here.
  var isReached = false
  /// Whether a parameter is among the values this is computed from: training needs no other gradients.
  var leadsToParameter = true
  /// How the operands' elements meet, where they differ in shape; found when the node is recorded.
  let meeting: ElementMeeting?
  /// For an index: which element of the operand each element is.
  let sources: [Int]

  /// A leaf.
  init(shape: [Int]) {
    self.shape = shape
    operation = .sum
    (a, b, axis, position, exponent, meeting, sources) = (-1, -1, nil, nil, nil, nil, [])
    values = Self.memory(shape)
  }

  init(
    _ operation: Tape.Operation, _ a: Int, _ b: Int?, shape: [Int], operands: ([Int], [Int]), exponent: Double?,
    axis: Int?, position: [AxisIndex]?
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
    sources = position.map { Shapes.indexMap(operands.0, $0) } ?? []
    values = shape.isEmpty ? .init(start: nil, count: 0) : Self.memory(shape)
  }

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

  /// ∂loss/∂element, from the last backward pass; zeros where it did not come here.
  var gradient: [Double] {
    guard isReached, let gradientMemory else { return [Double](repeating: 0, count: values.count) }
    return Array(gradientMemory)
  }

  /// The gradient to read; nil where the backward pass did not come here.
  var knownGradient: UnsafeMutablePointer<Double>? { isReached ? gradientMemory?.baseAddress : nil }

  /// The gradient to add to, and whether it holds nothing yet, so that the first to come can overwrite it.
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
    // The address of an empty buffer may be nil; nothing is read from or written to the replacement.
    return (memory.baseAddress ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped, isEmpty)
  }
}

/// How the elements of two operands meet in the elements of a result (NumPy's broadcasting).
struct ElementMeeting {
  /// The result as a matrix.
  var rows: Int
  var columns: Int
  /// The distance between rows and between columns in each operand: 0 where one element serves them all.
  var left: (row: Int, column: Int)
  var right: (row: Int, column: Int)
  /// For more than two axes: which element each element of the result reads.
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
    guard result.count > 2 else { return }
    maps = (Shapes.broadcastMap(from: a, to: result), Shapes.broadcastMap(from: b, to: result))
  }
}
