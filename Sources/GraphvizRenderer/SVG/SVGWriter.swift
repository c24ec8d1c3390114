import GradvizDOT
import GradvizDrawing

/// Writes a drawing as SVG.
///
/// Presentation attributes have the light colors, and a media query has the dark ones as literals (several renderers
/// draw custom properties in black).
struct SVGWriter {
  private let style: SVGStyle
  var isLive: Bool { style.live != nil }
  var lines: [String] = []
  private var usedTones: [String: Set<String>] = [:]
  /// Rectangles without an outline, by line.
  var grounds: [Int: Drawing.Ink] = [:]
  /// Whether a tint of a heat map has been used.
  private(set) var hasHeatMap = false
  /// The open groups: the line where each begins, its kind, and whether it has its own name.
  var open: [(line: Int, group: Drawing.Group, isNamed: Bool, classes: String)] = []
  /// Of the groups with texts that a script writes, how many texts are still to come, by their ids.
  private var textsLeft: [String: Int] = [:]
  private var openIDs: [String] = []

  static func text(_ drawing: Drawing, _ style: SVGStyle) -> String {
    var style = style
    let events = style.live?.place(drawing.events) ?? drawing.events
    var writer = SVGWriter(style: style)
    writer.textsLeft = style.live?.textCounts(events) ?? [:]
    writer.write(events)
    return style.live.map { writer.element($0) } ?? writer.document(drawing)
  }

  private init(style: SVGStyle) { self.style = style }

  // MARK: The file

