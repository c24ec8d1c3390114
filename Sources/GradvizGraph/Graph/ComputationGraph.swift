import Autograd

/// One training step as plain data: every value in evaluation order, with its gradient, and the
/// parameters before and after the update.
///
/// Figures are drawn from this type, and graphs of other frameworks are imported as this type.
public struct ComputationGraph: Equatable, Sendable {
  /// The version of the JSON format this library writes.
  public static let currentVersion = 1

  /// Whether the nodes are numbers or arrays.
  public enum Level: String, Codable, Sendable, CaseIterable { case scalar, tensor }

  public var level: Level
  /// In evaluation order: the operands of a node precede it.
  public var nodes: [Node]
  /// The node whose gradients are computed, as an index into ``nodes``; nil if the program has no loss.
  public var loss: Int?
  /// The number of samples in the batch; 0 if the graph has no lanes.
  public var laneCount: Int
  /// The learning rate of the update; nil if the program sets none.
  public var learningRate: Double?
  /// The update rule, with one line per assignment, `g` for ∂L/∂w and `lr` for the learning rate; nil for
  /// plain gradient descent, w ← w − lr·g.
  public var updateRule: [String]?
  /// The 1-based number of the training step: the `t` of its rule.
  ///
  /// nil if the rule has none.
  public var updateStep: Int?
  /// The loss after the update, from one more forward pass.
  public var lossAfterUpdate: Double?
  public var presentation: Presentation
  /// The words that class numbers stand for.
  public var classes: [Classes] = []
  /// How this graph was folded; nil if it was not.
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
    /// The name in figures, such as `x1_2`, `ŷ_1` or `w2`; also unique.
    public var name: String
    /// False for the automatic names `n1`, `n2`, … of intermediate values.
    public var isNamed: Bool
    public var role: Role
    /// nil for a leaf.
    public var operation: Tape.Operation?
    /// Operands in order, as indices into ``ComputationGraph/nodes``; an index may occur twice.
    public var operands: [Int]
    /// The constant exponent of a `power` with one operand.
    public var exponent: Double?
    /// The axis of a reduction or softmax in a tensor graph; nil means over everything.
    public var axis: Int?
    /// The selection of an `index` on each leading axis.
    public var position: [AxisIndex]?
    /// Empty for a scalar.
    public var shape: [Int]
    /// Row-major; `shape.reduce(1, *)` entries.
    public var value: [Double]
    /// ∂loss/∂value, with as many entries as ``value``; nil if the loss does not depend on the node or there
    /// is no loss.
    public var gradient: [Double]?
    /// In a scalar graph ∂node/∂operand, one number per operand; nil in a tensor graph and for leaves.
    public var localDerivatives: [Double]?
    /// The share that the node adds to the gradient of each operand, with as many numbers as the operand has, if
    /// ``localDerivatives`` do not determine it: in tensor graphs and in folded graphs.
    ///
    /// Not part of the graph's JSON; computed by ``ComputationGraph/withShares()``.
    public var shares: [[Double]?]?
    /// The 0-based sample that the value belongs to; nil if it belongs to none or to several.
    public var lane: Int?
    /// The layer or function call in which the value was recorded.
    public var scope: String?
    /// A parameter's value after the update.
    public var updated: [Double]?
    /// The source text of a constant, such as `√2`; nil if it is written in digits.
    public var source: String?
    /// The intermediate results of the optimizer for a parameter, in the order of its rule; empty for plain
    /// gradient descent.
    public var updateTerms: [UpdateTerm]
    /// The values that the node stands for, if there are several; nil for one recorded value.
    public var fold: Fold?
    /// Whether some of its operands are missing in the graph, so that no formula can be given.
    public var hidesOperands = false
    /// Whether some of its users are missing in the graph, so that its gradient is more than the sum of their
    /// shares.
    public var hidesUses = false

    /// Whether it is not computed by the graph.
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

  /// The words behind class numbers: class 0 is the first.
  public struct Classes: Equatable, Sendable {
    /// The name of the declared value, such as `y`.
    public var name: String
    public var words: [String]

    public init(name: String, words: [String]) {
      self.name = name
      self.words = words
    }
  }

  /// Several values folded into one node; see ``Node/fold``.
  public struct Fold: Equatable, Sendable {
    /// The number of values that the node stands for.
    public var count: Int
    /// The minimum and maximum of the values it shows; not finite if one of them is not.
    public var lowest: Double
    public var highest: Double
    /// The same for their gradients; nil if the loss depends on none of them.
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

  /// How a graph was reduced for drawing.
  public struct Folding: Equatable, Sendable {
    /// The number of values in the original graph.
    public var values: Int
    /// The number of samples that the last lane stands for; 1 for a single sample.
    public var samplesInLastLane: Int
    /// Whether values were left out, not only merged.
    public var isExcerpt: Bool
    /// The number of arrows in the original graph, if those between a value and an operation are merged; nil
    /// otherwise.
    public var arrows: Int?

    public init(values: Int, samplesInLastLane: Int = 1, isExcerpt: Bool = false, arrows: Int? = nil) {
      self.values = values
      self.samplesInLastLane = samplesInLastLane
      self.isExcerpt = isExcerpt
      self.arrows = arrows
    }
  }

  /// The author's choices for the display of the graph; nil leaves a choice to the renderer.
  public struct Presentation: Codable, Equatable, Sendable {
    public enum Gradients: String, Codable, Sendable, CaseIterable { case numeric, symbolic, both }
    public enum Direction: String, Codable, Sendable, CaseIterable {
      case leftToRight = "LR"
      case topToBottom = "TB"
    }
    /// The language of labels; the raw value is its ISO 639-1 code.
    public enum Language: String, Codable, Sendable, CaseIterable {
      case english = "en"
      case french = "fr"
    }
    /// How the parameters shared by all samples of a batch are drawn.
    public enum ParameterStyle: String, Codable, Sendable, CaseIterable {
      /// In every lane, with a dashed outline.
      case repeated
      /// Once, with lines to every lane.
      case shared
    }
    /// The color theme of a figure.
    public enum Theme: String, Codable, Sendable, CaseIterable {
      /// Light or dark, following the reader's color scheme.
      case auto
      case light, dark
      /// Black on white with grays; dash patterns distinguish lines.
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
    /// How many of its formulas a panel shows.
    public enum Formulas: String, Codable, Sendable, CaseIterable {
      /// The parameters, the prediction and as many other values as fit on a page; the rest is counted.
      case short
      /// All formulas.
      case all
    }
    public var formulas: Formulas?
    /// The width of a figure in points, within ``widths``; wider figures continue in a second row.
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
      /// White paper: the figure has the colors of a light page, whatever its theme, or those of print.
      case white
    }
    public var background: Background?
    /// How the numbers of a scalar graph are drawn.
    public enum View: String, Codable, Sendable, CaseIterable {
      /// A box for each value.
      case values
      /// Weighted sums with their activations as neurons, weights on their wires.
      case neurons
    }
    /// nil for neurons where the boxes of all values do not fit on the sheet.
    public var view: View?

    public init(
      title: String? = nil, caption: String? = nil, precision: Int? = nil,
      gradients: Gradients? = nil, direction: Direction? = nil, language: Language? = nil,
      parameters: ParameterStyle? = nil, theme: Theme? = nil, formulas: Formulas? = nil, width: Double? = nil,
      scale: Double? = nil, dpi: Double? = nil, background: Background? = nil, view: View? = nil
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
      self.view = view
    }
  }
}
