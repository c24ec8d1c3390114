import Autograd
import GradLanguage
import GradvizKit
import GradvizPlots

/// A fully trained program and its plots.
struct TrainedProgram {
  private let training: ProgramTraining
  private let others: [TrainingComparison]

  /// - Parameter compare: another optimizer, trained beside the program's own.
  /// - Throws: `InputError` if there is nothing to train, `TrainingError` if training fails.
  init(_ program: Program, compare: String?) throws {
    training = try ProgramTraining(program)
    try training.run()
    let plan = training.plan
    others = try compare.map { [try TrainingComparison(program, plan: plan, with: $0)] } ?? []
  }

  /// Returns nil if the program has no such plot.
  func plot(
    _ kind: BlockOptions.Picture.Plot, of names: [String], options: PlotOptions
  ) throws(InputError) -> Plot? {
    switch kind {
    case .descent:
      training.descentPlot(others: others, options: options)
    case .parameters: training.parameterPlot(options: options)
    case .decision: training.decisionPlot(options: options)
    case .fit: training.fitPlot(options: options)
    case .landscape:
      try training.landscapePlot(names.isEmpty ? nil : names, others: others, options: options)
    default: nil
    }
  }

  /// The reason why a program has no such plot.
  static func reasonAgainst(_ kind: BlockOptions.Picture.Plot) -> String {
    switch kind {
    case .decision: "it needs two features per sample, and classes"
    case .fit: "it needs one feature per sample, and numbers as targets"
    case .landscape: "it needs two parameters; choose two of several with `of=NAME,NAME`"
    case .depth: "it needs a layer with relu, tanh or sigmoid before the loss"
    default: "the program was not trained"
    }
  }
}
