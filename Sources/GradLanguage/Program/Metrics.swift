import Autograd

/// Metrics without gradients, computed from numbers; their results are constants of the tape.
enum Metrics {
  /// The position of the largest number, the first one if several are equal, along an axis or over all.
  static func argmax(_ x: Tensor, axis: Int?) -> Tensor {
    let (shape, data) = (x.shape, x.data)
    guard shape.count == 2, let axis else {
      return Tensor(x.tape.constant(Double(position(of: data))))
    }
    let (rows, columns) = (shape[0], shape[1])
    let groups: [[Double]] =
      axis == 1
      ? (0..<rows).map { Array(data[($0 * columns)..<(($0 + 1) * columns)]) }
      : (0..<columns).map { column in (0..<rows).map { data[$0 * columns + column] } }
    return x.tape.constant(groups.map { Double(position(of: $0)) })
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
    if scores.shape.count == 2, scores.shape[1] > 1 {
      let found = argmax(scores, axis: 1).data
      let wanted = targets.shape.count == 2 ? argmax(targets, axis: 1).data : targets.data
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
