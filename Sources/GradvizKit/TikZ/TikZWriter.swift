import GradvizDOT
import GradvizDrawing
import GraphvizRenderer

/// Writes a drawing as a picture for LaTeX's TikZ, with every position of the SVG.
///
/// Its unit is that of the SVG, a point of 1/72 inch, and its y axis points down as well.
struct TikZWriter {
  private let style: SVGStyle
  private let isFigure: Bool
  private var lines: [String] = []
  private var texts: [TikZText] = []
  private var colors: [String: String] = [:]
  /// The kinds of the open groups, and whether each has its own name.
  private var open: [(group: Drawing.Group, isNamed: Bool)] = []

  /// - Parameters:
  ///   - style: the title, the colors of one theme, and the scale.
  ///   - isFigure: whether a text in a box or circle stands in its middle.
  static func text(_ drawing: Drawing, _ style: SVGStyle, isFigure: Bool) -> String {
    var writer = TikZWriter(style: style, isFigure: isFigure)
    for event in drawing.events { writer.write(event) }
    writer.endTexts()
    return writer.document(drawing)
  }

  private init(style: SVGStyle, isFigure: Bool) {
    self.style = style
    self.isFigure = isFigure
  }

  // MARK: The file

  private func document(_ drawing: Drawing) -> String {
    let unit = Self.number(style.scale)
    let title = style.title.split(whereSeparator: \.isNewline).joined(separator: " ")
    let head = [
      "% \(title)",
      "% A picture of gradviz, for \\input in a document with \\usepackage{tikz}; it needs no TikZ library.",
      "% As wide as the text: \\resizebox{\\linewidth}{!}{\\input{…}}",
      "\\begingroup",
      // Signs that babel makes commands of in some languages.
      ";:!?\"'<>|=-".map { "\\catcode`\\\($0)=12" }.joined() + "\\relax",
      Self.words, Self.macro,
      "\\begin{tikzpicture}[x=\(unit)bp,y=-\(unit)bp]",
      "\\path[use as bounding box] (0,0) rectangle (\(Self.number(drawing.width)),\(Self.number(drawing.height)));",
    ]
    let tints = colors.keys.sorted().map { name in "\\definecolor{\(name)}{HTML}{\(colors[name] ?? "")}" }
    return (head + tints + lines + ["\\end{tikzpicture}", "\\endgroup"]).joined(separator: "\n") + "\n"
  }

  /// Words in mathematics for documents without amsmath.
  private static let words =
    "\\providecommand\\text[1]{\\hbox{#1}}\\providecommand\\operatorname[1]{\\mathop{\\mathrm{#1}}\\nolimits}"

  /// A text in the document's font: its place, its anchor, its size and the width that it has room for in the unit of
  /// the picture, its color, itself.
  private static let macro = """
    \\def\\gradvizText#1#2#3#4#5#6{%
      \\setbox0\\hbox{\\pgfinterruptpicture\\fontsize{10}{12}\\selectfont#6\\endpgfinterruptpicture}%
      \\pgfmathsetmacro\\gradvizScale{min(#3*0.100375,#4*1.00375/max(1,\\the\\wd0))}%
      \\node[anchor=#2,inner sep=0pt,outer sep=0pt,scale=\\gradvizScale,text=#5,font=\\fontsize{10}{12}\\selectfont]
        at (#1) {\\mbox{#6}};}
    """

  // MARK: Events

