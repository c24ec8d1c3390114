import CGraphvizShim
import DOT

/// Graphviz as a library: layouts and drawings of DOT text, in this process.
///
/// Safe to call from any thread or task; drawings run one at a time. Nothing is read but Graphviz' own
/// plugins: no configuration, no fonts, so that the same text gives the same bytes on every machine.
public enum Graphviz {
  /// Draws DOT text as SVG.
  public static func svg(_ dot: String, style: SVGStyle) throws(GraphvizError) -> String {
    SVGWriter.text(try record(dot, engine: "dot"), style)
  }

  /// Draws a graph as a PNG file, `scale` pixels a point.
  ///
  /// The letters come from the machine's fonts; where those are wider than the measured one, the text is
  /// set smaller, so that it keeps its room.
  ///
  /// - Throws: ``GraphvizError``, also for a scale outside 0.1 to 32.
  public static func png(_ graph: Graph, scale: Double = 2) throws(GraphvizError) -> [UInt8] {
    guard (0.1...32).contains(scale) else {
      throw GraphvizError(message: "a PNG takes a scale of 0.1 to 32 pixels a point, not \(scale)", cure: nil)
    }
    return try render(graph, format: "png:cairo", dpi: 72 * scale)
  }

  /// Draws a graph as a PDF file; see ``png(_:scale:)`` for its letters.
  public static func pdf(_ graph: Graph) throws(GraphvizError) -> [UInt8] {
    try render(graph, format: "pdf:cairo", dpi: nil)
  }

  /// The version of the library in use.
  public static func version() throws(GraphvizError) -> String {
    try GraphvizThread.run { () -> Swift.Result<String, GraphvizError> in
      guard let context = gradviz_context_new(GraphvizThread.textWidth, 0) else {
        return .failure(GraphvizThread.missing("Graphviz cannot be loaded"))
      }
      defer { gradviz_context_free(context) }
      return .success(String(cString: gradviz_version(context)))
    }.get()
  }

  /// The events of a drawing by the engine that the text names, or by `engine`.
  static func record(_ dot: String, engine: String) throws(GraphvizError) -> Drawing {
    if let nul = dot.utf8.firstIndex(of: 0) {
      let line = dot.utf8[..<nul].count { $0 == UInt8(ascii: "\n") } + 1
      throw GraphvizError(message: "the DOT text has a NUL character in line \(line)", cure: nil)
    }
    return try GraphvizThread.run { () -> Swift.Result<Drawing, GraphvizError> in
      guard let context = gradviz_context_new(GraphvizThread.textWidth, 0) else {
        return .failure(GraphvizThread.missing("Graphviz cannot be loaded"))
      }
      defer { gradviz_context_free(context) }
      var recording = gradviz_recording()
      guard gradviz_record(context, dot, engine, &recording) == 0 else {
        return .failure(GraphvizThread.error("Graphviz cannot draw this"))
      }
      return .success(Drawing(recording))
    }.get()
  }

  private static func render(_ graph: Graph, format: String, dpi: Double?) throws(GraphvizError) -> [UInt8] {
    try GraphvizThread.run { () -> Swift.Result<[UInt8], GraphvizError> in
      guard let context = gradviz_context_new(GraphvizThread.textWidth, 1) else {
        return .failure(GraphvizThread.missing("Graphviz cannot draw PNG and PDF here"))
      }
      defer { gradviz_context_free(context) }
      var graph = graph
      graph.attributes += dpi.map { [.resolution($0)] } ?? []
      let text = graph.text(textScale: textScale(context), families: TextMetrics.families)
      return rendered(text, format: format, context)
    }.get()
  }

  /// How much smaller text has to be set so that the fonts Pango finds take no more room than was measured.
  private static func textScale(_ context: OpaquePointer) -> Double {
    let sample = "Handgloves 0123456789 [−0.84] ∂L/∂w"
    let probe = Graph(
      name: "probe", attributes: [.layout(.dot)],
      statements: [
        .node("probe", [.shape(.box), .margin(0), .fontName, .fontSize(100), .label(.plain(sample)), .width(0.01)])
      ])
    let text = probe.text(textScale: 1, families: TextMetrics.families)
    guard case .success(let plain) = rendered(text, format: "plain", context) else { return 1 }
    // `node NAME X Y WIDTH HEIGHT …`, in inches.
    let fields = String(decoding: plain, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("node ") }?.split(separator: " ")
    guard let fields, fields.count > 4, let inches = Double(fields[4]), inches > 0 else { return 1 }
    return min(1, TextMetrics.width(of: sample, size: 100) * 1.02 / (inches * 72))
  }

  private static func rendered(
    _ dot: String, format: String, _ context: OpaquePointer
  ) -> Swift.Result<[UInt8], GraphvizError> {
    var data: UnsafeMutablePointer<CChar>?
    var length = 0
    guard gradviz_render(context, dot, "dot", format, &data, &length) == 0, let data else {
      return .failure(GraphvizThread.error("Graphviz cannot draw this"))
    }
    defer { gradviz_free_data(data) }
    return .success(UnsafeRawBufferPointer(start: data, count: length).map { $0 })
  }
}
