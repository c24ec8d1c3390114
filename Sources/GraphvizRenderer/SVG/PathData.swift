import GradvizDrawing

/// The data of an SVG path; in a page, where the same corners and heads come again at many places, each part counts from the
/// end of the one before it, so that they are the same text and are compressed to almost nothing.
struct PathData {
  private(set) var text: String
  private let isRelative: Bool
  private var last: Point

  init(_ start: Point, isRelative: Bool) {
    self.isRelative = isRelative
    last = start
    text = isRelative ? "M\(SVGWriter.place(start.x)) \(SVGWriter.place(start.y))" : "M\(SVGWriter.pair(start))"
  }

  /// Lines between points, from the first one.
  init(_ points: [Point], isRelative: Bool) {
    self.init(points.first ?? Point(x: 0, y: 0), isRelative: isRelative)
    for point in points.dropFirst() {
      if isRelative { line(to: point) } else { text += "L\(SVGWriter.pair(point))" }
    }
  }

  mutating func line(to end: Point) {
    defer { last = end }
    let isLevel = SVGWriter.place(last.y) == SVGWriter.place(end.y)
    let isUpright = SVGWriter.place(last.x) == SVGWriter.place(end.x)
    if isRelative {
      text += isLevel ? "h\(way(end).x)" : isUpright ? "v\(way(end).y)" : "l\(pair(end))"
    } else {
      text +=
        isLevel ? "H\(SVGWriter.place(end.x))" : isUpright ? "V\(SVGWriter.place(end.y))" : "L\(SVGWriter.pair(end))"
    }
  }

  mutating func curve(_ one: Point, _ two: Point, to end: Point) {
    defer { last = end }
    text +=
      isRelative
      ? "c\(pair(one)) \(pair(two)) \(pair(end))"
      : "C\(SVGWriter.pair(one)) \(SVGWriter.pair(two)) \(SVGWriter.pair(end))"
  }

  /// From where the part before ends, as it is written: differences of rounded places have no error that adds up.
  private func way(_ end: Point) -> (x: String, y: String) {
    (
      SVGWriter.place(SVGWriter.rounded(end.x) - SVGWriter.rounded(last.x)),
      SVGWriter.place(SVGWriter.rounded(end.y) - SVGWriter.rounded(last.y))
    )
  }

  private func pair(_ end: Point) -> String {
    let way = way(end)
    return "\(way.x) \(way.y)"
  }
}
