import Autograd
import GradLanguage
import GradvizGraph
import GradvizPlots

/// A program trained from the same start with another optimizer, for the plots of both.
public struct TrainingComparison {
  /// The optimizer's name, under which its losses are drawn.
  public let name: String
  /// The training, made to its end.
  public let training: ProgramTraining

  /// Trains the program once more, at the same rate.
  ///
  /// - Parameters:
  ///   - name: one of `Optimizer.names`.
  ///   - plan: steps, batches and rate.
  ///   - isStopped: asked before each step; a training that is stopped ends there.
  /// - Throws: ``InputError`` for an unknown name, and where there is nothing to train. A training that fails is
  ///   drawn as far as it came.
  /// - Complexity: that of the whole training.
  public init(
    _ program: Program, plan: TrainingPlan, with name: String, isStopped: () -> Bool = { false }
  ) throws(InputError) {
    guard let optimizer = Optimizer(name: name, rate: plan.optimizer.rate) else {
      throw InputError("unknown optimizer \(quoted(name)); there are \(Optimizer.names.joined(separator: ", "))")
    }
    var plan = plan
    plan.optimizer = optimizer
    self.name = name
    training = try ProgramTraining(program, plan: plan)
    _ = try? training.run(isStopped: isStopped)
  }

  /// The losses; the last one is not a number where training failed.
  var curve: LossCurve {
    var curve = training.curve(name: name)
    curve.losses.append(training.error == nil ? training.finalLoss ?? .nan : .nan, at: training.step)
    return curve
  }
}
