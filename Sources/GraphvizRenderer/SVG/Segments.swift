import GradvizDrawing

extension Drawing {
  /// A part of a path, from where the part before it ends.
  package enum Segment: Sendable {
    case line(Point)
    /// With two control points.
    case curve(Point, Point, Point)
  }

  /// The parts of a path of Bézier curves: straight ones are lines, and those on one line are one.
  package static func segments(_ points: [Point]) -> [Segment] {
    var segments: [Segment] = []
    // The start of the current straight line.
    var line: (start: Point, end: Point)?
    func flush() {
      if let line { segments.append(.line(line.end)) }
      line = nil
    }
    var index = 1
    while index + 2 < points.count {
      let (a, b, c, d) = (points[index - 1], points[index], points[index + 1], points[index + 2])
      if isStraight(a, b, c, d) {
        if let run = line, goesOn(run.start, run.end, d) {
          line?.end = d
        } else {
          flush()
          line = (a, d)
        }
      } else {
        flush()
        segments.append(.curve(b, c, d))
      }
      index += 3
    }
    flush()
    return segments
  }

  /// Whether `c` continues the line from `a` to `b`.
  private static func goesOn(_ a: Point, _ b: Point, _ c: Point) -> Bool {
    isStraight(a, b, b, c) && (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) >= 0
  }

  private static func isStraight(
    _ a: Point, _ b: Point, _ c: Point, _ d: Point
  ) -> Bool {
    let length = max(((d.x - a.x) * (d.x - a.x) + (d.y - a.y) * (d.y - a.y)).squareRoot(), 0.001)
    func off(_ p: Point) -> Double {
      abs((d.x - a.x) * (p.y - a.y) - (d.y - a.y) * (p.x - a.x)) / length
    }
    return off(b) < 0.05 && off(c) < 0.05
  }
}