  private mutating func write(_ event: Drawing.Event) {
    if case .text(let text) = event {
      let isInside = isFigure && open.contains { $0.group == .node && $0.isNamed }
      TikZText.add(text, to: &texts, isCentered: isInside)
      return
    }
    // A line of text goes on in the next group where neither has its own name.
    switch event {
    case .begin(.node, nil, _, _): break
    case .end where open.last?.isNamed == false: break
    default: endTexts()
    }
    switch event {
    case .begin(let group, let id, _, _):
      open.append((group, id != nil))
      if let id, group != .graph { lines.append("% \(id)") }
    case .end: _ = open.popLast()
    case .rectangle(let corner, let size, let radius, let ink):
      let corners = radius > 0 ? ["rounded corners=\(Self.number(radius * style.scale))bp"] : []
      path("\(Self.pair(corner)) rectangle ++\(Self.pair(size))", ink, corners)
    case .polygon(let points, let ink):
      path(points.map(Self.pair).joined(separator: "--") + "--" + "cycle", ink)
    case .polyline(let points, let ink):
      let joins = points.count > 2 ? ["line join=round"] : []
      path(points.map(Self.pair).joined(separator: "--"), ink, joins, isOpen: true)
    case .ellipse(let center, let rim, let ink):
      let (rx, ry) = (Self.number(abs(rim.x - center.x)), Self.number(abs(rim.y - center.y)))
      path("\(Self.pair(center)) ellipse [x radius=\(rx),y radius=\(ry)]", ink)
    case .bezier(let points, let ink): curve(points, ink)
    case .text: break
    }
  }

  private mutating func curve(_ points: [Drawing.Point], _ ink: Drawing.Ink) {
    guard let first = points.first else { return }
    var text = Self.pair(first)
    for segment in Drawing.segments(points) {
      switch segment {
      case .line(let end): text += "--\(Self.pair(end))"
      case .curve(let one, let two, let end):
        text += "..controls\(Self.pair(one))and\(Self.pair(two))..\(Self.pair(end))"
      }
    }
    path(text, ink, isOpen: !(ink.fill?.isVisible ?? false))
  }

  private mutating func endTexts() {
    for text in texts {
      if let color = color(text.runs[0].color)?.name,
        let command = text.command(scale: style.scale, color: color)
      {
        lines.append(command)
      }
    }
    texts = []
  }

  // MARK: Paint

  private mutating func path(_ text: String, _ ink: Drawing.Ink, _ more: [String] = [], isOpen: Bool = false) {
    var options = more
    if !isOpen, let fill = ink.fill.flatMap({ color($0) }) {
      options.append("fill=\(fill.name)")
      if fill.opacity < 1 { options.append("fill opacity=\(Self.number(fill.opacity))") }
    }
    // The outline of an arrow head has the color of its fill.
    let isHead = !isOpen && open.last?.group == .edge && ink.fill == ink.pen
    if ink.isStroked, !isHead, let pen = color(ink.pen) {
      options.append("draw=\(pen.name)")
      if pen.opacity < 1 { options.append("draw opacity=\(Self.number(pen.opacity))") }
      options.append("line width=\(Self.number(ink.width * style.scale))bp")
      let dashes = ink.line.dashes.map { "\(Self.number($0 * style.scale))bp" }
      if dashes.count == 2 { options.append("dash pattern=on \(dashes[0]) off \(dashes[1])") }
      if ink.line == .dotted { options.append("line cap=round") }
    }
    lines.append("\\path[\(options.joined(separator: ","))]\(text);")
  }

  private mutating func color(_ paint: Drawing.Paint) -> (name: String, opacity: Double)? {
    switch paint {
    case .tint(let tint):
      let name = "gradviz-\(tint)"
      colors[name] = Self.digits(style.tones[tint]?.color ?? "#000000")
      return (name, 1)
    case .color(let bits):
      guard paint.isVisible else { return nil }
      let hex = Self.digits(Color(bits >> 8).hex)
      colors["gradviz-\(hex)"] = hex
      return ("gradviz-\(hex)", Double(bits & 0xFF) / 255)
    }
  }

  private static func digits(_ hex: String) -> String { hex.dropFirst().uppercased() }

  // MARK: Numbers

  static func number(_ value: Double) -> String { Coordinate.text(value) }

  /// A place, as exact as in an SVG.
  private static func pair(_ point: Drawing.Point) -> String {
    "(\(Coordinate.text(point.x, decimals: 1)),\(Coordinate.text(point.y, decimals: 1)))"
  }
}
