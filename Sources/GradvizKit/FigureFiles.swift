import GradvizDOT
import GradvizDrawing
import GradvizFigures
import GradvizGraph
import GraphvizRenderer

extension Figure {
  /// Renders the figure as an SVG file: Graphviz draws its DOT text.
  ///
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public func svg(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> String {
    try svg(theme: theme, joinsCells: true)
  }

  /// - Parameter joinsCells: whether the cells of a heat map that have the same color are one element.
  package func svg(
    theme: ComputationGraph.Presentation.Theme, joinsCells: Bool
  ) throws(GraphvizError) -> String {
    var figure = self
    figure.namesTints = true
    var style = svgStyle(theme: theme)
    style.joinsCells = joinsCells
    return try Graphviz.svg(figure.dot.text, style: style)
  }

  func svgStyle(theme: ComputationGraph.Presentation.Theme) -> SVGStyle {
    SVGStyle(
      id: theme.identifier(id), title: title, description: description,
      tones: Palette.tones(page.readable(theme)), scale: page.scale, ink: Palette.entry(.ink).name)
  }

  /// The figure as a PNG file of the size and resolution of its `page`; a picture cannot follow its reader, so
  /// `auto` is light.
  ///
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public func png(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.png(painted(theme).dot.text, scale: page.scale, dpi: page.dpi)
  }

  /// Renders frames as one animated PNG file that repeats them: the last one, the complete figure, rests for four
  /// seconds, the others for one and a half; where nothing moves, and in print, it is all that is shown.
  ///
  /// - Parameters:
  ///   - frames: at least one, all of one size, such as those of `FigureSet.frame(_:)`; size and resolution are those
  ///     of the last one's `page`.
  ///   - theme: that of all frames; `auto` is light.
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public static func apng(
    frames: [Figure], theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8] {
    let moments = moments(frames, theme)
    return try Graphviz.apng(
      moments, still: moments.last?.dot ?? "", scale: frames.last?.page.scale ?? 1, dpi: frames.last?.page.dpi ?? 144)
  }

  /// Renders frames as one animated GIF file of at most 256 colors that repeats them, as `apng(frames:theme:)` does,
  /// for programs that know no other picture that moves; where nothing moves, it is the first one.
  ///
  /// - Parameters:
  ///   - frames: at least one, all of one size, as for `apng(frames:theme:)`.
  ///   - theme: that of all frames; `auto` is light.
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public static func gif(
    frames: [Figure], theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8] {
    try Graphviz.gif(
      moments(frames, theme), scale: frames.last?.page.scale ?? 1, dpi: frames.last?.page.dpi ?? 144)
  }

  /// The frames as they are drawn, each with its time.
  private static func moments(
    _ frames: [Figure], _ theme: ComputationGraph.Presentation.Theme
  ) -> [(dot: String, seconds: Double)] {
    frames.enumerated().map { (dot: $1.painted(theme).dot.text, seconds: $0 == frames.count - 1 ? 4 : 1.5) }
  }

  /// Renders the figure as a picture for LaTeX with the package tikz; `auto` is light.
  ///
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public func tikz(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> String {
    var figure = self
    figure.namesTints = true
    let style = svgStyle(theme: theme)
    return TikZWriter.text(
      try Graphviz.record(figure.dot.text, tints: style.tones.keys.sorted()), style, isFigure: true)
  }

  /// Renders the figure as a PDF file; `auto` is light.
  ///
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public func pdf(theme: ComputationGraph.Presentation.Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.pdf(painted(theme).dot.text, scale: page.scale)
  }

  /// Renders figures as the pages of one PDF file, each of its own size; `auto` is light.
  ///
  /// - Parameters:
  ///   - pages: at least one; the scale is that of the first.
  ///   - theme: that of all pages.
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public static func pdf(
    pages: [Figure], theme: ComputationGraph.Presentation.Theme = .auto
  ) throws(GraphvizError) -> [UInt8] {
    try Graphviz.pdf(pages: pages.map { $0.painted(theme).dot.text }, scale: pages.first?.page.scale ?? 1)
  }

  /// The figure with its DOT text in the colors of `theme`.
  func painted(_ theme: ComputationGraph.Presentation.Theme) -> Figure {
    var figure = self
    figure.theme = page.readable(theme)
    return figure
  }
}
