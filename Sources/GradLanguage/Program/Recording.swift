import Autograd

/// A program recorded on a tape: its values are computed, its gradients are not.
///
/// Not Sendable: use it from one task at a time, as its tape.
public struct Recording {
  /// The tape that holds every value of the program.
  public let tape: Tape
  /// nil if the program declares none.
  ///
  /// It does not hold the tape; the recording does.
  public let loss: Value?
  /// The predictions in program order.
  public let predictions: [(name: String, tensor: Tensor)]
  /// The declared values by name.
  public let names: [String: Tensor]
  /// A warning about the first value that is not finite, if there is one.
  public let warnings: [Diagnostic]
  let program: Program
  let facts: [Fact]
  /// The leaves with one row per sample, and all their rows.
  let samples: [(tensor: Tensor, all: Constant)]
  let classRows: [ClassRows]
  let phased: PhasedParts
  /// The syntax node for which each section of the tape was recorded.
  let origins: [(end: Int, node: Int)]

  /// The inputs by name in program order, with all their rows.
  public var inputs: [(name: String, tensor: Tensor)] {
    program.leafNames(.input).compactMap { name in names[name].map { (name, $0) } }
  }

  /// The targets by name in program order.
  public var targets: [(name: String, tensor: Tensor)] {
    program.leafNames(.target).compactMap { name in names[name].map { (name, $0) } }
  }

  /// Replaces the samples; `Tape.replay()` then recomputes the values.
  ///
  /// - Throws: `InputError` for another number of samples than was recorded, or one that the program does not have.
  public func setRows(_ rows: [Int]) throws(InputError) {
    if let count = samples.first?.tensor.shape.first, count != rows.count {
      throw InputError("the recording takes \(count) samples, not \(rows.count)")
    }
    try program.requireSamples(rows)
    put(rows: rows)
  }

  /// The same for samples that are known to be there.
  package func put(rows: [Int]) {
    for (tensor, all) in samples { tensor.data = all.rows(rows).numbers }
    for own in classRows { own.update() }
  }

  /// Draws the masks of the next training step.
  package func drawMasks() {
    for dropout in phased.dropouts { dropout.draw() }
  }

  /// Adds the statistics of the last training step's batch to the running ones.
  package func keepStatistics() {
    for norm in phased.norms { norm.keep() }
  }

  /// The running statistics of the batch normalizations, in program order: `batch_norm1.mean`, `batch_norm1.variance`, ….
  package var statistics: [(name: String, values: [Double])] {
    phased.norms.enumerated().flatMap { number, norm in
      [("batch_norm\(number + 1).mean", norm.mean), ("batch_norm\(number + 1).variance", norm.variance)]
    }
  }

  /// Replaces the running statistics.
  ///
  /// - Precondition: as many numbers as ``statistics`` has.
  package func put(statistics: [[Double]]) {
    for (number, norm) in phased.norms.enumerated() {
      norm.put(mean: statistics[2 * number], variance: statistics[2 * number + 1])
    }
  }

  /// Takes over the running statistics of a recording for training.
  package func take(statisticsOf training: Recording) { phased.take(statisticsOf: training.phased) }

  /// The program's metrics for the current values.
  ///
  /// - Complexity: O(entries of the values they read).
  public func metrics() -> [(name: String, value: Double)] {
    program.tree.statements.compactMap { statement in
      guard case .declaration(.metric) = statement.kind, let name = statement.name else { return nil }
      var recorder = Recorder(program: program, facts: facts, rows: nil)
      recorder.copyNames(statement, from: names)
      return recorder.evaluate(statement).map { (name, $0.data[0]) }
    }
  }
}

extension Program {
  /// Runs the program on a new tape, with the samples of its first step, for training.
  ///
  /// - Complexity: O(scalar operations).
  public func record() -> Recording {
    guard let rows = firstBatch, let facts = factsByRows[rows.count] else { return record(facts, rows: nil) }
    return record(facts, rows: rows)
  }

  /// Whether evaluation computes something else than training: it has a dropout or a batch normalization.
  package var hasPhases: Bool {
    facts.contains { fact in
      switch fact.computation {
      case .composed(let composition): composition.phased != nil
      case .layer(let layer): layer.phased != nil
      default: false
      }
    }
  }

  /// Runs the program with some of its samples, such as those of a batch, the training samples or the
  /// held-out samples, for evaluation: nothing is dropped, and a batch normalization has its running statistics.
  ///
  /// - Parameter rows: the samples by number, from 0 on: all of them, as many as one step takes, those that are
  ///   trained with or those that are held out.
  /// - Throws: `InputError` where the program does not fit that number of samples, or does not have them.
  public func record(rows: [Int]) throws(InputError) -> Recording {
    try requireSamples(rows)
    if rows.count == sampleCount { return record(facts, rows: rows, isEvaluating: true) }
    guard let facts = factsByRows[rows.count] else {
      throw InputError("the program cannot be recorded with \(rows.count) of its \(sampleCount) samples")
    }
    return record(facts, rows: rows, isEvaluating: true)
  }

  /// - Throws: `InputError` where one of the numbers is not that of a sample.
  fileprivate func requireSamples(_ rows: [Int]) throws(InputError) {
    guard let far = rows.first(where: { !(0..<sampleCount).contains($0) }) else { return }
    throw InputError(
      sampleCount == 0
        ? "the program has no samples" : "there is no sample \(far): the program has 0 to \(sampleCount - 1)")
  }

  private func record(_ facts: [Fact], rows: [Int]?, isEvaluating: Bool = false) -> Recording {
    var recorder = Recorder(program: self, facts: facts, rows: rows)
    recorder.phased.isEvaluating = isEvaluating
    let idle = DataOnlyConstants.statements(of: self, facts)
    for (index, statement) in tree.statements.enumerated() where !idle.contains(index) { recorder.record(statement) }
    recorder.tape.enterScope(nil)
    recorder.tape.hand(namesOf: recorder.classRows.compactMap { own in own.leaf.map { ($0, own.rows) } })
    recorder.tape.learningRate = settings.rate
    if settings.optimizer != nil || settings.rates.map({ !$0.isConstant }) == true {
      recorder.tape.optimizer = plan.optimizer
    }
    return Recording(
      tape: recorder.tape, loss: recorder.loss, predictions: recorder.predictions, names: recorder.names,
      warnings: recorder.warnings, program: self, facts: facts, samples: recorder.samples,
      classRows: recorder.classRows, phased: recorder.phased, origins: recorder.origins)
  }

  fileprivate func leafNames(_ keyword: Vocabulary.Keyword) -> [String] {
    tree.statements.compactMap { statement in
      if case .declaration(keyword) = statement.kind { statement.name } else { nil }
    }
  }
}

extension Constant {
  /// - Precondition: the rank is at least 1, and the rows are positions on the first axis.
  func rows(_ rows: [Int]) -> Constant {
    let perRow = shape[0] == 0 ? 0 : numbers.count / shape[0]
    return Constant(
      shape: [rows.count] + shape.dropFirst(),
      numbers: rows.flatMap { numbers[($0 * perRow)..<(($0 + 1) * perRow)] })
  }

  /// Class numbers as one-hot rows; that of a number to ignore is empty.
  func oneHot(_ count: Int, ignoring ignored: Int? = nil) -> Constant {
    var result = Constant(
      shape: shape + [count], numbers: [Double](repeating: 0, count: numbers.count * count))
    for (row, number) in numbers.enumerated() {
      guard let own = Int(exactly: number), (0..<count).contains(own), own != ignored else { continue }
      result.numbers[row * count + own] = 1
    }
    return result
  }
}
