import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizFigures
import GradvizGraph
import GraphvizRenderer

/// A plot of curves or areas over axes.
///
/// Its colors are tints, which the theme resolves when it is written. Coordinates are in points, with the y axis
/// pointing down from the top left.
public struct Plot: Sendable {
  /// The colors of a file.
  public typealias Theme = ComputationGraph.Presentation.Theme
  typealias Point = Drawing.Point

  struct Stroke: Sendable {
    var tint: Tint
    var width = 1.0
    var line = Drawing.Line.solid
  }

  enum Anchor: String, Sendable { case start, middle, end }

  enum Item: Sendable {
    case begin(id: String, classes: String, tooltip: String)
    case end
    case line([Point], Stroke)
    case area([Point], fill: Tint?, stroke: Stroke?)
    case rectangle(Point, size: Point, fill: Tint?, stroke: Stroke?)
    case circle(Point, radius: Double, fill: Tint?, stroke: Stroke?)
    case text(String, at: Point, size: Double, tint: Tint, typeface: TextMetrics.Typeface, anchor: Anchor)
  }

  /// A word from the title, and the kind of plot, such as `decision`.
  private let name: (word: String, kind: String)
  /// The line at its top, also the file's title.
  public var title: String
  /// A sentence that describes the plot for screen readers.
  public var description: String
  /// In points.
  public var width: Double
  /// In points.
  public var height: Double
  /// How the plot becomes a file.
  public var page: PageStyle
  /// What stands before the decimals on its axes.
  let mark: NumberFormat.Mark
  var items: [Item] = []

  /// - Parameters:
  ///   - kind: the kind of plot in ids.
  ///   - name: the same in the language of the options.
  init(
    _ options: PlotOptions, kind: String, name: String, description: String, width: Double, height: Double
  ) {
    self.name = (options.id, kind)
    title = options.title + options.words.colon + name
    mark = options.words.mark
    self.description = description
    self.width = width
    self.height = height
    page = options.page
  }

  /// The prefix of every id in the file: a readable word, eight digits of a hash of the content, and the
  /// kind, so that two plots on a page have different ids.
  ///
  /// - Complexity: O(items)
  public var id: String {
    var content = Fingerprint()
    for text in [title, description] { content.combine(text) }
    for number in [width, height] { content.combine(number) }
    for item in items { content.combine(item) }
    return "\(name.word)-\(content.text(digits: 8))-\(name.kind)"
  }

  /// The plot as an SVG file.
  public func svg(theme: Theme = .auto) -> String { svgStyle(theme: theme).svg(drawing) }

  package func svgStyle(theme: Theme) -> SVGStyle {
    SVGStyle(
      id: theme.identifier(id), title: title, description: description,
      tones: Palette.tones(page.readable(theme)), scale: page.scale, ink: Palette.entry(.ink).name)
  }

  /// The plot as a PNG file of the size and resolution of its ``page``; `auto` is light.
  ///
  /// - Throws: `GraphvizError` if Graphviz' Cairo plugin is missing.
  public func png(theme: Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.png(dot(theme).text, scale: page.scale, dpi: page.dpi)
  }

  /// Renders the plot as a PDF file; `auto` is light.
  ///
  /// - Throws: `GraphvizError` if Graphviz' Cairo plugin is missing.
  public func pdf(theme: Theme = .auto) throws(GraphvizError) -> [UInt8] {
    try Graphviz.pdf(dot(theme).text, scale: page.scale)
  }

  package var drawing: Drawing {
    func paint(_ tint: Tint) -> Drawing.Paint { .tint(Palette.entry(tint).name) }
    func ink(_ fill: Tint?, _ stroke: Stroke?) -> Drawing.Ink {
      Drawing.Ink(
        pen: paint(stroke?.tint ?? .line), fill: fill.map(paint), width: stroke?.width ?? 0,
        line: stroke?.line ?? .none)
    }
    let sheet: [Drawing.Event] =
      page.background == .transparent
      ? [] : [.rectangle(Point(x: 0, y: 0), size: Point(x: width, y: height), radius: 0, ink(.page, nil))]
    let events = items.map { item -> Drawing.Event in
      switch item {
      case .begin(let id, let classes, let tooltip):
        return .begin(.node, id: id, classes: classes, tooltip: tooltip.isEmpty ? nil : tooltip)
      case .end: return .end
      case .line(let points, let stroke): return .polyline(points, ink(nil, stroke))
      case .area(let points, let fill, let stroke): return .polygon(points, ink(fill, stroke))
      case .rectangle(let corner, let size, let fill, let stroke):
        return .rectangle(corner, size: size, radius: 0, ink(fill, stroke))
      case .circle(let center, let radius, let fill, let stroke):
        return .ellipse(
          center: center, rim: .init(x: center.x + radius, y: center.y + radius), ink(fill, stroke))
      case .text(let content, let origin, let size, let tint, let typeface, let anchor):
        return .text(
          .init(
            content: content, origin: origin, size: size,
            width: TextMetrics.width(of: content, size: size, typeface: typeface), color: paint(tint),
            isBold: typeface == .bold, isItalic: typeface == .variable,
            isSerif: typeface == .variable || typeface == .index, anchor: anchor.rawValue))
      }
    }
    return Drawing(
      width: width, height: height,
      events: [.begin(.graph, id: id, classes: "figure plot", tooltip: nil)] + sheet + events + [.end])
  }

