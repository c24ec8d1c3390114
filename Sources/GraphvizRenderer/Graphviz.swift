import CGraphvizShim
import DOT

/// Graphviz as a library: layouts and drawings of DOT text, in this process.
///
/// Safe to call from any thread or task; drawings run one at a time, and one whose task is cancelled while it waits
/// throws. The library is looked for when it is first needed; where it is missing, the error says what helps. Nothing is read but Graphviz' own
/// plugins: no configuration, no fonts, so that the same text gives the same bytes on every machine.
public enum Graphviz {
  /// Draws DOT text as SVG.
  public static func svg(_ dot: String, style: SVGStyle) throws(GraphvizError) -> String {
    SVGWriter.text(try record(dot, engine: "dot"), style)
  }

  /// Writes a drawing as SVG; needs no Graphviz.
  public static func svg(_ drawing: Drawing, style: SVGStyle) -> String { SVGWriter.text(drawing, style) }

  /// Paints a drawing as a PNG file, `scale` pixels a point.
  public static func png(_ drawing: Drawing, scale: Double = 2) throws(GraphvizError) -> [UInt8] {
    try GraphvizThread.run { CanvasPainter.file(drawing, .png(scale: scale)) }.get()
  }

  /// Paints a drawing as a PDF file of one page.
  public static func pdf(_ drawing: Drawing) throws(GraphvizError) -> [UInt8] {
    try GraphvizThread.run { CanvasPainter.file(drawing, .pdf) }.get()
  }

  /// Draws DOT text as a PNG file, `scale` pixels a point; the same picture as `svg(_:style:)` in light
  /// colours, its letters from the machine's fonts.
  ///
  /// - Throws: ``GraphvizError``, also for a scale outside 0.1 to 32 or more than 32 767 pixels a side.
  public static func png(_ dot: String, scale: Double = 2) throws(GraphvizError) -> [UInt8] {
    guard (0.1...32).contains(scale) else {
      throw GraphvizError(
        message: "a PNG takes a scale of 0.1 to 32 pixels a point, not \(scale)", reason: .input, cure: nil)
    }
    return try paint(dot, .png(scale: scale))
  }

  /// Draws DOT text as a PDF file of one page; see `png(_:scale:)` for its letters.
  public static func pdf(_ dot: String) throws(GraphvizError) -> [UInt8] { try paint(dot, .pdf) }

  /// The version of the library in use.
  public static func version() throws(GraphvizError) -> String {
    try GraphvizThread.run { () -> Swift.Result<String, GraphvizError> in
      GraphvizThread.withContext { .success(String(cString: gradviz_version($0))) }
    }.get()
  }

  /// The events of a drawing by the engine that the text names, or by `engine`.
  static func record(_ dot: String, engine: String) throws(GraphvizError) -> Drawing {
    if let nul = dot.utf8.firstIndex(of: 0) {
      let line = dot.utf8[..<nul].count { $0 == UInt8(ascii: "\n") } + 1
      throw GraphvizError(
        message: "the DOT text has a NUL character in line \(line)", reason: .input, cure: nil)
    }
    return try GraphvizThread.run { () -> Swift.Result<Drawing, GraphvizError> in
      GraphvizThread.withContext { context in
        var recording = gradviz_recording()
        guard gradviz_record(context, dot, engine, &recording) == 0 else {
          return .failure(GraphvizThread.error("Graphviz cannot draw this"))
        }
        return .success(Drawing(recording))
      }
    }.get()
  }

  private static func paint(_ dot: String, _ format: CanvasPainter.Format) throws(GraphvizError) -> [UInt8] {
    let drawing = try record(dot, engine: "dot")
    return try GraphvizThread.run { CanvasPainter.file(drawing, format) }.get()
  }
}
