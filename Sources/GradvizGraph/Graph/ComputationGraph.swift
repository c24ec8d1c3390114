import Autograd

/// One training step as plain data: every value in evaluation order, with its gradient, and the
/// parameters before and after the update.
///
/// This is what figures are drawn from, and the door through which graphs of other frameworks come in.
public struct ComputationGraph: Equatable, Sendable {
  /// The version of the JSON format this library writes.
  public static let currentVersion = 1

  /// Whether the nodes are numbers or arrays.
  public enum Level: String, Codable, Sendable, CaseIterable { case scalar, tensor }

  public var level: Level
  /// In evaluation order: the operands of a node stand before it.
  public var nodes: [Node]
  /// The node that the gradients are taken of, as an index into ``nodes``; nil where a program has none.
  public var loss: Int?
  /// How many samples the batch has; 0 where the graph has no lanes.
  public var laneCount: Int
  /// The step size of the update; nil where the program sets none.
  public var learningRate: Double?
  /// How the parameters are updated, a line for each assignment with `g` for ∂L/∂w and `lr` for the learning
  /// rate; nil for plain gradient descent, w ← w − lr·g.
  public var updateRule: [String]?
  /// Which step of the training the update is, from 1 on: the `t` of its rule. nil where the rule has none.
  public var updateStep: Int?
  /// The loss after the update, from one more forward pass.
  public var lossAfterUpdate: Double?
  public var presentation: Presentation
  /// The words that class numbers stand for.
  public var classes: [Classes] = []
  /// What was folded to make this graph; nil for one that is whole.
  public var folding: Folding?

  public init(
    level: Level, nodes: [Node], loss: Int? = nil, laneCount: Int = 0, learningRate: Double? = nil,
    updateRule: [String]? = nil, updateStep: Int? = nil, lossAfterUpdate: Double? = nil,
    presentation: Presentation = Presentation()
  ) {
    // Plain data: a parameter for each member.
    self.level = level
    self.nodes = nodes
    self.loss = loss
    self.laneCount = laneCount
    self.learningRate = learningRate
    self.updateRule = updateRule
    self.updateStep = updateStep
    self.lossAfterUpdate = lossAfterUpdate
    self.presentation = presentation
  }

  /// One recorded value.
  public struct Node: Equatable, Sendable {
    /// Unique in the graph and stable: `[A-Za-z_][A-Za-z0-9_.-]*`.
    public var id: String
    /// The name a figure shows, such as `x1_2`, `ŷ_1` or `w2`; unique as well.
    public var name: String
    /// False for the automatic names `n1`, `n2`, … of intermediate values.
    public var isNamed: Bool
    public var role: Role
    /// nil for a leaf.
    public var operation: Tape.Operation?
    /// Operands in order, as indices into ``ComputationGraph/nodes``; the same one may stand there twice.
    public var operands: [Int]
    /// The constant exponent of a `power` with one operand.
    public var exponent: Double?
    /// The axis of a reduction or softmax in a tensor graph; nil means over everything.
    public var axis: Int?
    /// What an `index` takes of each leading axis.
    public var position: [AxisIndex]?
    /// Empty for a scalar.
    public var shape: [Int]
    /// Row-major; `shape.reduce(1, *)` entries.
    public var value: [Double]
    /// ∂loss/∂value, of the same count as ``value``; nil where the loss does not depend on the node
    /// or there is no loss.
    public var gradient: [Double]?
    /// In a scalar graph ∂node/∂operand, one number per operand; nil in a tensor graph and for leaves.
    public var localDerivatives: [Double]?
    /// What the node adds to the gradient of each operand, as many numbers as the operand has, where
    /// ``localDerivatives`` do not say it: in graphs of arrays and in folded ones. Part of a drawing, not
    /// of the graph's JSON; ``ComputationGraph/withShares()`` finds it.
    public var shares: [[Double]?]?
    /// The sample the value belongs to, 0-based; nil where it belongs to none or to several.
    public var lane: Int?
    /// The layer or function call the value was made in.
    public var scope: String?
    /// A parameter's value after the update.
    public var updated: [Double]?
    /// How a constant is written where not by its digits, such as `√2`; nil for one that is.
    public var source: String?
    /// What the optimizer works out on the way to a parameter's step, in the order of its rule; empty for plain
    /// gradient descent.
    public var updateTerms: [UpdateTerm]
    /// What the node stands for where it stands for several values; nil for one recorded value.
    public var fold: Fold?
    /// Whether what it is computed from is not all in the graph, so that no formula says it.
    public var hidesOperands = false
    /// Whether what uses it is not all in the graph, so that its gradient is more than what its users add.
    public var hidesUses = false

    /// Whether nothing in the graph computes it.
    public var isLeaf: Bool { operation == nil && operands.isEmpty }

    public init(
      id: String, name: String, isNamed: Bool = true, role: Role = .intermediate,
      operation: Tape.Operation? = nil, operands: [Int] = [], exponent: Double? = nil, axis: Int? = nil,
      position: [AxisIndex]? = nil, shape: [Int] = [], value: [Double], gradient: [Double]? = nil,
      localDerivatives: [Double]? = nil, lane: Int? = nil, scope: String? = nil,
      updated: [Double]? = nil, updateTerms: [UpdateTerm] = [], source: String? = nil
    ) {
      // Plain data: a parameter for each member.
      self.id = id
      self.name = name
      self.isNamed = isNamed
      self.role = role
      self.operation = operation
      self.operands = operands
      self.exponent = exponent
      self.axis = axis
      self.position = position
      self.shape = shape
      self.value = value
      self.gradient = gradient
      self.localDerivatives = localDerivatives
      self.lane = lane
      self.scope = scope
      self.updated = updated
      self.source = source
      self.updateTerms = updateTerms
    }
  }

