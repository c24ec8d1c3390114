/// Reductions along several axes, as PyTorch's with `dim=(0, 1)`: the axes are made one, which is reduced.
///
/// For all: `axes` are counted from 0, or from the end where negative; `keepsAxes` keeps them with size 1.
///
/// - Precondition, for all: axes that the tensor has, none of them twice.
extension Tensor {
  /// The sum along some axes.
  public func sum(axes: [Int], keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.sum(axis: -1) }
  }
  /// The mean along some axes.
  public func mean(axes: [Int], keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.mean(axis: -1) }
  }
  /// The maximum along some axes; ties share the gradient evenly, as in PyTorch.
  public func max(axes: [Int], keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.max(axis: -1) }
  }
  /// The minimum along some axes; ties share the gradient evenly, as in PyTorch.
  public func min(axes: [Int], keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.min(axis: -1) }
  }
  /// log Σ eˣ along some axes, without overflow.
  public func logSumExp(axes: [Int], keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.logSumExp(axis: -1) }
  }
  /// The variance along some axes; see ``variance(axis:correction:keepsAxis:)``.
  public func variance(axes: [Int], correction: Double = 1, keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.variance(axis: -1, correction: correction) }
  }
  /// The standard deviation along some axes; see ``standardDeviation(axis:correction:keepsAxis:)``.
  public func standardDeviation(axes: [Int], correction: Double = 1, keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.standardDeviation(axis: -1, correction: correction) }
  }
  /// The length along some axes; see ``norm(axis:order:keepsAxis:)``.
  public func norm(axes: [Int], order: Int = 2, keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.norm(axis: -1, order: order) }
  }
  /// The product along some axes.
  public func product(axes: [Int], keepsAxes: Bool = false) -> Tensor {
    reduced(along: axes, keepsAxes) { $0.product(axis: -1) }
  }

  private func reduced(along axes: [Int], _ keepsAxes: Bool, _ reduce: (Tensor) -> Tensor) -> Tensor {
    let places = axes.map { axis($0) }.sorted()
    precondition(Set(places).count == places.count, "an axis is reduced twice")
    let others = shape.indices.filter { !places.contains($0) }
    let order = others + places
    let moved = order == Array(shape.indices) ? self : transposed(axes: order)
    let count = places.reduce(1) { $0 * shape[$1] }
    let merged = places.count == 1 ? moved : moved.reshaped(to: others.map { shape[$0] } + [count])
    let result = reduce(merged)
    guard keepsAxes else { return result }
    return result.reshaped(to: shape.indices.map { places.contains($0) ? 1 : shape[$0] })
  }
}
