/// What an SVG file has beyond the drawing: who it is, what it says to those who cannot see it, and its
/// colours on a dark page.
public struct SVGStyle: Sendable {
  public enum Theme: String, CaseIterable, Sendable {
    /// Light, and dark where the reader's colour scheme is.
    case auto
    case light, dark
    /// Black on white with greys; lines differ by their dashes.
    case print
  }

  /// One tint in each theme, as `#rrggbb`.
  public struct Tone: Sendable {
    public var light: String
    public var dark: String
    /// A grey.
    public var print: String

    public init(light: String, dark: String, print: String) {
      self.light = light
      self.dark = dark
      self.print = print
    }
  }

  /// Prefixes every id of the file, so that several figures can stand in one page.
  public var id: String
  public var title: String
  public var description: String
  /// By the names that a DOT text gives its colours; they are those of the style sheet's classes, too.
  public var tones: [String: Tone]
  public var theme: Theme
  /// How large the file says the drawing is; 1 is its own size.
  public var scale: Double
  /// The name of the tint that text has where the drawing says no other; written once.
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

  /// The file of a drawing that was not made by Graphviz.
  public func svg(_ drawing: Drawing) -> String { SVGWriter.text(drawing, self) }
}
