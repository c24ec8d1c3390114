import GradvizGraph

/// The options of a drawing; those that are nil are taken from the graph's own presentation.
public struct FigureOptions: Sendable {
  /// What a figure can do without, as on a slide that says the rest.
  public enum Part: String, CaseIterable, Sendable {
    /// The title, the stage before it and the sentences below it.
    case title
    /// The formulas, and what explains them.
    case panel
    /// What colors, marks and words mean.
    case legend
    /// The marks of the order in which the gradients come.
    case order
  }

  /// Significant digits, 1 to 12; where neither the options nor the graph say, 4, and 3 in a figure with lanes.
  public var precision: Int?
  /// Gradients as numbers, formulas, or both.
  public var gradients: ComputationGraph.Presentation.Gradients?
  /// The direction in which values follow one another.
  public var direction: ComputationGraph.Presentation.Direction?
  /// The language of the words in a figure.
  public var language: ComputationGraph.Presentation.Language?
  /// How parameters that samples share are drawn.
  public var parameters: ComputationGraph.Presentation.ParameterStyle?
  /// How much of its formulas a panel shows; `ComputationGraph/Presentation/Formulas/short` where neither the
  /// options nor the graph say.
  public var formulas: ComputationGraph.Presentation.Formulas?
  /// How the samples of a batch are drawn; where neither the options nor the graph say, rows up to
  /// ``FigureSet/maxRows`` samples, and a table of more.
  public var samples: ComputationGraph.Presentation.Samples?
  /// How wide a figure should be, in points: what is wider goes on in a second row.
  ///
  /// 830, or ``FigureSet/defaultWidth`` where that is too narrow, if neither the options nor the graph say; a figure
  /// from top to bottom is as wide as its lanes.
  public var width: Double?
  /// The values that the figures show; nil for all.
  public var only: Excerpt?
  /// How far the graph is folded; nil for ``Collapse/auto``.
  public var collapse: Collapse?
  /// The maximum number of boxes; nil for ``FigureSet/maxBoxes``.
  public var maxBoxes: Int?
  /// The maximum number of arrows; nil for ``FigureSet/maxArrows``.
  public var maxArrows: Int?
  /// Whether the data of a batch show their gradients, as those of a single sample do.
  public var dataGradients: Bool?
  /// Which operations the backward figure shows close up, each with the tangent to its curve;
  /// `ComputationGraph/Presentation/CloseUps/auto` where neither the options nor the graph say.
  public var closeUps: ComputationGraph.Presentation.CloseUps?
  /// Whether numbers are drawn as boxes or as neurons.
  public var view: ComputationGraph.Presentation.View?
  /// What is left out; the page is so much smaller, the same in all stages.
  public var hiddenParts: Set<Part> = []
  /// The parameter or input whose tangents `Stage/forwardMode` shows, the first where this is nil, and in whose direction
  /// `Stage/secondOrder` differentiates, all where this is nil: `b`, `W[0, 1]`.
  public var of: String?
  /// What is drawn on a sheet of its own.
  var lesson: Lesson?
  /// The numbers that the reader is to fill in; nil for a figure with all of them.
  package var blanks: Blanks?
  /// Whether boxes have room for numbers to come, which a reader may change, not for today's.
  package var isLive = false

  /// Creates options; what is left out is taken from the graph, or has a default.
  public init(
    precision: Int? = nil, gradients: ComputationGraph.Presentation.Gradients? = nil,
    direction: ComputationGraph.Presentation.Direction? = nil,
    language: ComputationGraph.Presentation.Language? = nil,
    parameters: ComputationGraph.Presentation.ParameterStyle? = nil,
    formulas: ComputationGraph.Presentation.Formulas? = nil,
    samples: ComputationGraph.Presentation.Samples? = nil,
    width: Double? = nil, only: Excerpt? = nil, collapse: Collapse? = nil, maxBoxes: Int? = nil,
    maxArrows: Int? = nil, dataGradients: Bool? = nil,
    closeUps: ComputationGraph.Presentation.CloseUps? = nil, view: ComputationGraph.Presentation.View? = nil,
    hiddenParts: Set<Part> = []
  ) {
    // Plain data: a parameter for each option, all with a default.
    self.precision = precision
    self.gradients = gradients
    self.direction = direction
    self.language = language
    self.parameters = parameters
    self.formulas = formulas
    self.samples = samples
    self.width = width
    self.only = only
    self.collapse = collapse
    self.maxBoxes = maxBoxes
    self.maxArrows = maxArrows
    self.dataGradients = dataGradients
    self.closeUps = closeUps
    self.view = view
    self.hiddenParts = hiddenParts
  }
}
