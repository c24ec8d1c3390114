import Autograd
import GradLanguage
import GradvizGraph
import GradvizPlots

/// The training of a program: its batches, its optimizer, its metrics, and the history of all that.
///
/// ```swift
/// let training = try ProgramTraining(program)
/// while let step = try training.next() {
///   print(step.step, step.loss)
/// }
/// print(try training.finish())
/// ```
///
/// A ``Training`` of one recorded graph, with a bounded history: memory does not grow with the steps. Belongs to one
/// task at a time.
public final class ProgramTraining {
  /// What is trained.
  public let program: Program
  /// Steps, batches and optimizer.
  public let plan: TrainingPlan
  /// The tape that every step replays.
  public let recording: Recording
  /// What is made smaller.
  public let loss: Value
  /// The numbers that are trained.
  public let elements: [ParameterElement]
  /// The losses of the steps so far.
  package private(set) var losses = BoundedSeries()
  /// The mean loss of an epoch up to each step, where steps see other samples.
  package private(set) var means: BoundedSeries?
  package private(set) var rates = BoundedSeries()
  /// The parameters before each step and after the last, in the order of ``elements``; of parameters that are
  /// too many the first ones.
  package private(set) var paths: [BoundedSeries]
  /// Two paths with the same steps, for the landscape: (step, values of all kept elements) a few thousand
  /// times.
  package private(set) var trail: [[Double]] = []
  /// The loss over the samples held out, about fifty times in a training; empty where none are.
  public private(set) var heldOut: [(step: Int, loss: Double)] = []
  /// The loss after the last step, once ``finish()`` has computed it; that of the step that failed where one did.
  public private(set) var finalLoss: Double?
  /// Why training stopped, where it did.
  public private(set) var error: TrainingError?
  private var trailStride = 1
  private var mean: RunningMean
  private let training: Training
  private var batches: TrainingPlan.Batches
  private let usesBatches: Bool
  /// Whether the batch of the next step is put in.
  private var isPrepared = false
  /// Recordings of other samples than ``recording`` has, by their rows.
  private var recordings: [[Int]: Recording] = [:]

  /// The paths of so many numbers are kept.
  package static let maxPaths = 512
  private static let maxTrail = 4000
  /// A loss so much greater than the first one is not coming back.
  private static let divergence = 1e9

