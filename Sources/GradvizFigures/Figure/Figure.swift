import GradvizDrawing
import GradvizGraph

/// A picture of one stage in the field's terms: where everything stands is decided, what it looks like in a file format
/// is not.
///
/// Coordinates are in points, with the y axis pointing down from the top left.
public struct Figure: Sendable {
  /// A few words or a number in one style.
  package struct Run: Hashable, Sendable {
    /// An index or an exponent.
    package enum Script: Sendable { case normal, below, above }
    package var text: String
    package var size: Double
    package var tint: Tint = .ink
    package var typeface = TextMetrics.Typeface.regular
    package var script = Script.normal
    /// Whether a script of a page writes it again, so that it is one text, with its small digits as letters.
    package var isLive = false

    /// The same for a page, where a script writes it.
    var live: Run {
      var copy = self
      copy.isLive = true
      return copy
    }

    package init(
      text: String, size: Double, tint: Tint = .ink, typeface: TextMetrics.Typeface, script: Script = .normal
    ) {
      self.text = text
      self.size = size
      self.tint = tint
      self.typeface = typeface
      self.script = script
    }

    package init(
      text: String, size: Double, tint: Tint = .ink, isBold: Bool = false, script: Script = .normal
    ) {
      self.init(text: text, size: size, tint: tint, typeface: isBold ? .bold : .regular, script: script)
    }
  }

  package enum Line: Sendable { case solid, dashed, dotted }

  /// A value: its name and number side by side, and the gradient below.
  package struct Box: Sendable {
    package struct Row: Sendable {
      package enum Content: Sendable {
        case text([Run])
        /// Rows of numbers of equal height; every cell has its own fill. Captions are stacked below.
        case matrix(
          cells: [[(run: Run?, fill: Tint?)]], cellWidth: Int, cellHeight: Int, spacing: Int, captions: [Run])
      }
      package var content: Content
      package var height: Int
      package var fill: Tint?
      /// In a flat box, how wide it is.
      package var width: Int?
      /// Whether the decimal points in a column of numbers stand one below the other.
      package var isAligned = true
    }
    package var id: String
    package var classes: [String]
    package var tooltip: String
    package var frame: Rectangle
    package var name: [[Run]]
    /// 0 for a box without a name cell.
    package var nameWidth: Int
    package var nameFill: Tint
    package var rows: [Row]
    package var line = Line.solid
    package var lineTint = Tint.line
    /// Whether its rows stand side by side.
    package var isFlat = false
    /// Whether it has a line around it, and between its rows none.
    package var hasFrame = true
  }

  /// An operation's tab, or a round mark.
  package struct Disc: Sendable {
    package var id: String
    package var classes: [String]
    package var tooltip: String
    package var center: Point
    package var size: Size
    package var runs: [Run] = []
    package var fill = Tint.circle
    package var stroke: Tint? = .line
    /// Whether it is a rectangle on the edge of a box.
    package var isTab = false

    package init(
      id: String, classes: [String], tooltip: String, center: Point, size: Size, text: String, textSize: Double,
      textTint: Tint = .ink, isBold: Bool = false, fill: Tint = .circle, stroke: Tint? = .line, isTab: Bool = false
    ) {
      // Plain data: a parameter for each member, most of them with a default.
      self.id = id
      self.classes = classes
      self.tooltip = tooltip
      self.center = center
      self.size = size
      if !text.isEmpty { runs = [Run(text: text, size: textSize, tint: textTint, isBold: isBold)] }
      self.fill = fill
      self.stroke = stroke
      self.isTab = isTab
    }

    /// Its words on one line.
    package var text: String { runs.map(\.text).joined() }
  }

  /// A filled rectangle with optional centered text: badges, tags, fraction bars.
  package struct Chip: Sendable {
    package var frame: Rectangle
    package var runs: [Run] = []
    package var fill: Tint?
    package var stroke: Tint?
    package var isRounded = false
    package var id: String?
    package var classes: [String] = []
    package var tooltip = ""

    package init(
      frame: Rectangle, runs: [Run] = [], fill: Tint? = nil, stroke: Tint? = nil, isRounded: Bool = false,
      id: String? = nil, classes: [String] = [], tooltip: String = ""
    ) {
      // Plain data: a parameter for each member, most of them with a default.
      self.frame = frame
      self.runs = runs
      self.fill = fill
      self.stroke = stroke
      self.isRounded = isRounded
      self.id = id
      self.classes = classes
      self.tooltip = tooltip
    }

    package init(
      frame: Rectangle, text: String, textSize: Double = Typography.smallest, textTint: Tint = .ink,
      isBold: Bool = false, fill: Tint? = nil, stroke: Tint? = nil, isRounded: Bool = false, id: String? = nil,
      classes: [String] = [], tooltip: String = ""
    ) {
      // Plain data: a parameter for each member, most of them with a default.
      let run = Run(text: text, size: textSize, tint: textTint, isBold: isBold)
      self.init(
        frame: frame, runs: text.isEmpty ? [] : [run], fill: fill, stroke: stroke, isRounded: isRounded, id: id,
        classes: classes, tooltip: tooltip)
    }

    /// Its words on one line.
    package var text: String { runs.map(\.text).joined() }
  }

  /// A run of free text, aligned at its left end.
  package struct Label: Sendable {
    package var run: Run
    /// The left end of the baseline.
    package var origin: Point
    package var width: Double
    package var classes: [String] = []
    /// Whether the reader is to write it.
    package var isBlank = false

    package init(run: Run, origin: Point, width: Double, classes: [String] = []) {
      self.run = run
      self.origin = origin
      self.width = width
      self.classes = classes
    }
  }

  package struct Arrow: Sendable {
    package enum Kind: String, Sendable { case forward, gradient, update, data, prediction, loop, note }
    package var id: String
    package var classes: [String] = []
    package var kind: Kind
    /// The ids of the elements it joins, for readers of the DOT file.
    package var tail: String
    package var head: String
    package var path: Path
    package var line = Line.solid
    package var tint = Tint.line
    package var width = 1.0
    package var hasHead = true
    package var tooltip = ""

    package var headLength: Double { 6.0 * max(1, width * 0.8) }
    /// The tip touches the target; the line ends where the head begins.
    package var lineWithoutHead: Path { hasHead ? path.shortened(by: headLength) : path }
  }

  /// A frame behind the drawing: a lane, the loss, a panel.
  package struct Region: Sendable {
    package var id: String
    package var classes: [String]
    package var frame: Rectangle
    package var fill: Tint?
    package var stroke: Tint?
    package var line = Line.solid
  }

  /// The stage that it shows.
  public internal(set) var stage: Stage
  /// A word usable as an identifier; the prefix of every id in the file.
  public internal(set) var id: String
  /// The line at its top, also the file's title.
  public internal(set) var title: String
  /// A sentence that describes the figure, for screen readers.
  public internal(set) var description: String
  /// The size of the sheet in points.
  public internal(set) var size: Size

  /// How the figure becomes a file.
  public var page = PageStyle()
  /// The colors of the DOT text; `auto` is light there, as only an SVG file can have both.
  package var theme = ComputationGraph.Presentation.Theme.auto
  /// Whether the DOT text names tints instead of colors, for the SVG renderer.
  package var namesTints = false

  /// Whether blanks are filled in, in the ink of answers.
  var isAnswered = false

  package var regions: [Region] = []
  package var boxes: [Box] = []
  package var discs: [Disc] = []
  package var chips: [Chip] = []
  package var labels: [Label] = []
  package var arrows: [Arrow] = []
}
