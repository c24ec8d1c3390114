/// The parts of an SVG file besides the drawing: ids, texts for screen readers, and colors for dark pages.
public struct SVGStyle: Sendable {
  /// How a file shows a tint.
  public struct Tone: Sendable {
    /// As `#rrggbb`.
    public var color: String
    /// The color for readers who prefer dark pages; nil for one color on all pages.
    public var dark: String?

    /// A tint's color, and its counterpart on dark pages.
    public init(_ color: String, dark: String? = nil) {
      self.color = color
      self.dark = dark
    }
  }

  /// The prefix of every id in the file, so that several figures can be on one page.
  public var id: String
  /// What a screen reader reads first.
  public var title: String
  /// What the drawing shows, in a sentence.
  public var description: String
  /// By the color names in the DOT text, which are also the classes of the style sheet.
  public var tones: [String: Tone]
  /// How large the file says the drawing is; 1 is its own size.
  public var scale: Double
  /// The default tint of text, written once.
  public var ink: String?
  /// Whether the cells of a heat map that have the same color are one path.
  package var joinsCells = true
  /// What the drawing needs as part of an HTML page; nil for a file.
  package var live: LiveMarkup?

  /// The style of one file, whose `tones` are all that it knows of colors.
  public init(
    id: String, title: String, description: String, tones: [String: Tone] = [:], scale: Double = 1,
    ink: String? = nil
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.tones = tones
    self.scale = scale
    self.ink = ink
  }

  /// Writes a drawing that was not made by Graphviz.
  package func svg(_ drawing: Drawing) -> String { SVGWriter.text(drawing, self) }
}