  /// A training that has made no step yet.
  ///
  /// - Parameters:
  ///   - program: what is trained.
  ///   - plan: steps, batches and optimizer; the program's own unless given.
  /// - Throws: ``InputError`` where there is nothing to train, or the plan names samples that the program does not
  ///   have.
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
    training = Training(loss, optimizer: self.plan.optimizer, steps: self.plan.steps)
    batches = self.plan.batches
    usesBatches = self.plan.batchSize != nil
    paths = elements.prefix(Self.maxPaths).map { _ in BoundedSeries(capacity: 2048) }
    mean = RunningMean(size: self.plan.stepsOfEpoch)
    if self.plan.stepsOfEpoch > 1 { means = BoundedSeries() }
    if !self.plan.heldOutRows.isEmpty { _ = try recording(of: self.plan.heldOutRows) }
    if usesBatches { _ = try recording(of: self.plan.trainingRows) }
  }

  /// How many steps have been made: the number of the next one.
  public var step: Int { training.step }
  /// Whether all steps have been made.
  public var isDone: Bool { step >= plan.steps }

  /// Puts the next step's batch in and computes its values and gradients, which ``graph(level:)`` then shows.
  public func prepareStep() {
    putBatchIn()
    recording.tape.replay()
    recording.tape.backward(from: loss)
  }

  /// Nothing is put in where every step takes all samples.
  private func putBatchIn() {
    guard !isPrepared else { return }
    isPrepared = true
    if usesBatches, let rows = batches.next() { recording.put(rows: rows) }
  }

  /// Makes the next step: forward pass, backward pass, update.
  ///
  /// - Returns: what it did; nil after the last one.
  /// - Throws: `TrainingError` where a number is not finite, the loss has grown beyond all bounds, or the task is
  ///   cancelled, in which case nothing was done.
  public func next() throws(TrainingError) -> TrainingStep? {
    guard !isDone else { return nil }
    do throws(TrainingError) {
      guard !Task.isCancelled else { throw TrainingError(step: step, loss: loss.data, reason: .cancelled) }
      if step % max(plan.steps / 50, 1) == 0 { keepHeldOut() }
      putBatchIn()
      keepPaths()
      guard let entry = try training.next() else { return nil }
      isPrepared = false
      finalLoss = nil
      try keep(entry)
      return entry
    } catch {
      throw noted(error)
    }
  }

  private func keep(_ entry: TrainingStep) throws(TrainingError) {
    losses.append(entry.loss, at: entry.step)
    rates.append(entry.rate, at: entry.step)
    let average = mean.add(entry.loss)
    means?.append(average, at: entry.step)
    if let first = losses.first, entry.loss.magnitude > Self.divergence * (1 + first.value.magnitude) {
      throw TrainingError(step: entry.step, loss: entry.loss, reason: .diverged)
    }
  }

  private func noted(_ error: TrainingError) -> TrainingError {
    guard error.reason != .cancelled else { return error }
    self.error = error
    finalLoss = error.loss
    return error
  }

  /// Makes all steps that are left, then computes the last loss.
  ///
  /// - Parameter isStopped: asked before each step; a training that is stopped ends there.
  /// - Returns: the loss after the last step; see ``finish()``.
  /// - Throws: `TrainingError`, as ``next()`` does.
  @discardableResult
  public func run(isStopped: () -> Bool = { false }) throws(TrainingError) -> Double {
    while !isStopped(), try next() != nil {}
    return try finish()
  }

  /// Computes the loss with the parameters as they are now, over all samples that are trained with.
  ///
  /// - Throws: `TrainingError` where it is not finite.
  @discardableResult
  public func finish() throws(TrainingError) -> Double {
    if error == nil, let finalLoss { return finalLoss }
    trailStride = 1
    keepPaths()
    let whole = usesBatches ? known(plan.trainingRows) : recording
    whole.tape.replay()
    let result = whole.loss?.data ?? .nan
    guard result.isFinite else {
      let fault = whole.loss.flatMap { whole.tape.fault(in: $0) }
      throw noted(TrainingError(step: step, loss: result, reason: .notFinite(fault)))
    }
    finalLoss = result
    keepHeldOut()
    return result
  }

  // MARK: Other samples

  /// Loss and metrics over some samples, with the parameters as they are now.
  ///
  /// - Parameter rows: the samples by number; those of the training where there are none.
  /// - Throws: ``InputError`` for samples that the program does not have.
  public func evaluate(
    _ rows: [Int]
  ) throws(InputError) -> (loss: Double, metrics: [(name: String, value: Double)]) {
    guard plan.sampleCount > 0, !rows.isEmpty, usesBatches || rows != plan.trainingRows else {
      recording.tape.replay()
      return (loss.data, recording.metrics())
    }
    let other = try recording(of: rows)
    other.tape.replay()
    return (other.loss?.data ?? .nan, other.metrics())
  }

  private func keepHeldOut() {
    guard !plan.heldOutRows.isEmpty else { return }
    let other = known(plan.heldOutRows)
    other.tape.replay()
    heldOut.append((step, other.loss?.data ?? .nan))
  }

  /// A recording of some samples with the parameters as they are now.
  private func recording(of rows: [Int]) throws(InputError) -> Recording {
    if let known = recordings[rows] { return withParameters(known) }
    let other = try program.record(rows: rows)
    recordings[rows] = other
    return withParameters(other)
  }

  /// The same for samples that were recorded when the training began.
  private func known(_ rows: [Int]) -> Recording { recordings[rows].map(withParameters) ?? recording }

  private func withParameters(_ other: Recording) -> Recording {
    for (own, its) in zip(recording.tape.parameterTensors, other.tape.parameterTensors) {
      its.tensor.data = own.tensor.data
    }
    return other
  }

  private func keepPaths() {
    let values = elements.prefix(Self.maxPaths).map(\.value)
    for (index, value) in values.enumerated() { paths[index].append(value, at: step) }
    guard step % trailStride == 0, values.count <= 16 else { return }
    trail.append(values)
    guard trail.count > Self.maxTrail else { return }
    trail = stride(from: 0, to: trail.count, by: 2).map { trail[$0] }
    trailStride *= 2
  }

  /// The training step as a graph, for figures: values and gradients as they are now, and the update that comes next.
  public func graph(level: ComputationGraph.Level? = nil) -> ComputationGraph {
    recording.tape.graph(
      loss: loss, level: level ?? program.automaticLevel, presentation: program.settings.presentation)
  }

  // MARK: Parameters as data

  /// The parameters as they are now.
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
    let known = own.prefix(12).map { "`\($0.name)`" }.joined(separator: ", ") + (own.count > 12 ? ", …" : "")
    for (name, tensor) in own {
      guard let other = saved.parameters.first(where: { $0.name == name }) else {
        throw InputError("the saved parameters have no `\(name)`; the program has \(known)")
      }
      guard other.shape == tensor.shape, other.values.count == tensor.data.count else {
        throw InputError(
          "the saved `\(name)` is \(Shapes.text(other.shape)), that of the program \(Shapes.text(tensor.shape))")
      }
      tensor.data = other.values
    }
    if let extra = saved.parameters.first(where: { saved in !own.contains { $0.name == saved.name } }) {
      throw InputError("the program has no parameter \(quoted(extra.name)); it has \(known)")
    }
    recording.tape.replay()
  }
}
