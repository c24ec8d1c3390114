import GradvizDrawing

/// The shortest way of level and upright lines, with few corners, from below to a box among others: Dijkstra's
/// algorithm over the lines that run beside the boxes.
struct FreeWay {
  /// Where upright lines may run, from left to right.
  let columns: [Double]
  /// Where level lines may run, downwards; the last one is where the way begins.
  let rows: [Double]
  let obstacles: Obstacles
  /// Lines of other ways, on which this one should not run.
  let taken: [Rectangle]

  /// What a corner costs, and what running on another's line, in points of length.
  private static let corner = 40.0
  private static let onTaken = 120.0
  /// Between the way's middle and what it passes.
  private static let clearance = 2.5

  /// A crossing of a column and a row, reached along the one or the other.
  private struct Place: Hashable {
    var column, row: Int
    var isUpright: Bool
  }

  private struct Step {
    var cost: Double
    var place: Place
  }

  /// The corners from the last row to `goal`, which is beside a box: on one of the columns and rows; nil where
  /// boxes stand all around it.
  ///
  /// - Complexity: O(c·r·log(c·r)) for c columns and r rows.
  func corners(to goal: Point, isUpright: Bool) -> [Point]? {
    guard let column = columns.firstIndex(of: goal.x), let row = rows.firstIndex(of: goal.y) else { return nil }
    let start = Place(column: column, row: row, isUpright: isUpright)
    var costs = [start: 0.0]
    var origins: [Place: Place] = [:]
    var queue = Heap<Step> { ($0.cost, $0.place.row, $0.place.column) < ($1.cost, $1.place.row, $1.place.column) }
    queue.insert(Step(cost: 0, place: start))
    while let step = queue.removeFirst() {
      guard step.cost <= costs[step.place] ?? .infinity else { continue }
      if step.place.row == rows.count - 1, step.place.isUpright { return way(to: step.place, origins) }
      for (next, cost) in neighbours(step.place) {
        let total = step.cost + cost
        guard total < costs[next] ?? .infinity else { continue }
        costs[next] = total
        origins[next] = step.place
        queue.insert(Step(cost: total, place: next))
      }
    }
    return nil
  }

  private func point(_ place: Place) -> Point { Point(x: columns[place.column], y: rows[place.row]) }

  private func neighbours(_ place: Place) -> [(place: Place, cost: Double)] {
    var found: [(Place, Double)] = []
    for (columnStep, rowStep) in [(0, 1), (-1, 0), (1, 0), (0, -1)] {
      let next = Place(column: place.column + columnStep, row: place.row + rowStep, isUpright: rowStep != 0)
      // In the last row a way only arrives.
      guard columns.indices.contains(next.column), rows.indices.contains(next.row),
        place.row < rows.count - 1
      else { continue }
      let (from, to) = (point(place), point(next))
      let line = Rectangle(
        x: min(from.x, to.x), y: min(from.y, to.y), width: abs(to.x - from.x), height: abs(to.y - from.y))
      guard !obstacles.touch(line.insetBy(-Self.clearance)) else { continue }
      let isTaken = taken.contains { $0.intersects(line.insetBy(-2)) && ($0.height > $0.width) == next.isUpright }
      let cost =
        from.distance(to: to) + (next.isUpright == place.isUpright ? 0 : Self.corner)
        + (isTaken ? Self.onTaken : 0)
      found.append((next, cost))
    }
    return found
  }

  /// From the last row to where the search began, without the crossings it goes straight over.
  private func way(to end: Place, _ origins: [Place: Place]) -> [Point] {
    var corners: [Point] = []
    var place: Place? = end
    while let current = place {
      let point = point(current)
      let count = corners.count
      if count > 1,
        corners[count - 1].x == point.x && corners[count - 2].x == point.x
          || corners[count - 1].y == point.y && corners[count - 2].y == point.y
      {
        corners[count - 1] = point
      } else {
        corners.append(point)
      }
      place = origins[current]
    }
    return corners
  }
}

/// A binary heap: the least element first.
struct Heap<Element> {
  private var elements: [Element] = []
  private let isBefore: (Element, Element) -> Bool

  init(isBefore: @escaping (Element, Element) -> Bool) { self.isBefore = isBefore }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var child = elements.count - 1
    while child > 0, isBefore(elements[child], elements[(child - 1) / 2]) {
      elements.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return first }
    elements[0] = last
    var parent = 0
    while true {
      let children = (2 * parent + 1..<2 * parent + 3).clamped(to: 0..<elements.count)
      guard let least = children.min(by: { isBefore(elements[$0], elements[$1]) }),
        isBefore(elements[least], elements[parent])
      else { return first }
      elements.swapAt(parent, least)
      parent = least
    }
  }
}
