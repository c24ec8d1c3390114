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
    switch self {
    case .layout(let layout): "layout=\(layout.rawValue)"
    case .boundingBox(let left, let bottom, let right, let top):
      "bb=\"\([left, bottom, right, top].map(Writer.number).joined(separator: ","))\""
    case .position(let position): "pos=\"\(Self.point(position))\""
    case .path(let points, let tip):
      "pos=\"" + (tip.map { "e,\(Self.point($0)) " } ?? "") + points.map(Self.point).joined(separator: " ")
        + "\""
    case .label(.plain(let text)): "label=\(Escaping.plain(text))"
    case .label(.plainLeft(let text)): "label=\(String(Escaping.plain(text).dropLast()))\\l\""
    case .label(.bold(let text)): "label=<<B>\(Escaping.element(text))</B>>"
    case .label(.italic(let text)): "label=<<I>\(Escaping.element(text))</I>>"
    case .label(.runs(let runs)): "label=<\(runs.map(\.markup).joined())>"
    case .label(.table(let table)): "label=<\(table.markup)>"
    case .shape(let shape): "shape=\(shape.rawValue)"
    case .width(let inches): "width=\(Writer.number(inches, decimals: 4))"
    case .height(let inches): "height=\(Writer.number(inches, decimals: 4))"
    case .fixedShape: "fixedsize=shape"
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
    case .id(let id): "id=\"\(Escaping.identifier(id))\""
    case .classes(let classes): "class=\"\(classes.map(Escaping.identifier).joined(separator: " "))\""
    case .tooltip(let text): "tooltip=\(Escaping.plain(text))"
    }
  }

  // Joined once, since a figure has a hundred thousand texts.
  private static let fontFamilies = "fontname=\"\(TextMetrics.families.joined(separator: ","))\""
  private static let serifFontFamilies = "fontname=\"\(TextMetrics.serifFamilies.joined(separator: ","))\""

  private static func point(_ position: Position) -> String {
    "\(Writer.number(position.x)),\(Writer.number(position.y))"
  }
}
