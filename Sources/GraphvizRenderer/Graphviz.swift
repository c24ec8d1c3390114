import CGraphvizShim
import GradvizDOT
import GradvizSystem

/// Graphviz as a library: layouts and drawings of DOT text, in this process.
///
/// Can be called from any thread or task. Drawings run one at a time, and a call whose task is cancelled
/// while it waits throws. Reads only Graphviz' own plugins: no configuration and, for SVG, no fonts, so that
/// the same text gives the same bytes on every machine.
public enum Graphviz {
  /// Draws DOT text as SVG.
  ///
  /// Colors given by the names of the style's tones follow its theme.
  ///
  /// - Throws: ``GraphvizError``, also for a scale outside 0.1 to 20.
  public static func svg(_ dot: String, style: SVGStyle) throws(GraphvizError) -> String {
    try check(scale: style.scale)
    return SVGWriter.text(try record(dot, tints: style.tones.keys.sorted()), style)
  }

  /// Draws DOT text as a PNG file, the same picture as `svg(_:style:)` in light colors, its letters from the
  /// machine's fonts.
  ///
  /// - Parameters:
  ///   - dot: the text.
  ///   - scale: how large it is, 0.1 to 20; 1 is the size of the drawing.
  ///   - dpi: its pixels an inch of 72 points, 10 to 2400, which the file says, too.
  /// - Throws: ``GraphvizError``, also for a scale or resolution out of range and for more than 32 767 pixels a side.
  public static func png(_ dot: String, scale: Double = 1, dpi: Double = 144) throws(GraphvizError) -> [UInt8] {
    try check(scale: scale, dpi: dpi)
    return PNG.saying(dpi: dpi, try page(dot, format: "png:cairo", dpi: dpi * scale))
  }

  /// Draws DOT texts of one size as the frames of one animated PNG file, which repeats them; programs that show no
  /// movement, and print, show `still` instead.
  ///
  /// - Parameters:
  ///   - frames: the texts, with the seconds for which each is shown, up to 65.
  ///   - still: the text of the picture that does not move.
  ///   - scale: as in `png(_:scale:dpi:)`.
  ///   - dpi: as in `png(_:scale:dpi:)`.
  /// - Throws: ``GraphvizError``, also for frames of another size than `still`, and for an empty list of them.
  public static func apng(
    _ frames: [(dot: String, seconds: Double)], still: String, scale: Double = 1, dpi: Double = 144
  ) throws(GraphvizError) -> [UInt8] {
    let pictures = try moving(frames, still: still) { dot throws(GraphvizError) in
      let picture = try png(dot, scale: scale, dpi: dpi)
      return (picture, Array(PNG.header(of: picture)))
    }
    return PNG.animated(Array(pictures.dropLast()), seconds: frames.map(\.seconds), still: pictures[frames.count])
  }

  /// Draws DOT texts of one size as the frames of one animated GIF file, which repeats them, in at most 256 colors.
  ///
  /// What has degrees of opacity is either opaque or not there. Programs that show no movement show the first frame.
  ///
  /// - Parameters:
  ///   - frames: the texts, with the seconds for which each is shown, up to 65.
  ///   - scale: as in `png(_:scale:dpi:)`.
  ///   - dpi: as in `png(_:scale:dpi:)`.
  /// - Throws: ``GraphvizError``, also for frames of several sizes, and for an empty list of them.
  public static func gif(
    _ frames: [(dot: String, seconds: Double)], scale: Double = 1, dpi: Double = 144
  ) throws(GraphvizError) -> [UInt8] {
    let pictures = try moving(frames, still: nil) { dot throws(GraphvizError) in
      let picture = try pixels(dot, scale: scale, dpi: dpi)
      return (picture, [picture.width, picture.height])
    }
    return GIF.animated(pictures, seconds: frames.map(\.seconds))
  }

  /// Draws the frames of a picture that moves, and after them the one that does not, if there is one.
  ///
  /// - Parameter draw: draws a text; returns the picture and what says its size.
  private static func moving<Picture, Size: Equatable>(
    _ frames: [(dot: String, seconds: Double)], still: String?,
    draw: (String) throws(GraphvizError) -> (Picture, Size)
  ) throws(GraphvizError) -> [Picture] {
    guard !frames.isEmpty else { throw .input("an animation has at least one frame") }
    guard frames.allSatisfy({ (0...65).contains($0.seconds) }) else { throw .input("a frame is shown for 0 to 65 s") }
    var pictures: [Picture] = []
    var size: Size?
    for dot in frames.map(\.dot) + (still.map { [$0] } ?? []) {
      let (picture, own) = try draw(dot)
      guard own == size ?? own else { throw .input("all frames have one size") }
      size = own
      pictures.append(picture)
    }
    return pictures
  }

  /// Draws DOT text as a PDF file of one page, `scale` times as large as the drawing; see `png(_:scale:dpi:)` for its
  /// letters.
  ///
  /// It bears no date, unless the environment has `SOURCE_DATE_EPOCH`.
  ///
  /// - Throws: ``GraphvizError``, also for a scale outside 0.1 to 20.
  public static func pdf(_ dot: String, scale: Double = 1) throws(GraphvizError) -> [UInt8] {
    try check(scale: scale)
    return try page(dot, format: "pdf:gradviz_pdf", dpi: 72 * scale)
  }

