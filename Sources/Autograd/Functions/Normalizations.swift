/// Normalisation and attention, composed of plain operations; names and defaults are PyTorch's.

/// The last axis with mean 0 and variance 1, `F.layer_norm` (Ba, Kiros & Hinton, 2016): (x − mean) / √(var + ε).
///
/// - Parameters:
///   - x: the numbers.
///   - scale: a factor for each entry of the axis; nil for none.
///   - shift: a summand for each entry of the axis; nil for none.
///   - epsilon: what is added to the variance.
/// - Precondition: at least one axis.
public func layerNorm(_ x: Tensor, scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
  let result = x.normalized(axes: [x.shape.count - 1], epsilon: epsilon).result
  let scaled = scale.map { result * $0 } ?? result
  return shift.map { scaled + $0 } ?? scaled
}

/// Each channel with mean 0 and variance 1 over the batch, `F.batch_norm` in training (Ioffe & Szegedy, 2015): over the
/// samples, and of samples × channels × rows × columns over rows and columns as well.
///
/// ``BatchNorm`` gathers the running statistics of evaluation, too.
///
/// - Parameters:
///   - x: the numbers.
///   - scale: a factor for each channel; nil for none.
///   - shift: a summand for each channel; nil for none.
///   - epsilon: what is added to the variance.
/// - Precondition: two axes or more.
public func batchNorm(_ x: Tensor, scale: Tensor? = nil, shift: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
  BatchNorm(channels: x.shape[1], epsilon: epsilon)(x, scale: scale, shift: shift)
}

extension Tensor {
  /// (x − mean) / √(variance + ε) over some axes, with the mean and the variance.
  func normalized(axes: [Int], epsilon: Double) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    func average(_ part: Tensor) -> Tensor { axes.reduce(part) { $0.mean(axis: $1, keepsAxis: true) } }
    let mean = average(self)
    let distance = self - mean
    let variance = average(distance ** 2)
    return (distance / sqrt(variance + epsilon), mean, variance)
  }
}

/// The last axis over its root mean square, `F.rms_norm` (Zhang & Sennrich, 2019): x / √(mean(x²) + ε).
///
/// - Parameters:
///   - x: the numbers.
///   - scale: a factor for each entry of the axis; nil for none.
///   - epsilon: what is added to the mean square; PyTorch's default is the distance of 1 and the next number.
/// - Precondition: at least one axis.
public func rmsNorm(_ x: Tensor, scale: Tensor? = nil, epsilon: Double = .ulpOfOne) -> Tensor {
  let result = x / sqrt((x ** 2).mean(axis: x.shape.count - 1, keepsAxis: true) + epsilon)
  return scale.map { result * $0 } ?? result
}

/// Scaled dot-product attention, `F.scaled_dot_product_attention` (Vaswani et al., "Attention is all you need", 2017):
/// softmax(q @ kᵀ / √d) @ v over the last two axes, positions × features.
///
/// - Parameters:
///   - q: the queries.
///   - k: the keys.
///   - v: the values.
///   - isCausal: whether a position sees only those up to itself.
///   - heads: into how many parts the features are divided, each with an attention of its own.
/// - Precondition: q, k and v of two or three axes, k and v of as many positions, features that the heads divide.
/// - Complexity: O(positions² · features)
public func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, isCausal: Bool = false, heads: Int = 1) -> Tensor {
  func divided(_ x: Tensor) -> Tensor {
    guard heads > 1 else { return x }
    let rank = x.shape.count
    let parts = x.reshaped(to: Array(x.shape.dropLast()) + [heads, x.shape[rank - 1] / heads])
    return parts.swapped(rank - 2, rank - 1)
  }
  let (queries, keys, values) = (divided(q), divided(k), divided(v))
  let rank = queries.shape.count
  let features = queries.shape[rank - 1]
  var scores = matmul(queries, keys.swapped(rank - 2, rank - 1))
  scores = scores / scores.root(of: Double(features), writtenAs: "\(features)")
  if isCausal {
    let (rows, columns) = (scores.shape[rank - 2], scores.shape[rank - 1])
    let mask = (0..<rows * columns).map { $0 % columns <= $0 / columns ? 0.0 : -.infinity }
    scores = scores + q.tape.array(mask, shape: [rows, columns], role: .constant)
  }
  let result = matmul(scores.softmax(axis: -1), values)
  guard heads > 1 else { return result }
  let joined = result.swapped(rank - 3, rank - 2)
  return joined.reshaped(to: Array(joined.shape.dropLast(2)) + [v.shape[v.shape.count - 1]])
}

/// Attention of a sequence to itself with its projections, `torch.nn.MultiheadAttention`: queries, keys and values are the
/// thirds of x @ weight + bias, what the heads find is multiplied with `output`.
///
/// - Parameters:
///   - x: positions × features, with or without samples in front.
///   - weight: features × 3 · features: PyTorch's `in_proj_weight`, transposed.
///   - bias: 3 · features.
///   - output: features × features: PyTorch's `out_proj.weight`, transposed.
///   - outputBias: as many as features.
///   - isCausal: whether a position sees only those up to itself.
///   - heads: into how many parts the features are divided, each with an attention of its own.
/// - Precondition: x of two or three axes, features that the heads divide.
/// - Complexity: O(positions · features · (positions + features))
public func multiheadAttention(
  _ x: Tensor, _ weight: Tensor, bias: Tensor, output: Tensor, outputBias: Tensor, isCausal: Bool = false,
  heads: Int = 1
) -> Tensor {
  // As many as PyTorch's module has parameters and options.
  let features = output.shape[0]
  let projected = matmul(x, weight) + bias
  let before = [AxisIndex](repeating: .all, count: x.shape.count - 1)
  func third(_ number: Int) -> Tensor {
    projected.entries(before + [.range(from: number * features, to: (number + 1) * features)])
  }
  let found = attention(third(0), third(1), third(2), isCausal: isCausal, heads: heads)
  return matmul(found, output) + outputBias
}
