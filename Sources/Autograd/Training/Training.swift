/// What one step of training did.
public struct TrainingStep: Sendable, Equatable {
  /// From 0 on.
  public var step: Int
  /// The loss before the step's update.
  public var loss: Double
  /// The learning rate of the step.
  public var rate: Double
}

/// A training: its steps, made one by one as they are asked for.
///
/// ```swift
/// let training = Training(loss, optimizer: .adam(rate: 0.01), steps: 200)
/// while let step = try training.next() {
///   print(step.step, step.loss)
/// }
/// ```
///
/// In an asynchronous function `for try await step in training` does the same: it lets other tasks run between two
/// steps, and ends with an error when its task is cancelled. Such a loop can be written once for a training; after it
/// was left, ``next()`` goes on where it stopped.
///
/// Nothing changes on the tape before the first step is asked for. Each step replays what was recorded, so nothing is
/// recorded and memory does not grow. One training at a time belongs to a tape.
public final class Training {
  /// What is made smaller.
  public let loss: Value
  /// How the parameters follow their gradients.
  public let optimizer: Optimizer
  /// How many steps there are.
  public let steps: Int
  /// How many steps have been made: the number of the next one.
  public private(set) var step = 0
  private let beforeStep: ((Int) -> Void)?
  private var isIterated = false
  /// The parameters, one after another, and what the optimizer remembered before the last update.
  private var before: [Double] = []
  private var stateBefore = OptimizerState()

  /// A training of the parameters that `loss` depends on.
  ///
  /// - Parameters:
  ///   - loss: what is made smaller.
  ///   - optimizer: how the parameters follow their gradients.
  ///   - steps: how many are made; as many as are asked for where nothing is said.
  ///   - beforeStep: called with the number of each step before it is made, to set the data of a mini-batch.
  public init(
    _ loss: Value, optimizer: Optimizer, steps: Int = .max, beforeStep: ((Int) -> Void)? = nil
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.steps = steps
    self.beforeStep = beforeStep
  }

  /// Makes the next step: forward pass, backward pass, update.
  ///
  /// - Returns: what it did; nil after the last one.
  /// - Throws: ``TrainingError`` where the loss, a parameter's gradient or an updated parameter is NaN or infinite,
  ///   and where the task is cancelled; the parameters are as they were before the step.
  /// - Complexity: O(operations recorded); nothing is allocated after the first step.
  public func next() throws(TrainingError) -> TrainingStep? {
    guard step < steps else { return nil }
    let tape = loss.tape
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

  /// Makes a training's steps in an asynchronous function.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let training: Training
    fileprivate let isFirst: Bool

    /// Lets other tasks run, then makes the next step; see ``Training/next()``.
    public mutating func next() async throws(TrainingError) -> TrainingStep? {
      try await next(isolation: nil)
    }

    /// The same where the caller runs: a tape belongs to one task at a time.
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
  /// The parameters with their names, in the order of their recording.
  public var parameterTensors: [(name: String, tensor: Tensor)] {
    parameters.map { (labels[$0]?.name ?? "parameter \($0 + 1)", Tensor(tape: self, index: $0)) }
  }
}
