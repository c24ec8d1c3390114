/// The result of one training step.
public struct TrainingStep: Sendable, Equatable {
  /// The 0-based number of the step.
  public var step: Int
  /// The loss before the step's update.
  public var loss: Double
  /// The learning rate of the step.
  public var rate: Double
}

/// A training run, whose steps are performed one by one on request.
///
/// ```swift
/// let training = Training(loss, optimizer: .adam(rate: 0.01), steps: 200)
/// while let step = try training.next() { print(step.step, step.loss) }
/// ```
///
/// In an asynchronous function, `for try await step in training` does the same: it lets other tasks run
/// between two steps, and throws when its task is cancelled. A training run allows one such loop; after
/// leaving it, ``next()`` continues where it stopped.
///
/// The tape does not change before the first step is requested. Each step replays the recording, so that
/// nothing is recorded and memory does not grow. Run one training at a time on a tape.
public final class Training {
  /// The value to minimize.
  public let loss: Value
  /// The optimizer of the parameters.
  public let optimizer: Optimizer
  /// The number of steps.
  public let steps: Int
  /// The number of steps so far, which is the number of the next one.
  public private(set) var step = 0
  /// Which the loss alone would not keep.
  private let tape: Tape
  private let beforeStep: ((Int) -> Void)?
  private var isIterated = false
  /// The numbers of all parameters, and the optimizer's state, before the last update.
  private var before: [Double] = []
  private var stateBefore = OptimizerState()

  /// Creates a training run of the parameters that `loss` depends on.
  ///
  /// - Parameters:
  ///   - loss: the value to minimize.
  ///   - optimizer: the optimizer of the parameters.
  ///   - steps: the number of steps; unlimited by default.
  ///   - beforeStep: called with the number of each step before it, to set the data of a mini-batch.
  public init(
    _ loss: Value, optimizer: Optimizer, steps: Int = .max, beforeStep: ((Int) -> Void)? = nil
  ) {
    self.loss = loss
    tape = loss.tape
    self.optimizer = optimizer
    self.steps = steps
    self.beforeStep = beforeStep
  }

  /// Performs the next step: forward pass, backward pass, update.
  ///
  /// - Returns: the result; nil after the last step.
  /// - Throws: ``TrainingError`` if the loss, a parameter's gradient or an updated parameter is NaN or
  ///   infinite, or if the task is cancelled; the parameters are reset to their values before the step.
  /// - Complexity: O(operations recorded); allocates only in the first step.
  public func next() throws(TrainingError) -> TrainingStep? {
    guard step < steps else { return nil }
    guard !Task.isCancelled else { throw TrainingError(step: step, loss: loss.data, reason: .cancelled) }
    if step == 0 {
      tape.optimizer = optimizer
      tape.makeSchedule(loss: loss.index)
    }
    beforeStep?(step)
    tape.replay()
    guard loss.data.isFinite else { throw failure(tape.forwardFault(in: loss)) }
    tape.backwardForParameters(from: loss)
    guard tape.hasFiniteGradients else { throw failure(tape.fault(in: loss)) }
    let result = TrainingStep(step: step, loss: loss.data, rate: optimizer.rate.value(at: step))
    tape.copyParameters(to: &before)
    stateBefore.copy(tape.optimizerState)
    tape.update()
    guard tape.hasFiniteParameters else {
      let fault = tape.updateFault(before: before, in: loss)
      tape.setParameters(before)
      tape.optimizerState = stateBefore
      throw failure(fault)
    }
    step += 1
    return result
  }

  /// Takes the last step's update back and computes its values and gradients again.
  ///
  /// Once for each step, while its batch is still in the recording.
  package func undo() {
    guard step > 0 else { return }
    tape.setParameters(before)
    tape.optimizerState = stateBefore
    step -= 1
    tape.replay()
    tape.backward(from: loss)
  }

  private func failure(_ fault: NumericFault?) -> TrainingError {
    TrainingError(step: step, loss: loss.data, reason: .notFinite(fault))
  }
}

extension Training: AsyncSequence {
  /// The steps for one `for try await` loop.
  public func makeAsyncIterator() -> AsyncIterator {
    defer { isIterated = true }
    return AsyncIterator(training: self, isFirst: !isIterated)
  }

  /// Performs the steps of a training run in an asynchronous function.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let training: Training
    fileprivate let isFirst: Bool

    /// Lets other tasks run, then performs the next step; see ``Training/next()``.
    public mutating func next() async throws(TrainingError) -> TrainingStep? {
      try await next(isolation: nil)
    }

    /// The same, isolated to the caller: a tape is used from one task at a time.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(TrainingError) -> TrainingStep? {
      guard isFirst else {
        throw TrainingError(step: training.step, loss: training.loss.data, reason: .iteratedTwice)
      }
      await Task.yield()
      return try training.next()
    }
  }
}

extension Tape {
  /// The parameters with their names, in recording order.
  public var parameterTensors: [(name: String, tensor: Tensor)] {
    parameters.map { (labels[$0]?.name ?? "parameter \($0 + 1)", Tensor(tape: self, index: $0)) }
  }
}