  /// Draws several DOT texts as the pages of one PDF file, in their order; see `pdf(_:scale:)`.
  ///
  /// - Throws: ``GraphvizError``, also for an empty list of pages.
  public static func pdf(pages: [String], scale: Double = 1) throws(GraphvizError) -> [UInt8] {
    try check(scale: scale)
    guard !pages.isEmpty else { throw .input("a PDF has at least one page") }
    for dot in pages { try check(dot) }
    return try GraphvizThread.run { () -> Swift.Result<[UInt8], GraphvizError> in
      GraphvizThread.withContext(hasPages: true) { context in
        let texts = pages.map { strdup($0) }
        defer { for text in texts { free(text) } }
        var (data, length): (UnsafePointer<CChar>?, Int) = (nil, 0)
        let dots = texts.compactMap { $0.map { UnsafePointer($0) } }
        guard dots.count == pages.count,
          gradviz_draw_pages(context, dots, dots.count, 72 * scale, &data, &length) == 0
        else { return .failure(GraphvizThread.error("Graphviz cannot draw this")) }
        return .success(UnsafeRawBufferPointer(start: data, count: length).map { $0 })
      }
    }.get()
  }

  private static func check(scale: Double) throws(GraphvizError) {
    guard (0.1...20).contains(scale) else { throw .input("a picture's scale is 0.1 to 20, not \(scale)") }
  }

  private static func check(scale: Double, dpi: Double) throws(GraphvizError) {
    try check(scale: scale)
    guard (10...2400).contains(dpi) else { throw .input("a picture has 10 to 2400 pixels an inch, not \(dpi)") }
  }

  /// The version of the linked library.
  ///
  /// - Throws: `GraphvizError` where the library fails or is not complete.
  public static func version() throws(GraphvizError) -> String {
    try GraphvizThread.run { () -> Swift.Result<String, GraphvizError> in
      GraphvizThread.withContext { .success(String(cString: gradviz_version($0))) }
    }.get()
  }

  /// Records the drawing of a text by the engine that it names, or by dot; `tints` are colors that the text
  /// may use by name.
  package static func record(_ dot: String, tints: [String]) throws(GraphvizError) -> Drawing {
    try check(dot)
    // Graphviz looks them up in byte order.
    let tints = tints.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return try GraphvizThread.run { () -> Swift.Result<Drawing, GraphvizError> in
      GraphvizThread.withContext { context in
        var names = tints.map { UnsafePointer(strdup($0)) }
        defer { for name in names { free(UnsafeMutablePointer(mutating: name)) } }
        var recording = gradviz_recording()
        let failed = names.withUnsafeMutableBufferPointer {
          $0.withMemoryRebound(to: UnsafePointer<CChar>.self) {
            gradviz_record(context, dot, $0.baseAddress, $0.count, &recording)
          }
        }
        guard failed == 0 else { return .failure(GraphvizThread.error("Graphviz cannot draw this")) }
        return .success(Drawing(recording, tints: tints))
      }
    }.get()
  }

  /// Renders a file with Graphviz' own renderer for the format.
  private static func page(_ dot: String, format: String, dpi: Double) throws(GraphvizError) -> [UInt8] {
    try check(dot)
    return try GraphvizThread.run { () -> Swift.Result<[UInt8], GraphvizError> in
      GraphvizThread.withContext(hasPages: true) { context in
        var data: UnsafePointer<CChar>?
        var length = 0
        guard gradviz_draw_page(context, dot, format, dpi, &data, &length) == 0 else {
          return .failure(GraphvizThread.error("Graphviz cannot draw this"))
        }
        return .success(
          UnsafeRawBufferPointer(start: data, count: length).map { $0 })
      }
    }.get()
  }

  /// Renders what `png(_:scale:dpi:)` writes, as pixels.
  private static func pixels(_ dot: String, scale: Double, dpi: Double) throws(GraphvizError) -> Pixels {
    try check(scale: scale, dpi: dpi)
    try check(dot)
    return try GraphvizThread.run { () -> Swift.Result<Pixels, GraphvizError> in
      GraphvizThread.withContext(hasPages: true) { context in
        var pixels: UnsafePointer<UInt32>?
        var (width, height) = (0, 0)
        guard gradviz_draw_pixels(context, dot, dpi * scale, &pixels, &width, &height) == 0 else {
          return .failure(GraphvizThread.error("Graphviz cannot draw this"))
        }
        let all = UnsafeBufferPointer(start: pixels, count: width * height)
        return .success(Pixels(width: width, height: height, all))
      }
    }.get()
  }

  static func check(_ dot: String) throws(GraphvizError) {
    let nul = dot.utf8.withContiguousStorageIfAvailable { $0.firstIndex(of: 0) } ?? Array(dot.utf8).firstIndex(of: 0)
    guard let nul else { return }
    let line = dot.utf8.prefix(nul).count { $0 == UInt8(ascii: "\n") } + 1
    throw .input("the DOT text has a NUL character on line \(line)")
  }
}
