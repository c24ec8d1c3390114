import DOT
import Foundation

/// Writes a drawing as SVG: presentation attributes carry the light colours, a literal media query the
/// dark ones (custom properties are drawn black by several renderers).
struct SVGWriter {
  private let style: SVGStyle
  private var lines: [String] = []
  private var usedTones: [String: Set<String>] = [:]
  /// Rectangles without an outline, by their line.
  private var grounds: [Int: Drawing.Ink] = [:]
  /// The groups that are open: where each begins, what it is, and whether it stands for itself.
  private var open: [(line: Int, group: Drawing.Group, isNamed: Bool, classes: String)] = []

  static func text(_ drawing: Drawing, _ style: SVGStyle) -> String {
    var writer = SVGWriter(style: style)
    writer.write(drawing.events)
    return writer.document(drawing)
  }

  private init(style: SVGStyle) { self.style = style }

  // MARK: The file

  private func document(_ drawing: Drawing) -> String {
    let id = Self.escaped(style.id)
    let (width, height) = (Self.number(drawing.width), Self.number(drawing.height))
    var head = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="\(id)-title \(id)-desc" font-family="\(families)">
      """,
      "<title id=\"\(id)-title\">\(Self.escaped(style.title))</title>",
      "<desc id=\"\(id)-desc\">\(Self.escaped(style.description))</desc>",
    ]
    let css = styleSheet
    if !css.isEmpty { head.append("<style>\(css)</style>") }
    return (head + lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private var families: String {
    TextMetrics.families.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: ",")
  }

  /// One rule for each tone used, under the reader's dark colour scheme.
  private var styleSheet: String {
    guard style.theme == .auto else { return "" }
    let rules = usedTones.keys.sorted().flatMap { light -> [String] in
      guard let tone = style.tones[light] else { return [] }
      return (usedTones[light] ?? []).sorted().map { property in
        ".\(property == "fill" ? "f" : "s")-\(tone.name){\(property):\(tone.dark)}"
      }
    }
    return rules.isEmpty ? "" : "@media (prefers-color-scheme:dark){\(rules.joined())}"
  }

  // MARK: Events

  private mutating func write(_ events: [Drawing.Event]) {
    for event in events {
      switch event {
      case .begin(let group, let id, let classes, let tooltip): begin(group, id, classes, tooltip)
      case .end:
        end()
      case .polygon(let points, let ink): polygon(points, ink)
      case .polyline(let points, let ink):
        lines.append(
          "<path d=\"M" + points.map(Self.pair).joined(separator: "L") + "\"" + paint(ink, closed: false)
            + "/>")
      case .ellipse(let center, let rim, let ink): ellipse(center, rim, ink)
      case .bezier(let points, let ink): bezier(points, ink)
      case .text(let text): self.text(text)
      }
    }
  }

  private mutating func begin(_ group: Drawing.Group, _ id: String?, _ classes: String?, _ tooltip: String?) {
    var tag = "<g"
    if let id { tag += " id=\"" + Self.escaped(group == .graph ? style.id : "\(style.id)-\(id)") + "\"" }
    var all = classes.map(Self.escaped) ?? ""
    // What most texts have is said once.
    if group == .graph, let ink = style.ink {
      let (value, name) = tone("fill", Drawing.RGBA(hex: ink))
      tag += " fill=\"\(value)\""
      if let name { all += (all.isEmpty ? "" : " ") + name }
    }
    if !all.isEmpty { tag += " class=\"\(all)\"" }
    let words = group == .node || group == .edge ? tooltip.map(Self.unescaped) ?? "" : ""
    open.append((lines.count, group, id != nil || !words.isEmpty, all))
    lines.append(tag + ">")
    if !words.isEmpty { lines.append("<title>\(Self.escaped(words))</title>") }
  }

  /// Closes a group; one that drew nothing goes, one without a name of its own lends its classes to the one
  /// thing it drew.
  private mutating func end() {
    guard let group = open.popLast() else { return }
    grounds = grounds.filter { $0.key < group.line }
    let count = lines.count - group.line - 1
    if count == 0 {
      lines.removeLast()
    } else if count == 1, !group.isNamed, let child = lines.last, !child.hasPrefix("<title") {
      lines.removeLast(2)
      lines.append(group.classes.isEmpty ? child : Self.adding(group.classes, to: child))
    } else {
      lines.append("</g>")
    }
  }

  private static func adding(_ classes: String, to element: String) -> String {
    if let place = element.range(of: " class=\"") {
      return element.replacingCharacters(in: place, with: " class=\"\(classes) ")
    }
    guard let end = element.firstIndex(where: { $0 == " " }) else { return element }
    return element[..<end] + " class=\"\(classes)\"" + element[end...]
  }

  private mutating func polygon(_ points: [Drawing.Point], _ ink: Drawing.Ink) {
    let xs = points.map(\.x)
    let ys = points.map(\.y)
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return }
    let isRectangle =
      (points.count == 4 || points.count == 5)
      && points.allSatisfy { ($0.x == left || $0.x == right) && ($0.y == top || $0.y == bottom) }
    if isRectangle {
      let place = "x=\"\(Self.place(left))\" y=\"\(Self.place(top))\""
      let size = "width=\"\(Self.place(right - left))\" height=\"\(Self.place(bottom - top))\""
      let rectangle = "<rect \(place) \(size)"
      if let ground = ground(rectangle, under: ink) {
        // A table's ground and its frame are one; the cells between them do not reach the frame.
        lines[ground.line] =
          rectangle
          + paint(Drawing.Ink(pen: ink.pen, fill: ground.ink.fill, width: ink.width, line: ink.line)) + "/>"
        grounds[ground.line] = nil
      } else {
        if !(ink.isStroked && ink.pen.alpha > 0), ink.fill != nil { grounds[lines.count] = ink }
        lines.append("\(rectangle)\(paint(ink))/>")
      }
    } else {
      lines.append("<path d=\"M" + points.map(Self.pair).joined(separator: "L") + "z\"" + paint(ink) + "/>")
    }
  }

  /// The filled rectangle of the same group and place that a frame without a ground of its own goes around.
  private func ground(_ rectangle: String, under ink: Drawing.Ink) -> (line: Int, ink: Drawing.Ink)? {
    guard ink.isStroked, ink.pen.alpha > 0, (ink.fill?.alpha ?? 0) == 0, let group = open.last else {
      return nil
    }
    return grounds.first { $0.key > group.line && lines[$0.key].hasPrefix(rectangle + " ") }
      .map { ($0.key, $0.value) }
  }

  private mutating func ellipse(_ center: Drawing.Point, _ rim: Drawing.Point, _ ink: Drawing.Ink) {
    let (rx, ry) = (abs(rim.x - center.x), abs(rim.y - center.y))
    let place = "cx=\"\(Self.place(center.x))\" cy=\"\(Self.place(center.y))\""
    if abs(rx - ry) < 0.01 {
      lines.append("<circle \(place) r=\"\(Self.number(rx))\"\(paint(ink))/>")
    } else {
      lines.append("<ellipse \(place) rx=\"\(Self.number(rx))\" ry=\"\(Self.number(ry))\"\(paint(ink))/>")
    }
  }

  private mutating func bezier(_ points: [Drawing.Point], _ ink: Drawing.Ink) {
    guard let first = points.first else { return }
    if let (place, radius) = Self.roundedRectangle(points) {
      lines.append("<rect \(place) rx=\"\(Self.number(radius))\"\(paint(ink))/>")
      return
    }
    var data = "M\(Self.pair(first))"
    // Where the straight run that is being drawn began; pieces of one line are written as one.
    var line: (start: Drawing.Point, end: Drawing.Point)?
    func flush() {
      if let line { data += Self.line(from: line.start, to: line.end) }
      line = nil
    }
    var index = 1
    while index + 2 < points.count {
      let (a, b, c, d) = (points[index - 1], points[index], points[index + 1], points[index + 2])
      if Self.isStraight(a, b, c, d) {
        if let run = line, Self.goesOn(run.start, run.end, d) {
          line?.end = d
        } else {
          flush()
          line = (a, d)
        }
      } else {
        flush()
        data += "C\(Self.pair(b)) \(Self.pair(c)) \(Self.pair(d))"
      }
      index += 3
    }
    flush()
    let isClosed = ink.fill.map { $0.alpha > 0 } ?? false
    lines.append("<path d=\"\(data)\"\(paint(ink, closed: isClosed))/>")
  }

  /// Place, size and corner radius, where a closed path is Graphviz' rounded box.
  private static func roundedRectangle(_ points: [Drawing.Point]) -> (place: String, radius: Double)? {
    let xs = points.map(\.x)
    let ys = points.map(\.y)
    guard points.count > 20, let left = xs.min(), let right = xs.max(), let top = ys.min(),
      let bottom = ys.max(),
      let last = points.last, abs(points[0].x - last.x) + abs(points[0].y - last.y) < 0.02,
      points.allSatisfy({
        abs($0.x - left) < 0.02 || abs($0.x - right) < 0.02 || abs($0.y - top) < 0.02
          || abs($0.y - bottom) < 0.02
      }),
      let start = points.filter({ abs($0.y - top) < 0.02 && $0.x - left > 0.02 }).map(\.x).min(),
      let curve = points.filter({ abs($0.x - left) < 0.02 }).map(\.y).min()
    else { return nil }
    // Half of a corner's box lies on either of its control points.
    let radius = max(start - left, curve - top) * 2
    guard radius * 2 <= right - left + 0.1, radius * 2 <= bottom - top + 0.1 else { return nil }
    let place =
      "x=\"\(place(left))\" y=\"\(place(top))\" width=\"\(place(right - left))\" height=\"\(place(bottom - top))\""
    return (place, radius)
  }

  private static func line(from a: Drawing.Point, to b: Drawing.Point) -> String {
    if place(a.y) == place(b.y) { return "H\(place(b.x))" }
    if place(a.x) == place(b.x) { return "V\(place(b.y))" }
    return "L\(pair(b))"
  }

  /// Whether `c` lies further on the line from `a` to `b`.
  private static func goesOn(_ a: Drawing.Point, _ b: Drawing.Point, _ c: Drawing.Point) -> Bool {
    isStraight(a, b, b, c) && (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) >= 0
  }

  private static func isStraight(
    _ a: Drawing.Point, _ b: Drawing.Point, _ c: Drawing.Point, _ d: Drawing.Point
  ) -> Bool {
    let length = max(((d.x - a.x) * (d.x - a.x) + (d.y - a.y) * (d.y - a.y)).squareRoot(), 0.001)
    func off(_ p: Drawing.Point) -> Double {
      abs((d.x - a.x) * (p.y - a.y) - (d.y - a.y) * (p.x - a.x)) / length
    }
    return off(b) < 0.05 && off(c) < 0.05
  }

  private mutating func text(_ text: Drawing.Text) {
    guard text.content.contains(where: { !$0.isWhitespace }) else { return }
    var tag = "<text x=\"\(Self.place(text.origin.x))\" y=\"\(Self.place(text.baseline))\""
    if text.anchor != "start" { tag += " text-anchor=\"\(text.anchor)\"" }
    tag += " font-size=\"\(Self.number(text.size))\""
    if text.isBold { tag += " font-weight=\"bold\"" }
    if text.isItalic { tag += " font-style=\"italic\"" }
    // Whatever font the reader has, the text keeps the room it was measured for.
    if text.content.count > 3 {
      tag += " textLength=\"\(Self.place(text.width))\""
      // In a long text the letters themselves give way, in a short one the space between them is enough.
      if text.content.count > 12 { tag += " lengthAdjust=\"spacingAndGlyphs\"" }
    }
    if text.content.hasPrefix(" ") || text.content.hasSuffix(" ") || text.content.contains("  ") {
      tag += " xml:space=\"preserve\""
    }
    if text.color.hex != style.ink || text.color.alpha < 255 { tag += color("fill", text.color) }
    lines.append("\(tag)>\(Self.escaped(text.content))</text>")
  }

  // MARK: Paint

  private mutating func paint(_ ink: Drawing.Ink, closed: Bool = true) -> String {
    var attributes = ""
    var classes: [String] = []
    func add(_ property: String, _ color: Drawing.RGBA?, _ writer: inout SVGWriter) {
      guard let color, color.alpha > 0 else {
        attributes += " \(property)=\"none\""
        return
      }
      let (value, name) = writer.tone(property, color)
      attributes += " \(property)=\"\(value)\""
      if color.alpha < 255 {
        attributes += " \(property)-opacity=\"\(Self.number(Double(color.alpha) / 255))\""
      }
      if let name { classes.append(name) }
    }
    add("fill", closed ? ink.fill : nil, &self)
    // The head of an arrow has no outline of another colour.
    let isHead = closed && open.last?.group == .edge && ink.fill == ink.pen
    if ink.isStroked, ink.pen.alpha > 0, !isHead {
      add("stroke", ink.pen, &self)
      if abs(ink.width - 1) > 0.001 { attributes += " stroke-width=\"\(Self.number(ink.width))\"" }
      if !ink.line.dashes.isEmpty {
        attributes +=
          " stroke-dasharray=\"" + ink.line.dashes.map { Self.number($0) }.joined(separator: " ") + "\""
      }
      if ink.line == .dotted { attributes += " stroke-linecap=\"round\"" }
    }
    if !classes.isEmpty { attributes += " class=\"\(classes.joined(separator: " "))\"" }
    return attributes
  }

  private mutating func color(_ property: String, _ color: Drawing.RGBA) -> String {
    let (value, name) = tone(property, color)
    let opacity =
      color.alpha < 255 ? " \(property)-opacity=\"\(Self.number(Double(color.alpha) / 255))\"" : ""
    return " \(property)=\"\(value)\"" + opacity + (name.map { " class=\"\($0)\"" } ?? "")
  }

  /// The colour to write, and the class that carries its dark twin.
  private mutating func tone(_ property: String, _ color: Drawing.RGBA) -> (String, String?) {
    guard let tone = style.tones[color.hex] else { return (color.hex, nil) }
    switch style.theme {
    case .light: return (color.hex, nil)
    case .dark: return (tone.dark, nil)
    case .print: return (tone.print, nil)
    case .auto:
      usedTones[color.hex, default: []].insert(property)
      return (color.hex, (property == "fill" ? "f-" : "s-") + tone.name)
    }
  }

  // MARK: Text

  /// A point of a path; a twentieth of a point is nothing anyone sees.
  private static func pair(_ point: Drawing.Point) -> String {
    "\(Coordinate.text(point.x, decimals: 1)),\(Coordinate.text(point.y, decimals: 1))"
  }

  static func number(_ value: Double) -> String { Coordinate.text(value) }

  private static func place(_ value: Double) -> String { Coordinate.text(value, decimals: 1) }

  /// The text of a plain DOT string: the writer doubled its backslashes and wrote `&` as an entity.
  private static func unescaped(_ text: String) -> String {
    text.replacing("\\\\", with: "\\").replacing("&amp;", with: "&")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default:
        // What XML 1.0 does not allow has no place in a file, however it got here.
        let isAllowed =
          scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
          && !(0x7F...0x9F).contains(scalar.value)
        result.unicodeScalars.append(isAllowed ? scalar : " ")
      }
    }
    return result
  }
}
