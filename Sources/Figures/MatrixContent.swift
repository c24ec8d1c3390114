import Autograd
import DOT

/// The numbers of an array as a small table: up to four rows and four columns in full, each cell tinted by
/// its size; larger ones as a heat map with the least, the mean and the greatest below.
package struct MatrixContent {
  static let size = 11.0
  package static let spacing = 2
  package static let captionHeight = 14
  private static let mostInFull = 4
  private static let mostCells = 16
  private static let square = 9

  /// The row-major positions that each shown cell stands for; one for a table, a block for a heat map.
  private let blocks: [[[Int]]]
  private let isTable: Bool
  private let cellWidth: Int
  private let cellHeight: Int
  private let captionWidth: Int
  private let format: NumberFormat

  /// - Parameter shares: further numbers that copies of the node show in its place.
  init(_ node: ComputationGraph.Node, shares: [[Double]] = [], format: NumberFormat) {
    self.format = format
    let columns = max(node.shape.last ?? 1, 1)
    let rows = node.value.count / columns
    isTable = rows <= Self.mostInFull && columns <= Self.mostInFull
    let most = isTable ? Self.mostInFull : Self.mostCells
    let rowGroups = Self.groups(rows, most: most)
    let columnGroups = Self.groups(columns, most: most)
    blocks = rowGroups.map { rowGroup in
      columnGroups.map { columnGroup in rowGroup.flatMap { row in columnGroup.map { row * columns + $0 } } }
    }
    let lists = [node.value, node.gradient, node.updated].compactMap { $0 } + shares
    if isTable {
      let width =
        lists.joined().map { TextMetrics.width(of: format.text($0), size: Self.size, bold: true) }.max() ?? 0
      cellWidth = Int((width * 1.06 + 8).rounded(.up))
      cellHeight = 16
      captionWidth = 0
    } else {
      cellHeight = Self.square
      let short = NumberFormat(precision: min(format.precision, 3))
      let width =
        lists.map { TextMetrics.width(of: Self.summary($0, short), size: Measure.derivativeSize) }.max() ?? 0
      // The cells share the room that the caption takes, all alike; Graphviz counts their widths without the
      // spacing between them.
      let room = Int((width * 1.06 + 8).rounded(.up))
      let columns = columnGroups.count
      cellWidth = max(Self.square, (room + columns - 1) / columns)
      captionWidth = columns * (cellWidth + Self.spacing) + Self.spacing
    }
  }

  /// `count` positions in at most `most` groups of neighbours.
  private static func groups(_ count: Int, most: Int) -> [[Int]] {
    guard count > most else { return (0..<count).map { [$0] } }
    return (0..<most).map { group in Array((group * count / most)..<((group + 1) * count / most)) }
  }

  private static func summary(_ numbers: [Double], _ format: NumberFormat) -> String {
    var mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
    // The rounding of a sum is no mean.
    if mean.magnitude < 1e-13 * (numbers.map(\.magnitude).max() ?? 0) { mean = 0 }
    return
      "min \(format.text(numbers.min() ?? 0))  mean \(format.text(mean))  max \(format.text(numbers.max() ?? 0))"
  }

  var width: Int {
    let columns = blocks.first?.count ?? 0
    return max(columns * (cellWidth + Self.spacing) + Self.spacing, captionWidth)
  }

  var height: Int {
    let rows = blocks.count * (cellHeight + Self.spacing) + Self.spacing
    return isTable ? rows : rows + Self.captionHeight + Self.spacing
  }

  /// The table of `numbers` on the ground of a stage's row.
  func row(_ numbers: [Double], ink: Tint, isBold: Bool, fill: Tint?) -> Figure.Box.Row {
    let stage = Stage.allCases.first { $0.row == fill }
    let greatest = numbers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    let levels = isTable ? 2 : Palette.heatLevels
    func heat(_ value: Double) -> Tint? {
      guard value.isFinite else { return .warningRow }
      let level =
        greatest > 0 ? Int((value / greatest * Double(levels)).rounded(.toNearestOrAwayFromZero)) : 0
      // Near 0 the stage's own tint shows through.
      return level == 0 ? nil : isTable ? .shade(stage, abs(level)) : .heat(level)
    }
    let cells = blocks.map { line in
      line.map { block -> (run: Figure.Run?, fill: Tint?) in
        let value = block.reduce(0) { $0 + numbers[$1] } / Double(max(block.count, 1))
        guard isTable else { return (nil, heat(value)) }
        return (
          Figure.Run(
            text: format.text(value), size: Self.size, tint: value.isFinite ? ink : .warning,
            isBold: isBold || !value.isFinite), heat(value)
        )
      }
    }
    let caption =
      isTable
      ? nil
      : Figure.Run(
        text: Self.summary(numbers, NumberFormat(precision: min(format.precision, 3))),
        size: Measure.derivativeSize,
        tint: ink)
    return Figure.Box.Row(
      content: .matrix(cells: cells, cellWidth: cellWidth, cellHeight: cellHeight, caption: caption),
      height: height + 6, fill: fill)
  }
}
