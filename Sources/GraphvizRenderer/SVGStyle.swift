/// The parts of an SVG file besides the drawing: ids, texts for screen readers, and colors for dark pages.
public struct SVGStyle: Sendable {
  public enum Theme: String, CaseIterable, Sendable {
    /// Light or dark, following the reader's color scheme.
    case auto
    case light, dark
    /// Black on white with grays; dash patterns distinguish lines.
    case print
  }

  /// The color of a tint in each theme, as `#rrggbb`.
  public struct Tone: Sendable {
    public var light: String
    public var dark: String
    /// A gray.
    public var print: String

    public init(light: String, dark: String, print: String) {
      self.light = light
      self.dark = dark
      self.print = print
    }
  }

  /// The prefix of every id in the file, so that several figures can be on one page.
  public var id: String
  public var title: String
  public var description: String
  /// By the color names in the DOT text, which are also the classes of the style sheet.
  public var tones: [String: Tone]
  public var theme: Theme
  /// How large the file says the drawing is; 1 is its own size.
  public var scale: Double
  /// The default tint of text, written once.
  public var ink: String?

  public init(
    id: String, title: String, description: String, tones: [String: Tone] = [:], theme: Theme = .auto,
    scale: Double = 1, ink: String? = nil
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.tones = tones
    self.theme = theme
    self.scale = scale
    self.ink = ink
  }

  /// Writes a drawing that was not made by Graphviz.
  public func svg(_ drawing: Drawing) -> String { SVGWriter.text(drawing, self) }
}
