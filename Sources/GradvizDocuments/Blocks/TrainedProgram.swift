import GradvizKit

/// A program trained to its end, and the plots of that.
struct TrainedProgram {
  private let trainer: ProgramTrainer
  private let finalLoss: Double
  private var heldOut: [(step: Int, loss: Double)] = []
  private let other: (curve: LossCurve, trainer: ProgramTrainer)?

  /// - Parameter compare: another method, trained beside the program's own.
  /// - Throws: `InputError` where there is nothing to train, `TrainingError` where training fails.
  init(_ program: Program, compare: String?) throws {
    trainer = try ProgramTrainer(program)
    let rows = trainer.plan.heldOutRows
    let every = max(trainer.plan.steps / 50, 1)
    while !trainer.isDone {
      if !rows.isEmpty, trainer.step % every == 0 {
        heldOut.append((trainer.step, try trainer.evaluate(rows).loss))
      }
      _ = try trainer.advance()
    }
    finalLoss = try trainer.finish()
    if !rows.isEmpty { heldOut.append((trainer.step, try trainer.evaluate(rows).loss)) }
    let plan = trainer.plan
    other = try compare.map { try ProgramTrainer.trained(program, plan, with: $0) }
  }

  /// nil where the program has no such plot.
  func plot(
    _ kind: BlockOptions.Picture, of names: [String], options: PlotOptions
  ) throws(InputError) -> Plot? {
    switch kind {
    case .descent:
      trainer.descentPlot(
        finalLoss: finalLoss, heldOut: heldOut, others: other.map { [$0.curve] } ?? [], options: options)
    case .parameters: trainer.parameterPlot(options: options)
    case .decision: trainer.decisionPlot(options: options)
    case .fit: trainer.fitPlot(options: options)
    case .landscape:
      try trainer.landscapePlot(
        names.isEmpty ? nil : names, others: other.map { [($0.curve.name, $0.trainer)] } ?? [],
        options: options)
    default: nil
    }
  }

  /// What a program lacks that has no such plot.
  static func reasonAgainst(_ kind: BlockOptions.Picture) -> String {
    switch kind {
    case .decision: "it is of programs with two features for each sample, and classes"
    case .fit: "it is of programs with one feature for each sample, and numbers as targets"
    case .landscape: "it is of programs with two parameters; `of=NAME,NAME` chooses two of several"
    default: "the program was not trained"
    }
  }
}
