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

  public struct Tone: Sendable {
    /// The colour's name in the style sheet's classes.
    public var name: String
    /// `#rrggbb`
    public var dark: String
    /// `#rrggbb`, a grey.
    public var print: String

    public init(name: String, dark: String, print: String) {
      self.name = name
      self.dark = dark
      self.print = print
    }
  }

  /// Prefixes every id of the file, so that several figures can stand in one page.
  public var id: String
  public var title: String
  public var description: String
  /// By the light colour, `#rrggbb` in lower case.
  public var tones: [String: Tone]
  public var theme: Theme
  /// The light colour, `#rrggbb`, that text has where the drawing says no other; written once.
  public var ink: String?

  public init(
    id: String, title: String, description: String, tones: [String: Tone] = [:], theme: Theme = .auto,
    ink: String? = nil
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.tones = tones
    self.theme = theme
    self.ink = ink
  }
}
