import GradvizDrawing

/// A run of text in one style inside an HTML-like label.
package struct TextRun: Hashable, Sendable {
  package enum Script: Sendable { case normal, `subscript`, superscript }
  package var text: String
  /// In points.
  package var size: Double
  package var color: Color
  package var typeface: TextMetrics.Typeface
  package var script: Script

  package init(
    _ text: String, size: Double, color: Color, typeface: TextMetrics.Typeface = .regular, script: Script = .normal
  ) {
    self.text = text
    self.size = size
    self.color = color
    self.typeface = typeface
    self.script = script
  }

  private static let serif = TextMetrics.serifFamilies.joined(separator: ",")

  var markup: String {
    var result = Escaping.element(text)
    var face = ""
    switch typeface {
    case .regular: break
    case .bold: result = "<B>\(result)</B>"
    case .variable:
      result = "<I>\(result)</I>"
      face = "FACE=\"\(Self.serif)\" "
    case .index: face = "FACE=\"\(Self.serif)\" "
    }
    result = "<FONT \(face)POINT-SIZE=\"\(Writer.number(size))\" COLOR=\"\(color.word)\">\(result)</FONT>"
    switch script {
    case .normal: return result
    case .subscript: return "<SUB>\(result)</SUB>"
    case .superscript: return "<SUP>\(result)</SUP>"
    }
  }
}

/// An HTML-like table: cells of fixed size, in points, without padding or spacing.
package struct HTMLTable: Hashable, Sendable {
  package enum Border: Sendable { case none, solid, dashed }

  package struct Cell: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
      case empty
      case runs([TextRun])
      /// Several lines, top to bottom.
      case lines([[TextRun]])
      case table(HTMLTable)
    }
    package var content: Content
    package var width: Int
    package var height: Int
    package var fill: Color?
    package var rowSpan: Int
    package var columnSpan: Int
    /// Whether the cell has a line on its right side.
    package var hasRightRule: Bool

    package init(
      _ content: Content, width: Int, height: Int, fill: Color? = nil, rowSpan: Int = 1,
      columnSpan: Int = 1, hasRightRule: Bool = false
    ) {
      // Plain data: a parameter for each member, most of them with a default.
      self.content = content
      self.width = width
      self.height = height
      self.fill = fill
      self.rowSpan = rowSpan
      self.columnSpan = columnSpan
      self.hasRightRule = hasRightRule
    }

    func write(to text: inout String) {
      text += "<TD WIDTH=\""
      text += String(width)
      text += "\" HEIGHT=\""
      text += String(height)
      text += "\""
      if let fill {
        text += " BGCOLOR=\""
        text += fill.word
        text += "\""
      }
      if rowSpan > 1 { text += " ROWSPAN=\"\(rowSpan)\"" }
      if columnSpan > 1 { text += " COLSPAN=\"\(columnSpan)\"" }
      if hasRightRule { text += " BORDER=\"1\" SIDES=\"R\"" }
      text += ">"
      switch content {
      case .empty: break
      case .runs(let runs): for run in runs { text += run.markup }
      case .lines(let lines): text += lines.map { $0.map(\.markup).joined() }.joined(separator: "<BR/>")
      case .table(let table): table.write(to: &text)
      }
      text += "</TD>"
    }
  }

  package var border: Border
  package var color: Color
  package var fill: Color?
  /// The space between and around the cells, in points.
  package var spacing: Int
  package var rows: [[Cell]]

  package init(border: Border, color: Color, fill: Color? = nil, spacing: Int = 0, rows: [[Cell]]) {
    self.border = border
    self.color = color
    self.fill = fill
    self.spacing = spacing
    self.rows = rows
  }

  func write(to text: inout String) {
    text += "<TABLE BORDER=\"\(border == .none ? 0 : 1)\" CELLBORDER=\"0\" CELLSPACING=\""
    text += String(spacing)
    text += "\" CELLPADDING=\"0\" COLOR=\""
    text += color.word
    text += "\""
    if let fill {
      text += " BGCOLOR=\""
      text += fill.word
      text += "\""
    }
    if border == .dashed { text += " STYLE=\"DASHED\"" }
    text += ">"
    for row in rows {
      text += "<TR>"
      for cell in row { cell.write(to: &text) }
      text += "</TR>"
    }
    text += "</TABLE>"
  }
}
