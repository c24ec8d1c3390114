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
/// A `Training` of one recorded graph, with a bounded history: memory does not grow with the steps. Belongs to one
/// task at a time.
public final class ProgramTraining {
  /// The program to train.
  public let program: Program
  /// Steps, batches and optimizer.
  public let plan: TrainingPlan
  /// The tape that every step replays.
  public let recording: Recording
  /// The value to minimize.
  public let loss: Value
  /// The trained numbers.
  public let elements: [ParameterElement]
  /// The losses of the steps so far.
  package private(set) var losses = BoundedSeries()
  /// The mean loss over the last epoch at each step, if steps use different samples.
  package private(set) var means: BoundedSeries?
  package private(set) var rates = BoundedSeries()
  /// The parameters before each step and after the last, in the order of ``elements``; at most ``maxPaths``.
  package private(set) var paths: [BoundedSeries]
  /// The values of all elements in ``paths`` at up to a few thousand common steps, for the landscape.
  package private(set) var trail: [[Double]] = []
  /// The loss on the held-out samples, recorded about fifty times; empty without a holdout.
  public private(set) var heldOut: [(step: Int, loss: Double)] = []
  /// Each metric on the training samples, and on those held out, as often as ``heldOut``.
  package private(set) var metrics: [MetricCurve] = []
  /// The loss after the last step, once ``finish()`` has computed it, or the loss of the failing step.
  public private(set) var finalLoss: Double?
  /// The loss of all training samples before the first step, if steps use other samples.
  package private(set) var initialLoss: Double?
  /// The error that stopped training, if any.
  public private(set) var error: TrainingError?
  private var trailStride = 1
  private var mean: RunningMean
  private let training: Training
  private var batches: TrainingPlan.Batches
  private let usesBatches: Bool
  /// Whether the loss and the metrics of the training samples need a recording of their own.
  private let evaluatesApart: Bool
  /// Whether the batch of the next step is set.
  private var isPrepared = false
  /// Recordings of samples other than those of ``recording``, by their rows.
  private var recordings: [[Int]: Recording] = [:]

  package static let maxPaths = 8192
  /// The points of all paths together.
  private static let maxPathPoints = 1 << 20
  private static let maxTrail = 4000
  /// A loss larger than the first one by this factor has diverged.
  private static let divergence = 1e9

  /// Creates a training run without performing a step.
  ///
  /// - Parameters:
  ///   - program: the program to train.
  ///   - plan: steps, batches and optimizer; the program's own by default.
  /// - Throws: `InputError` if there is nothing to train, or the plan selects samples that the program does
  ///   not have.
  public init(_ program: Program, plan: TrainingPlan? = nil) throws(InputError) {
    self.program = program
    self.plan = plan ?? program.plan
    recording = program.record()
    guard let loss = recording.loss else { throw InputError("the program has no `loss`, so there is nothing to train") }
    self.loss = loss
    elements = recording.tape.elements(of: [.parameter])
    guard !elements.isEmpty else {
      throw InputError("the program has no `param` and no `layer`, so there is nothing to train")
    }
    // The graph before the first step shows that step's update.
    recording.tape.optimizer = self.plan.optimizer
    training = Training(loss, optimizer: self.plan.optimizer, steps: self.plan.steps)
    batches = self.plan.batches
    usesBatches = self.plan.batchSize != nil
    evaluatesApart = usesBatches || program.hasPhases
    let kept = elements.prefix(Self.maxPaths)
    paths = kept.map { _ in BoundedSeries(capacity: min(2048, Self.maxPathPoints / kept.count)) }
    mean = RunningMean(size: self.plan.stepsOfEpoch)
    if self.plan.stepsOfEpoch > 1 { means = BoundedSeries() }
    if !self.plan.heldOutRows.isEmpty { _ = try recording(of: self.plan.heldOutRows) }
    if evaluatesApart { initialLoss = try evaluate(self.plan.trainingRows).loss }
  }

  /// The number of steps so far, which is the number of the next one.
  public var step: Int { training.step }
  /// Whether all steps have been performed.
  public var isDone: Bool { step >= plan.steps }

  /// Sets the next step's batch and computes its values and gradients, which ``graph(level:)`` then shows.
  public func prepareStep() {
    putBatchIn()
    recording.tape.replay()
    recording.tape.backward(from: loss)
  }

  /// Does nothing if every step uses all samples.
  private func putBatchIn() {
    guard !isPrepared else { return }
    isPrepared = true
    if usesBatches, let rows = batches.next() { recording.put(rows: rows) }
    if step > 0 { recording.drawMasks() }
  }

