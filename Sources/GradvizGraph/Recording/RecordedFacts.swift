import Autograd

extension ComputationGraph {
  /// What a recorder says of a value besides its numbers: where it comes from, and what this program cannot compute.
  public struct RecordedFacts: Equatable, Sendable {
    /// The name of an operation that the engine has not, such as `layer_norm`; nil for one of the engine's, and for a
    /// leaf.
    public var operation: String?
    /// What the operation was called with, besides its operands.
    public var attributes: [RecordedAttribute] = []
    /// The names of the operation's operands, such as `input` and `weight`; empty where they go without saying.
    public var arguments: [String] = []
    /// Which of the operation's results the value is, from 0 on; nil if it has one.
    public var output: Int?
    /// The type of the numbers, such as `float32`.
    public var type: String?
    /// All names of a value that has several, as tied weights have.
    public var names: [String] = []
    /// The line of the program that made the value.
    public var line: SourceLine?
    /// What is known of the numbers where they are not all there.
    public var summary: NumberSummary?
    /// The same of the gradient.
    public var gradientSummary: NumberSummary?
    /// The shape of a value whose numbers are not there.
    public var shape: [Int] = []
    /// False where neither numbers nor a summary are there.
    public var hasValue = true
    /// What each backward pass added to the gradient, if there were several.
    public var contributions: [[Double]] = []
    /// False for what was computed without a gradient, under `no_grad` or of whole numbers.
    public var requiresGradient: Bool?
    /// What the optimizer keeps of a parameter.
    public var state: [OptimizerSlot] = []
    /// The message of the error that ended the recording here.
    public var error: String?
    /// Whether some of its operands are not in the graph, as in an excerpt.
    package var isCut = false

    /// Creates facts that say nothing.
    public init() {}

    /// The attribute of a name.
    public func attribute(_ name: String) -> RecordedValue? { attributes.first { $0.name == name }?.value }

    /// The operand that stands for an argument, by its name or, where operands have none, by its place.
    func place(of argument: String, orAt place: Int, count: Int) -> Int? {
      if arguments.isEmpty { return place < count ? place : nil }
      return arguments.firstIndex(of: argument).flatMap { $0 < count ? $0 : nil }
    }
  }

  /// A line of a program.
  public struct SourceLine: Equatable, Sendable {
    /// The file, as the recorder names it.
    public var file: String
    /// The line, from 1 on.
    public var line: Int
  }

  /// What is known of many numbers.
  public struct NumberSummary: Equatable, Sendable {
    /// How many there are.
    public var count = 0
    /// The least number.
    public var least = 0.0
    /// The greatest number.
    public var greatest = 0.0
    /// The mean.
    public var mean = 0.0
    /// The standard deviation.
    public var deviation = 0.0
    /// How many of them are not a number.
    public var nans = 0
    /// How many numbers are in each of as many equal parts from the least to the greatest.
    public var histogram: [Int] = []
  }

  /// A tensor that an optimizer keeps of a parameter, before and after the step.
  public struct OptimizerSlot: Equatable, Sendable {
    /// As the framework calls it, such as `exp_avg`.
    public var name: String
    /// Empty before the first step.
    public var before: [Double] = []
    /// After the step.
    public var after: [Double] = []
  }

  /// An attribute of an operation, or an option of an optimizer.
  public struct RecordedAttribute: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// What it is set to.
    public var value: RecordedValue
  }

  /// The value of an attribute.
  public indirect enum RecordedValue: Equatable, Sendable {
    /// A number.
    case number(Double)
    /// A word.
    case text(String)
    /// True or false.
    case boolean(Bool)
    /// Several values, such as the sizes of axes.
    case list([RecordedValue])

    /// The number, if it is one.
    public var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// The whole number, if it is one.
    public var integer: Int? { number.flatMap { Int(exactly: $0) } }
    /// Whether it is true, or a number other than 0.
    public var isTrue: Bool {
      switch self {
      case .boolean(let isTrue): isTrue
      case .number(let number): number != 0
      default: false
      }
    }
    /// The text, if it is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The whole numbers of a list, or one alone; nil for anything else.
    public var integers: [Int]? {
      guard case .list(let items) = self else { return integer.map { [$0] } }
      let numbers = items.compactMap(\.integer)
      return numbers.count == items.count ? numbers : nil
    }
  }

  /// The optimizer of a recorded step.
  public struct RecordedOptimizer: Equatable, Sendable {
    /// As the framework calls it, such as `AdamW`.
    public var name = ""
    /// What it was created with.
    public var options: [RecordedAttribute] = []
  }
}

/// Facts on the heap: most values have none, and a graph may have millions.
final class RecordedFactsBox: Equatable, Sendable {
  let facts: ComputationGraph.RecordedFacts

  init(_ facts: ComputationGraph.RecordedFacts) { self.facts = facts }

  static func == (one: RecordedFactsBox, other: RecordedFactsBox) -> Bool { one.facts == other.facts }
}

extension ComputationGraph.Node {
  /// What a recorder says of the value; nil for one of a program.
  public var facts: ComputationGraph.RecordedFacts? {
    get { factsBox?.facts }
    set { factsBox = newValue.map(RecordedFactsBox.init) }
  }

  /// The name of the operation, whether or not the engine has it; nil for a leaf.
  public var operationName: String? { operation?.rawValue ?? facts?.operation }

  /// Whether its numbers are all there: those of a summary, or of a value that is absent, cannot be computed with.
  var hasNumbers: Bool {
    guard let facts = factsBox?.facts else { return true }
    return facts.hasValue && facts.summary == nil
  }
}
