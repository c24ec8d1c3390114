import Autograd

/// Metrics without gradients, computed from numbers; their results are constants of the tape.
enum Metrics {
  /// The position of the largest number, the first one if several are equal, along an axis or over all.
  static func argmax(_ x: Tensor, axis: Int?) -> Tensor {
    let (shape, data) = (x.shape, x.data)
    guard let axis else { return Tensor(x.tape.constant(Double(position(of: data)))) }
    let size = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    let found = (0..<(outer * inner)).map { group in
      let first = group / inner * size * inner + group % inner
      return Double(position(of: (0..<size).map { data[first + $0 * inner] }))
    }
    var result = shape
    result.remove(at: axis)
    return x.tape.array(found, shape: result, role: .constant, name: nil)
  }

  private static func position(of numbers: [Double]) -> Int {
    var best = 0
    for index in numbers.indices where numbers[index] > numbers[best] { best = index }
    return best
  }

  /// The share of samples predicted correctly.
  ///
  /// A row of scores is correct if its maximum is at the target's class: the class number, or the 1 of a
  /// one-hot row. A single score per sample is correct if it is on the target's side of the threshold, which
  /// defaults to 0 for targets −1 and 1, and to ½ for 0 and 1.
  static func accuracy(_ scores: Tensor, _ targets: Tensor, threshold: Double?) -> Tensor {
    let right: [Bool]
    let rank = scores.shape.count
    if rank > 1, scores.shape[rank - 1] > 1 {
      let found = argmax(scores, axis: rank - 1).data
      let wanted = targets.shape.count == rank ? argmax(targets, axis: rank - 1).data : targets.data
      right = zip(found, wanted).map { $0 == $1 }
    } else {
      let wanted = targets.data
      let isSigned = wanted.contains { $0 < 0 }
      let middle = isSigned ? 0 : 0.5
      let limit = threshold ?? middle
      right = zip(scores.data, wanted).map { ($0 > limit) == ($1 > middle) }
    }
    return Tensor(scores.tape.constant(right.isEmpty ? 0 : Double(right.count { $0 }) / Double(right.count)))
  }
}
