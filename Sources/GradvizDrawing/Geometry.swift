extension Double {
  /// The nearest 64th of a point, which is finer than any visible difference.
  ///
  /// Such numbers are exact in binary, and so are their sums and differences, in whichever order they are
  /// taken: what a layout puts somewhere is rounded there, once.
  package var onGrid: Double { (self * 64).rounded() / 64 }
}

/// A position on the sheet in points, with the y axis pointing down.
package struct Point: Hashable, Sendable {
  package var x, y: Double
  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  package func moved(_ dx: Double, _ dy: Double) -> Point { Point(x: x + dx, y: y + dy) }

  /// The nearest point of the grid; see `Double.onGrid`.
  package var onGrid: Point { Point(x: x.onGrid, y: y.onGrid) }

  package func distance(to other: Point) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }

  package static func between(_ a: Point, _ b: Point, _ part: Double) -> Point {
    Point(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part)
  }
}

/// A width and a height in points.
public struct Size: Hashable, Sendable {
  /// In points.
  public var width, height: Double
  /// Creates a size in points.
  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }
}

package struct Rectangle: Hashable, Sendable {
  package var x, y, width, height: Double
  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
  package init(center: Point, size: Size) {
    self.init(
      x: center.x - size.width / 2, y: center.y - size.height / 2, width: size.width,
      height: size.height)
  }
  package var right: Double { x + width }
  package var bottom: Double { y + height }
  package var center: Point { Point(x: x + width / 2, y: y + height / 2) }

  package func insetBy(_ amount: Double) -> Rectangle {
    Rectangle(x: x + amount, y: y + amount, width: width - 2 * amount, height: height - 2 * amount)
  }

  /// The same with place and size on the grid.
  package var onGrid: Rectangle { Rectangle(x: x.onGrid, y: y.onGrid, width: width.onGrid, height: height.onGrid) }

  package func union(_ other: Rectangle) -> Rectangle {
    let left = min(x, other.x)
    let top = min(y, other.y)
    return Rectangle(
      x: left, y: top, width: max(right, other.right) - left,
      height: max(bottom, other.bottom) - top)
  }

  package func intersects(_ other: Rectangle) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  package func moved(_ dx: Double, _ dy: Double) -> Rectangle {
    Rectangle(x: x + dx, y: y + dy, width: width, height: height)
  }
}

