/// Finds room for small labels beside arrows: away from boxes, circles, other labels and, where it can,
/// from lines.
struct LabelPlacer {
  private static let cell = 48.0
  /// Nearer to the sheet's left edge is no good place.
  private static let margin = 8.0

  private struct Key: Hashable {
    var column, row: Int
  }

  private var obstacles: [Key: [Rectangle]] = [:]
  private var points: [Key: [Point]] = [:]

  private var placed = 0
  /// For more labels no room is looked for: each stands at the middle of its line.
  private static let mostSought = 5_000

  private func keys(_ frame: Rectangle) -> [Key] {
    let columns = Int((frame.x / Self.cell).rounded(.down))...Int((frame.right / Self.cell).rounded(.down))
    let rows = Int((frame.y / Self.cell).rounded(.down))...Int((frame.bottom / Self.cell).rounded(.down))
    return columns.flatMap { column in rows.map { Key(column: column, row: $0) } }
  }

  mutating func avoid(_ frame: Rectangle) {
    for key in keys(frame) { obstacles[key, default: []].append(frame) }
  }

  mutating func avoid(_ path: Path) {
    let steps = max(8, Int(path.start.distance(to: path.end) / 6))
    for step in 0...steps {
      let point = path.point(at: Double(step) / Double(steps))
      points[
        Key(
          column: Int((point.x / Self.cell).rounded(.down)), row: Int((point.y / Self.cell).rounded(.down))),
        default: []
      ].append(point)
    }
  }

  /// The centre for a label of `size` beside `path`, on its left side (+1) or right side (−1) of travel
  /// for preference; what it takes is avoided from then on.
  /// - Parameter range: the part of the path that comes into question.
  mutating func place(
    _ size: Size, along path: Path, in range: ClosedRange<Double> = 0...1, side: Double
  ) -> Point {
    var best = path.point(at: 0.5)
    var bestCost = Double.infinity
    placed += 1
    for (rank, part) in [0.5, 0.38, 0.62, 0.25, 0.75, 0.12, 0.88].prefix(placed > Self.mostSought ? 1 : 7)
      .enumerated()
    {
      let part = range.lowerBound + part * (range.upperBound - range.lowerBound)
      let at = path.point(at: part)
      let (before, after) = (path.point(at: max(0, part - 0.02)), path.point(at: min(1, part + 0.02)))
      let length = max(before.distance(to: after), 0.001)
      let normal = Point(x: (after.y - before.y) / length, y: -(after.x - before.x) / length)
      let reach = abs(normal.x) * size.width / 2 + abs(normal.y) * size.height / 2 + 2
      for (order, sign) in [side, -side].enumerated() {
        // The gradient's arrow runs on the other side.
        let distance = (reach + (order == 0 ? 0 : 5)) * sign
        let center = at.moved(normal.x * distance, normal.y * distance)
        let cost =
          placed > Self.mostSought
          ? Double(order)
          : self.cost(Rectangle(center: center, size: size)) + Double(rank) * 1.5 + Double(order) * 4
        if cost < bestCost { (best, bestCost) = (center, cost) }
      }
    }
    avoid(Rectangle(center: best, size: size))
    return best
  }

  /// Of what crowds together at one place, so many are looked at: no label finds room there, and looking at
  /// all would take a time that grows with their square.
  private static let mostInCell = 1_000

  private func cost(_ frame: Rectangle) -> Double {
    var cost = frame.x < Self.margin ? 40.0 : 0
    var seen = Set<Rectangle>()
    for key in keys(frame) {
      for other in (obstacles[key] ?? []).suffix(Self.mostInCell)
      where other.intersects(frame) && seen.insert(other).inserted {
        let width = min(frame.right, other.right) - max(frame.x, other.x)
        let height = min(frame.bottom, other.bottom) - max(frame.y, other.y)
        cost += 20 + width * height
      }
      for point in (points[key] ?? []).suffix(Self.mostInCell)
      where point.x > frame.x && point.x < frame.right && point.y > frame.y && point.y < frame.bottom {
        cost += 4
      }
    }
    return cost
  }
}
