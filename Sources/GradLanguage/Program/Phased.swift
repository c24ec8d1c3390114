import Autograd

/// What training and evaluation compute differently.
enum Phased: Sendable {
  /// Entries are dropped in training only.
  case dropout(probability: Double, seed: Int)
  /// The statistics are those of the batch in training, and the running ones in evaluation.
  case batchNorm(epsilon: Double, momentum: Double)
}

/// The dropouts and batch normalizations of a recording, in program order.
struct PhasedParts {
  var isEvaluating = false
  private(set) var dropouts: [Dropout] = []
  private(set) var norms: [BatchNorm] = []

  mutating func record(_ phased: Phased, _ operands: [Tensor]) -> Tensor {
    let x = operands[0]
    switch phased {
    case .dropout(let probability, let seed):
      if isEvaluating { return x * 1 }
      let dropout = Dropout(probability: probability, seed: seed)
      dropouts.append(dropout)
      return dropout(x)
    case .batchNorm(let epsilon, let momentum):
      let norm = BatchNorm(channels: x.shape[1], momentum: momentum, epsilon: epsilon)
      norms.append(norm)
      return norm(
        x, scale: operands.count > 1 ? operands[1] : nil, shift: operands.count > 2 ? operands[2] : nil,
        isTraining: !isEvaluating)
    }
  }

  /// Takes over the running statistics of another recording of the same program.
  func take(statisticsOf other: PhasedParts) {
    for (own, its) in zip(norms, other.norms) { own.take(statisticsOf: its) }
  }
}
