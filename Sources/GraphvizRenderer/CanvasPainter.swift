import CGraphvizShim
import DOT

/// Paints a drawing as a PNG or PDF file, the same picture as ``SVGWriter``'s in light colours: shapes,
/// dashes and the room of each text are the same, only the letters are the machine's.
struct CanvasPainter {
  enum Format: Sendable {
    /// `scale` pixels a point.
    case png(scale: Double)
    case pdf
  }

  private let canvas: OpaquePointer

  /// The bytes of the file, or what the libraries say against it. Runs on the drawing thread only.
  static func file(_ drawing: Drawing, _ format: Format) -> Result<[UInt8], GraphvizError> {
    let (isPDF, scale): (Int32, Double) =
      switch format {
      case .png(let scale): (0, scale)
      case .pdf: (1, 1)
      }
    guard gradviz_canvas_load() != 0 else {
      return .failure(GraphvizThread.missing("PNG and PDF cannot be drawn here"))
    }
    guard let canvas = gradviz_canvas_new(isPDF, drawing.width, drawing.height, scale) else {
      return .failure(GraphvizThread.error("the figure does not fit into such a file"))
    }
    defer { gradviz_canvas_free(canvas) }
    let painter = CanvasPainter(canvas: canvas)
    for event in drawing.events { painter.paint(event) }
    var data: UnsafePointer<UInt8>?
    var length = 0
    guard gradviz_canvas_finish(canvas, &data, &length) == 0 else {
      return .failure(GraphvizThread.error("the file cannot be written"))
    }
    return .success(Array(UnsafeBufferPointer(start: data, count: length)))
  }

  private func paint(_ event: Drawing.Event) {
    switch event {
    case .begin, .end: break
    case .polygon(let points, let ink):
      lines(points)
      gradviz_canvas_close(canvas)
      apply(ink)
    case .polyline(let points, var ink):
      lines(points)
      ink.fill = nil
      apply(ink)
    case .ellipse(let center, let rim, let ink):
      gradviz_canvas_ellipse(canvas, center.x, center.y, abs(rim.x - center.x), abs(rim.y - center.y))
      apply(ink)
    case .bezier(let points, let ink):
      guard let first = points.first else { break }
      gradviz_canvas_move(canvas, first.x, first.y)
      for start in stride(from: 1, to: points.count - 2, by: 3) {
        let (a, b, c) = (points[start], points[start + 1], points[start + 2])
        gradviz_canvas_curve(canvas, a.x, a.y, b.x, b.y, c.x, c.y)
      }
      apply(ink)
    case .text(let text): write(text)
    }
  }

  private func lines(_ points: [Drawing.Point]) {
    guard let first = points.first else { return }
    gradviz_canvas_move(canvas, first.x, first.y)
    for point in points.dropFirst() { gradviz_canvas_line(canvas, point.x, point.y) }
  }

  private func apply(_ ink: Drawing.Ink) {
    if let fill = ink.fill, fill.alpha > 0 { gradviz_canvas_fill(canvas, fill.bits) }
    if ink.isStroked, ink.pen.alpha > 0 {
      let dashes = ink.line.dashes
      gradviz_canvas_stroke(
        canvas, ink.pen.bits, ink.width, dashes, Int32(dashes.count), ink.line == .dotted ? 1 : 0)
    }
    gradviz_canvas_end_path(canvas)
  }

  private func write(_ text: Drawing.Text) {
    guard text.content.contains(where: { !$0.isWhitespace }) else { return }
    let before =
      switch text.anchor {
      case "middle": text.width / 2
      case "end": text.width
      default: 0.0
      }
    gradviz_canvas_text(
      canvas, text.content, TextMetrics.families.joined(separator: ","), text.origin.x - before,
      text.baseline, text.size, text.width, text.isBold ? 1 : 0, text.isItalic ? 1 : 0, text.color.bits)
  }
}
