extension ComputationGraph {
  /// The author's choices for the display of the graph; nil leaves a choice to the renderer.
  public struct Presentation: Codable, Equatable, Sendable {
    /// What stands for a gradient in a figure.
    public enum Gradients: String, Codable, Sendable, CaseIterable { case numeric, symbolic, both }
    /// The direction in which values follow one another.
    public enum Direction: String, Codable, Sendable, CaseIterable {
      /// From the leaves at the left to the loss at the right.
      case leftToRight = "LR"
      /// From the leaves at the top to the loss at the bottom.
      case topToBottom = "TB"
    }
    /// The language of labels; the raw value is its ISO 639-1 code.
    public enum Language: String, Codable, Sendable, CaseIterable {
      /// English.
      case english = "en"
      /// French.
      case french = "fr"
    }
    /// What stands before the decimals of a number.
    public enum DecimalMark: String, Codable, Sendable, CaseIterable { case point, comma }
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
      /// Light or dark, whatever the reader prefers.
      case light, dark
      /// Black on white with grays; dash patterns distinguish lines.
      case print
    }
    /// The title above the figures.
    public var title: String?
    /// A line below the title.
    public var caption: String?
    /// Significant digits, 1 to 12.
    public var precision: Int?
    /// Gradients as numbers, formulas, or both.
    public var gradients: Gradients?
    /// The direction in which values follow one another.
    public var direction: Direction?
    /// The language of the words in a figure.
    public var language: Language?
    /// What stands before decimals; nil for the mark of the language, in French a comma.
    public var decimal: DecimalMark?
    /// How parameters that samples share are drawn.
    public var parameters: ParameterStyle?
    /// The colors of the figures.
    public var theme: Theme?
    /// How many of its formulas a panel shows.
    public enum Formulas: String, Codable, Sendable, CaseIterable {
      /// The parameters, the prediction and as many other values as fit on a page; the rest is counted.
      case short
      /// All formulas.
      case all
    }
    /// How much of its formulas a panel shows.
    public var formulas: Formulas?
    /// How the samples of a batch are drawn.
    public enum Samples: String, Codable, Sendable, CaseIterable {
      /// Each in full.
      case rows
      /// The first in full, each other one as a row of a table under it.
      case table
      /// As the figure's default, of every sample: none are folded, and arrays are drawn as numbers.
      case all
    }
    /// nil for rows of up to four samples and a table of more.
    public var samples: Samples?
    /// How many operations are shown close up.
    public enum CloseUps: String, Codable, Sendable, CaseIterable {
      /// One of each kind whose slope is the lesson, as many as fit in a row.
      case auto
      /// Every one, of a batch those of the first sample.
      case all
      case none
    }
    /// Which operations a backward figure shows close up.
    public var closeUps: CloseUps?
    /// The width of a figure in points, within ``widths``; wider figures continue in a second row.
    public var width: Double?
    /// The widths that can be asked for, in points.
    public static let widths = 400.0...20_000
    /// How large a figure's file is, of ``scales``: 1 is its own size.
    public var scale: Double?
    /// The scales that can be asked for.
    public static let scales = 0.1...20.0
    /// The pixels of a PNG, an inch of 72 points, of ``resolutions``.
    public var dpi: Double?
    /// The resolutions that can be asked for.
    public static let resolutions = 10.0...2400.0
    /// What is behind a figure.
    public enum Background: String, Codable, Sendable, CaseIterable {
      /// The page of its theme.
      case page
      case transparent
      /// White paper: the figure has the colors of a light page, whatever its theme, or those of print.
      case white
    }
    /// What is behind the figures.
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

    /// Creates choices; what is left out is left to the renderer.
    public init(
      title: String? = nil, caption: String? = nil, precision: Int? = nil,
      gradients: Gradients? = nil, direction: Direction? = nil, language: Language? = nil,
      parameters: ParameterStyle? = nil, theme: Theme? = nil, formulas: Formulas? = nil,
      samples: Samples? = nil, width: Double? = nil, scale: Double? = nil, dpi: Double? = nil,
      background: Background? = nil, closeUps: CloseUps? = nil, view: View? = nil,
      decimal: DecimalMark? = nil
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
      self.samples = samples
      self.width = width
      self.scale = scale
      self.dpi = dpi
      self.background = background
      self.closeUps = closeUps
      self.view = view
      self.decimal = decimal
    }
  }
}
