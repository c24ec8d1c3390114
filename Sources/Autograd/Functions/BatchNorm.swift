/// Batch normalization with running statistics, `nn.BatchNorm1d` and `nn.BatchNorm2d` (Ioffe & Szegedy, 2015).
///
/// Training uses the mean and the variance of the batch, evaluation those that ``keep()`` has gathered:
/// running ← (1 − momentum) · running + momentum · batch, from mean 0 and variance 1. As in PyTorch, a variance is gathered
/// with n − 1 in place of n.
///
/// ```swift
/// let norm = BatchNorm(channels: 16)
/// let h = norm(x)                       // in training
/// norm.keep()                           // after each step
/// let t = norm(other, isTraining: false)
/// ```
///
/// Belongs to one task at a time, as its tape.
public final class BatchNorm {
  /// What is added to a variance.
  public let epsilon: Double
  /// The weight of the newest batch.
  public let momentum: Double
  /// The running mean of each channel.
  public private(set) var mean: [Double]
  /// The running variance of each channel.
  public private(set) var variance: [Double]
  /// What the last use in training computed, and from how many numbers of each channel.
  private var ofBatch: (mean: Tensor, variance: Tensor, count: Int)?
  /// The constants of the uses in evaluation.
  private var constants: [(mean: Tensor, variance: Tensor)] = []

  /// Starts with running means of 0 and variances of 1.
  ///
  /// - Parameters:
  ///   - channels: the size of the second axis.
  ///   - momentum: the weight of the newest batch.
  ///   - epsilon: what is added to a variance.
  public init(channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) {
    self.momentum = momentum
    self.epsilon = epsilon
    mean = [Double](repeating: 0, count: channels)
    variance = [Double](repeating: 1, count: channels)
  }

  /// Records the normalization of each channel.
  ///
  /// - Parameters:
  ///   - x: samples × channels, or samples × channels × rows × columns.
  ///   - scale: a factor for each channel; nil for none.
  ///   - shift: a summand for each channel; nil for none.
  ///   - isTraining: whether the statistics are those of the batch, not the running ones.
  /// - Precondition: as many channels as the running statistics have.
  public func callAsFunction(
    _ x: Tensor, scale: Tensor? = nil, shift: Tensor? = nil, isTraining: Bool = true
  ) -> Tensor {
    let channels = [x.shape[1]] + [Int](repeating: 1, count: x.shape.count - 2)
    precondition(mean.count == x.shape[1], "\(mean.count) channels are normalized, not \(x.shape[1])")
    func perChannel(_ part: Tensor) -> Tensor { part.reshaped(to: channels) }
    let result: Tensor
    if isTraining {
      let axes = [0] + Array(2..<Swift.max(x.shape.count, 2))
      let parts = x.normalized(axes: axes, epsilon: epsilon)
      ofBatch = (parts.mean, parts.variance, x.data.count / Swift.max(x.shape[1], 1))
      result = parts.result
    } else {
      let own = (
        mean: x.tape.array(mean, shape: [x.shape[1]], role: .constant),
        variance: x.tape.array(variance, shape: [x.shape[1]], role: .constant)
      )
      constants.append(own)
      result = (x - perChannel(own.mean)) / sqrt(perChannel(own.variance) + epsilon)
    }
    let scaled = scale.map { result * perChannel($0) } ?? result
    return shift.map { scaled + perChannel($0) } ?? scaled
  }

  /// Adds the statistics of the batch that was computed last to the running ones.
  public func keep() {
    guard let ofBatch else { return }
    let correction = Double(ofBatch.count) / Double(Swift.max(ofBatch.count - 1, 1))
    for (channel, own) in ofBatch.mean.data.enumerated() {
      mean[channel] = (1 - momentum) * mean[channel] + momentum * own
    }
    for (channel, own) in ofBatch.variance.data.enumerated() {
      variance[channel] = (1 - momentum) * variance[channel] + momentum * own * correction
    }
  }

  /// Takes over the running statistics of another one, also where evaluation has been recorded.
  ///
  /// - Precondition: as many channels.
  public func take(statisticsOf other: BatchNorm) {
    precondition(mean.count == other.mean.count, "\(mean.count) channels are normalized, not \(other.mean.count)")
    put(mean: other.mean, variance: other.variance)
  }

  /// Replaces the running statistics, such as by saved ones, also where evaluation has been recorded.
  ///
  /// - Precondition: a number for each channel.
  public func put(mean: [Double], variance: [Double]) {
    precondition(mean.count == self.mean.count && variance.count == mean.count, "a number for each channel")
    (self.mean, self.variance) = (mean, variance)
    for own in constants {
      own.mean.data = mean
      own.variance.data = variance
    }
  }
}
