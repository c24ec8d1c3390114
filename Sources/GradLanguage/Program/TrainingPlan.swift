import Autograd

/// The training settings of a program.
public struct TrainingPlan: Sendable, Equatable {
  /// The optimizer, by default gradient descent with the program's `rate`.
  public var optimizer: Optimizer
  /// The number of steps.
  public var steps: Int
  /// The number of samples in a step; nil for all training samples.
  public var batchSize: Int?
  /// Whether each epoch visits the samples in a new order.
  public var isShuffled: Bool
  /// The seed of that order.
  public var seed: Int
  /// The number of samples of the program; 0 if its data has no sample axis.
  public var sampleCount: Int
  /// The rows used for training and those held out, in order.
  public var trainingRows: [Int]
  /// The rows that training does not see, in order.
  public var heldOutRows: [Int]

  /// The number of steps in an epoch.
  public var stepsOfEpoch: Int {
    batchSize.map { Swift.max((trainingRows.count + $0 - 1) / $0, 1) } ?? 1
  }

  /// The rows of each step, in batches of equal size.
  public var batches: Batches { Batches(self) }

  /// An infinite sequence of batches.
  ///
  /// An epoch visits all samples, in a new order if they are shuffled. The last batch of an epoch is filled up from
  /// the next one, so that one recorded graph serves all steps.
  public struct Batches: Sequence, IteratorProtocol, Sendable {
    private let rows: [Int]
    private let size: Int
    private let isShuffled: Bool
    private var numbers: SeededNumbers
    private var epoch: [Int] = []

    init(_ plan: TrainingPlan) {
      rows = plan.trainingRows
      size = Swift.min(plan.batchSize ?? rows.count, rows.count)
      isShuffled = plan.isShuffled
      numbers = SeededNumbers(seed: plan.seed)
    }

    /// Returns the rows of the next step; never nil.
    public mutating func next() -> [Int]? {
      guard size > 0 else { return [] }
      var batch: [Int] = []
      while batch.count < size {
        if epoch.isEmpty {
          epoch = isShuffled ? numbers.drawOrder(of: rows.count).reversed().map { rows[$0] } : rows.reversed()
        }
        batch.append(epoch.removeLast())
      }
      return batch
    }
  }
}

extension Program {
  /// The training settings of the program.
  public var plan: TrainingPlan {
    let optimizer = settings.optimizer ?? .sgd(rate: settings.rates ?? .constant(Self.defaultRate))
    let all = Array(0..<sampleCount)
    var heldOut: [Int] = []
    if let share = settings.holdout, sampleCount >= 2 {
      var numbers = SeededNumbers(seed: settings.holdoutSeed)
      let count = Swift.min(Swift.max(Int((Double(sampleCount) * share).rounded()), 1), sampleCount - 1)
      heldOut = Array(numbers.drawOrder(of: sampleCount).prefix(count)).sorted()
    }
    let isHeldOut = Set(heldOut)
    return TrainingPlan(
      optimizer: optimizer, steps: settings.steps ?? ProgramSettings.defaultSteps,
      batchSize: settings.batchSize, isShuffled: settings.isShuffled, seed: settings.batchSeed,
      sampleCount: sampleCount, trainingRows: all.filter { !isHeldOut.contains($0) }, heldOutRows: heldOut)
  }

  /// The rows of the first step; nil if every step uses all samples.
  var firstBatch: [Int]? {
    let plan = plan
    guard plan.batchSize != nil || !plan.heldOutRows.isEmpty else { return nil }
    var batches = plan.batches
    return batches.next()
  }

  /// About how many scalar operations a forward pass of a training step takes: its samples' share of those of all.
  public var operationsOfStep: Double {
    let plan = plan
    guard plan.sampleCount > 0 else { return operationCount }
    return operationCount * Double(plan.batchSize ?? plan.trainingRows.count) / Double(plan.sampleCount)
  }

  /// The name of the loss; nil if there is none.
  public var lossName: String? { name(of: .loss) }

  private func name(of keyword: Vocabulary.Keyword) -> String? {
    tree.statements.first { if case .declaration(keyword) = $0.kind { true } else { false } }?.name
  }

  /// The names of the program's metrics, in program order.
  public var metricNames: [String] {
    tree.statements.compactMap { statement in
      if case .declaration(.metric) = statement.kind { statement.name } else { nil }
    }
  }
}
