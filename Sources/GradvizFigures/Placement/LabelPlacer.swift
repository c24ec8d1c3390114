/// Places small labels beside and on arrows: away from boxes, circles and other labels, and if possible from
/// lines.
struct LabelPlacer {
  private static let cell = 48.0
  /// A cell with more items has no free place left, and every label would have to compare with all of them.
  private static let maxInCell = 256
  /// The minimum distance from the sheet's left edge.
  private static let margin = 8.0

  private struct Key: Hashable {
    var column, row: Int
  }

  private var obstacles: [Key: [Rectangle]] = [:]
  private var points: [Key: [(at: Point, wire: Int)]] = [:]
  private var wires: [Substring: Int] = [:]
  /// The sheet's right edge.
  let right: Double

  init(right: Double) { self.right = right }

  private func keys(_ frame: Rectangle) -> [Key] {
    let columns = Int((frame.x / Self.cell).rounded(.down))...Int((frame.right / Self.cell).rounded(.down))
    let rows = Int((frame.y / Self.cell).rounded(.down))...Int((frame.bottom / Self.cell).rounded(.down))
    return columns.flatMap { column in rows.map { Key(column: column, row: $0) } }
  }

  mutating func avoid(_ frame: Rectangle) {
    for key in keys(frame) where obstacles[key]?.count ?? 0 < Self.maxInCell {
      obstacles[key, default: []].append(frame)
    }
  }

  /// - Parameter name: the name of the wire; labels on it need not avoid it.
  mutating func avoid(_ path: Path, of name: Substring) {
    let wire = wires[name] ?? wires.count
    wires[name] = wire
    // A line across a sheet with many thousands of boxes is sampled at fewer points: labels do not go there.
    let spacing = max(5, path.start.distance(to: path.end) / 512)
    for point in path.sampled(every: spacing) {
      let key = Key(
        column: Int((point.x / Self.cell).rounded(.down)), row: Int((point.y / Self.cell).rounded(.down)))
      if points[key]?.count ?? 0 < Self.maxInCell { points[key, default: []].append((point, wire)) }
    }
  }

  /// Whether no wire enters a frame.
  func isFreeOfWires(_ frame: Rectangle) -> Bool {
    keys(frame).allSatisfy { key in
      (points[key] ?? []).allSatisfy { point, _ in
        point.x < frame.x || point.x > frame.right || point.y < frame.y || point.y > frame.bottom
      }
    }
  }

  /// The center for a mark of `size` on a wire, near its start for preference; what it takes is avoided from
  /// then on.
  /// - Parameter paths: where its middle may run, the best one first.
  mutating func place(_ size: Size, on paths: [Path], of name: Substring) -> Point {
    let wire = wires[name]
    // The arrow's head is at the start.
    let head = 10.0
    var best = Point(x: 0, y: 0)
    var bestCost = Double.infinity
    for (rank, path) in paths.enumerated() {
      let samples = path.sampled(every: 4)
      let stride = max(1, samples.count / Self.maxPlaces)
      for index in Swift.stride(from: 0, to: samples.count, by: stride) {
        let center = samples[index]
        let isOverHead =
          abs(center.x - path.start.x) < size.width / 2 + head
          && abs(center.y - path.start.y) < size.height / 2 + head
        // Near the start, but a free place far away is better than one on another wire.
        let distance = min(Double(index) * 0.1, 3 + Double(index) * 0.01)
        let preference = distance + Double(rank) * 0.5 + (isOverHead ? 30 : 0)
        guard preference < bestCost else { continue }
        let cost = preference + self.cost(Rectangle(center: center, size: size), except: wire)
        if cost < bestCost { (best, bestCost) = (center, cost) }
      }
    }
    avoid(Rectangle(center: best, size: size))
    return best
  }

  private static let maxPlaces = 80
  private static let parts = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9]
  /// Where none of these is free.
  private static let furtherParts = [0.46, 0.54, 0.38, 0.62, 0.3, 0.7, 0.22, 0.78, 0.14, 0.86, 0.06, 0.94, 0.02, 0.98]

  /// The center for a label of `size` beside `path`, on its left side (+1) or right side (−1) of travel
  /// for preference, and how much stands in its way there.
  /// - Parameter range: the part of the path that comes into question.
  func room(
    _ size: Size, along path: Path, in range: ClosedRange<Double> = 0...1, side: Double
  ) -> (center: Point, obstruction: Double) {
    var obstruction = 0.0
    var best = path.point(at: 0.5)
    var bestCost = Double.infinity
    for (rank, part) in (Self.parts + Self.furtherParts).enumerated() {
      if rank >= Self.parts.count, obstruction == 0 { break }
      let part = range.lowerBound + part * (range.upperBound - range.lowerBound)
      let at = path.point(at: part)
      let (before, after) = (path.point(at: max(0, part - 0.02)), path.point(at: min(1, part + 0.02)))
      let length = max(before.distance(to: after), 0.001)
      let normal = Point(x: (after.y - before.y) / length, y: -(after.x - before.x) / length)
      let reach = abs(normal.x) * size.width / 2 + abs(normal.y) * size.height / 2 + 2
      // The gradient's arrow runs on the other side; above a share, there is space farther away.
      for (order, (sign, more)) in [(side, 0.0), (-side, 5), (side, 10), (-side, 15), (side, 5), (-side, 9)].enumerated() {
        let distance = (reach + more) * sign
        let center = at.moved(normal.x * distance, normal.y * distance)
        let own = self.cost(Rectangle(center: center, size: size))
        let cost = own + Double(rank) + Double(order) * 4
        if cost < bestCost { (best, bestCost, obstruction) = (center, cost, own) }
      }
    }
    return (best, obstruction)
  }

  private func cost(_ frame: Rectangle, except wire: Int? = nil) -> Double {
    var cost = frame.x < Self.margin || frame.right > right ? 40.0 : 0
    var seen = Set<Rectangle>()
    for key in keys(frame) {
      for other in obstacles[key] ?? []
      where other.intersects(frame) && seen.insert(other).inserted {
        let width = min(frame.right, other.right) - max(frame.x, other.x)
        let height = min(frame.bottom, other.bottom) - max(frame.y, other.y)
        cost += 20 + width * height
      }
      for (point, own) in points[key] ?? []
      where own != wire && point.x > frame.x && point.x < frame.right && point.y > frame.y
        && point.y < frame.bottom
      {
        cost += 10
      }
    }
    return cost
  }
}
