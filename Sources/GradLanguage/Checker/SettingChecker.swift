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

  /// The number of steps if a program does not say.
  static let defaultSteps = 100

  /// The settings of a program that sets nothing.
  public init() {}
}

/// Checks the lines that set something, and holds what they set.
struct SettingChecker {
  let scope: NameScope
  let expressions: ExpressionChecker
  var settings = ProgramSettings()
  private(set) var optimizer: OptimizerChecker
  /// The line that sets each keyword.
  private(set) var lines: [Vocabulary.Keyword: String] = [:]
  /// Where the file requests the scalar level.
  private(set) var scalarLevelSpan: Span?
  private(set) var batchSpan: Span?
  private(set) var holdoutSpan: Span?

  init(scope: NameScope, expressions: ExpressionChecker) {
    self.scope = scope
    self.expressions = expressions
    optimizer = OptimizerChecker(scope: scope, expressions: expressions)
  }

  mutating func check(_ keyword: Vocabulary.Keyword, _ statement: Statement) {
    if let first = lines[keyword] {
      return scope.log.add(Issue(statement.span, "`\(keyword.rawValue)` is already set on line \(first)"))
    }
    lines[keyword] = scope.line(statement.span)
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
      case .rate: try optimizer.checkRate(statement, &settings)
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
      case .optimizer: try optimizer.checkOptimizer(statement, &settings)
      case .schedule: try optimizer.checkSchedule(statement, &settings)
      case .steps: try checkSteps(statement)
      case .batch: try checkBatch(statement)
      case .holdout: try checkHoldout(statement)
      case .input, .target, .param, .predict, .loss, .layer, .metric, .def: break
      }
    } catch {
      scope.log.add(error)
    }
  }

  /// Checks that need all lines to have been read.
  mutating func finish() { optimizer.finish(&settings, rateLine: lines[.rate]) }

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
        statement.wordSpan ?? statement.span, "unknown value `\(word)` for `\(scope.source.string(statement.span))`",
        hint: Spelling.suggestion(for: word, among: names)
          ?? "expected " + names.dropLast().map { "`\($0)`" }.joined(separator: ", ")
          + " or `\(names.last ?? "")`")
    }
    return word
  }

  private mutating func checkPrecision(_ statement: Statement) throws(Issue) {
    let fact = expressions.check(statement)
    guard fact.category != .poisoned, let root = statement.root else { return }
    guard let digits = fact.constant?.integer, (1...12).contains(digits) else {
      throw Issue(
        scope.span(root), "the precision must be a whole number from 1 to 12",
        hint: "it is the number of significant digits")
    }
    settings.presentation.precision = digits
  }

  /// A number within a range, which is said in `words`.
  private func size(
    _ statement: Statement, within range: ClosedRange<Double>, _ words: String, unit: String = "", hint: String
  ) throws(Issue) -> Double? {
    let fact = expressions.check(statement)
    guard fact.category != .poisoned, let root = statement.root else { return nil }
    guard let size = fact.constant?.scalar, range.contains(size) else {
      let least = range.lowerBound < 1 ? "\(range.lowerBound)" : "\(Int(range.lowerBound))"
      throw Issue(
        scope.span(root), "\(words) is \(least) to \(Int(range.upperBound))\(unit)", hint: hint)
    }
    return size
  }

  // MARK: Steps and samples

  private mutating func checkSteps(_ statement: Statement) throws(Issue) {
    settings.steps = try wholeNumber(
      statement, 1...scope.limits.steps, "the number of steps", hint: scope.limits.hint(.steps))
  }

  private func wholeNumber(
    _ statement: Statement, _ range: ClosedRange<Int>, _ what: String, hint: String? = nil
  ) throws(Issue) -> Int? {
    let fact = expressions.check(statement)
    guard fact.category != .poisoned, let root = statement.root else { return nil }
    guard let number = fact.constant?.integer, range.contains(number) else {
      throw Issue(
        scope.span(root), "\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
        hint: (fact.constant?.integer ?? 0) > range.upperBound ? hint : nil)
    }
    return number
  }

  private mutating func checkBatch(_ statement: Statement) throws(Issue) {
    guard let size = try wholeNumber(statement, 1...scope.limits.entries, "the batch size") else { return }
    settings.batchSize = size
    settings.isShuffled = statement.isShuffled
    settings.batchSeed = try seed(statement)
    batchSpan = statement.root.map { scope.span($0) }
  }

  private mutating func checkHoldout(_ statement: Statement) throws(Issue) {
    let fact = expressions.check(statement)
    guard fact.category != .poisoned, let root = statement.root else { return }
    guard let share = fact.constant?.scalar, share > 0, share < 1 else {
      throw Issue(
        scope.span(root), "the holdout must be a fraction between 0 and 1",
        hint: "as in `holdout 1/3`")
    }
    settings.holdout = share
    settings.holdoutSeed = try seed(statement)
    holdoutSpan = scope.span(root)
  }

  private func seed(_ statement: Statement) throws(Issue) -> Int {
    guard let root = statement.seedRoot else { return 0 }
    guard let seed = scope[root].constant?.integer else {
      throw Issue(scope.span(root), "the seed must be a whole number")
    }
    return seed
  }
}
