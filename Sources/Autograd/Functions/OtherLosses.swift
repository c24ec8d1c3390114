/// Losses that are needed less often, each the mean over all entries or samples as in PyTorch.

/// Squared below β and linear above, `F.smooth_l1_loss`: the Huber loss divided by β.
public func smoothL1(_ predictions: Tensor, _ targets: Tensor, beta: Double = 1) -> Tensor {
  let loss = huber(predictions, targets, delta: beta)
  return beta == 1 ? loss : loss / beta
}

/// The divergence of Kullback and Leibler, `F.kl_div`: the mean of p · (log p − q) for the logarithms q of predicted
/// probabilities, where a target of 0 adds nothing.
public func klDivergence(_ logarithms: Tensor, _ targets: Tensor) -> Tensor {
  let isThere = targets .> targets.number(0)
  let entropy = (targets * log(choose(isThere, targets, targets.number(1)))).masked(by: isThere)
  return (entropy - targets * logarithms).mean()
}

/// The cosine of the angle between rows, `F.cosine_similarity`: a·b / max(|a|·|b|, ε) along an axis.
public func cosineSimilarity(_ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Double = 1e-8) -> Tensor {
  let product = (a * b).sum(axis: axis)
  func length(_ x: Tensor) -> Tensor { max(x.norm(axis: axis), x.number(epsilon)) }
  return product / (length(a) * length(b))
}

/// The negative logarithms of the targets' classes, `F.nll_loss`: the mean over samples of −Σ y·q for rows of
/// logarithms q and one-hot rows y.
///
/// - Parameters:
///   - logarithms: a row for each sample.
///   - targets: of the same shape.
///   - ignoresEmptyRows: whether the mean is that of the samples whose target has a class, as with PyTorch's `ignore_index`.
public func negativeLogLikelihood(
  _ logarithms: Tensor, _ targets: Tensor, ignoresEmptyRows: Bool = false
) -> Tensor {
  let sum = -(targets * logarithms).sum(axis: -1)
  return ignoresEmptyRows ? sum.sum() / targets.sum() : sum.mean()
}

/// Softmax and cross-entropy, as ``crossEntropy(_:_:)``, the mean over the samples whose target has a class: those with the
/// `ignore_index` of `F.cross_entropy` have a row of zeros.
public func crossEntropyOfPresent(_ scores: Tensor, _ targets: Tensor) -> Tensor {
  let classes = targets.sum(axis: -1)
  return (classes * scores.logSumExp(axis: -1) - (targets * scores).sum(axis: -1)).sum() / classes.sum()
}

/// Targets between one-hot rows and equal ones, as the `label_smoothing` of `F.cross_entropy`: y·(1 − s) + s / classes.
///
/// - Parameters:
///   - targets: one row for each sample.
///   - smoothing: the share of the equal ones.
///   - keepsEmptyRows: whether rows of zeros stay as they are.
public func smoothedLabels(_ targets: Tensor, by smoothing: Double, keepsEmptyRows: Bool = false) -> Tensor {
  let equal = smoothing / Double(targets.shape.last ?? 1)
  guard keepsEmptyRows else { return targets * (1 - smoothing) + equal }
  return targets * (1 - smoothing) + targets.sum(axis: -1, keepsAxis: true) * equal
}

/// The focal loss of scores before the sigmoid (Lin et al., "Focal loss for dense object detection", 2017), the mean of
/// α_t · (1 − p_t)^γ · BCE, as in torchvision.
public func focalLoss(_ scores: Tensor, _ targets: Tensor, alpha: Double = 0.25, gamma: Double = 2) -> Tensor {
  let p = sigmoid(scores)
  let right = p * targets + (1 - p) * (1 - targets)
  let entropy = max(scores, scores.number(0)) - scores * targets + log1p(exp(-abs(scores)))
  let weight = alpha * targets + (1 - alpha) * (1 - targets)
  return (weight * (1 - right) ** gamma * entropy).mean()
}
