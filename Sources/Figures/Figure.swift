/// A picture of one stage in the field's terms: where everything stands is decided, what it looks like
/// in a file format is not. Coordinates are points, y downwards, the sheet begins at (0, 0).
public struct Figure: Sendable {
  /// A few words or a number in one style.
  struct Run: Hashable, Sendable {
    enum Script: Sendable { case normal, below, above }
    var text: String
    var size: Double
    var tint: Tint = .ink
    var isBold = false
    var script = Script.normal
  }

  enum Line: Sendable { case solid, dashed, dotted }

  /// A value: its name beside its number, and the gradient below.
  struct Box: Sendable {
    struct Row: Sendable {
      enum Content: Sendable {
        case text([Run])
        /// Rows of numbers with a common height; every cell carries its own fill.
        case matrix(cells: [[(run: Run?, fill: Tint?)]], cellWidth: Int, cellHeight: Int, caption: Run?)
      }
      var content: Content
      var height: Int
      var fill: Tint?
    }
    var id: String
    var classes: [String]
    var tooltip: String
    var frame: Rectangle
    var name: [[Run]]
    /// 0 for a box without a name cell.
    var nameWidth: Int
    var nameFill: Tint
    var rows: [Row]
    var line = Line.solid
    var lineTint = Tint.line
  }

  /// An operation, or any other round mark; wide where its text needs room.
  struct Disc: Sendable {
    var id: String
    var classes: [String]
    var tooltip: String
    var center: Point
    var size: Size
    var text: String
    var textSize: Double
    var textTint = Tint.ink
    var fill = Tint.circle
    var stroke: Tint? = .line
  }

  /// A filled rectangle, with centred text or none: badges, tags, fraction bars.
  struct Chip: Sendable {
    var frame: Rectangle
    var text = ""
    var textSize = 9.0
    var textTint = Tint.ink
    var isBold = false
    var fill: Tint?
    var stroke: Tint?
    var isRounded = false
    var id: String?
    var classes: [String] = []
  }

  /// One run of free text, set from its left end.
  struct Label: Sendable {
    var run: Run
    /// The left end of the base line.
    var origin: Point
    var width: Double
    var classes: [String] = []
  }

  struct Arrow: Sendable {
    enum Kind: String, Sendable { case forward, gradient, update, data, prediction, loop, note }
    var id: String
    var classes: [String] = []
    var kind: Kind
    /// The ids of the elements it joins, for whoever reads the DOT file.
    var tail: String
    var head: String
    var path: Path
    var line = Line.solid
    var tint = Tint.line
    var width = 1.0
    var hasHead = true
    var tooltip = ""
  }

  /// A frame behind the drawing: a lane, the loss, a panel.
  struct Region: Sendable {
    var id: String
    var classes: [String]
    var frame: Rectangle
    var fill: Tint?
    var stroke: Tint?
    var line = Line.solid
  }

  public internal(set) var stage: Stage
  /// A word usable as an identifier; prefixes every id in the file.
  public internal(set) var id: String
  public internal(set) var title: String
  /// A sentence that says what the figure shows, for whoever cannot see it.
  public internal(set) var description: String
  public internal(set) var size: Size

  /// The colours of the DOT export and of what is painted from it; an SVG file carries light and dark.
  public var scheme = Palette.Scheme.light

  var regions: [Region] = []
  var boxes: [Box] = []
  var discs: [Disc] = []
  var chips: [Chip] = []
  var labels: [Label] = []
  var arrows: [Arrow] = []
}
