/// What one step of training did.
public struct TrainingStep: Sendable, Equatable {
  /// From 0 on.
  public var step: Int
  /// The loss before the step's update.
  public var loss: Double
  /// The learning rate of the step.
  public var rate: Double
}

/// Why training stopped.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  public var step: Int
  public var loss: Double
  /// The first number that was not finite; nil where the loss grew without bounds.
  public var fault: NumericFault?

  public init(step: Int, loss: Double, fault: NumericFault?) {
    self.step = step
    self.loss = loss
    self.fault = fault
  }

  public var description: String {
    fault.map { "in step \(step), \($0.description)" }
      ?? "in step \(step) the loss is \(PlainNumber.text(loss)): it grows without bounds"
  }
}

/// Trains on one recorded graph, which every step replays: nothing is recorded, memory does not grow.
///
/// For mini-batches, set the `data` of the inputs and targets before each step.
public final class Trainer {
  public let loss: Value
  public var tape: Tape { loss.tape }
  /// How many steps have been made.
  public private(set) var step = 0
  /// The parameters, one after another, and what the optimizer remembered before the last update.
  private var before: [Double] = []
  private var stateBefore = OptimizerState()

  public init(_ loss: Value, optimizer: Optimizer) {
    self.loss = loss
    loss.tape.optimizer = optimizer
  }

  /// Forward pass, backward pass, update.
  ///
  /// - Throws: ``TrainingError`` where the loss, a parameter's gradient or an updated parameter is NaN or
  ///   infinite; the parameters are as they were before the step.
  public func advance() throws(TrainingError) -> TrainingStep {
    if step == 0 { tape.makeSchedule(loss: loss.index) }
    tape.replay()
    guard loss.data.isFinite else {
      throw TrainingError(step: step, loss: loss.data, fault: tape.forwardFault(in: loss))
    }
    tape.backwardForParameters(from: loss)
    guard tape.hasFiniteGradients else {
      throw TrainingError(step: step, loss: loss.data, fault: tape.fault(in: loss))
    }
    let result = TrainingStep(step: step, loss: loss.data, rate: tape.optimizer?.rate.value(at: step) ?? 0)
    tape.copyParameters(to: &before)
    stateBefore.copy(tape.optimizerState)
    tape.update()
    guard tape.hasFiniteParameters else {
      let fault = tape.updateFault(before: before, in: loss)
      tape.setParameters(before)
      tape.optimizerState = stateBefore
      throw TrainingError(step: step, loss: loss.data, fault: fault)
    }
    step += 1
    return result
  }

  /// The loss with the present parameters.
  public func evaluate() -> Double {
    tape.replay()
    return loss.data
  }
}

/// The steps of a training, made one by one as they are asked for; see
/// ``train(_:optimizer:steps:beforeStep:)``.
public struct TrainingProgress: AsyncSequence {
  public typealias Element = TrainingStep
  public typealias Failure = any Error

  fileprivate let trainer: Trainer
  fileprivate let steps: Int
  fileprivate let beforeStep: ((Int) -> Void)?

  public func makeAsyncIterator() -> Iterator {
    Iterator(trainer: trainer, steps: steps, beforeStep: beforeStep)
  }

  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let trainer: Trainer
    fileprivate let steps: Int
    fileprivate let beforeStep: ((Int) -> Void)?

    public mutating func next() async throws -> TrainingStep? {
      try advance()
    }

    /// Runs where the caller runs: a tape belongs to one task at a time.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> TrainingStep? {
      try advance()
    }

    private func advance() throws -> TrainingStep? {
      guard trainer.step < steps else { return nil }
      try Task.checkCancellation()
      beforeStep?(trainer.step)
      return try trainer.advance()
    }
  }
}

/// Trains the parameters that `loss` depends on.
///
/// ```swift for try await step in train(loss, optimizer: .adam(rate: 0.01), steps: 200) { print(step.step,
/// step.loss) } ```
///
/// - Parameters:
///   - loss: what is made smaller.
///   - optimizer: how the parameters follow their gradients.
///   - steps: how many are made.
///   - beforeStep: called with the number of each step before it is made, to set the data of a mini-batch.
/// - Returns: a sequence that makes one step for each element; it throws ``TrainingError`` when the loss is
///   no finite number, and `CancellationError` when the task is cancelled.
public func train(
  _ loss: Value, optimizer: Optimizer, steps: Int, beforeStep: ((Int) -> Void)? = nil
) -> TrainingProgress {
  TrainingProgress(trainer: Trainer(loss, optimizer: optimizer), steps: steps, beforeStep: beforeStep)
}

extension Tape {
  /// The parameters in the order of their recording.
  public var parameterTensors: [(name: String, tensor: Tensor)] {
    parameters.map { (labels[$0]?.name ?? "parameter \($0 + 1)", Tensor(tape: self, index: $0)) }
  }
}
