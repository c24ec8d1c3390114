import GradvizDrawing

/// The samples after the first as rows of a table, whose cells stand under the boxes of the first one.
///
/// A cell is the box of a value without its name and its operation, which the first sample shows: the value over its
/// gradient. What stands below one another there stands beside one another here where it has room.
struct SampleTable {
  /// A value of the first sample, and where every other sample has its own.
  struct Cell {
    var member: Member
    var node: Int
    /// From the left of the lanes' inside, and from the top of a row.
    var frame: Rectangle
    /// The line of the head that names it.
    var line: Int
  }

  private(set) var cells: [Cell] = []
  /// What a sample adds to the leaves that all share, from the left of the table.
  private(set) var shares: [Cell] = []
  private(set) var height = 0.0
  private(set) var headLines = 0
  private var places: [Member: Rectangle] = [:]

  static let headHeight = 19.0
  static let rowGap = 5.0
  /// Of a value with its gradient, and of one without.
  static let cellHeight = 38.0
  static let lowCellHeight = 19.0
  private static let cellGap = 3.0
  /// Around the cells of a row.
  static let padding = 3.0
  /// How far cells of one column may stand out beside its boxes.
  private static let overhang = 6.0

  subscript(member: Member) -> Rectangle? { places[member] }

  /// - Parameters:
  ///   - rows: of the first sample, in their places.
  ///   - size: of a value's cell; nil for what has none.
  ///   - isExported: whether a wire leads from a value to the right: of such there is one a line.
  ///   - share: the width of what a sample adds to a leaf.
  ///   - left: where shares may begin, `inside`: where the lanes' insides do.
  init(
    _ rows: [SheetComposer.Row], size: (Member) -> Size?, isExported: (Member) -> Bool, share: (Int) -> Double,
    left: Double, inside: Double
  ) {
    var top = Self.padding
    for row in rows {
      let columns = Self.columns(of: row, size: size)
      var (heights, lines) = (0.0, 0)
      for (number, column) in columns.enumerated() {
        let left = number == 0 ? -Self.overhang : (columns[number - 1].right + column.left) / 2 + Self.cellGap / 2
        let right =
          number + 1 < columns.count ? (column.right + columns[number + 1].left) / 2 - Self.cellGap / 2 : .infinity
        let room = max(left, column.left - Self.overhang)...min(right, column.right + Self.overhang)
        let (used, count) = fill(column, room: room, top: top, line: headLines, size: size, isExported)
        heights = max(heights, used)
        lines = max(lines, count)
      }
      guard lines > 0 else { continue }
      top += heights + Self.cellGap
      headLines += lines
    }
    height = max(top - Self.cellGap + Self.padding, Self.cellHeight + 2 * Self.padding)
    let end = inside + (cells.map(\.frame.x).min() ?? 0) - Self.overhang
    addShares(rows, share, left...max(end, left + 1))
  }

  private struct Column {
    var left: Double
    var right: Double
    var members: [(member: Member, box: Rectangle)]
  }

  /// The boxes of a row by column, in each from top to bottom.
  private static func columns(of row: SheetComposer.Row, size: (Member) -> Size?) -> [Column] {
    var boxes: [(member: Member, box: Rectangle, left: Double)] = []
    for member in row.piece.members {
      guard size(member) != nil, let box = row.placement.boxes[member]?.moved(row.origin.x, row.origin.y) else {
        continue
      }
      var left = box.x
      if case .value(let node) = member, let tab = row.placement.tabs[node] { left = min(left, tab.x + row.origin.x) }
      boxes.append((member, box, left))
    }
    boxes.sort { ($0.left, $0.box.y) < ($1.left, $1.box.y) }
    var columns: [Column] = []
    for (member, box, left) in boxes {
      if let last = columns.last, left < last.right - 2 {
        columns[columns.count - 1].members.append((member, box))
        columns[columns.count - 1].right = max(last.right, box.right)
      } else {
        columns.append(Column(left: left, right: box.right, members: [(member, box)]))
      }
    }
    for index in columns.indices { columns[index].members.sort { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) } }
    return columns
  }

  /// Places the cells of a column, in as many lines as they need; returns how high these are and how many.
  private mutating func fill(
    _ column: Column, room: ClosedRange<Double>, top: Double, line: Int, size: (Member) -> Size?,
    _ isExported: (Member) -> Bool
  ) -> (height: Double, lines: Int) {
    var lines: [[(member: Member, box: Rectangle, size: Size)]] = []
    for (member, box) in column.members {
      guard let size = size(member) else { continue }
      let used = lines.last?.reduce(0) { $0 + $1.size.width + Self.cellGap } ?? .infinity
      let isTaken = isExported(member) && lines.last?.contains { isExported($0.member) } ?? false
      if isTaken || used + size.width > room.upperBound - room.lowerBound {
        lines.append([(member, box, size)])
      } else {
        lines[lines.count - 1].append((member, box, size))
      }
    }
    var y = top
    for (number, cells) in lines.enumerated() {
      let width = cells.reduce(-Self.cellGap) { $0 + $1.size.width + Self.cellGap }
      // As the values in their boxes, at the right end; what is wider than the column stands out on both sides.
      let right = cells.map(\.box.right).max() ?? room.upperBound
      var x = right - width
      if x < column.left { x = max(room.lowerBound, min(column.left, room.upperBound - width)) }
      for cell in cells {
        let frame = Rectangle(x: x.rounded(), y: y, width: cell.size.width, height: cell.size.height)
        add(cell.member, frame, line: line + number)
        x += cell.size.width + Self.cellGap
      }
      y += (cells.map(\.size.height).max() ?? 0) + (number + 1 < lines.count ? Self.cellGap : 0)
    }
    return (y - top, lines.count)
  }

  private mutating func add(_ member: Member, _ frame: Rectangle, line: Int) {
    places[member] = frame
    switch member {
    case .value(let node): cells.append(Cell(member: member, node: node, frame: frame, line: line))
    case .slot(let leaf, _): cells.append(Cell(member: member, node: leaf, frame: frame, line: line))
    case .entry(let leaf): shares.append(Cell(member: member, node: leaf, frame: frame, line: line))
    case .exit, .inlet: break
    }
  }

  /// The shares beside one another, in as many lines as they need.
  private mutating func addShares(
    _ rows: [SheetComposer.Row], _ width: (Int) -> Double, _ room: ClosedRange<Double>
  ) {
    var leaves: [Int] = []
    for row in rows {
      for case .entry(let leaf) in row.piece.members where !leaves.contains(leaf) { leaves.append(leaf) }
    }
    guard !leaves.isEmpty else { return }
    let widest = max(leaves.map(width).max() ?? 0, 20)
    let columns = max(1, Int((room.upperBound - room.lowerBound + Self.cellGap) / (widest + Self.cellGap)))
    let pitch = Measure.markHeight + 2
    for (number, leaf) in leaves.enumerated() {
      let frame = Rectangle(
        x: room.lowerBound + Double(number % columns) * (widest + Self.cellGap),
        y: Self.padding + Double(number / columns) * pitch, width: widest, height: Measure.markHeight)
      add(.entry(leaf), frame, line: number / columns)
    }
    let lines = (leaves.count + columns - 1) / columns
    height = max(height, Double(lines) * pitch + 2 * Self.padding - 2)
    headLines = max(headLines, lines)
  }
}
