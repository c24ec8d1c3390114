/// Dropout in training, `nn.Dropout` (Srivastava et al., 2014): entries become 0 at random.
///
/// An entry is 0 with a probability p, and over 1 − p otherwise. Evaluation leaves it out.
///
/// ```swift
/// let dropout = Dropout(probability: 0.5, seed: 3)
/// let h = dropout(relu(x))
/// let training = Training(loss, optimizer: .adam()) { step in if step > 0 { dropout.draw() } }
/// ```
///
/// A tape replays the mask with which it was recorded; ``draw()`` puts other ones in. The same seed gives the same masks
/// on every machine. Belongs to one task at a time, as its tape.
public final class Dropout {
  /// The probability of a 0.
  public let probability: Double
  private var numbers: SeededNumbers
  private var masks: [Tensor] = []

  /// Starts a sequence of masks.
  ///
  /// - Parameters:
  ///   - probability: the probability of a 0, PyTorch's `p`.
  ///   - seed: the seed of the masks.
  /// - Precondition: a probability of at least 0 and below 1.
  public init(probability: Double = 0.5, seed: Int) {
    precondition((0..<1).contains(probability), "the dropout probability must be at least 0 and below 1")
    self.probability = probability
    numbers = SeededNumbers(seed: seed)
  }

  /// Records x · mask, with a mask of its own.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let mask = x.tape.array(mask(count: x.data.count), shape: x.shape, role: .constant)
    masks.append(mask)
    return x * mask
  }

  /// Draws new masks, which the next replay uses.
  public func draw() {
    for mask in masks { mask.data = self.mask(count: mask.data.count) }
  }

  private func mask(count: Int) -> [Double] {
    (0..<count).map { _ in numbers.drawUniform() < probability ? 0 : 1 / (1 - probability) }
  }
}