  private func document(_ drawing: Drawing) -> String {
    let id = XML.escaped(style.id)
    let (width, height) = (Self.number(drawing.width), Self.number(drawing.height))
    let size = [drawing.width, drawing.height].map { Self.number($0 * style.scale) }
    var head = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(size[0])" height="\(size[1])" \
      viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="\(id)-title \(id)-desc" font-family="\(families)">
      """,
      "<title id=\"\(id)-title\">\(XML.escaped(style.title))</title>",
      "<desc id=\"\(id)-desc\">\(XML.escaped(style.description))</desc>",
    ]
    let css = styleSheet
    if !css.isEmpty { head.append("<style>\(css)</style>") }
    var text = ""
    text.reserveCapacity((head + lines).reduce(8) { $0 + $1.utf8.count + 1 })
    for line in head { text += line + "\n" }
    for line in lines {
      text += line
      text += "\n"
    }
    return text + "</svg>\n"
  }

  /// The drawing as an element of a page.
  private func element(_ live: LiveMarkup) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" \(live.root) font-family=\"\(families)\">" + lines.joined() + live.end
      + "</svg>"
  }

  private var families: String { Self.list(TextMetrics.families) }
  /// As it stands at every variable, it is short: a name of several words needs no quotes, and where systems have neither
  /// of the first ones, they know which of theirs has the same widths.
  private static let serif = TextMetrics.serifFamilies.filter { $0.hasPrefix("Times") || $0 == "serif" }
    .joined(separator: ",")

  private static func list(_ families: [String]) -> String {
    families.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: ",")
  }

  /// One rule for each tone used, for the reader's dark color scheme.
  private var styleSheet: String {
    let rules = usedTones.keys.sorted().flatMap { name -> [String] in
      guard let dark = style.tones[name]?.dark else { return [] }
      return (usedTones[name] ?? []).sorted().map { property in
        ".\(property == "fill" ? "f" : "s")-\(name){\(property):\(dark)}"
      }
    }
    return rules.isEmpty ? "" : "@media (prefers-color-scheme:dark){\(rules.joined())}"
  }

  // MARK: Events

  private mutating func write(_ events: [Drawing.Event]) {
    for event in events {
      switch event {
      case .begin(let group, let id, let classes, let tooltip): begin(group, id, classes, tooltip)
      case .end: end()
      case .rectangle(let corner, let size, let radius, let ink): rectangle(corner, size, radius, ink)
      case .polygon(let points, let ink): polygon(points, ink)
      case .polyline(let points, let ink):
        lines.append(
          "<path d=\"" + PathData(points, isRelative: isLive).text + "\"" + paint(ink, closed: false)
            + (points.count > 2 ? " stroke-linejoin=\"round\"/>" : "/>"))
      case .ellipse(let center, let rim, let ink): ellipse(center, rim, ink)
      case .bezier(let points, let ink): bezier(points, ink)
      case .text(let text): self.text(text)
      }
    }
  }

  private mutating func begin(_ group: Drawing.Group, _ id: String?, _ classes: String?, _ tooltip: String?) {
    var tag = "<g"
    if let id {
      let full = group == .graph ? style.id : (style.live?.prefix ?? "\(style.id)-") + id
      if style.live?.anonymousClasses.contains(classes ?? "") != true { tag += " id=\"" + XML.escaped(full) + "\"" }
      if let more = style.live?.attributesByID[id] { tag += " " + more }
    }
    openIDs.append(id ?? "")
    var all = classes.map(XML.escaped) ?? ""
    // Attributes shared by most texts are written once.
    if group == .graph, let ink = style.ink {
      let color = color("fill", .tint(ink))
      tag += color.attribute
      if let name = color.className { all += (all.isEmpty ? "" : " ") + name }
    }
    if !all.isEmpty { tag += " class=\"\(all)\"" }
    let words = style.live == nil && (group == .node || group == .edge) ? tooltip.map(Self.unescaped) ?? "" : ""
    open.append((lines.count, group, id != nil || !words.isEmpty, all))
    lines.append(tag + ">")
    if !words.isEmpty { lines.append("<title>\(XML.escaped(words))</title>") }
    if let id, let first = style.live?.contentByID[id] { lines.append(first) }
  }

  /// Closes a group.
  ///
  /// An empty group is removed; one without its own name passes its classes to its single element.
  private mutating func end() {
    guard let group = open.popLast() else { return }
    openIDs.removeLast()
    if !grounds.isEmpty { grounds = grounds.filter { $0.key < group.line } }
    if style.joinsCells { joinCells(from: group.line + 1) }
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
    if let place = element.firstRange(of: " class=\"") {
      return element[..<place.lowerBound] + " class=\"\(classes) " + element[place.upperBound...]
    }
    guard let end = element.firstIndex(where: { $0 == " " }) else { return element }
    return element[..<end] + " class=\"\(classes)\"" + element[end...]
  }

  private mutating func text(_ text: Drawing.Text) {
    guard text.content.contains(where: { !$0.isWhitespace }) else { return }
    if let live = liveText() {
      self.text(text, live)
      return
    }
    var tag = "<text x=\"\(Self.place(text.origin.x))\" y=\"\(Self.place(text.baseline))\""
    if text.anchor != "start" { tag += " text-anchor=\"\(text.anchor)\"" }
    tag += " font-size=\"\(Self.number(text.size))\""
    if text.isBold { tag += " font-weight=\"bold\"" }
    if text.isSerif { tag += " font-family=\"\(Self.serif)\"" }
    if text.isItalic { tag += " font-style=\"italic\"" }
    // The text keeps its measured width with any font.
    if text.content.count > 3, style.live == nil {
      tag += " textLength=\"\(Self.place(text.width))\""
      // In a long text, the letters are scaled; in a short one, adjusting the spacing is enough.
      if text.content.count > 12 { tag += " lengthAdjust=\"spacingAndGlyphs\"" }
    }
    if text.hasSpacesToKeep { tag += " xml:space=\"preserve\"" }
    tag += textColor(text.color)
    lines.append("\(tag)>\(XML.escaped(text.content))</text>")
  }

  /// The text that comes next if a script writes it.
  private mutating func liveText() -> LiveMarkup.Text? {
    guard let id = openIDs.last, let left = textsLeft[id], let texts = style.live?.textsByID[id] else { return nil }
    textsLeft[id] = left - 1
    return left <= texts.count ? texts[texts.count - left] : nil
  }

  /// A text that changes has no fixed width.
  private mutating func text(_ text: Drawing.Text, _ live: LiveMarkup.Text) {
    let x = live.isCentered ? text.origin.x + text.width / 2 : text.origin.x
    var tag = "<text \(live.attributes) x=\"\(Self.place(x))\" y=\"\(Self.place(text.baseline))\""
    if live.isCentered { tag += " text-anchor=\"middle\"" }
    tag += " font-size=\"\(Self.number(text.size))\""
    if text.isBold { tag += " font-weight=\"bold\"" }
    let color = style.ink.map({ text.color != .tint($0) }) ?? true ? color("fill", text.color).className : nil
    lines.append((color.map { Self.adding($0, to: tag) } ?? tag) + ">\(XML.escaped(text.content))</text>")
  }

  // MARK: Paint

  /// A figure uses a few inks thousands of times.
  private struct PaintKey: Hashable {
    var pen: Drawing.Paint
    var fill: Drawing.Paint?
    var width: Double
    var line: Drawing.Line
    var isClosed: Bool
    var isEdge: Bool
  }
  private var paints: [PaintKey: String] = [:]

  mutating func paint(_ ink: Drawing.Ink, closed: Bool = true) -> String {
    let key = PaintKey(
      pen: ink.pen, fill: ink.fill, width: ink.width, line: ink.line, isClosed: closed,
      isEdge: open.last?.group == .edge)
    if let known = paints[key] { return known }
    let attributes = newPaint(ink, closed: closed)
    paints[key] = attributes
    return attributes
  }

  private mutating func newPaint(_ ink: Drawing.Ink, closed: Bool) -> String {
    var attributes = ""
    var classes: [String] = []
    func add(_ property: String, _ paint: Drawing.Paint?, _ writer: inout SVGWriter) {
      guard let paint, paint.isVisible else {
        attributes += " \(property)=\"none\""
        return
      }
      let color = writer.color(property, paint)
      attributes += color.attribute
      if let name = color.className { classes.append(name) }
    }
    add("fill", closed ? ink.fill : nil, &self)
    // The outline of an arrow head has the color of its fill.
    let isHead = closed && open.last?.group == .edge && ink.fill == ink.pen
    if ink.isStroked, !isHead {
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

  private var textColors: [Drawing.Paint: String] = [:]

  /// The color attribute of a text; empty for the drawing's default ink.
  private mutating func textColor(_ paint: Drawing.Paint) -> String {
    if let known = textColors[paint] { return known }
    var attributes = ""
    if style.ink.map({ paint != .tint($0) }) ?? true {
      let color = color("fill", paint)
      attributes = color.attribute + (color.className.map { " class=\"\($0)\"" } ?? "")
    }
    textColors[paint] = attributes
    return attributes
  }

  /// The attributes of a color, and the class for its dark counterpart.
  private mutating func color(
    _ property: String, _ paint: Drawing.Paint
  ) -> (attribute: String, className: String?) {
    switch paint {
    case .color(let bits):
      let opacity = Double(bits & 0xFF) / 255
      return (
        " \(property)=\"\(Color(bits >> 8).hex)\""
          + (opacity < 1 ? " \(property)-opacity=\"\(Self.number(opacity))\"" : ""), nil
      )
    case .tint(let name):
      hasHeatMap = hasHeatMap || name.hasPrefix("heat-")
      guard let tone = style.tones[name] else { return (" \(property)=\"#000000\"", nil) }
      if style.live != nil { return ("", (property == "fill" ? "f-" : "s-") + name) }
      let attribute = " \(property)=\"\(tone.color)\""
      guard tone.dark != nil else { return (attribute, nil) }
      usedTones[name, default: []].insert(property)
      return (attribute, (property == "fill" ? "f-" : "s-") + name)
    }
  }

  // MARK: Text

  static func number(_ value: Double) -> String { Coordinate.text(value) }

  static func place(_ value: Double) -> String { Coordinate.text(value, decimals: 1) }

  /// The text of a plain DOT string, in which the writer has doubled backslashes and escaped `&`.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "&") }) else {
      return text
    }
    return text.replacing("\\\\", with: "\\").replacing("&amp;", with: "&")
  }
}
