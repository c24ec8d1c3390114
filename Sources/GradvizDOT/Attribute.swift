import GradvizDrawing

/// A position on the sheet in points, with the y axis pointing up, as in DOT.
package struct Position: Hashable, Sendable {
  package var x, y: Double
  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A label in one of Graphviz' two formats.
package enum Label: Hashable, Sendable {
  /// Shown literally.
  case plain(String)
  /// Like `plain`, aligned with the left side of the node.
  case plainLeft(String)
  /// Bold or italic in the font and the size of its node, which may be a fraction; that of a run is a whole number.
  case bold(String)
  case italic(String)
  case runs([TextRun])
  case table(HTMLTable)

  func write(to text: inout String) {
    switch self {
    case .plain(let words):
      text += "label="
      text += Escaping.plain(words)
    case .plainLeft(let words):
      text += "label=\""
      text += Escaping.content(words)
      text += "\\l\""
    case .bold(let words):
      text += "label=<<B>"
      text += Escaping.element(words)
      text += "</B>>"
    case .italic(let words):
      text += "label=<<I>"
      text += Escaping.element(words)
      text += "</I>>"
    case .runs(let runs):
      text += "label=<"
      for run in runs { text += run.markup }
      text += ">"
    case .table(let table):
      text += "label=<"
      table.write(to: &text)
      text += ">"
    }
  }
}

/// The attributes that gradviz writes.
///
/// This is an allow-list, since Graphviz copies some attributes to its output unescaped and opens files for others.
package enum Attribute: Hashable, Sendable {
  package enum Layout: String, Sendable { case dot, nop2 }
  package enum Shape: String, Sendable { case box, ellipse, plain, point, none }
  package enum Style: String, Sendable {
    case filled, rounded, dashed, dotted, invisible = "invis"
  }
  package enum Arrow: String, Sendable { case none }
  package enum RankDirection: String, Sendable { case leftToRight = "LR" }

  case layout(Layout)
  case boundingBox(left: Double, bottom: Double, right: Double, top: Double)
  case position(Position)
  /// A cubic Bézier path of 3n + 1 points, with an optional arrow tip at its end.
  case path([Position], arrowTip: Position?)
  case label(Label)
  case shape(Shape)
  /// In inches, as in DOT.
  case width(Double)
  case height(Double)
  /// The node keeps its size whatever its label; Graphviz does not warn about a larger label.
  case fixedShape
  /// The node grows with its label where that is not the default.
  case growingShape
  case newRank
  case margin(Double)
  case padding(Double)
  case color(Color)
  case fillColor(Color)
  case fontColor(Color)
  case background(Color)
  /// Shapes behind everything else in the graph.
  case backgroundShapes(XDot)
  /// Makes a cluster transparent, which otherwise inherits the graph's background.
  case noBackground
  case penWidth(Double)
  case styles([Style])
  /// The font families that gradviz measures with, see `TextMetrics.families`.
  case fontName
  /// Those of variables, see `TextMetrics.serifFamilies`.
  case serifFontName
  case fontSize(Double)
  case arrowHead(Arrow)
  case arrowSize(Double)
  case rankDirection(RankDirection)
  /// The edge does not affect the ranks.
  case unconstrained
  case outputEdgesFirst
  case id(String)
  case classes([String])
  case tooltip(String)

  /// The class of a node that is a text of the node before it.
  public static let inside = "inside"

  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// Appends what ``text`` is: a figure has ten thousands of attributes, most of them of these kinds.
  func write(to text: inout String) {
    switch self {
    case .position(let position):
      text += "pos=\""
      Self.write(position, to: &text)
      text += "\""
    case .path(let points, let tip):
      text += "pos=\""
      if let tip {
        text += "e,"
        Self.write(tip, to: &text)
      }
      for (number, point) in points.enumerated() {
        if number > 0 || tip != nil { text += " " }
        Self.write(point, to: &text)
      }
      text += "\""
    case .label(let label): label.write(to: &text)
    case .width(let inches):
      text += "width="
      text += Writer.number(inches, decimals: 4)
    case .height(let inches):
      text += "height="
      text += Writer.number(inches, decimals: 4)
    case .id(let id):
      text += "id=\""
      text += Escaping.identifier(id)
      text += "\""
    case .tooltip(let words):
      text += "tooltip="
      text += Escaping.plain(words)
    default: text += otherText
    }
  }

  private var otherText: String {
    switch self {
    case .position, .path, .label, .width, .height, .id, .tooltip: text
    case .layout(let layout): "layout=\(layout.rawValue)"
    case .boundingBox(let left, let bottom, let right, let top):
      "bb=\"\([left, bottom, right, top].map(Writer.number).joined(separator: ","))\""
    case .shape(let shape): "shape=\(shape.rawValue)"
    case .fixedShape: "fixedsize=shape"
    case .growingShape: "fixedsize=false"
    case .newRank: "newrank=true"
    case .margin(let inches): "margin=\(Writer.number(inches))"
    case .padding(let inches): "pad=\(Writer.number(inches))"
    case .color(let color): "color=\"\(color.word)\""
    case .fillColor(let color): "fillcolor=\"\(color.word)\""
    case .fontColor(let color): "fontcolor=\"\(color.word)\""
    case .background(let color): "bgcolor=\"\(color.word)\""
    case .backgroundShapes(let shapes): "_background=\"\(shapes.text)\""
    case .noBackground: "bgcolor=transparent"
    case .penWidth(let width): "penwidth=\(Writer.number(width))"
    case .styles(let styles): "style=\"\(styles.map(\.rawValue).joined(separator: ","))\""
    case .fontName: Self.fontFamilies
    case .serifFontName: Self.serifFontFamilies
    case .fontSize(let size): "fontsize=\(Writer.number(size))"
    case .arrowHead(let arrow): "arrowhead=\(arrow.rawValue)"
    case .arrowSize(let size): "arrowsize=\(Writer.number(size))"
    case .rankDirection(let direction): "rankdir=\(direction.rawValue)"
    case .unconstrained: "constraint=false"
    case .outputEdgesFirst: "outputorder=edgesfirst"
    case .classes(let classes): "class=\"\(classes.map(Escaping.identifier).joined(separator: " "))\""
    }
  }

  // Joined once, since a figure has a hundred thousand texts.
  private static let fontFamilies = "fontname=\"\(TextMetrics.families.joined(separator: ","))\""
  private static let serifFontFamilies = "fontname=\"\(TextMetrics.serifFamilies.joined(separator: ","))\""

  private static func write(_ position: Position, to text: inout String) {
    text += Writer.number(position.x)
    text += ","
    text += Writer.number(position.y)
  }
}
