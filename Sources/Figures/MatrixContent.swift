import Autograd
import DOT

/// The numbers of an array as a small table: in full up to six rows and six columns, beyond that the
/// first and the last of each with dots between.
struct MatrixContent {
  /// Row-major positions of the shown elements; nil for dots.
  private(set) var cells: [[Int?]]
  private(set) var cellWidth = 0
  let cellHeight = 16
  private let format: NumberFormat

  private static let mostRows = 6
  private static let mostColumns = 6

  init(_ node: ComputationGraph.Node, format: NumberFormat) {
    self.format = format
    let columns = node.shape.last ?? 1
    let rows = node.value.count / max(columns, 1)
    let shownRows = Self.shown(rows, most: Self.mostRows)
    let shownColumns = Self.shown(columns, most: Self.mostColumns)
    cells = shownRows.map { row in
      shownColumns.map { column in
        if let row, let column { row * columns + column } else { nil }
      }
    }
    var width = 0.0
    for position in cells.joined() {
      guard let position else { continue }
      for list in [node.value, node.gradient, node.updated].compactMap({ $0 }) {
        width = max(width, TextMetrics.width(of: format.text(list[position]), size: Self.size, bold: true))
      }
    }
    cellWidth = Int((width * 1.06 + 8).rounded(.up))
  }

  static let size = 11.0

  private static func shown(_ count: Int, most: Int) -> [Int?] {
    if count <= most { return (0..<count).map { $0 } }
    return (0..<(most - 2)).map { $0 } + [nil, count - 1]
  }

  var width: Int { cellWidth * (cells.first?.count ?? 0) }
  var height: Int { cellHeight * cells.count }

  /// The table of `numbers`, each cell tinted by its size where `tint` says so.
  func row(
    _ numbers: [Double], ink: Tint, isBold: Bool, fill: Tint?
  ) -> Figure.Box.Row {
    let table = cells.enumerated().map { rowIndex, line in
      line.enumerated().map { columnIndex, position -> (run: Figure.Run, fill: Tint?) in
        guard let position else {
          let isRow = cells[rowIndex].allSatisfy { $0 == nil }
          return (Figure.Run(text: isRow ? "⋮" : "…", size: Self.size, tint: .muted), nil)
        }
        let number = numbers[position]
        return (
          Figure.Run(
            text: format.text(number), size: Self.size, tint: number.isFinite ? ink : .warning,
            isBold: isBold || !number.isFinite), number.isFinite ? nil : .warningRow
        )
      }
    }
    return Figure.Box.Row(
      content: .matrix(cells: table, cellWidth: cellWidth, cellHeight: cellHeight), height: height + 6,
      fill: fill)
  }
}