  static func width(_ text: String, _ size: Double, _ isBold: Bool = false) -> Double {
    TextMetrics.width(of: text, size: size, bold: isBold)
  }

  /// Shortens a text to fit a line, with `…` at the end.
  ///
  /// - Complexity: O(scalars that fit)
  static func cut(_ text: String, _ size: Double, _ isBold: Bool = false, to room: Double) -> String {
    let dots = width("…", size, isBold)
    var used = 0.0
    // Where the text ends if it is cut, and the number of zero-width marks that follow.
    var end = text.startIndex
    var unseen = 0
    for place in text.unicodeScalars.indices {
      let own = width(String(text.unicodeScalars[place]), size, isBold)
      used += own
      unseen = own > 0 ? 0 : unseen + 1
      if used > room || unseen > 100 { return String(text[..<end]) + "…" }
      if used + dots <= room { end = text.unicodeScalars.index(after: place) }
    }
    return text
  }

  // MARK: Building

  mutating func group(_ id: String, _ classes: String, tooltip: String = "", _ body: (inout Plot) -> Void) {
    items.append(.begin(id: id, classes: classes, tooltip: tooltip))
    body(&self)
    items.append(.end)
  }

  mutating func line(_ points: [Point], _ tint: Tint, width: Double = 1, line: Drawing.Line = .solid) {
    guard points.count > 1 else { return }
    items.append(.line(points, Stroke(tint: tint, width: width, line: line)))
  }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 11.5, tint: Tint = .ink, isBold: Bool = false,
    anchor: Anchor = .start
  ) {
    items.append(
      .text(
        text, at: Point(x: x, y: y), size: size, tint: tint, typeface: isBold ? .bold : .regular, anchor: anchor))
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: Tint?, stroke: Stroke? = nil
  ) {
    items.append(
      .rectangle(Point(x: x, y: y), size: Point(x: width, y: height), fill: fill, stroke: stroke))
  }

  /// Adds the badge and title that all figures begin with.
  mutating func header(_ kind: String, title: String, note: String) {
    let badge = (Self.width(kind, 15, true) * 1.06 + 18).rounded(.up)
    rectangle(x: 16, y: 16, width: badge, height: 26, fill: .backwardRow)
    text(kind, x: 16 + badge / 2, y: 34, size: 15, isBold: true, anchor: .middle)
    // If title and note do not fit side by side, drops the note, then shortens the title.
    let room = width - badge - 16 - 14 - 16
    let shown = Self.cut(title, 15, true, to: room / 1.07)
    text(shown, x: 16 + badge + 14, y: 34, size: 15, isBold: true)
    let end = Self.width(shown, 15, true) * 1.08 + 16
    if end + Self.width(note, 11.5) * 1.07 <= room {
      text(note, x: 16 + badge + 14 + end, y: 34, size: 11.5, tint: .muted)
    }
  }

  /// Adds the mark of a point's class: its shape repeats what its tint says.
  mutating func mark(_ kind: Int, at point: Point, radius: Double, isWrong: Bool = false) {
    let tint = Tint.laneInk(kind)
    let edge = Stroke(tint: .page, width: 0.8)
    func corners(_ count: Int, _ turn: Double, _ reach: Double) -> [Point] {
      (0..<count).map { corner in
        let (sine, cosine) = Self.direction(Double(corner) / Double(count) + turn)
        return Point(x: point.x + reach * cosine, y: point.y + reach * sine)
      }
    }
    switch kind % 4 {
    case 0: items.append(.circle(point, radius: radius, fill: tint, stroke: edge))
    case 1: items.append(.area(corners(4, 0.125, radius * 1.25), fill: tint, stroke: edge))
    case 2: items.append(.area(corners(3, -0.25, radius * 1.4), fill: tint, stroke: edge))
    default: items.append(.area(corners(4, 0, radius * 1.4), fill: tint, stroke: edge))
    }
    if isWrong {
      items.append(.circle(point, radius: radius + 3, fill: nil, stroke: Stroke(tint: .warning, width: 1.6)))
    }
  }

  /// Sine and cosine of a fraction of a full turn, for the eighths and twelfths that marks need.
  private static func direction(_ turn: Double) -> (Double, Double) {
    let half = 0.7071067811865476
    let third = 0.8660254037844386
    let eighths: [(Double, Double)] = [
      (0, 1), (half, half), (1, 0), (half, -half), (0, -1), (-half, -half), (-1, 0), (-half, half),
    ]
    let part = turn - turn.rounded(.down)
    let place = part * 8
    if abs(place - place.rounded()) < 1e-6 { return eighths[Int(place.rounded()) % 8] }
    return abs(part - 1.0 / 12) < 1e-6 ? (0.5, third) : (0.5, -third)
  }
}

extension Fingerprint {
  fileprivate mutating func combine(_ item: Plot.Item) {
    switch item {
    case .begin(let id, let classes, let tooltip): for text in [id, classes, tooltip] { combine(text) }
    case .end: combine("end")
    case .line(let points, _), .area(let points, _, _): for point in points { combine(point) }
    case .rectangle(let corner, let size, _, _):
      combine(corner)
      combine(size)
    case .circle(let center, let radius, _, _):
      combine(center)
      combine(radius)
    case .text(let content, let place, _, _, _, _):
      combine(content)
      combine(place)
    }
  }

  private mutating func combine(_ point: Plot.Point) {
    combine(point.x)
    combine(point.y)
  }
}
