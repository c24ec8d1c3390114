import GradvizGraph

/// How a figure becomes a file: how large, how fine, and on what.
public struct PageStyle: Sendable, Hashable {
  /// The choices of an author, some of which are those of a page.
  public typealias Presentation = ComputationGraph.Presentation

  /// How large the file is, of `ComputationGraph/Presentation/scales`: 1 is the figure's own size.
  public var scale: Double
  /// The pixels of a PNG, an inch of 72 points, of `ComputationGraph/Presentation/resolutions`.
  public var dpi: Double
  /// What is behind the figure.
  public var background: Presentation.Background

  /// Creates a style; the default is a figure of its own size on the page of its theme.
  public init(scale: Double = 1, dpi: Double = 144, background: Presentation.Background = .page) {
    self.scale = scale
    self.dpi = dpi
    self.background = background
  }

  /// What a graph or a program asks for.
  public init(_ shown: Presentation) {
    self.init()
    scale = shown.scale ?? scale
    dpi = shown.dpi ?? dpi
    background = shown.background ?? background
  }

  /// The colors that can be read on the background: on white those of a light page, or of print.
  package func readable(_ theme: Presentation.Theme) -> Presentation.Theme {
    background == .white && theme != .print ? .light : theme
  }
}
