import Autograd
import GradvizDOT
import GradvizDrawing
import GradvizGraph

/// The numbers of an array as a small table: up to four rows and four columns in full, each cell tinted by
/// its size and sign; larger ones as a heat map with a cell for each number, the least and the greatest below.
///
/// What has too many rows or columns for that shows some of them and says so; a cell is never a mean.
package struct MatrixContent {
  static let size = Typography.smallest
  package static let captionHeight = 18
  private static let maxInFull = 4
  /// The maximum number of rows or columns drawn, at two points each if necessary; of more, ``shownOfMany``
  /// are drawn.
  private static let maxEntries = 64
  private static let shownOfMany = 16
  /// The same in low heat maps, whose rows are at most so high together.
  private static let maxEntriesOfLow = 24
  private static let shownOfLow = 12
  private static let heightOfLow = 30

  /// How many cells heat maps of a graph have, if they show all that they can.
  static func cellCount(_ graph: ComputationGraph) -> Int {
    graph.nodes.reduce(0) { sum, node in
      let columns = max(node.shape.last ?? 1, 1)
      let cells = shown(node.value.count / columns).count * shown(columns).count
      return sum + cells * (node.gradient == nil ? 1 : 2)
    }
  }

  /// How high a heat map is: low in a figure that would be too high, and bare, without the least and the greatest below,
  /// in one that would still be.
  ///
  /// Of low ones the figure says together that they show some rows only.
  enum Detail { case full, low, bare }

  private let rows: [Int]
  private let columns: [Int]
  private let columnCount: Int
  private let isTable: Bool
  private let isNamed: Bool
  private let cellWidth: Int
  private let cellHeight: Int
  private let spacing: Int
  private let captionWidth: Int
  private let format: NumberFormat
  private let words: Words
  /// `16 of 100 rows`; nil if all numbers are shown.
  private let extract: String?
  private let detail: Detail
  /// Places without a number.
  private let blanks: Set<Int>
  /// Whether its numbers may change; see `FigureOptions/isLive`.
  private let isLive: Bool
  /// Whether some rows or columns are not drawn.
  let isExtract: Bool
  var isLow: Bool { detail != .full }

  /// - Parameters:
  ///   - shares: further numbers that copies of the node show in its place.
  ///   - isLive: whether there is room for numbers to come; a heat map then has no least and greatest number.
  init(
    _ node: ComputationGraph.Node, shares: [[Double]] = [], detail: Detail = .full, format: NumberFormat, words: Words,
    isLive: Bool = false
  ) {
    self.isLive = isLive
    self.format = format
    self.words = words
    self.detail = detail
    let blanks = node.fold?.blanks ?? []
    self.blanks = blanks
    isNamed = node.isNamed && detail != .bare && !isLive
    columnCount = max(node.shape.last ?? 1, 1)
    let rowCount = node.value.count / columnCount
    rows =
      detail == .full
      ? Self.shown(rowCount) : Self.shown(rowCount, Self.shownOfLow, most: Self.maxEntriesOfLow)
    columns =
      isLive && detail == .low
      ? Self.shown(columnCount, Self.shownOfLow, most: Self.maxEntriesOfLow) : Self.shown(columnCount)
    let left = Self.extract(
      words, rows: (rows.count, rowCount), columns: (columns.count, columnCount), isList: node.shape.count == 1)
    isExtract = left != nil
    extract = detail == .full || isLive ? left : nil
    // An intermediate value gets no more space than a row of a few numbers needs.
    let isFew = rowCount <= Self.maxInFull && columnCount <= Self.maxInFull
    let isIntermediate = !node.isNamed || node.fold != nil && node.facts?.operation != nil
    isTable = isFew && (!isIntermediate || node.value.count <= Self.maxInFull)
    let lists = [node.value, node.gradient, node.updated].compactMap { $0 } + shares
    if isTable {
      let widest = max(Self.widest(lists, columns: columnCount, format), isLive ? LiveRoom.entry : 0)
      cellWidth = Int((widest + 8).rounded(.up))
      // Exponents stand above the line.
      cellHeight = lists.contains { $0.contains { format.printed($0).isScientific } } ? 20 : 18
      spacing = 2
      captionWidth = 0
    } else {
      cellHeight = detail == .full ? Self.side(rows.count) : max(2, min(9, Self.heightOfLow / max(rows.count, 1)))
      let side = Self.side(columns.count)
      spacing = min(cellHeight, side) < 8 ? 0 : 2
      let summarized = isNamed ? format : nil
      let captions = lists.flatMap { [extract] in Self.captions($0.without(blanks), summarized, extract, words) }
        .map { Figure.Run(text: $0, size: Measure.derivativeSize).width }
      // The cells share the room that the caption takes, all alike; Graphviz counts their widths without the
      // spacing between them.
      let room = captions.max().map { Int(($0 * 1.06 + 8).rounded(.up)) } ?? 0
      cellWidth = max(side, (room + columns.count - 1) / columns.count)
      captionWidth = columns.count * (cellWidth + spacing) + spacing
    }
  }

  /// The width of the widest column, the decimal points of each below one another.
  private static func widest(_ lists: [[Double]], columns: Int, _ format: NumberFormat) -> Double {
    lists.flatMap { list in
      (0..<columns).map { column in
        let numbers = stride(from: column, to: list.count, by: columns).map { format.text(list[$0]) }
        return DecimalColumn(numbers.map { Figure.Run(text: $0, size: size, isBold: true) }).width
      }
    }.max() ?? 0
  }

  /// The rows or columns drawn: all, or as many as fit, including the first and the last.
  private static func shown(_ count: Int, _ shown: Int = shownOfMany, most: Int = maxEntries) -> [Int] {
    guard count > most else { return Array(0..<count) }
    return (0..<shown).map { $0 * (count - 1) / (shown - 1) }
  }

  /// The height or width of a cell if there are `count` of them.
  private static func side(_ count: Int) -> Int { max(2, min(9, 64 / max(count, 1))) }

  private static func extract(
    _ words: Words, rows: (shown: Int, all: Int), columns: (shown: Int, all: Int), isList: Bool
  ) -> String? {
    var parts: [String] = []
    if rows.shown < rows.all { parts.append(words.someRows(rows.shown, rows.all)) }
    if columns.shown < columns.all {
      parts.append(
        isList ? words.someNumbers(columns.shown, columns.all) : words.someColumns(columns.shown, columns.all))
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The lines below a heat map.
  ///
  /// - Parameter format: the format of the minimum and the maximum; nil omits them.
  private static func captions(
    _ numbers: [Double], _ format: NumberFormat?, _ extract: String?, _ words: Words
  ) -> [String] {
    let short = format.map { $0.atMost(3) }
    return [short.map { summary(numbers, $0, words) }, extract].compactMap { $0 }
  }

  private static func summary(_ numbers: [Double], _ format: NumberFormat, _ words: Words) -> String {
    let known = numbers.filter { !$0.isNaN }
    let unknown = known.count < numbers.count ? "\(numbers.count - known.count) NaN  " : ""
    guard let least = known.min(), let greatest = known.max() else { return unknown + "NaN" }
    if least == greatest, unknown.isEmpty { return words.everywhere(format.text(least)) }
    return "\(unknown)min \(format.text(least))  max \(format.text(greatest))"
  }

  /// The places of the entries that it shows; nil if these are all of them.
  var shownEntries: [Int]? {
    isExtract ? rows.flatMap { row in columns.map { row * columnCount + $0 } } : nil
  }

  var width: Int { max(columns.count * (cellWidth + spacing) + spacing, captionWidth) }

  var height: Int {
    let captions = isTable ? 0 : (isNamed ? 1 : 0) + (extract == nil ? 0 : 1)
    return rows.count * (cellHeight + spacing) + spacing + captions * (Self.captionHeight + spacing)
  }

  /// The table of `numbers` on the background of a stage's row.
  func row(_ numbers: [Double], ink: Tint, isBold: Bool, fill: Tint?) -> Figure.Box.Row {
    let greatest = numbers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    let levels = isTable ? Palette.heatLevelsOfNumbers : Palette.heatLevels
    func heat(_ value: Double) -> Tint? {
      guard value.isFinite else { return .warningRow }
      let level =
        greatest > 0 ? Int((value / greatest * Double(levels)).rounded(.toNearestOrAwayFromZero)) : 0
      return .heat(level)
    }
    let cells = rows.map { row in
      columns.map { column -> (run: Figure.Run?, fill: Tint?) in
        if blanks.contains(row * columnCount + column) { return (nil, nil) }
        let value = numbers[row * columnCount + column]
        guard isTable else { return (nil, heat(value)) }
        let run = Figure.Run(
          text: format.text(value), size: Self.size, tint: value.isFinite ? ink : .warning,
          isBold: isBold || !value.isFinite)
        return (isLive ? run.live : run, heat(value))
      }
    }
    let isFinite = numbers.allSatisfy(\.isFinite)
    let captions = isTable ? [] : Self.captions(numbers.without(blanks), isNamed ? format : nil, extract, words)
    return Figure.Box.Row(
      content: .matrix(
        cells: cells, cellWidth: cellWidth, cellHeight: cellHeight, spacing: spacing,
        captions: captions.map {
          Figure.Run(text: $0, size: Measure.derivativeSize, tint: isFinite ? ink : .warning)
        }),
      height: height + 6, fill: fill, isAligned: !isLive)
  }
}

extension [Double] {
  /// The numbers but those at some places.
  func without(_ blanks: Set<Int>) -> [Double] {
    blanks.isEmpty ? self : enumerated().filter { !blanks.contains($0.offset) }.map(\.element)
  }
}
