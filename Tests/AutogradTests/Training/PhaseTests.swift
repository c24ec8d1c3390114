import Autograd
import Testing

/// Dropout and batch normalization: what training does, what evaluation does.
@Suite("Training and evaluation")
struct PhaseTests {
  @Test func `a dropout keeps the expected value and passes the gradient of what it keeps`() {
    let tape = Tape()
    let x = tape.array([Double](repeating: 2, count: 10_000), shape: [10_000], role: .parameter, name: "x")
    let dropout = Dropout(probability: 0.3, seed: 5)
    let y = dropout(x)
    let loss = y.sum().value
    loss.backward()
    for (value, gradient) in zip(y.data, x.gradient) {
      #expect(value == 0 && gradient == 0 || value == 2 / 0.7 && gradient == 1 / 0.7)
    }
    let dropped = y.data.count { $0 == 0 }
    // Six standard deviations of a binomial distribution around 3000.
    #expect(abs(dropped - 3000) < 275)
  }

  @Test func `a dropout draws new masks, the same for the same seed`() {
    func masks(_ seed: Int) -> [[Double]] {
      let tape = Tape()
      let dropout = Dropout(seed: seed)
      let y = dropout(tape.array([1, 1, 1, 1, 1, 1, 1, 1], shape: [8], role: .input))
      return (0..<4).map { step in
        if step > 0 { dropout.draw() }
        tape.replay()
        return y.data
      }
    }
    let own = masks(3)
    #expect(own == masks(3))
    #expect(own != masks(4))
    #expect(Set(own).count == 4)
  }

  @Test func `a dropout of nothing is nothing`() {
    let tape = Tape()
    let y = Dropout(probability: 0, seed: 1)(tape.array([1, -2], shape: [2], role: .input))
    #expect(y.data == [1, -2])
  }

  /// The numbers are those of `nn.BatchNorm1d(2, momentum=0.2)` after the same two batches.
  @Test func `running statistics are PyTorch's`() {
    let tape = Tape()
    let x = tape.array([1, 2, 3, 1, 0, 0.5], shape: [3, 2], role: .input)
    let norm = BatchNorm(channels: 2, momentum: 0.2)
    _ = norm(x)
    norm.keep()
    x.data = [4, 1, -1, 2, 0.5, 3]
    tape.replay()
    norm.keep()
    for (ours, theirs) in zip(norm.mean + norm.variance, Self.statistics) { #expect(abs(ours - theirs) < 1e-14) }
  }

  private static let statistics = [
    0.4466666666666667, 0.5866666666666667, 2.33, 0.9333333333333333,
  ]

  @Test func `statistics taken over change what was recorded for evaluation`() {
    let (training, evaluation) = (Tape(), Tape())
    let norm = BatchNorm(channels: 1, momentum: 1, epsilon: 0)
    _ = norm(training.array([1, 5], shape: [2, 1], role: .input))
    let other = BatchNorm(channels: 1, epsilon: 0)
    let y = other(evaluation.array([7], shape: [1, 1], role: .input), isTraining: false)
    #expect(y.data == [7])
    norm.keep()
    other.take(statisticsOf: norm)
    evaluation.replay()
    // Mean 3 and variance 8, that of a sample.
    #expect(abs(y.data[0] - 4 / 8.0.squareRoot()) < 1e-15)
  }
}
