import GradvizFigures
import GraphvizRenderer

/// Numbers over a rectangle, at the corners of a grid of cells.
package struct Field: Sendable {
  /// The number of cells across.
  package let columns: Int
  package let rows: Int
  /// (rows + 1) × (columns + 1) numbers, the lowest row first.
  package var values: [Double]

  /// - Precondition: (rows + 1) · (columns + 1) values, at least one cell.
  package init(columns: Int, rows: Int, values: [Double]) {
    precondition(
      columns > 0 && rows > 0 && values.count == (columns + 1) * (rows + 1), "a value for every corner")
    self.columns = columns
    self.rows = rows
    self.values = values
  }

  subscript(column: Int, row: Int) -> Double { values[row * (columns + 1) + column] }

  /// The area where the field is above `level`, in cells: whole cells of a row as one rectangle, and cells
  /// crossed by the level as polygons (marching squares; Maple, "Geometric design and space planning using
  /// the marching squares and marching cube algorithms", 2003).
  func area(above level: Double) -> [[(x: Double, y: Double)]] {
    var areas: [[(x: Double, y: Double)]] = []
    for row in 0..<rows {
      var start: Int?
      func close(_ end: Int) {
        if let start {
          areas.append([
            (Double(start), Double(row)), (Double(end), Double(row)), (Double(end), Double(row + 1)),
            (Double(start), Double(row + 1)),
          ])
        }
        start = nil
      }
      for column in 0..<columns {
        let inside = corners(column, row).map { $0.value > level }
        if inside.allSatisfy({ $0 }) {
          if start == nil { start = column }
          continue
        }
        close(column)
        if inside.contains(true) { areas += parts(column, row, level) }
      }
      close(columns)
    }
    return areas
  }

  private func corners(_ column: Int, _ row: Int) -> [(x: Double, y: Double, value: Double)] {
    [(0, 0), (1, 0), (1, 1), (0, 1)].map { dx, dy in
      (Double(column + dx), Double(row + dy), self[column + dx, row + dy])
    }
  }

  /// The part of one cell above the level; two parts if opposite corners are.
  private func parts(_ column: Int, _ row: Int, _ level: Double) -> [[(x: Double, y: Double)]] {
    let corner = corners(column, row)
    let inside = corner.map { $0.value > level }
    if inside == [false, true, false, true] {
      // Follows the contours: around either corner.
      return [1, 3].map { own in
        let (before, next) = (corner[own - 1], corner[(own + 1) % 4])
        return [
          Self.crossing(before, corner[own], level), (corner[own].x, corner[own].y),
          Self.crossing(corner[own], next, level),
        ]
      }
    }
    var outline: [(x: Double, y: Double)] = []
    for index in 0..<4 {
      let (a, b) = (corner[index], corner[(index + 1) % 4])
      if a.value > level { outline.append((a.x, a.y)) }
      if (a.value > level) != (b.value > level) { outline.append(Self.crossing(a, b, level)) }
    }
    return [outline]
  }

  private static func crossing(
    _ a: (x: Double, y: Double, value: Double), _ b: (x: Double, y: Double, value: Double), _ level: Double
  ) -> (x: Double, y: Double) {
    let span = b.value - a.value
    let part = span.isFinite && span != 0 ? min(max((level - a.value) / span, 0), 1) : 0.5
    return (a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part)
  }

  /// The lines on which the field equals `level`, in cells, joined into as few as possible.
  func contours(at level: Double) -> [[(x: Double, y: Double)]] {
    struct Edge: Hashable {
      var column, row: Int
      var isUpright: Bool
    }
    var ends: [Edge: [Edge]] = [:]
    var points: [Edge: (x: Double, y: Double)] = [:]
    for row in 0..<rows {
      for column in 0..<columns {
        let corner = corners(column, row)
        let edges = [
          Edge(column: column, row: row, isUpright: false),
          Edge(column: column + 1, row: row, isUpright: true),
          Edge(column: column, row: row + 1, isUpright: false),
          Edge(column: column, row: row, isUpright: true),
        ]
        var crossed: [Edge] = []
        for index in 0..<4 where (corner[index].value > level) != (corner[(index + 1) % 4].value > level) {
          crossed.append(edges[index])
          points[edges[index]] = Self.crossing(corner[index], corner[(index + 1) % 4], level)
        }
        for pair in stride(from: 0, to: crossed.count - 1, by: 2) {
          ends[crossed[pair], default: []].append(crossed[pair + 1])
          ends[crossed[pair + 1], default: []].append(crossed[pair])
        }
      }
    }
    var lines: [[(x: Double, y: Double)]] = []
    var isUsed = Set<Edge>()
    func order(_ a: Edge, _ b: Edge) -> Bool {
      (a.row, a.column, a.isUpright ? 1 : 0) < (b.row, b.column, b.isUpright ? 1 : 0)
    }
    // Open lines first, from their ends, then closed ones.
    let starts = ends.keys.sorted {
      let (own, other) = (ends[$0]?.count ?? 0, ends[$1]?.count ?? 0)
      return own == other ? order($0, $1) : own < other
    }
    for start in starts {
      guard !isUsed.contains(start), let point = points[start] else { continue }
      var line = [point]
      isUsed.insert(start)
      var present = start
      while let next = ends[present]?.first(where: { !isUsed.contains($0) }), let point = points[next] {
        line.append(point)
        isUsed.insert(next)
        present = next
      }
      if present != start, ends[present]?.contains(start) == true, line.count > 2 { line.append(line[0]) }
      if line.count > 1 { lines.append(line) }
    }
    return lines
  }
}

extension Chart {
  /// The position of a grid point in the frame.
  func place(_ point: (x: Double, y: Double), of field: Field) -> Plot.Point {
    Plot.Point(
      x: left + point.x / Double(field.columns) * width, y: bottom - point.y / Double(field.rows) * height)
  }

  func add(_ field: Field, above level: Double, fill: Tint, to plot: inout Plot) {
    for area in field.area(above: level) where area.count > 2 {
      // Extends slightly over the edge, so that the background does not show between neighbors.
      plot.items.append(
        .area(area.map { place($0, of: field) }, fill: fill, stroke: .init(tint: fill, width: 0.6)))
    }
  }
}
