import Autograd
import GradLanguage
import GradvizFigures
import GradvizGraph

/// Trains a program: its batches, its optimizer, its metrics, and the history of all that.
///
/// Replays one recorded graph and keeps a bounded history: memory does not grow with the steps. Belongs to
/// one task at a time.
public final class ProgramTrainer {
  /// One line of the history.
  public struct Entry: Sendable {
    public var step: Int
    public var loss: Double
    public var rate: Double
  }

  public let program: Program
  public let plan: TrainingPlan
  public let recording: Recording
  public let loss: Value
  public private(set) var losses = BoundedSeries()
  /// The mean loss of an epoch up to each step, where steps see other samples.
  public private(set) var means: BoundedSeries?
  public private(set) var rates = BoundedSeries()
  /// The parameters before each step and after the last, in the order of ``elements``; of parameters that are
  /// too many the first ones.
  public private(set) var paths: [BoundedSeries]
  /// Two paths with the same steps, for the landscape: (step, values of all kept elements) a few thousand
  /// times.
  public private(set) var trail: [[Double]] = []
  private var trailStride = 1
  private var mean: RunningMean
  public let elements: [ParameterElement]
  private let trainer: Trainer
  private var batches: TrainingPlan.Batches
  private let usesBatches: Bool

  /// The paths of so many numbers are kept.
  public static let mostPaths = 512
  private static let mostTrail = 4000
  /// A loss so much greater than the first one is not coming back.
  private static let divergence = 1e9

  /// - Throws: ``InputError`` where there is nothing to train.
  public init(_ program: Program, plan: TrainingPlan? = nil) throws(InputError) {
    self.program = program
    self.plan = plan ?? program.plan
    recording = program.record()
    guard let loss = recording.loss else {
      throw InputError("the program has no `loss`, so there is nothing to train")
    }
    self.loss = loss
    elements = recording.tape.elements(of: [.parameter])
    guard !elements.isEmpty else {
      throw InputError("the program has no `param` and no `layer`, so there is nothing to train")
    }
    trainer = Trainer(loss, optimizer: self.plan.optimizer)
    batches = self.plan.batches
    usesBatches = self.plan.batchSize != nil
    paths = elements.prefix(Self.mostPaths).map { _ in BoundedSeries(capacity: 2048) }
    mean = RunningMean(size: self.plan.stepsOfEpoch)
    if self.plan.stepsOfEpoch > 1 { means = BoundedSeries() }
  }

  public var step: Int { trainer.step }
  public var isDone: Bool { step >= plan.steps }

  /// The batch of the next step is put in; nothing where every step takes all samples.
  private func prepare() {
    if usesBatches, let rows = batches.next() { recording.setRows(rows) }
  }

  /// One step: forward, backward, update.
  ///
  /// - Parameter beforeUpdate: called with forward pass and gradients done.
  /// - Throws: `TrainingError` where the loss is no number or has grown beyond all bounds;
  ///   `CancellationError`, with nothing done, where the task is cancelled.
  public func advance(beforeUpdate: (() throws -> Void)? = nil) throws -> Entry {
    try Task.checkCancellation()
    prepare()
    if let beforeUpdate {
      recording.tape.replay()
      recording.tape.backward(from: loss)
      try beforeUpdate()
    }
    keepPaths()
    let result = try trainer.advance()
    let entry = Entry(step: result.step, loss: result.loss, rate: result.rate)
    losses.append(entry.loss, at: entry.step)
    rates.append(entry.rate, at: entry.step)
    let average = mean.add(entry.loss)
    means?.append(average, at: entry.step)
    if let first = losses.first, entry.loss.magnitude > Self.divergence * (1 + first.value.magnitude) {
      throw TrainingError(step: entry.step, loss: entry.loss, fault: nil)
    }
    return entry
  }

  /// The loss with the parameters as they are now, over all samples that are trained with.
  ///
  /// - Throws: `TrainingError` where it is not finite.
  public func finish() throws -> Double {
    trailStride = 1
    keepPaths()
    let whole = try usesBatches ? recorded(plan.trainingRows) : recording
    whole.tape.replay()
    let result = whole.loss?.data ?? .nan
    guard result.isFinite else {
      throw TrainingError(step: step, loss: result, fault: whole.loss.flatMap { whole.tape.fault(in: $0) })
    }
    return result
  }

  /// A recording of some samples with the parameters as they are now.
  private func recorded(_ rows: [Int]) throws -> Recording {
    let other = try program.record(rows: rows)
    for (own, its) in zip(recording.tape.parameterTensors, other.tape.parameterTensors) {
      its.tensor.data = own.tensor.data
    }
    return other
  }

  private func keepPaths() {
    let values = elements.prefix(Self.mostPaths).map(\.value)
    for (index, value) in values.enumerated() { paths[index].append(value, at: step) }
    guard step % trailStride == 0, values.count <= 16 else { return }
    trail.append(values)
    guard trail.count > Self.mostTrail else { return }
    trail = stride(from: 0, to: trail.count, by: 2).map { trail[$0] }
    trailStride *= 2
  }

  /// Loss and metrics over some samples, with the parameters as they are now.
  public func evaluate(_ rows: [Int]) throws -> (loss: Double, metrics: [(name: String, value: Double)]) {
    guard plan.sampleCount > 0, !rows.isEmpty, usesBatches || rows != plan.trainingRows else {
      recording.tape.replay()
      return (loss.data, recording.metrics())
    }
    let other = try recorded(rows)
    other.tape.replay()
    return (other.loss?.data ?? .nan, other.metrics())
  }

  /// The training step as a graph, for figures: values, gradients and the update that comes next.
  public func graph(level: ComputationGraph.Level? = nil) -> ComputationGraph {
    recording.tape.graph(
      loss: loss, level: level ?? program.automaticLevel, presentation: program.settings.presentation)
  }

  // MARK: Parameters as data

  public var parameters: TrainedParameters {
    TrainedParameters(
      parameters: recording.tape.parameterTensors.map {
        .init(name: $0.name, shape: $0.tensor.shape, values: $0.tensor.data)
      })
  }

  /// Starts from saved parameters.
  ///
  /// - Throws: ``InputError`` where names or shapes are not the program's.
  public func load(_ saved: TrainedParameters) throws(InputError) {
    let own = recording.tape.parameterTensors
    for (name, tensor) in own {
      guard let other = saved.parameters.first(where: { $0.name == name }) else {
        throw InputError("the saved parameters have no `\(name)`")
      }
      guard other.shape == tensor.shape, other.values.count == tensor.data.count else {
        throw InputError("the saved `\(name)` has another shape than the program's")
      }
      tensor.data = other.values
    }
    if let extra = saved.parameters.first(where: { saved in !own.contains { $0.name == saved.name } }) {
      throw InputError("the program has no parameter `\(extra.name)`")
    }
    recording.tape.replay()
  }
}
