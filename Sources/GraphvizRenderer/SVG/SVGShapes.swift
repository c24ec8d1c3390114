import GradvizDOT

/// Shapes as SVG elements: rectangles, circles and paths.
extension SVGWriter {
  mutating func rectangle(
    _ corner: Drawing.Point, _ size: Drawing.Point, _ radius: Double, _ ink: Drawing.Ink
  ) {
    let rectangle =
      "<rect x=\"\(Self.place(corner.x))\" y=\"\(Self.place(corner.y))\""
      + " width=\"\(Self.place(size.x))\" height=\"\(Self.place(size.y))\""
      + (radius > 0 ? " rx=\"\(Self.number(radius))\"" : "")
    if let ground = ground(rectangle, under: ink) {
      // A table's background and frame are merged, since the cells between them do not touch the frame.
      lines[ground.line] =
        rectangle
        + paint(Drawing.Ink(pen: ink.pen, fill: ground.ink.fill, width: ink.width, line: ink.line)) + "/>"
      grounds[ground.line] = nil
    } else {
      if !ink.isStroked, ink.fill != nil { grounds[lines.count] = ink }
      lines.append("\(rectangle)\(paint(ink))/>")
    }
  }

  /// Joins the cells of a heat map to one path for each color: a fifth of the text.
  ///
  /// Cells do not overlap, so that their order does not matter.
  mutating func joinCells(from first: Int) {
    guard hasHeatMap, lines.count - first >= Self.fewestCells else { return }
    var joined: [String] = []
    var run: [(place: String, ink: String)] = []
    func flush(_ run: [(place: String, ink: String)], from start: Int) {
      guard run.count >= Self.fewestCells else { return joined.append(contentsOf: lines[start..<(start + run.count)]) }
      var inks: [String] = []
      var paths: [String: String] = [:]
      for cell in run {
        if paths[cell.ink] == nil { inks.append(cell.ink) }
        paths[cell.ink, default: ""] += cell.place
      }
      for ink in inks { joined.append("<path d=\"\(paths[ink] ?? "")\"\(ink)/>") }
    }
    for index in first..<lines.count {
      if let cell = Self.cell(lines[index]) {
        run.append(cell)
        continue
      }
      flush(run, from: index - run.count)
      run = []
      joined.append(lines[index])
    }
    flush(run, from: lines.count - run.count)
    if joined.count < lines.count - first { lines.replaceSubrange(first..., with: joined) }
  }

  /// A heat map of fewer cells stays as it is.
  private static let fewestCells = 16

  /// The outline and the ink of a cell of a heat map.
  private static func cell(_ line: String) -> (place: String, ink: String)? {
    guard line.hasPrefix("<rect "), line.contains(" class=\"f-heat-"), !line.contains("stroke"),
      let ink = line.firstRange(of: " fill=\"")?.lowerBound
    else { return nil }
    let parts = line[..<ink].split(separator: "\"", omittingEmptySubsequences: false)
    guard parts.count == 9, line.hasSuffix("/>") else { return nil }
    return ("M\(parts[1]) \(parts[3])h\(parts[5])v\(parts[7])h-\(parts[5])z", String(line[ink...].dropLast(2)))
  }

  mutating func polygon(_ points: [Drawing.Point], _ ink: Drawing.Ink) {
    guard !points.isEmpty else { return }
    lines.append("<path d=\"" + PathData(points, isRelative: isLive).text + "z\"" + paint(ink) + "/>")
  }

  /// The filled rectangle of the same group and position for a frame without its own fill.
  private func ground(_ rectangle: String, under ink: Drawing.Ink) -> (line: Int, ink: Drawing.Ink)? {
    guard ink.isStroked, !(ink.fill?.isVisible ?? false), let group = open.last else { return nil }
    let places = grounds.keys.filter { $0 > group.line && lines[$0].hasPrefix(rectangle + " ") }
    return places.max().flatMap { place in grounds[place].map { (place, $0) } }
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
    var data = PathData(first, isRelative: isLive)
    for segment in Drawing.segments(points) {
      switch segment {
      case .line(let end): data.line(to: end)
      case .curve(let one, let two, let end): data.curve(one, two, to: end)
      }
    }
    let isClosed = ink.fill?.isVisible ?? false
    lines.append("<path d=\"\(data.text)\"\(paint(ink, closed: isClosed))/>")
  }

  /// A point of a path; a twentieth of a point is not visible.
  static func pair(_ point: Drawing.Point) -> String { place(point.x) + "," + place(point.y) }

  /// A place as it is written.
  static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