/// A smooth path: cubic Bézier segments, 3n + 1 points.
package struct Path: Hashable, Sendable {
  package var points: [Point]

  package init(points: [Point]) { self.points = points }

  /// A straight line.
  package init(from a: Point, to b: Point) {
    points = [a, .between(a, b, 1.0 / 3), .between(a, b, 2.0 / 3), b]
  }

  /// Straight lines through `corners`, each corner rounded by at most `radius`.
  package init(through corners: [Point], radius: Double) {
    var corners = corners
    var index = 1
    while index < corners.count {
      if corners[index].distance(to: corners[index - 1]) < 0.01 {
        corners.remove(at: index)
      } else {
        index += 1
      }
    }
    guard let first = corners.first, let last = corners.last else {
      points = []
      return
    }
    var points = [first]
    func line(to end: Point) {
      let start = points[points.count - 1]
      points += [.between(start, end, 1.0 / 3), .between(start, end, 2.0 / 3), end]
    }
    if corners.count > 2 {
      for index in 1..<(corners.count - 1) {
        let (before, corner, after) = (corners[index - 1], corners[index], corners[index + 1])
        let reach = min(radius, corner.distance(to: before) / 2, corner.distance(to: after) / 2)
        let entry = Point.between(corner, before, reach / max(corner.distance(to: before), 0.01))
        let exit = Point.between(corner, after, reach / max(corner.distance(to: after), 0.01))
        line(to: entry)
        points += [.between(entry, corner, 0.6), .between(exit, corner, 0.6), exit]
      }
    }
    line(to: last)
    self.points = points
  }

  package var start: Point { points[0] }
  package var end: Point { points[points.count - 1] }

  /// The same with its points on the grid.
  package var onGrid: Path { Path(points: points.map(\.onGrid)) }

  /// The same line, level and upright stretches in one piece each, however many parts they were put together from.
  package var withoutStops: Path {
    guard points.count > 4 else { return self }
    var result = [points[0]]
    result.reserveCapacity(points.count)
    // Where the last stretch begins, and which way it goes; nil after a curve and for a slope.
    var (start, way): (Point, Way?) = (points[0], nil)
    for index in stride(from: 0, to: points.count - 3, by: 3) {
      let next = Way(points[index], points[index + 1], points[index + 2], points[index + 3])
      let end = points[index + 3]
      if let next, next == way {
        result.removeLast(3)
        result += [.between(start, end, 1.0 / 3), .between(start, end, 2.0 / 3), end]
      } else {
        (start, way) = (points[index], next)
        result += points[(index + 1)...(index + 3)]
      }
    }
    return Path(points: result)
  }

  /// The direction of a level or upright line.
  private enum Way {
    case left, right, up, down

    /// nil for another line, and for one that does not go straight from its start to its end.
    init?(_ a: Point, _ b: Point, _ c: Point, _ d: Point) {
      if a.y == b.y, b.y == c.y, c.y == d.y {
        if a.x <= b.x, b.x <= c.x, c.x <= d.x, a.x < d.x {
          self = .right
        } else if a.x >= b.x, b.x >= c.x, c.x >= d.x, a.x > d.x {
          self = .left
        } else {
          return nil
        }
      } else if a.x == b.x, b.x == c.x, c.x == d.x {
        if a.y <= b.y, b.y <= c.y, c.y <= d.y, a.y < d.y {
          self = .down
        } else if a.y >= b.y, b.y >= c.y, c.y >= d.y, a.y > d.y {
          self = .up
        } else {
          return nil
        }
      } else {
        return nil
      }
    }
  }

  package func reversed() -> Path { Path(points: points.reversed()) }

  package func moved(_ dx: Double, _ dy: Double) -> Path { Path(points: points.map { $0.moved(dx, dy) }) }

  /// The unit direction at the end of the path.
  package var endDirection: Point {
    for point in points.dropLast().reversed() where point.distance(to: end) > 0.01 {
      let length = point.distance(to: end)
      return Point(x: (end.x - point.x) / length, y: (end.y - point.y) / length)
    }
    return Point(x: 1, y: 0)
  }

  /// The same path without its last `length` points (of distance), to leave room for the arrow head.
  package func shortened(by length: Double) -> Path {
    let base = points.count - 4
    guard base >= 0, points[base].distance(to: end) > length else { return moved(backBy: length) }
    var (low, high) = (0.0, 1.0)
    let last = Path(points: Array(points[base...]))
    for _ in 0..<30 {
      let t = (low + high) / 2
      if last.point(at: t).distance(to: end) > length { low = t } else { high = t }
    }
    return Path(points: points[..<base] + Self.split(last.points, at: low).before)
  }

  /// Moves back the end of a last segment that is shorter than the removed length.
  private func moved(backBy length: Double) -> Path {
    let direction = endDirection
    var result = self
    for index in points.indices.suffix(2) {
      result.points[index] = points[index].moved(-direction.x * length, -direction.y * length)
    }
    return result
  }

  /// Splits a cubic segment by De Casteljau's algorithm.
  private static func split(_ p: [Point], at t: Double) -> (before: [Point], after: [Point]) {
    let (a, b, c) = (Point.between(p[0], p[1], t), Point.between(p[1], p[2], t), Point.between(p[2], p[3], t))
    let (d, e) = (Point.between(a, b, t), Point.between(b, c, t))
    let middle = Point.between(d, e, t)
    return ([p[0], a, d, middle], [middle, e, c, p[3]])
  }

  /// A parallel path, `distance` to the right of the direction of travel.
  ///
  /// The legs of the control polygon move along their normals and meet again, which is exact for straight
  /// segments, close enough for the gentle curves of a figure, and keeps the directions at both ends.
  package func beside(_ distance: Double) -> Path {
    /// The normal of the leg that begins or ends at a point, the nearest one that has a length.
    func normal(from index: Int, by step: Int) -> Point? {
      var other = index + step
      while points.indices.contains(other) {
        let length = points[index].distance(to: points[other])
        if length > 0.01 {
          let sign = Double(step) / length
          return Point(
            x: -(points[other].y - points[index].y) * sign, y: (points[other].x - points[index].x) * sign)
        }
        other += step
      }
      return nil
    }
    return Path(
      points: points.indices.map { index in
        let (before, after) = (normal(from: index, by: -1), normal(from: index, by: 1))
        guard let a = before ?? after, let b = after ?? before else { return points[index] }
        // Where legs turn back, the corner would be far away.
        let reach = distance / max(1 + a.x * b.x + a.y * b.y, 0.5)
        return points[index].moved((a.x + b.x) * reach, (a.y + b.y) * reach)
      })
  }

  /// The point at `part` (0 to 1) of the path, counted in segments.
  package func point(at part: Double) -> Point {
    let segments = (points.count - 1) / 3
    guard segments > 0 else { return start }
    let position = part * Double(segments)
    let segment = min(Int(position), segments - 1)
    let t = position - Double(segment)
    let p = points[(segment * 3)...(segment * 3 + 3)]
    let base = segment * 3
    let u = 1 - t
    func mix(_ k: (Point) -> Double) -> Double {
      u * u * u * k(p[base]) + 3 * u * u * t * k(p[base + 1]) + 3 * u * t * t * k(p[base + 2]) + t * t * t
        * k(p[base + 3])
    }
    return Point(x: mix { $0.x }, y: mix { $0.y })
  }

  /// The part of the path from where its x first reaches `x`; the whole path where it begins beyond.
  package func cut(fromX x: Double) -> Path {
    guard start.x < x else { return self }
    var base = 0
    while base + 3 < points.count, points[base + 3].x < x { base += 3 }
    guard base + 3 < points.count else { return Path(points: [end, end, end, end]) }
    let (p0, p1, p2, p3) = (points[base], points[base + 1], points[base + 2], points[base + 3])
    var low = 0.0
    var high = 1.0
    var t = 0.5
    // x increases along a segment, so bisection finds t.
    for _ in 0..<40 {
      t = (low + high) / 2
      let u = 1 - t
      let at = u * u * u * p0.x + 3 * u * u * t * p1.x + 3 * u * t * t * p2.x + t * t * t * p3.x
      if at < x { low = t } else { high = t }
    }
    return Path(points: Self.split([p0, p1, p2, p3], at: t).after + points[(base + 4)...])
  }

  package func appending(_ other: Path) -> Path {
    guard let last = points.last, let first = other.points.first else { return points.isEmpty ? other : self }
    if last.distance(to: first) < 0.05 { return Path(points: points + other.points.dropFirst()) }
    return Path(points: points + Path(from: last, to: first).points.dropFirst() + other.points.dropFirst())
  }
}
