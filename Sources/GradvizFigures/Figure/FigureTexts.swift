import GradvizDrawing

/// Where the texts of boxes, tabs and chips stand: each run has its own place, and the runs of a line share one baseline.
extension Figure.Label {
  /// A line of text in the middle of a place.
  static func centered(_ runs: [Figure.Run], at center: Point, isAlone: Bool = false) -> [Figure.Label] {
    let line = TextLine(runs)
    let baseline = center.y + line.middle + (isAlone ? line.drop : 0)
    return line.labels(at: Point(x: center.x - line.width / 2, y: baseline))
  }
}

extension Figure.Disc {
  /// The number of a sample: ①.
  static func sample(_ lane: Int, tint: Tint, at center: Point) -> Figure.Disc {
    Figure.Disc(
      id: "sample-\(lane + 1)", classes: ["sample"], tooltip: "", center: center,
      size: Size(width: sampleSide, height: sampleSide), text: "\(lane + 1)", textSize: Typography.smallest,
      textTint: .page, isBold: true, fill: tint, stroke: nil)
  }

  static let sampleSide = 18.0

  var texts: [Figure.Label] { Figure.Label.centered(runs, at: center) }
}

extension Figure.Chip {
  var texts: [Figure.Label] { Figure.Label.centered(runs, at: frame.center) }
}

extension Figure.Box {
  /// The frame's line on either side.
  private static let line = 1.0

  var texts: [Figure.Label] {
    let line = hasFrame ? Self.line : 0
    let height = Double(isFlat ? rows.first?.height ?? 0 : rows.reduce(0) { $0 + $1.height })
    var left = frame.x + line + Double(nameWidth)
    let width = frame.width - Double(nameWidth) - 2 * line
    var y = frame.y + line
    var labels: [Figure.Label] = []
    if nameWidth > 0 {
      labels += named(Rectangle(x: frame.x + line, y: y, width: Double(nameWidth), height: height))
    }
    for row in rows {
      let cell = Rectangle(x: left, y: y, width: row.width.map(Double.init) ?? width, height: Double(row.height))
      labels += row.texts(in: cell)
      if isFlat { left = cell.right } else { y = cell.bottom }
    }
    return labels
  }

  /// The name, and below it the shape of an array.
  private func named(_ cell: Rectangle) -> [Figure.Label] {
    let lines = name.filter { !$0.isEmpty }
    let pitch = (lines.last?.map(\.size).max() ?? 0) * 1.2
    var y = cell.center.y - Double(lines.count - 1) * pitch / 2
    var labels: [Figure.Label] = []
    for line in lines {
      labels += Figure.Label.centered(line, at: Point(x: cell.center.x, y: y))
      y += pitch
    }
    return labels
  }
}

extension Figure.Box.Row {
  func texts(in cell: Rectangle) -> [Figure.Label] {
    guard case .matrix(let cells, let cellWidth, let cellHeight, let spacing, let captions) = content else {
      guard case .text(let runs) = content else { return [] }
      return Figure.Label.centered(runs, at: cell.center, isAlone: true)
    }
    let columns = cells.first?.count ?? 1
    let across = Self.tracks([Int](repeating: cellWidth, count: columns), spacing, in: Int(cell.width))
    let down = Self.tracks(
      [Int](repeating: cellHeight, count: cells.count)
        + [Int](repeating: MatrixContent.captionHeight, count: captions.count), spacing, in: Int(cell.height))
    var labels: [Figure.Label] = []
    let aligned = (0..<columns).map { column in DecimalColumn(cells.compactMap { $0[column].run }) }
    for (row, line) in cells.enumerated() {
      for (column, entry) in line.enumerated() {
        guard let run = entry.run else { continue }
        let shift = isAligned ? aligned[column].shift(of: run) : 0
        let center = Point(x: cell.x + across[column] + shift, y: cell.y + down[row])
        labels += Figure.Label.centered([run], at: center, isAlone: true)
      }
    }
    for (number, caption) in captions.enumerated() {
      let center = Point(x: cell.center.x, y: cell.y + down[cells.count + number])
      labels += Figure.Label.centered([caption], at: center, isAlone: true)
    }
    return labels
  }

  /// The middles of a table's columns or rows: Graphviz shares what is left of the room out among them, in whole points.
  private static func tracks(_ sizes: [Int], _ spacing: Int, in room: Int) -> [Double] {
    let left = max(0, room - sizes.reduce(spacing) { $0 + $1 + spacing })
    let (each, more) = (left / max(sizes.count, 1), left % max(sizes.count, 1))
    var at = spacing
    return sizes.enumerated().map { place, size in
      let own = size + each + (place < more ? 1 : 0)
      defer { at += own + spacing }
      return Double(at) + Double(own) / 2
    }
  }
}
