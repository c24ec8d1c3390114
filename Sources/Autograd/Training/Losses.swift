import GradvizSystem

/// Common losses, each the mean over all entries as in PyTorch, composed of recorded operations.
///
/// - Precondition, for all: predictions and targets have the same shape, or one broadcasts to the other.

/// Mean squared error, `nn.MSELoss`: mean((ŷ − y)²).
public func mse(_ predictions: Tensor, _ targets: Tensor) -> Tensor { ((predictions - targets) ** 2).mean() }

/// Mean absolute error, `nn.L1Loss`: mean(|ŷ − y|).
public func mae(_ predictions: Tensor, _ targets: Tensor) -> Tensor { abs(predictions - targets).mean() }

/// Squared near 0, linear beyond `delta`, `nn.HuberLoss` (Huber, "Robust estimation of a location parameter",
/// 1964): with a = |ŷ − y| and q = min(a, δ), the mean of q²/2 + δ·(a − q).
public func huber(_ predictions: Tensor, _ targets: Tensor, delta: Double = 1) -> Tensor {
  let distance = abs(predictions - targets)
  let near = min(distance, Tensor(predictions.tape.constant(delta)))
  let beyond = distance - near
  // A factor of 1 would be a box in figures.
  return (near ** 2 * 0.5 + (delta == 1 ? beyond : delta * beyond)).mean()
}

/// Max-margin loss for targets −1 and 1: mean(max(0, 1 − y·ŷ)), with the margin of `nn.HingeEmbeddingLoss`
/// and micrograd's demo.
public func hinge(_ predictions: Tensor, _ targets: Tensor) -> Tensor {
  relu(1 - targets * predictions).mean()
}

/// Binary cross-entropy of probabilities, `nn.BCELoss`: −mean(y·log p + (1 − y)·log(1 − p)), with logarithms clamped
/// at −100 so that the loss of a probability of 0 or 1 is large but finite.
///
/// Targets are from 0 to 1.
public func bce(_ probabilities: Tensor, _ targets: Tensor) -> Tensor {
  let right = targets * clampedLog(probabilities)
  return -(right + (1 - targets) * clampedLog(1 - probabilities)).mean()
}

/// Binary cross-entropy of scores before the sigmoid, `nn.BCEWithLogitsLoss`, without overflow.
///
/// It is mean(max(z, 0) − z·y + log(1 + e^−|z|)). `max`, not `relu`: its derivative ½ at 0 is that of the sigmoid.
public func bceWithLogits(_ scores: Tensor, _ targets: Tensor) -> Tensor {
  (max(scores, Tensor(scores.tape.constant(0))) - scores * targets + log(1 + exp(-abs(scores)))).mean()
}

/// Softmax and cross-entropy in one, `nn.CrossEntropyLoss` with class probabilities, without overflow: the
/// mean over all samples of −Σ y·log softmax(z) = Σ y · log Σ eᶻ − Σ y·z.
///
/// - Parameters:
///   - scores: samples × classes, or the classes of one sample.
///   - targets: of the same shape, the weight of each class in each sample: a distribution, several classes,
///     or none; see ``oneHot(_:count:)``.
public func crossEntropy(_ scores: Tensor, _ targets: Tensor) -> Tensor {
  precondition(scores.shape == targets.shape, "cross-entropy needs a row of targets for every row of scores")
  let last = scores.shape.count - 1
  let total = targets.sum(axis: last) * scores.logSumExp(axis: last)
  return (total - (targets * scores).sum(axis: last)).mean()
}

/// The same, given that the weights of every row add up to 1: log Σ eᶻ − Σ y·z.
package func crossEntropyOfDistributions(_ scores: Tensor, _ targets: Tensor) -> Tensor {
  precondition(scores.shape == targets.shape, "cross-entropy needs a row of targets for every row of scores")
  let last = scores.shape.count - 1
  return (scores.logSumExp(axis: last) - (targets * scores).sum(axis: last)).mean()
}

/// One-hot rows for class numbers.
///
/// - Throws: ``InputError`` for a class outside 0 ..< count, and for a count below 1.
public func oneHot(_ classes: [Int], count: Int) throws(InputError) -> [[Double]] {
  guard count > 0 else { throw InputError("one-hot rows have at least one class, not \(count)") }
  if let far = classes.first(where: { $0 < 0 || $0 >= count }) {
    throw InputError("class \(far) is not one of 0 to \(count - 1)")
  }
  return classes.map { own in (0..<count).map { $0 == own ? 1 : 0 } }
}

/// The natural logarithm, at least −100, as in PyTorch's `BCELoss`; its derivative is 1/x, and (1 − x) /
/// 10⁻¹² within 10⁻¹² of 0 and 1, so that ``bce(_:_:)`` has PyTorch's gradient there.
public func clampedLog(_ x: Tensor) -> Tensor { x.unary(.clampedLog) }
/// The same of a number.
public func clampedLog(_ x: Value) -> Value { x.unary(.clampedLog) }
