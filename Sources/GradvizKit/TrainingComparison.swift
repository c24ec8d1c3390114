import Autograd
import GradLanguage
import GradvizGraph
import GradvizPlots

/// The same program trained from the same start with another optimizer, for comparison in plots.
public struct TrainingComparison {
  /// The optimizer's name, the label of its curve.
  public let name: String
  /// The completed training run.
  public let training: ProgramTraining

  /// Trains the program again at the same rate.
  ///
  /// - Parameters:
  ///   - program: the program, which is recorded again.
  ///   - name: one of `Optimizer.names`.
  ///   - plan: steps, batches and rate.
  ///   - isStopped: called before each step; training ends when it returns true.
  /// - Throws: `InputError` for an unknown name, or if there is nothing to train. A training run that fails
  ///   is drawn up to the failing step.
  /// - Complexity: that of the whole training run.
  public init(
    _ program: Program, plan: TrainingPlan, with name: String, isStopped: () -> Bool = { false }
  ) throws(InputError) {
    guard let optimizer = Optimizer(name: name, rate: plan.optimizer.rate) else {
      throw InputError("unknown optimizer \(quoted(name)); expected one of \(Optimizer.names.joined(separator: ", "))")
    }
    var plan = plan
    plan.optimizer = optimizer
    self.name = name
    training = try ProgramTraining(program, plan: plan)
    _ = try? training.run(isStopped: isStopped)
  }

  /// The losses; the last one is not finite if training failed.
  var curve: LossCurve {
    var curve = training.curve(name: name)
    curve.losses.append(training.error == nil ? training.finalLoss ?? .nan : .nan, at: training.step)
    return curve
  }
}
