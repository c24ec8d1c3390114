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
  private(set) var values: UnsafeMutableBufferPointer<Double>
  /// The operand whose memory the values are in, where an operation only gives them another shape.
  ///
  /// It is on the same tape, and may be released first.
  private var shared: Unmanaged<ArrayNode>?
  /// Allocated by the first backward pass; not initialized until ``isReached``.
  private var gradientMemory: UnsafeMutableBufferPointer<Double>?
  /// Whether the current backward pass has reached this node.
  var isReached = false
  /// Whether its gradient is that of the operand whose values it shares, too: in training, and where that has no other
  /// use.
  var sharesGradient = false
  /// How the elements of operands with different shapes are paired; computed when the node is recorded.
  let meeting: ElementMeeting?
  /// The sizes of a product of matrices.
  let product: MatrixSizes?
  /// The operands of a concatenation, of which there can be many.
  let parts: [Int]
  /// For an index and a transpose: where the elements of the result come from.
  let map: ElementMap?

  /// A leaf.
  init(shape: [Int]) {
    self.shape = shape
    operation = .sum
    (a, b, axis, position, exponent, meeting, map) = (-1, -1, nil, nil, nil, nil, nil)
    (product, parts) = (nil, [])
    values = Self.memory(shape)
  }

  init(
    _ operation: Tape.Operation, _ a: Int, _ b: Int?, shape: [Int], operands: ([Int], [Int]), exponent: Double?,
    axis: Int?, position: [AxisIndex]?, parts: [Int] = [], of operand: ArrayNode? = nil
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
    map = Self.map(operation, position, operands.0)
    if let operand, !shape.isEmpty, !operand.shape.isEmpty, operation == .reshape || map?.isIdentity ?? false {
      (values, shared) = (operand.values, .passUnretained(operand))
    } else {
      values = shape.isEmpty ? .init(start: nil, count: 0) : Self.memory(shape)
    }
  }

  private static func map(_ operation: Tape.Operation, _ position: [AxisIndex]?, _ shape: [Int]) -> ElementMap? {
    guard let position else { return nil }
    let isTranspose = operation == .transpose
    let sources =
      isTranspose ? Shapes.transposeMap(shape, Shapes.axes(position) ?? []) : Shapes.indexMap(shape, position)
    return ElementMap(sources, isPermutation: isTranspose, operandCount: Shapes.count(shape) ?? 0)
  }

  /// Whether the values are in the memory of the operand.
  var isShared: Bool { shared != nil }

  /// The axes of a transpose in their new order.
  var order: [Int] { Shapes.axes(position) ?? Array(shape.indices.reversed()) }

  deinit {
    if !isShared { values.deallocate() }
    gradientMemory?.deallocate()
  }

  private static func memory(_ shape: [Int]) -> UnsafeMutableBufferPointer<Double> {
    let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: Shapes.count(shape) ?? 0)
    memory.initialize(repeating: 0)
    return memory
  }

  func setValues(_ new: [Double]) {
    precondition(new.count == values.count, "\(new.count) values for \(values.count) elements")
    _ = values.update(fromContentsOf: new)
  }

  /// Gives it memory of its own, so that other values can be put in it.
  func unshare() {
    guard isShared else { return }
    let own = Self.memory(shape)
    _ = own.update(fromContentsOf: values)
    (values, shared, sharesGradient) = (own, nil, false)
  }

  /// ∂loss/∂element, from the last backward pass; zeros if it did not reach this node.
  var gradient: [Double] {
    guard let knownGradient else { return [Double](repeating: 0, count: values.count) }
    return Array(UnsafeBufferPointer(start: knownGradient, count: values.count))
  }

  /// The gradient to read; nil if the backward pass did not reach this node.
  var knownGradient: UnsafeMutablePointer<Double>? {
    guard isReached else { return nil }
    return sharesGradient ? shared?._withUnsafeGuaranteedRef { $0.knownGradient } : gradientMemory?.baseAddress
  }

  /// The gradient to add to, and whether it is empty, so that the first contribution can overwrite it.
  func gradientToChange() -> (UnsafeMutablePointer<Double>, isEmpty: Bool) {
    if sharesGradient, let shared {
      isReached = true
      return shared._withUnsafeGuaranteedRef { $0.gradientToChange() }
    }
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
    // One operand for each of the leading axes together, such as a mask for each head.
    let (shortA, shortB) = (Array(a.drop { $0 == 1 }), Array(b.drop { $0 == 1 }))
    if result.count > 2, min(shortA.count, shortB.count) > 1, a == result || b == result,
      Array(result.suffix(shortA.count)) == shortA, Array(result.suffix(shortB.count)) == shortB
    {
      let inner = min(shortA.count, shortB.count)
      (rows, columns) = (result.dropLast(inner).reduce(1, *), result.suffix(inner).reduce(1, *))
      (left, right) = ((shortA.count > inner ? columns : 0, 1), (shortB.count > inner ? columns : 0, 1))
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
