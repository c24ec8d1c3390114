import Autograd
import GradLanguage
import GradvizPlots

extension Optimizer {
  /// The methods that `init(usual:rate:)` knows.
  public static let usualNames = ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"]

  /// A method with its usual settings, by its name; nil for a name that is none.
  public init?(usual name: String, rate: LearningRate) {
    switch name {
    case "sgd": self = .sgd(rate: rate)
    case "momentum": self = .sgd(rate: rate, momentum: 0.9)
    case "nesterov": self = .nesterov(rate: rate)
    case "rmsprop": self = .rmsprop(rate: rate)
    case "adagrad": self = .adagrad(rate: rate)
    case "adam": self = .adam(rate: rate)
    case "adamw": self = .adamw(rate: rate)
    default: return nil
    }
  }
}

extension ProgramTrainer {
  /// The same program trained from the same start with another method, at the same rate.
  ///
  /// - Parameters:
  ///   - program: what is trained.
  ///   - plan: steps, batches and rate.
  ///   - name: one of `Optimizer.usualNames`; any other leaves the program's own method.
  ///   - isStopped: asked before each step.
  /// - Returns: the losses under that name up to where training failed, if it did, and the trainer.
  /// - Throws: ``InputError`` where there is nothing to train.
  /// - Complexity: that of the whole training.
  public static func trained(
    _ program: Program, _ plan: TrainingPlan, with name: String, isStopped: () -> Bool = { false }
  ) throws -> (curve: LossCurve, trainer: ProgramTrainer) {
    var plan = plan
    plan.optimizer = Optimizer(usual: name, rate: plan.optimizer.rate) ?? plan.optimizer
    let other = try ProgramTrainer(program, plan: plan)
    var last = Double.nan
    do {
      while !other.isDone, !isStopped() { _ = try other.advance() }
      last = try other.finish()
    } catch is TrainingError {}
    var curve = other.curve(name: name)
    curve.losses.append(last, at: other.step)
    return (curve, other)
  }
}
