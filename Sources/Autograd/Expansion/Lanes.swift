/// Finds the arrays of a tape that have the sample axis as their first.
extension Tape {
  /// The number of samples and the leaves whose first axis counts them; nil if the tape has no batch.
  ///
  /// The number of samples is the size of the prediction's first axis, or, without a prediction, that of a
  /// rank-2 input. It includes inputs and targets whose first axis has that size.
  func sampleLeaves() -> (count: Int, leaves: Set<Int>)? {
    func first(_ role: Role, rank: ClosedRange<Int>) -> Int? {
      labels.filter { $0.value.role == role && rank.contains(shape(of: $0.key).count) }.keys.min()
        .map { shape(of: $0)[0] }
    }
    let hasPrediction = labels.contains { $0.value.role == .prediction }
    guard let count = hasPrediction ? first(.prediction, rank: 1...8) : first(.input, rank: 2...8),
      count >= 2
    else { return nil }
    let leaves = labels.filter { index, label in
      (label.role == .input || label.role == .target) && isLeaf(index)
        && shape(of: index).first == count
    }.keys
    return (count, Set(leaves))
  }
}
