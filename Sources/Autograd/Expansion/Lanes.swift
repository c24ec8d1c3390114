/// Which arrays of a tape carry the sample axis: their first.
extension Tape {
  /// The number of samples and the leaves whose first axis counts them; nil where the tape has no batch.
  ///
  /// The prediction's first axis says how many samples there are; without a prediction, a rank-2 input
  /// does. Inputs and targets whose first axis has that size take part.
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
