/// Reductions composed of plain operations.
///
/// An axis that is not named means all entries; `keepsAxis` keeps a reduced axis with size 1. Defaults and gradients are
/// PyTorch's.
extension Tensor {
  /// The reduced array with the reduced axes at size 1 again, if they are to be kept.
  func kept(_ reduced: Tensor, axis: Int?, _ keepsAxis: Bool) -> Tensor {
    guard keepsAxis else { return reduced }
    guard let axis else { return reduced.reshaped(to: [Int](repeating: 1, count: shape.count)) }
    return reduced.widened(at: axis, of: shape.count)
  }

  /// The sum; see ``sum(axis:)``.
  public func sum(axis: Int? = nil, keepsAxis: Bool) -> Tensor { kept(sum(axis: axis), axis: axis, keepsAxis) }
  /// The mean; see ``mean(axis:)``.
  public func mean(axis: Int? = nil, keepsAxis: Bool) -> Tensor { kept(mean(axis: axis), axis: axis, keepsAxis) }
  /// The maximum; see ``max(axis:)``.
  public func max(axis: Int? = nil, keepsAxis: Bool) -> Tensor { kept(max(axis: axis), axis: axis, keepsAxis) }
  /// The minimum; see ``min(axis:)``.
  public func min(axis: Int? = nil, keepsAxis: Bool) -> Tensor { kept(min(axis: axis), axis: axis, keepsAxis) }
  /// log Σ eˣ; see ``logSumExp(axis:)``.
  public func logSumExp(axis: Int? = nil, keepsAxis: Bool) -> Tensor {
    kept(logSumExp(axis: axis), axis: axis, keepsAxis)
  }

  /// The variance: Σ (x − mean)² / (n − correction).
  ///
  /// - Parameters:
  ///   - axis: along which; nil for all numbers.
  ///   - correction: 1 for that of a sample, as in PyTorch; 0 for NumPy's.
  ///   - keepsAxis: whether the axis stays, with one entry.
  public func variance(axis: Int? = nil, correction: Double = 1, keepsAxis: Bool = false) -> Tensor {
    let distance = self - mean(axis: axis, keepsAxis: true)
    let place = axis.map { self.axis($0) }
    let count = place.map { shape[$0] } ?? data.count
    return (distance ** 2).sum(axis: axis, keepsAxis: keepsAxis) / (Double(count) - correction)
  }

  /// The standard deviation, the root of the variance; its gradient is 0 where it is 0, as in PyTorch.
  public func standardDeviation(axis: Int? = nil, correction: Double = 1, keepsAxis: Bool = false) -> Tensor {
    variance(axis: axis, correction: correction, keepsAxis: keepsAxis).rootOrZero
  }

  /// The length √Σ x², or Σ |x| for order 1; its gradient is 0 where it is 0, as in PyTorch.
  ///
  /// - Precondition: order 1 or 2.
  public func norm(axis: Int? = nil, order: Int = 2, keepsAxis: Bool = false) -> Tensor {
    precondition(order == 1 || order == 2, "a norm has order 1 or 2")
    if order == 1 { return abs(self).sum(axis: axis, keepsAxis: keepsAxis) }
    return (self ** 2).sum(axis: axis, keepsAxis: keepsAxis).rootOrZero
  }

  /// The root with gradient 0 at 0: the root of 1, taken away again, in place of that of 0.
  private var rootOrZero: Tensor {
    let isZero = self .== number(0)
    return sqrt(self + isZero).masked(by: self .!= number(0))
  }

  /// The product; its gradient is exact even where numbers are 0.
  ///
  /// Halves are multiplied, again and again: log₂ n operations.
  public func product(axis: Int? = nil, keepsAxis: Bool = false) -> Tensor {
    guard let axis else {
      return kept(reshaped(-1).product(axis: 0), axis: nil, keepsAxis)
    }
    let place = self.axis(axis)
    var (whole, rest) = (self, [Tensor]())
    while whole.shape[place] > 1 {
      let half = whole.shape[place] / 2
      if whole.shape[place] % 2 == 1 { rest.append(whole.taking(.position(2 * half), axis: place)) }
      whole =
        whole.taking(.range(from: 0, to: half), axis: place)
        * whole.taking(.range(from: half, to: 2 * half), axis: place)
    }
    let result = rest.reversed().reduce(whole.taking(.position(0), axis: place)) { $0 * $1 }
    return kept(result, axis: axis, keepsAxis)
  }

  /// The sums of the entries up to each one along an axis.
  ///
  /// - Complexity: O(entries), with two operations for each position of the axis.
  public func cumulativeSum(axis: Int) -> Tensor {
    let place = self.axis(axis)
    var sums = [taking(.range(from: 0, to: 1), axis: place)]
    for at in 1..<Swift.max(shape[place], 1) {
      sums.append(sums[at - 1] + taking(.range(from: at, to: at + 1), axis: place))
    }
    return concat(sums, axis: place)
  }
}
