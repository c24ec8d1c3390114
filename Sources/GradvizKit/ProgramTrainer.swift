import Autograd
import Figures
import GradLanguage

/// Trains a program: its batches, its optimizer, its metrics, and the history of all that.
///
/// Replays one recorded graph; what grows with the steps is the history alone. Belongs to one task at a time.
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
  public private(set) var history: [Entry] = []
  /// The parameters before each step, in the order of ``elements``; empty where they are too many to be kept.
  public private(set) var paths: [[Double]] = []
  public let elements: [ParameterElement]
  private let trainer: Trainer
  private var batches: TrainingPlan.Batches
  private let usesBatches: Bool

  /// More numbers of parameters than this are not kept from step to step.
  public static let mostPathNumbers = 4_000_000
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
  /// - Throws: ``TrainingError`` where the loss is no number or has grown beyond all bounds.
  public func advance(beforeUpdate: (() throws -> Void)? = nil) throws -> Entry {
    prepare()
    if let beforeUpdate {
      recording.tape.replay()
      recording.tape.backward(from: loss)
      try beforeUpdate()
    }
    if elements.count * (step + 1) <= Self.mostPathNumbers { paths.append(elements.map(\.value)) }
    let result = try trainer.advance()
    let entry = Entry(step: result.step, loss: result.loss, rate: result.rate)
    history.append(entry)
    if let first = history.first, entry.loss.magnitude > Self.divergence * (1 + first.loss.magnitude) {
      throw TrainingError(step: entry.step, loss: entry.loss, culprit: nil)
    }
    return entry
  }

  /// The loss with the parameters as they are now, over all samples that are trained with.
  public func finish() throws -> Double {
    paths.append(elements.map(\.value))
    if paths.count != history.count + 1 { paths = [] }
    if usesBatches { return try evaluate(plan.trainingRows).loss }
    return trainer.evaluate()
  }

  /// Loss and metrics over some samples, with the parameters as they are now.
  public func evaluate(_ rows: [Int]) throws -> (loss: Double, metrics: [(name: String, value: Double)]) {
    guard plan.sampleCount > 0, !rows.isEmpty, usesBatches || rows != plan.trainingRows else {
      recording.tape.replay()
      return (loss.data, recording.metrics())
    }
    let other = try program.record(rows: rows)
    for (own, its) in zip(recording.tape.parameterTensors, other.tape.parameterTensors) {
      its.tensor.data = own.tensor.data
    }
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
