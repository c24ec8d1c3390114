/// A recorded array: a handle to one node of a ``Tape`` with a shape.
///
/// Operations follow NumPy: elementwise ones broadcast, `matmul` is Python's `@`. An array of rank 0 is the
/// same node as a ``Value``.
///
/// Two tensors are equal if they are the same node of the same tape, regardless of their numbers; compare
/// those by ``data``.
public struct Tensor: Hashable {
  /// The tape on which the array is recorded.
  public let tape: Tape
  package let index: Int

  package init(tape: Tape, index: Int) {
    self.tape = tape
    self.index = index
  }

  /// The scalar as an array of rank 0; nothing is recorded.
  public init(_ value: Value) { self.init(tape: value.tape, index: value.index) }

  /// The sizes of the axes; empty for a scalar.
  public var shape: [Int] { tape.shape(of: index) }

  /// The numbers in row-major order; after setting them, ``Tape/replay()`` recomputes dependent values.
  ///
  /// - Precondition: set only for a leaf, with as many numbers as it has. For a count that is not known
  ///   statically, such as that of a file, use ``setData(_:)``, which throws.
  public var data: [Double] {
    get { tape.values(of: index) }
    nonmutating set { tape.setValues(newValue, of: index) }
  }

  /// ∂loss/∂element, in the order of ``data``, from the last backward pass; zeros before one.
  public var gradient: [Double] { tape.gradient(of: index) }

  /// The number of an array of rank 0.
  ///
  /// - Precondition: the shape is empty.
  public var value: Value {
    precondition(shape.isEmpty, "\(tape.description(of: index)) is not a scalar")
    return Value(tape: tape, index: index)
  }

  /// Sets the numbers in row-major order; ``Tape/replay()`` then recomputes dependent values.
  ///
  /// - Precondition: the tensor is a leaf.
  /// - Throws: ``InputError`` if the count differs from the tensor's.
  public func setData(_ numbers: [Double]) throws(InputError) {
    let count = Shapes.count(shape) ?? 0
    guard numbers.count == count else {
      throw InputError("\(tape.description(of: index)) takes \(count) numbers, not \(numbers.count)")
    }
    tape.setValues(numbers, of: index)
  }

  /// The name in figures and messages; nil for none.
  public var name: String? { tape.name(of: index) }

  /// The role of the tensor in the network.
  public var role: Role { tape.role(of: index) }

  /// Gives the tensor a name on its tape, and a role where one is said; figures and messages show both.
  ///
  /// ```swift
  /// let loss = tanh(a * b).label("L", role: .loss)
  /// ```
  ///
  /// - Returns: the same tensor, now with its name.
  @discardableResult
  public func label(_ name: String, role: Role? = nil) -> Tensor {
    tape.label(index, name, role)
    return self
  }

  // MARK: Shapes

  /// The transpose; a vector is its own transpose.
  ///
  /// Of more than two axes, the order of all is reversed, as in NumPy.
  public var transposed: Tensor {
    shape.count < 2 ? self : Tensor(tape: tape, index: tape.transpose(index))
  }

  // MARK: Reductions

  /// The sum of all entries, or along one axis, which is removed.
  public func sum(axis: Int? = nil) -> Tensor { reduced(.sum, axis) }
  /// The mean of all entries, or along one axis, which is removed.
  public func mean(axis: Int? = nil) -> Tensor { reduced(.mean, axis) }
  /// The maximum; ties share the gradient evenly, as in PyTorch.
  public func max(axis: Int? = nil) -> Tensor { reduced(.maximumReduction, axis) }
  /// The minimum; ties share the gradient evenly, as in PyTorch.
  public func min(axis: Int? = nil) -> Tensor { reduced(.minimumReduction, axis) }
  /// log Σ eˣ, without overflow.
  public func logSumExp(axis: Int? = nil) -> Tensor { reduced(.logSumExp, axis) }

  private func reduced(_ operation: Tape.Operation, _ axis: Int?) -> Tensor {
    Tensor(tape: tape, index: tape.reduce(operation, index, axis: axis))
  }

  /// eˣ / Σ eˣ along an axis, without overflow.
  public func softmax(axis: Int = -1) -> Tensor {
    Tensor(tape: tape, index: tape.softmax(index, axis: axis))
  }
}