  /// Performs the next step: forward pass, backward pass, update.
  ///
  /// - Returns: the result; nil after the last step.
  /// - Throws: `TrainingError` if a number is not finite, the loss has diverged, or the task is cancelled, in
  ///   which case the step was not performed.
  public func next() throws(TrainingError) -> TrainingStep? {
    guard !isDone else { return nil }
    do throws(TrainingError) {
      guard !Task.isCancelled else { throw TrainingError(step: step, loss: loss.data, reason: .cancelled) }
      if step % max(plan.steps / 50, 1) == 0 { measure() }
      putBatchIn()
      keepPaths()
      guard let entry = try training.next() else { return nil }
      recording.keepStatistics()
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
      training.undo()
      throw TrainingError(step: entry.step, loss: entry.loss, reason: .diverged)
    }
  }

  private func noted(_ error: TrainingError) -> TrainingError {
    guard error.reason != .cancelled else { return error }
    self.error = error
    finalLoss = error.loss
    return error
  }

  /// Performs all remaining steps, then computes the final loss.
  ///
  /// - Parameter isStopped: called before each step; training ends when it returns true.
  /// - Returns: the loss after the last step; see ``finish()``.
  /// - Throws: `TrainingError`, like ``next()``.
  @discardableResult
  public func run(isStopped: () -> Bool = { false }) throws(TrainingError) -> Double {
    while !isStopped(), try next() != nil {}
    return try finish()
  }

  /// Computes the loss over all training samples with the current parameters.
  ///
  /// - Throws: `TrainingError` if it is not finite.
  @discardableResult
  public func finish() throws(TrainingError) -> Double {
    if error == nil, let finalLoss { return finalLoss }
    trailStride = 1
    keepPaths()
    let whole = evaluatesApart ? known(plan.trainingRows) : recording
    whole.tape.replay()
    let result = whole.loss?.data ?? .nan
    guard result.isFinite else {
      let fault = whole.loss.flatMap { whole.tape.fault(in: $0) }
      throw noted(TrainingError(step: step, loss: result, reason: .notFinite(fault)))
    }
    finalLoss = result
    measure()
    return result
  }

  // MARK: Other samples

  /// Computes the loss and metrics on some samples with the current parameters.
  ///
  /// - Parameter rows: the indices of the samples; the training samples if empty.
  /// - Throws: `InputError` for samples that the program does not have.
  public func evaluate(
    _ rows: [Int]
  ) throws(InputError) -> (loss: Double, metrics: [(name: String, value: Double)]) {
    let rows = rows.isEmpty || plan.sampleCount == 0 ? plan.trainingRows : rows
    guard evaluatesApart || rows != plan.trainingRows else {
      recording.tape.replay()
      return (loss.data, recording.metrics())
    }
    let other = try recording(of: rows)
    other.tape.replay()
    return (other.loss?.data ?? .nan, other.metrics())
  }

  /// Measures what does not come out of a step: the loss on held-out samples, and the metrics.
  private func measure() {
    if !plan.heldOutRows.isEmpty {
      let other = known(plan.heldOutRows)
      other.tape.replay()
      heldOut.append((step, other.loss?.data ?? .nan))
      keep(other.metrics(), isHeldOut: true)
    }
    guard !program.metricNames.isEmpty else { return }
    let whole = evaluatesApart ? known(plan.trainingRows) : recording
    whole.tape.replay()
    keep(whole.metrics(), isHeldOut: false)
  }

  private func keep(_ measured: [(name: String, value: Double)], isHeldOut: Bool) {
    for (name, value) in measured {
      if let known = metrics.firstIndex(where: { $0.name == name && $0.isHeldOut == isHeldOut }) {
        metrics[known].points.append((step, value))
      } else {
        metrics.append(MetricCurve(name: name, isHeldOut: isHeldOut, points: [(step, value)]))
      }
    }
  }

  /// A recording of some samples with the current parameters.
  private func recording(of rows: [Int]) throws(InputError) -> Recording {
    if let known = recordings[rows] { return withParameters(known) }
    let other = try program.record(rows: rows)
    recordings[rows] = other
    return withParameters(other)
  }

  /// The same for samples that were recorded when training began.
  private func known(_ rows: [Int]) -> Recording { recordings[rows].map(withParameters) ?? recording }

  private func withParameters(_ other: Recording) -> Recording {
    for (own, its) in zip(recording.tape.parameterTensors, other.tape.parameterTensors) {
      its.tensor.data = own.tensor.data
    }
    other.take(statisticsOf: recording)
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

  /// The training step as a graph, for figures: current values and gradients, and the next update.
  ///
  /// - Parameter level: arrays or scalars; nil for those of the program's own figures, arrays where these show neurons.
  public func graph(level: ComputationGraph.Level? = nil) -> ComputationGraph {
    recording.tape.graph(loss: loss, level: level ?? drawnLevel, presentation: program.settings.presentation)
  }

  private lazy var drawnLevel: ComputationGraph.Level = {
    let graph = program.drawnGraph(of: recording, level: nil)
    // The neurons of several steps would not all have their places.
    return graph.presentation.view == .neurons ? program.automaticLevel : graph.level
  }()
}
