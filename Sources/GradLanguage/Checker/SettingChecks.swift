import Autograd
import GradvizGraph

/// The settings of a file apart from its values; nil means that the file does not say.
public struct ProgramSettings: Sendable, Equatable {
  /// The display settings that a graph carries with it.
  public var presentation = ComputationGraph.Presentation()
  /// The step size of the update; positive and finite.
  public var rate: Double?
  /// The rate of each step, if it changes.
  var rates: LearningRate?
  var schedule: LearningRate?
  /// nil for gradient descent with ``rate``.
  public var optimizer: Optimizer?
  /// The number of training steps.
  public var steps: Int?
  /// The number of samples in a step; nil for all.
  public var batchSize: Int?
  /// Whether the samples come in a new order in each epoch.
  public var isShuffled = false
  /// The seed of that order.
  public var batchSeed = 0
  /// The share of the samples held out of training.
  public var holdout: Double?
  /// The seed by which they are chosen.
  public var holdoutSeed = 0
  /// nil for automatic.
  public var level: ComputationGraph.Level?
  /// `forward`, `loss`, `backward`, `update`, `overview` or `all`.
  public var stage: String?

  /// The settings of a program that sets nothing.
  public init() {}
}

extension Checker {
  mutating func checkSetting(_ keyword: Vocabulary.Keyword, _ statement: Statement) {
    if let first = settingLines[keyword] {
      return log.add(Issue(statement.span, "`\(keyword.rawValue)` is already set on line \(first)"))
    }
    settingLines[keyword] = line(statement.span)
    do throws(Issue) {
      switch keyword {
      case .title: settings.presentation.title = statement.word
      case .caption: settings.presentation.caption = statement.word
      case .gradients:
        settings.presentation.gradients = try option(statement, ComputationGraph.Presentation.Gradients.allCases)
      case .direction:
        settings.presentation.direction = try option(
          statement, ComputationGraph.Presentation.Direction.allCases)
      case .lang:
        settings.presentation.language = try option(
          statement, ComputationGraph.Presentation.Language.allCases)
      case .decimal:
        settings.presentation.decimal = try option(statement, ComputationGraph.Presentation.DecimalMark.allCases)
      case .parameters:
        settings.presentation.parameters = try option(
          statement, ComputationGraph.Presentation.ParameterStyle.allCases)
      case .theme:
        settings.presentation.theme = try option(statement, ComputationGraph.Presentation.Theme.allCases)
      case .formulas:
        settings.presentation.formulas = try option(statement, ComputationGraph.Presentation.Formulas.allCases)
      case .samples:
        settings.presentation.samples = try option(statement, ComputationGraph.Presentation.Samples.allCases)
      case .closeups:
        settings.presentation.closeUps = try option(statement, ComputationGraph.Presentation.CloseUps.allCases)
      case .level: try checkLevel(statement)
      case .stage: settings.stage = try option(statement, Vocabulary.stages)
      case .rate: try checkRate(statement)
      case .precision: try checkPrecision(statement)
      case .width:
        settings.presentation.width = try size(
          statement, within: ComputationGraph.Presentation.widths, "the width of a figure", unit: " points",
          hint: "wider figures continue in a second row")
      case .scale:
        settings.presentation.scale = try size(
          statement, within: ComputationGraph.Presentation.scales, "the scale of a figure", hint: "1 is its own size")
      case .dpi:
        settings.presentation.dpi = try size(
          statement, within: ComputationGraph.Presentation.resolutions, "the dpi of a PNG",
          hint: "it counts the pixels of an inch, which is 72 points")
      case .background:
        settings.presentation.background = try option(
          statement, ComputationGraph.Presentation.Background.allCases)
      case .optimizer: try checkOptimizer(statement)
      case .schedule: try checkSchedule(statement)
      case .steps: try checkSteps(statement)
      case .batch: try checkBatch(statement)
      case .holdout: try checkHoldout(statement)
      case .input, .target, .param, .predict, .loss, .layer, .metric, .def: break
      }
    } catch {
      log.add(error)
    }
  }

  private mutating func checkLevel(_ statement: Statement) throws(Issue) {
    let word = try option(statement, ["tensor", "scalar", "neurons", "auto"])
    settings.level = word == "neurons" ? .scalar : ComputationGraph.Level(rawValue: word)
    settings.presentation.view = word == "neurons" ? .neurons : word == "scalar" ? .values : nil
    if settings.level == .scalar { scalarLevelSpan = statement.span }
  }

  private func option<Choice: RawRepresentable>(_ statement: Statement, _ choices: [Choice])
    throws(Issue) -> Choice where Choice.RawValue == String
  {
    let names = choices.map(\.rawValue)
    let word = try option(statement, names)
    return choices[names.firstIndex(of: word) ?? 0]
  }

  private func option(_ statement: Statement, _ names: [String]) throws(Issue) -> String {
    let word = statement.word ?? ""
    guard names.contains(word) else {
      throw Issue(
        statement.wordSpan ?? statement.span, "unknown value `\(word)` for `\(source.string(statement.span))`",
        hint: Spelling.suggestion(for: word, among: names)
          ?? "expected " + names.dropLast().map { "`\($0)`" }.joined(separator: ", ")
          + " or `\(names.last ?? "")`")
    }
    return word
  }

  private mutating func checkPrecision(_ statement: Statement) throws(Issue) {
    let fact = checkExpression(statement)
    guard fact.category != .poisoned, let root = statement.root else { return }
    guard let digits = fact.constant?.integer, (1...12).contains(digits) else {
      throw Issue(
        tree.nodes[root].span, "the precision must be a whole number from 1 to 12",
        hint: "it is the number of significant digits")
    }
    settings.presentation.precision = digits
  }

  /// A number within a range, which is said in `words`.
  private mutating func size(
    _ statement: Statement, within range: ClosedRange<Double>, _ words: String, unit: String = "", hint: String
  ) throws(Issue) -> Double? {
    let fact = checkExpression(statement)
    guard fact.category != .poisoned, let root = statement.root else { return nil }
    guard let size = fact.constant?.scalar, range.contains(size) else {
      let least = range.lowerBound < 1 ? "\(range.lowerBound)" : "\(Int(range.lowerBound))"
      throw Issue(
        tree.nodes[root].span, "\(words) is \(least) to \(Int(range.upperBound))\(unit)", hint: hint)
    }
    return size
  }
}
