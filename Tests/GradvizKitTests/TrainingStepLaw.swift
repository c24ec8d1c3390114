import Autograd
import GradLanguage
import GradvizGraph
import GradvizKit
import GradvizPlots
import GradvizTestSupport
import Testing

@Suite("Training steps of random programs")
struct TrainingStepLaw {
  private static let programs = Seeds.programs(default: 60)

  @Test(arguments: programs)
  func `an exported graph agrees with what it says of itself`(_ random: RandomProgram) throws {
    let program = try Project.programText(random.source)
    for level in ComputationGraph.Level.allCases {
      let report = program.graph(level: level).recomputed()
      #expect(report.problems.isEmpty, "\(report.problems.map(\.description)) \(random)")
      #expect(report.values > 0, "\(random)")
    }
  }

  @Test(arguments: programs)
  func `gradients are slopes, and kinks are where something turns`(_ random: RandomProgram) throws {
    let recording = try Project.programText(random.source).record()
    let loss = try #require(recording.loss, "\(random)")
    #expect(recording.tape.fault(in: loss) == nil, "\(random)")
    let canTurn = ["relu", "abs", "max", "min", "mae", "huber", "hinge", "logits"].contains(
      where: random.source.contains)
    for check in recording.tape.check(loss) {
      #expect(check.passes, "\(check) \(random)")
      #expect(check.verdict != .kink || canTurn, "\(check) \(random)")
    }
  }

  @Test(arguments: programs, Optimizer.names)
  func `what no loss reaches does not move, whatever the optimizer`(_ random: RandomProgram, _ name: String)
    throws
  {
    let program = try Project.programText(random.source)
    let recording = program.record()
    let loss = try #require(recording.loss, "\(random)")
    let optimizer = try #require(Optimizer(name: name, rate: 0.1)).decaying(0.3)
    recording.tape.optimizer = optimizer
    for level in ComputationGraph.Level.allCases {
      let graph = recording.tape.graph(loss: loss, level: level)
      let arrays = recording.tape.graph(loss: loss, level: .tensor)
      for node in graph.nodes where node.role == .parameter && node.gradient == nil {
        // An entry of an array with a gradient has one, too: 0.
        let owner = arrays.nodes.first {
          node.name.hasPrefix($0.name) && $0.role == .parameter && $0.gradient != nil
        }
        if level == .tensor || owner == nil {
          #expect(node.updated == node.value, "\(node.name) \(random)")
        }
      }
    }
  }

  @Test(arguments: programs, ["batch 2", "batch 1", "holdout 0.4", "batch 2 shuffle\nholdout 1/3"])
  func `any program trains in batches, or is refused with a word`(
    _ random: RandomProgram, _ lines: String
  ) throws {
    let own = random.source.split(separator: "\n").filter {
      !$0.hasPrefix("batch ") && !$0.hasPrefix("holdout ") && !$0.hasPrefix("steps ")
    }
    let text = own.joined(separator: "\n") + "\n\(lines)\nsteps 3\n"
    let program: Program
    do { program = try Project.programText(text) } catch {
      #expect("\(error)".contains("program.grad:"), "\(error)")
      return
    }
    let training: ProgramTraining
    do { training = try ProgramTraining(program) } catch {
      #expect(!error.description.isEmpty, "\(text)")
      return
    }
    do {
      while try training.next() != nil {}
      _ = try training.finish()
      if !training.plan.heldOutRows.isEmpty { _ = try training.evaluate(training.plan.heldOutRows) }
    } catch let error as TrainingError {
      // Other samples may leave an operation's domain, which is then reported.
      #expect(error.fault != nil || error.description.contains("without bound"), "\(text)")
    }
    let options = PlotOptions(title: "T")
    _ = (training.decisionPlot(options: options), training.fitPlot(options: options))
  }

  @Test(arguments: programs)
  func `values that are written once are those that are warned of`(_ random: RandomProgram) throws {
    let program = try Project.programText(random.source)
    let words = random.source.split(separator: "\n").filter {
      !$0.hasPrefix("title \"") && !$0.hasPrefix("caption \"")
    }
    .flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init) }
    let counts = Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
    for warning in program.warnings {
      let name = warning.message.split(separator: "`").dropFirst().first.map(String.init) ?? ""
      // A function's parameter may have the same name.
      #expect(counts[name] == 1 || random.source.contains("def "), "\(warning.message) \(random)")
    }
    try #require(program.lossName != nil, "\(random)")
    let warned = program.warnings.map(\.message).joined()
    for line in random.source.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count > 2 else { continue }
      let name = parts[0] == "param" || parts[0] == "input" ? parts[1] : parts[1] == "=" ? parts[0] : ""
      guard !name.isEmpty, counts[String(name)] == 1, program.warnings.count < 20 else { continue }
      #expect(warned.contains("`\(name)`"), "\(name) \(random)")
    }
  }
}

extension Optimizer {
  /// The same with weight decay.
  fileprivate func decaying(_ decay: Double) -> Optimizer {
    switch method {
    case .sgd(let momentum, let dampening, _, let isNesterov):
      Optimizer(
        .sgd(momentum: momentum, dampening: dampening, weightDecay: decay, isNesterov: isNesterov), rate: rate
      )
    case .rmsprop(let alpha, let epsilon, _, let momentum):
      Optimizer(.rmsprop(alpha: alpha, epsilon: epsilon, weightDecay: decay, momentum: momentum), rate: rate)
    case .adagrad(let rateDecay, _, let initial, let epsilon):
      Optimizer(
        .adagrad(rateDecay: rateDecay, weightDecay: decay, initialAccumulator: initial, epsilon: epsilon),
        rate: rate)
    case .adam(let beta1, let beta2, let epsilon, _, let isDecoupled):
      Optimizer(
        .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay, isDecoupled: isDecoupled),
        rate: rate)
    }
  }
}
