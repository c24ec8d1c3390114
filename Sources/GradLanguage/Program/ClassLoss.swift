import Autograd

/// Cross-entropy of scores, or of their logarithms, and class numbers.
struct ClassLoss: Sendable {
  var count: Int
  var smoothing = 0.0
  /// The number that stands for no class: its samples do not count.
  var ignored: Int?
  /// Whether the first operand are the logarithms of probabilities: `nll`.
  var takesLogarithms = false

  /// - Parameters:
  ///   - scores: one row for each sample.
  ///   - rows: the one-hot rows of the classes.
  func apply(_ scores: Tensor, _ rows: Tensor) -> Tensor {
    let ignores = ignored != nil
    if takesLogarithms { return negativeLogLikelihood(scores, rows, ignoresEmptyRows: ignores) }
    let targets = smoothing == 0 ? rows : smoothedLabels(rows, by: smoothing, keepsEmptyRows: ignores)
    return ignores ? crossEntropyOfPresent(scores, targets) : crossEntropyOfDistributions(scores, targets)
  }
}
