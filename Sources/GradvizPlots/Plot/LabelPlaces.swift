import GradvizDrawing
import GradvizFigures

/// Finds places for labels inside a chart: beside their points, off curves, marks and other labels.
struct LabelPlaces {
  private let frame: Rectangle
  /// What labels should keep off.
  private var points: [Plot.Point] = []
  private var taken: [Rectangle] = []

  init(_ chart: Chart) {
    frame = Rectangle(x: chart.left + 2, y: chart.top + 2, width: chart.width - 4, height: chart.height - 4)
  }

  /// Keeps labels off a line, at points no more than six apart.
  mutating func avoid(_ line: [Plot.Point]) {
    for (a, b) in zip(line, line.dropFirst()) {
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let parts = min(max(Int((dx * dx + dy * dy).squareRoot() / 6), 1), 200)
      for part in 0...parts {
        let along = Double(part) / Double(parts)
        let point = Plot.Point(x: a.x + dx * along, y: a.y + dy * along)
        if frame.holds(point) { points.append(point) }
      }
    }
    if line.count == 1, frame.holds(line[0]) { points.append(line[0]) }
  }

  mutating func avoid(_ area: Rectangle) { taken.append(area) }

  /// The best of a few places around a point; of equally good ones the first.
  ///
  /// - Complexity: O(places · points)
  mutating func place(_ size: Size, near point: Plot.Point, gap: Double = 9) -> Rectangle {
    let (w, h) = (size.width, size.height)
    var candidates: [Rectangle] = []
    for reach in [1.0, 2.2, 3.6, 5.5, 8, 11] {
      let (dx, dy) = (gap * reach + w / 2, gap * reach + h / 2)
      for (x, y) in [(dx, 0), (0, -dy), (0, dy), (-dx, 0), (dx, -dy), (dx, dy), (-dx, -dy), (-dx, dy)] {
        candidates.append(
          Rectangle(x: point.x + x - w / 2, y: point.y + y - h / 2, width: w, height: h).inside(frame))
      }
    }
    var best = candidates[0]
    var least = Double.infinity
    // Farther than this only off another label.
    let near = 32
    for (number, one) in candidates.enumerated() {
      let room = one.insetBy(-3)
      let struck = points.reduce(0.0) { $0 + (room.holds($1) ? 1 : 0) }
      let covered = taken.reduce(0.0) { $0 + ($1.intersects(room) ? 400 : 0) }
      let cost = struck + covered + Double(number) * 0.02 + (number < near ? 0 : 100) + (room.holds(point) ? 20 : 0)
      if cost < least { (best, least) = (one, cost) }
    }
    taken.append(best)
    return best
  }
}

extension Rectangle {
  fileprivate func holds(_ point: Plot.Point) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }

  fileprivate func inside(_ frame: Rectangle) -> Rectangle {
    Rectangle(
      x: max(min(x, frame.right - width), frame.x), y: max(min(y, frame.bottom - height), frame.y), width: width,
      height: height)
  }
}

extension Plot {
  /// Adds a label on the page's color; returns its frame.
  @discardableResult
  mutating func label(
    _ text: String, near point: Point, _ places: inout LabelPlaces, tint: Tint = .ink, isBold: Bool = true
  ) -> Rectangle {
    label("\(text)" as PlotText, near: point, &places, tint: tint, isBold: isBold)
  }

  /// The same with names of values in it.
  @discardableResult
  mutating func label(
    _ text: PlotText, near point: Point, _ places: inout LabelPlaces, tint: Tint = .ink, isBold: Bool = true
  ) -> Rectangle {
    let width = text.width(size: 11.5, isBold: isBold) * 1.08 + 10
    let box = places.place(Size(width: width, height: 18), near: point)
    rectangle(
      x: box.x, y: box.y, width: box.width, height: box.height, fill: .page,
      stroke: Stroke(tint: .faint, width: 0.8))
    self.text(text, x: box.x + width / 2, y: box.y + 13, size: 11.5, tint: tint, isBold: isBold, anchor: .middle)
    return box
  }
}