  /// The words of a file whose classes became numbers: 0 stands for the first.
  public struct Classes: Equatable, Sendable {
    /// Of the declared value, such as `y`.
    public var name: String
    public var words: [String]

    public init(name: String, words: [String]) {
      self.name = name
      self.words = words
    }
  }

  /// Several values in one node; see ``Node/fold``.
  public struct Fold: Equatable, Sendable {
    /// How many values the node stands for.
    public var count: Int
    /// The least and the greatest of the values it shows; not finite where one of them is not.
    public var lowest: Double
    public var highest: Double
    /// The same of their gradients; nil where the loss depends on none of them.
    public var lowestGradient: Double?
    public var highestGradient: Double?

    public init(
      count: Int, lowest: Double, highest: Double, lowestGradient: Double? = nil,
      highestGradient: Double? = nil
    ) {
      self.count = count
      self.lowest = lowest
      self.highest = highest
      self.lowestGradient = lowestGradient
      self.highestGradient = highestGradient
    }
  }

  /// How a graph was made smaller to be drawn.
  public struct Folding: Equatable, Sendable {
    /// How many values there were before.
    public var values: Int
    /// How many samples the last lane stands for; 1 for a sample of its own.
    public var samplesInLastLane: Int
    /// Whether values were left out, not only drawn together.
    public var isExcerpt: Bool
    /// How many arrows there were, where those of one value to one operation are drawn as one; nil where each is drawn.
    public var arrows: Int?

    public init(values: Int, samplesInLastLane: Int = 1, isExcerpt: Bool = false, arrows: Int? = nil) {
      self.values = values
      self.samplesInLastLane = samplesInLastLane
      self.isExcerpt = isExcerpt
      self.arrows = arrows
    }
  }

  /// How the graph's author wants it shown; nil leaves it to the drawing's own choice.
  public struct Presentation: Codable, Equatable, Sendable {
    public enum Gradients: String, Codable, Sendable, CaseIterable { case numeric, symbolic, both }
    public enum Direction: String, Codable, Sendable, CaseIterable {
      case leftToRight = "LR"
      case topToBottom = "TB"
    }
    /// The language of the fixed words; the raw value is its ISO 639-1 code.
    public enum Language: String, Codable, Sendable, CaseIterable {
      case english = "en"
      case french = "fr"
    }
    /// How the parameters that all samples of a batch share are drawn.
    public enum ParameterStyle: String, Codable, Sendable, CaseIterable {
      /// In every lane again, with a dashed outline.
      case repeated
      /// Once, with lines to every lane.
      case shared
    }
    /// The colours of a figure.
    public enum Theme: String, Codable, Sendable, CaseIterable {
      /// Light, and dark where the reader's colour scheme is.
      case auto
      case light, dark
      /// Black on white with greys; lines differ by their dashes.
      case print
    }
    public var title: String?
    public var caption: String?
    /// Significant digits, 1 to 12.
    public var precision: Int?
    public var gradients: Gradients?
    public var direction: Direction?
    public var language: Language?
    public var parameters: ParameterStyle?
    public var theme: Theme?
    /// How much of its formulas a panel shows.
    public enum Formulas: String, Codable, Sendable, CaseIterable {
      /// The parameters, the prediction and as much of the way to them as a page has room for; what is left out
      /// is counted.
      case short
      /// Every one.
      case all
    }
    public var formulas: Formulas?
    /// How wide a figure should be, in points, within ``widths``; what is wider goes on in a second row.
    public var width: Double?
    public static let widths = 400.0...20_000
    /// How large a figure's file is, of ``scales``: 1 is its own size.
    public var scale: Double?
    public static let scales = 0.1...20.0
    /// The pixels of a PNG, an inch of 72 points, of ``resolutions``.
    public var dpi: Double?
    public static let resolutions = 10.0...2400.0
    /// What is behind a figure.
    public enum Background: String, Codable, Sendable, CaseIterable {
      /// The page of its theme.
      case page
      case transparent
      /// White paper: the figure has the colours of a light page, whatever its theme, or those of print.
      case white
    }
    public var background: Background?

    public init(
      title: String? = nil, caption: String? = nil, precision: Int? = nil,
      gradients: Gradients? = nil, direction: Direction? = nil, language: Language? = nil,
      parameters: ParameterStyle? = nil, theme: Theme? = nil, formulas: Formulas? = nil, width: Double? = nil,
      scale: Double? = nil, dpi: Double? = nil, background: Background? = nil
    ) {
      // Plain data: a parameter for each member.
      self.title = title
      self.caption = caption
      self.precision = precision
      self.gradients = gradients
      self.direction = direction
      self.language = language
      self.parameters = parameters
      self.theme = theme
      self.formulas = formulas
      self.width = width
      self.scale = scale
      self.dpi = dpi
      self.background = background
    }
  }
}
