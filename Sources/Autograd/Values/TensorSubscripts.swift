/// Rows, columns, elements and blocks, as in NumPy:
///
/// ```swift
/// x[0]            // the first row, or the first element of a vector
/// x[-1]           // the last one
/// x[0, 1]         // an element
/// x[..., 0]       // the first column
/// x[0..<2]        // the first two rows
/// x[1..., ..<2]   // from the second row on, the first two columns
/// ```
///
/// A position takes its axis away, a range keeps it.
///
/// - Precondition, for all: no more places than the tensor has axes, each within its axis, and no empty range. A
///   position that is not known statically is passed to ``indexed(_:)``, which throws.
extension Tensor {
  /// A selection on the first axis: `x[0]`, `x[1...]`.
  public subscript(axis: some AxisSelection) -> Tensor { taking(axis) }

  /// A selection on the first two axes: `x[0, 1]`, `x[0..<2, 1]`.
  public subscript(first: some AxisSelection, second: some AxisSelection) -> Tensor { taking(first, second) }

  /// All of the first axis, and a selection on the second: `x[..., 0]`.
  public subscript(first: UnboundedRange, second: some AxisSelection) -> Tensor {
    taking(AxisIndex.all, second)
  }

  /// A selection on the first axis, and all of the second: `x[0, ...]`.
  public subscript(first: some AxisSelection, second: UnboundedRange) -> Tensor {
    taking(first, AxisIndex.all)
  }

  /// A selection on the first three axes; `AxisIndex.all` takes one whole.
  public subscript(
    first: some AxisSelection, second: some AxisSelection, third: some AxisSelection
  ) -> Tensor { taking(first, second, third) }

  /// What is taken of each leading axis; those that are not mentioned stay whole.
  ///
  /// ```swift
  /// let column = try x.indexed([.all, .position(number)])
  /// ```
  ///
  /// - Throws: ``InputError`` where the tensor has no such place.
  public func indexed(_ axes: [AxisIndex]) throws(InputError) -> Tensor {
    guard Shapes.index(shape, axes) != nil else { throw InputError(tape.indexFault(index, axes)) }
    return Tensor(tape: tape, index: tape.index(index, axes))
  }

  /// The selected entries, given that they exist.
  package func entries(_ axes: [AxisIndex]) -> Tensor { Tensor(tape: tape, index: tape.index(index, axes)) }

  private func taking(_ axes: any AxisSelection...) -> Tensor {
    let shape = shape
    return entries(axes.enumerated().map { $1.axisIndex(ofSize: $0 < shape.count ? shape[$0] : 0) })
  }
}
