import Autograd
import GradLanguage
import GradvizKit
import GradvizPlots

/// A program trained to its end, and the plots of that.
struct TrainedProgram {
  private let training: ProgramTraining
  private let others: [TrainingComparison]

  /// - Parameter compare: another optimizer, trained beside the program's own.
  /// - Throws: `InputError` where there is nothing to train, `TrainingError` where training fails.
  init(_ program: Program, compare: String?) throws {
    training = try ProgramTraining(program)
    try training.run()
    let plan = training.plan
    others = try compare.map { [try TrainingComparison(program, plan: plan, with: $0)] } ?? []
  }

  /// nil where the program has no such plot.
  func plot(
    _ kind: BlockOptions.Picture, of names: [String], options: PlotOptions
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
