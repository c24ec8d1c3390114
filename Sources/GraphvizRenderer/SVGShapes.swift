import DOT

/// Shapes as SVG elements: rectangles, circles and paths.
extension SVGWriter {
  mutating func polygon(_ points: [Drawing.Point], _ ink: Drawing.Ink) {
    let xs = points.map(\.x)
    let ys = points.map(\.y)
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return }
    let isRectangle =
      (points.count == 4 || points.count == 5)
      && points.allSatisfy { ($0.x == left || $0.x == right) && ($0.y == top || $0.y == bottom) }
    if isRectangle {
      let place = "x=\"\(Self.place(left))\" y=\"\(Self.place(top))\""
      let size = "width=\"\(Self.place(right - left))\" height=\"\(Self.place(bottom - top))\""
      let rectangle = "<rect \(place) \(size)"
      if let ground = ground(rectangle, under: ink) {
        // A table's ground and its frame are one; the cells between them do not reach the frame.
        lines[ground.line] =
          rectangle
          + paint(Drawing.Ink(pen: ink.pen, fill: ground.ink.fill, width: ink.width, line: ink.line)) + "/>"
        grounds[ground.line] = nil
      } else {
        if !(ink.isStroked && ink.pen.alpha > 0), ink.fill != nil { grounds[lines.count] = ink }
        lines.append("\(rectangle)\(paint(ink))/>")
      }
    } else {
      lines.append("<path d=\"M" + points.map(Self.pair).joined(separator: "L") + "z\"" + paint(ink) + "/>")
    }
  }

  /// The filled rectangle of the same group and place that a frame without a ground of its own goes around.
  private func ground(_ rectangle: String, under ink: Drawing.Ink) -> (line: Int, ink: Drawing.Ink)? {
    guard ink.isStroked, ink.pen.alpha > 0, (ink.fill?.alpha ?? 0) == 0, let group = open.last else {
      return nil
    }
    return grounds.first { $0.key > group.line && lines[$0.key].hasPrefix(rectangle + " ") }
      .map { ($0.key, $0.value) }
  }

  mutating func ellipse(_ center: Drawing.Point, _ rim: Drawing.Point, _ ink: Drawing.Ink) {
    let (rx, ry) = (abs(rim.x - center.x), abs(rim.y - center.y))
    let place = "cx=\"\(Self.place(center.x))\" cy=\"\(Self.place(center.y))\""
    if abs(rx - ry) < 0.01 {
      lines.append("<circle \(place) r=\"\(Self.number(rx))\"\(paint(ink))/>")
    } else {
      lines.append("<ellipse \(place) rx=\"\(Self.number(rx))\" ry=\"\(Self.number(ry))\"\(paint(ink))/>")
    }
  }

  mutating func bezier(_ points: [Drawing.Point], _ ink: Drawing.Ink) {
    guard let first = points.first else { return }
    if let (place, radius) = Self.roundedRectangle(points) {
      lines.append("<rect \(place) rx=\"\(Self.number(radius))\"\(paint(ink))/>")
      return
    }
    var data = "M\(Self.pair(first))"
    // Where the straight run that is being drawn began; pieces of one line are written as one.
    var line: (start: Drawing.Point, end: Drawing.Point)?
    func flush() {
      if let line { data += Self.line(from: line.start, to: line.end) }
      line = nil
    }
    var index = 1
    while index + 2 < points.count {
      let (a, b, c, d) = (points[index - 1], points[index], points[index + 1], points[index + 2])
      if Self.isStraight(a, b, c, d) {
        if let run = line, Self.goesOn(run.start, run.end, d) {
          line?.end = d
        } else {
          flush()
          line = (a, d)
        }
      } else {
        flush()
        data += "C\(Self.pair(b)) \(Self.pair(c)) \(Self.pair(d))"
      }
      index += 3
    }
    flush()
    let isClosed = ink.fill.map { $0.alpha > 0 } ?? false
    lines.append("<path d=\"\(data)\"\(paint(ink, closed: isClosed))/>")
  }

  /// Place, size and corner radius, where a closed path is Graphviz' rounded box.
  private static func roundedRectangle(_ points: [Drawing.Point]) -> (place: String, radius: Double)? {
    let xs = points.map(\.x)
    let ys = points.map(\.y)
    guard points.count > 20, let left = xs.min(), let right = xs.max(), let top = ys.min(),
      let bottom = ys.max(),
      let last = points.last, abs(points[0].x - last.x) + abs(points[0].y - last.y) < 0.02,
      points.allSatisfy({
        abs($0.x - left) < 0.02 || abs($0.x - right) < 0.02 || abs($0.y - top) < 0.02
          || abs($0.y - bottom) < 0.02
      }),
      let start = points.filter({ abs($0.y - top) < 0.02 && $0.x - left > 0.02 }).map(\.x).min(),
      let curve = points.filter({ abs($0.x - left) < 0.02 }).map(\.y).min()
    else { return nil }
    // Half of a corner's box lies on either of its control points.
    let radius = max(start - left, curve - top) * 2
    guard radius * 2 <= right - left + 0.1, radius * 2 <= bottom - top + 0.1 else { return nil }
    let place =
      "x=\"\(place(left))\" y=\"\(place(top))\" width=\"\(place(right - left))\" height=\"\(place(bottom - top))\""
    return (place, radius)
  }

  private static func line(from a: Drawing.Point, to b: Drawing.Point) -> String {
    if place(a.y) == place(b.y) { return "H\(place(b.x))" }
    if place(a.x) == place(b.x) { return "V\(place(b.y))" }
    return "L\(pair(b))"
  }

  /// Whether `c` lies further on the line from `a` to `b`.
  private static func goesOn(_ a: Drawing.Point, _ b: Drawing.Point, _ c: Drawing.Point) -> Bool {
    isStraight(a, b, b, c) && (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) >= 0
  }

  private static func isStraight(
    _ a: Drawing.Point, _ b: Drawing.Point, _ c: Drawing.Point, _ d: Drawing.Point
  ) -> Bool {
    let length = max(((d.x - a.x) * (d.x - a.x) + (d.y - a.y) * (d.y - a.y)).squareRoot(), 0.001)
    func off(_ p: Drawing.Point) -> Double {
      abs((d.x - a.x) * (p.y - a.y) - (d.y - a.y) * (p.x - a.x)) / length
    }
    return off(b) < 0.05 && off(c) < 0.05
  }
}
