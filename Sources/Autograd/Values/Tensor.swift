/// A recorded array: a handle to one node of a ``Tape`` with a shape.
///
/// Operations follow NumPy: elementwise ones broadcast, `matmul` is Python's `@`. An array of rank 0 is
/// the same node as a ``Value``.
public struct Tensor {
  public let tape: Tape
  package let index: Int

  package init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// Whether both are one value of one tape.
  package func isSame(_ other: Tensor) -> Bool { tape === other.tape && index == other.index }

  /// The scalar as an array of rank 0; nothing is recorded.
  public init(_ value: Value) { self.init(tape: value.tape, index: value.index) }

  /// The sizes of the axes; empty for a scalar.
  public var shape: [Int] { tape.shape(of: index) }

  /// Row-major; only a leaf's can be set, and ``Tape/replay()`` carries the change on.
  public var data: [Double] {
    get { tape.values(of: index) }
    nonmutating set { tape.setValues(newValue, of: index) }
  }

  /// ∂loss/∂element, in the order of ``data``, from the last backward pass; zeros before one.
  public var gradient: [Double] { tape.gradient(of: index) }

  /// The one number of an array of rank 0.
  ///
  /// - Precondition: the shape is empty.
  public var value: Value {
    precondition(shape.isEmpty, "\(tape.description(of: index)) is not one number")
    return Value(tape: tape, index: index)
  }

  @discardableResult
  public func named(_ name: String, role: Role? = nil) -> Tensor {
    tape.setName(name, role: role, of: self)
    return self
  }

  // MARK: Shapes

  /// Rows and columns exchanged; a vector stays as it is.
  ///
  /// - Precondition: rank 2 or less.
  public var transposed: Tensor {
    precondition(shape.count <= 2, "only matrices are transposed, not \(tape.description(of: index))")
    return shape.count < 2 ? self : Tensor(tape: tape, index: tape.transpose(index))
  }

  /// A row, or an element of a vector; negative positions count from the end.
  public subscript(position: Int) -> Tensor { indexed([position]) }
  public subscript(row: Int, column: Int) -> Tensor { indexed([row, column]) }

  /// One entry per leading axis: a position, which removes the axis, or nil, which keeps it whole.
  public func indexed(_ position: [Int?]) -> Tensor {
    Tensor(tape: tape, index: tape.index(index, position))
  }

  // MARK: Reductions

  public func sum(axis: Int? = nil) -> Tensor { reduced(.sum, axis) }
  public func mean(axis: Int? = nil) -> Tensor { reduced(.mean, axis) }
  /// The greatest; ties share the gradient evenly, as in PyTorch.
  public func max(axis: Int? = nil) -> Tensor { reduced(.maximumReduction, axis) }
  public func min(axis: Int? = nil) -> Tensor { reduced(.minimumReduction, axis) }
  /// log Σ eˣ, without overflow.
  public func logSumExp(axis: Int? = nil) -> Tensor { reduced(.logSumExp, axis) }

  private func reduced(_ operation: Operation, _ axis: Int?) -> Tensor {
    Tensor(tape: tape, index: tape.reduce(operation, index, axis: axis))
  }

  /// eˣ / Σ eˣ along an axis, without overflow.
  public func softmax(axis: Int = -1) -> Tensor {
    Tensor(tape: tape, index: tape.softmax(index, axis: axis))
  }
}

extension Tensor {
  static func binary(_ operation: Operation, _ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.tape === b.tape,
      "\(a.tape.description(of: a.index)) and \(b.tape.description(of: b.index)) belong to different tapes")
    return Tensor(tape: a.tape, index: a.tape.binary(operation, a.index, b.index))
  }

  func unary(_ operation: Operation) -> Tensor { Tensor(tape: tape, index: tape.unary(operation, index)) }

  private var constantTape: (Double) -> Tensor { { Tensor(self.tape.constant($0)) } }

  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(.add, a, b) }
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(.subtract, a, b) }
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(.multiply, a, b) }
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(.divide, a, b) }
  public static func ** (a: Tensor, b: Tensor) -> Tensor { binary(.power, a, b) }

  public static func + (a: Tensor, b: Value) -> Tensor { a + Tensor(b) }
  public static func - (a: Tensor, b: Value) -> Tensor { a - Tensor(b) }
  public static func * (a: Tensor, b: Value) -> Tensor { a * Tensor(b) }
  public static func / (a: Tensor, b: Value) -> Tensor { a / Tensor(b) }
  public static func + (a: Value, b: Tensor) -> Tensor { Tensor(a) + b }
  public static func - (a: Value, b: Tensor) -> Tensor { Tensor(a) - b }
  public static func * (a: Value, b: Tensor) -> Tensor { Tensor(a) * b }
  public static func / (a: Value, b: Tensor) -> Tensor { Tensor(a) / b }

  public static func + (a: Tensor, b: Double) -> Tensor { a + a.constantTape(b) }
  public static func - (a: Tensor, b: Double) -> Tensor { a - a.constantTape(b) }
  public static func * (a: Tensor, b: Double) -> Tensor { a * a.constantTape(b) }
  public static func / (a: Tensor, b: Double) -> Tensor { a / a.constantTape(b) }
  /// A constant exponent is part of the operation, not an operand.
  public static func ** (a: Tensor, exponent: Double) -> Tensor {
    Tensor(tape: a.tape, index: a.tape.power(a.index, exponent: exponent))
  }
  public static func + (a: Double, b: Tensor) -> Tensor { b.constantTape(a) + b }
  public static func - (a: Double, b: Tensor) -> Tensor { b.constantTape(a) - b }
  public static func * (a: Double, b: Tensor) -> Tensor { b.constantTape(a) * b }
  public static func / (a: Double, b: Tensor) -> Tensor { b.constantTape(a) / b }
  public static func ** (a: Double, b: Tensor) -> Tensor { b.constantTape(a) ** b }

  public static prefix func - (a: Tensor) -> Tensor { a.unary(.negate) }
}

/// Python's `@`: matrix·matrix, matrix·vector, vector·matrix, vector·vector.
///
/// - Precondition: the inner sizes are equal.
/// - Complexity: O(rows · inner · columns)
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(
    a.tape === b.tape,
    "\(a.tape.description(of: a.index)) and \(b.tape.description(of: b.index)) belong to different tapes")
  return Tensor(tape: a.tape, index: a.tape.matrixMultiply(a.index, b.index))
}

public func exp(_ x: Tensor) -> Tensor { x.unary(.exp) }
public func log(_ x: Tensor) -> Tensor { x.unary(.log) }
public func tanh(_ x: Tensor) -> Tensor { x.unary(.tanh) }
public func sigmoid(_ x: Tensor) -> Tensor { x.unary(.sigmoid) }
public func relu(_ x: Tensor) -> Tensor { x.unary(.relu) }
public func sin(_ x: Tensor) -> Tensor { x.unary(.sin) }
public func cos(_ x: Tensor) -> Tensor { x.unary(.cos) }
public func sqrt(_ x: Tensor) -> Tensor { x.unary(.sqrt) }
public func abs(_ x: Tensor) -> Tensor { x.unary(.abs) }
public func max(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor.binary(.maximum, a, b) }
public func min(_ a: Tensor, _ b: Tensor) -> Tensor { Tensor.binary(.minimum, a, b) }
