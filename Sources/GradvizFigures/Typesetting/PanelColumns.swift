import GradvizDrawing

/// Lines of a panel in the columns in which they are lowest: of at least three lines each, as wide as their widest, or
/// alike and with long lines wrapped.
struct PanelColumns {
  /// The columns before lines: the steps, and the operations they are about.
  struct Heads {
    var badge = 0.0
    var law = 0.0
    /// In a narrow panel the operation stands above its line.
    var isLawAbove = false

    init() {}

    init(_ lines: [PanelContent.Line], width: Double) {
      badge = lines.map { Typesetter.extent($0.badge).width }.max() ?? 0
      law = lines.map { Typesetter.extent($0.law).width }.max() ?? 0
      if law > 0 { law += 18 }
      isLawAbove = law > 0 && width < 600
    }

    func width(of line: PanelContent.Line) -> Double { badge + (isLawAbove ? 0 : law) }
  }

  /// A column: how far from the left it begins, and how wide it may be.
  struct Place {
    var lines: [PanelContent.Line]
    var left: Double
    var width: Double
  }

  private(set) var heads: Heads
  private(set) var places: [Place]

  /// How high a line becomes.
  typealias Measure = (_ line: PanelContent.Line, Heads, _ width: Double) -> Double

  private static let fewestLines = 3
  /// Of more lines the columns are not compared.
  private static let maxLinesCompared = 80
  private static let maxWrapped = 3
  /// How much lower columns with wrapped lines have to be.
  private static let gain = 0.8

  init(_ lines: [PanelContent.Line], width: Double, gap: Double, measure: Measure) {
    heads = Heads(lines, width: width)
    places = [Place(lines: lines, left: 0, width: width)]
    guard lines.count > Self.fewestLines, lines.allSatisfy(\.isFree) else { return }
    places = Self.asWide(lines, heads, width: width, gap: gap) ?? places
    guard lines.count <= Self.maxLinesCompared else { return }
    func height(_ places: [Place], _ heads: Heads) -> Double {
      places.map { place in place.lines.reduce(0) { $0 + measure($1, heads, place.width) } }.max() ?? 0
    }
    var lowest = height(places, heads) * Self.gain
    for count in stride(from: 2, through: min(Self.maxWrapped, lines.count / Self.fewestLines), by: 1) {
      let room = (width - gap * Double(count - 1)) / Double(count)
      let heads = Heads(lines, width: room)
      // What cannot be broken has room.
      let fits = lines.allSatisfy { line in
        line.parts.allSatisfy { Typesetter.extent($0).width * 1.06 + heads.width(of: line) + line.indent <= room }
      }
      guard fits else { break }
      let heights = lines.map { measure($0, heads, room) }
      let divided = Self.divided(lines, heights, into: count).enumerated().map {
        Place(lines: $1, left: Double($0) * (room + gap), width: room)
      }
      let own = height(divided, heads)
      if own < lowest { (lowest, self.heads, places) = (own, heads, divided) }
    }
  }

  /// As many columns as fit side by side with every line in one piece.
  private static func asWide(
    _ lines: [PanelContent.Line], _ heads: Heads, width: Double, gap: Double
  ) -> [Place]? {
    // As the viewer's font may be wider.
    let widths = lines.map { line in
      let remark = line.remark.isEmpty ? 0 : Typesetter.extent(line.remark).width + PanelContent.besideRemark
      return (heads.width(of: line) + Typesetter.extent(line.parts.flatMap { $0 }).width + remark) * 1.06
    }
    for count in stride(from: (lines.count + 2) / fewestLines, to: 1, by: -1) {
      let perColumn = (lines.count + count - 1) / count
      var left = 0.0
      let columns = stride(from: 0, to: lines.count, by: perColumn).map { first in
        let own = first..<min(first + perColumn, lines.count)
        defer { left += (widths[own].max() ?? 0) + gap }
        return Place(lines: Array(lines[own]), left: left, width: width)
      }
      if left - gap <= width { return columns }
    }
    return nil
  }

  /// Neighbors together, all columns about as high.
  private static func divided(
    _ lines: [PanelContent.Line], _ heights: [Double], into count: Int
  ) -> [[PanelContent.Line]] {
    let share = heights.reduce(0, +) / Double(count)
    var columns: [[PanelContent.Line]] = [[]]
    var sum = 0.0
    for (line, height) in zip(lines, heights) {
      if columns.count < count, !columns[columns.count - 1].isEmpty,
        sum + height / 2 > share * Double(columns.count)
      {
        columns.append([])
      }
      columns[columns.count - 1].append(line)
      sum += height
    }
    return columns
  }
}
