import Autograd
import GradvizDrawing

/// Blue dotted arrows from the rule below the graph to every updated parameter, around obstacles.
struct UpdateFlow {
  private let context: FigureContext
  private var obstacles = Obstacles()
  /// Where arrows may go up: beside the boxes, from left to right.
  private var aisles: [Double] = []
  /// The bottom edges of all boxes, downwards.
  private var floors: [Double] = []
  /// Where arrows may go level: above and below the boxes, downwards.
  private var channels: [Double] = []
  private var taken: [Rectangle] = []

  init(_ context: FigureContext) {
    self.context = context
    let sheet = context.sheet
    for spot in sheet.spots {
      obstacles.add(spot.frame)
      aisles += [spot.frame.x - Self.aside, spot.frame.right + Self.aside]
      if let disc = spot.disc {
        obstacles.add(disc)
        aisles += [disc.x - Self.aside, disc.right + Self.aside]
      }
    }
    for turn in sheet.turns {
      obstacles.add(turn.frame)
      aisles += [turn.frame.x - Self.aside, turn.frame.right + Self.aside]
    }
    let left = sheet.spots.map(\.frame.x).min() ?? 0
    // Two in the sheet's margin, so that no stage is wider than the others on that side.
    aisles = aisles.filter { $0 >= left } + [left - 4, left - 9]
    aisles.sort()
    floors = Set(sheet.spots.map(\.frame.bottom)).sorted()
    channels = Set(sheet.spots.flatMap { [$0.frame.y - Self.aside, $0.frame.bottom + Self.aside] }).sorted()
  }

  /// The gap between an arrow and a box beside it.
  private static let aside = 7.0

  mutating func add(to figure: inout Figure) {
    let (graph, sheet) = (context.graph, context.sheet)
    let panel = figure.regions.first { $0.id == "panel" }?.frame
    let isBeside = panel.map { $0.x > sheet.bounds.right } ?? false
    let bottom = isBeside ? sheet.bounds.bottom + 10 : panel?.y ?? sheet.bounds.bottom + 22
    // Nor on the other side: a panel below ends at the page's margin.
    if let panel, !isBeside { aisles.removeAll { $0 > panel.right + Self.aside - 1 } }
    let targets = sheet.spots.indices.filter { index in
      graph.nodes[sheet.spots[index].node].updated != nil && !context.isCopy(index)
    }
    for index in targets {
      let way = way(to: sheet.spots[index].frame, from: bottom)
      var corners = way
      if let panel, isBeside, let start = way.first {
        // From its left edge, below the sheet.
        corners = [Point(x: panel.x, y: bottom), Point(x: start.x, y: bottom)] + way.dropFirst()
      } else if let panel, let start = way.first, start.x > panel.right - 12 || start.x < panel.x + 12 {
        // The rule is elsewhere: along its upper edge to the parameter.
        let x = min(max(start.x, panel.x + 12), panel.right - 12)
        corners = [Point(x: x, y: bottom), Point(x: x, y: bottom - 9), Point(x: start.x, y: bottom - 9)]
        corners += way.dropFirst()
      }
      figure.arrows.append(
        Figure.Arrow(
          id: "update-\(graph.nodes[sheet.spots[index].node].id)", kind: .update, tail: "panel",
          head: context.spotID(index), path: Path(through: corners, radius: 6), line: .dotted,
          tint: .updateInk, width: 1.5))
    }
  }

  /// The corners of the path up to a box: straight, or along an aisle and in under the box.
  private mutating func way(to frame: Rectangle, from bottom: Double) -> [Point] {
    for offset in stride(from: 0.0, through: frame.width / 2 - 8, by: 9) {
      for x in offset == 0 ? [frame.center.x] : [frame.center.x - offset, frame.center.x + offset]
      where isOpen(x, from: frame.bottom + 1, to: bottom) {
        take(x, from: frame.bottom, to: bottom)
        return [Point(x: x, y: bottom), Point(x: x, y: frame.bottom)]
      }
    }
    for x in nearAisles(frame.center.x) {
      for below in [7.0, 10, 4] {
        let channel = frame.bottom + below
        let inside = min(max(x, frame.x + 10), frame.right - 10)
        let passage = Rectangle(
          x: min(x, inside) - 2, y: channel - 2, width: abs(x - inside) + 4, height: 4)
        guard isOpen(x, from: channel, to: bottom), !obstacles.touch(passage) else { continue }
        take(x, from: channel, to: bottom)
        return [
          Point(x: x, y: bottom), Point(x: x, y: channel), Point(x: inside, y: channel),
          Point(x: inside, y: frame.bottom),
        ]
      }
    }
    if let corners = wayAround(frame, from: bottom) ?? freeWay(to: frame, from: bottom) { return corners }
    // Boxes all around it: up beside the box.
    let x = frame.x - Self.aside
    return [Point(x: x, y: bottom), Point(x: x, y: frame.center.y), Point(x: frame.x, y: frame.center.y)]
  }

  /// In from the side, through a channel below the obstacles under the box.
  private mutating func wayAround(_ frame: Rectangle, from bottom: Double) -> [Point]? {
    let y = frame.center.y + frame.height / 4
    for floor in floors.drop(while: { $0 < frame.bottom }).prefix(Self.maxFloors) {
      let channel = floor + 6
      for (side, end) in [(frame.x - Self.aside - 2, frame.x), (frame.right + Self.aside + 2, frame.right)] {
        let rise = Rectangle(x: side - 3, y: y, width: 6, height: channel - y)
        guard channel < bottom, !obstacles.touch(rise) else { continue }
        for x in [side] + nearAisles(side) {
          let passage = Rectangle(x: min(x, side) - 2, y: channel - 2, width: abs(x - side) + 4, height: 4)
          guard isOpen(x, from: channel, to: bottom), !obstacles.touch(passage) else { continue }
          take(x, from: channel, to: bottom)
          return [
            Point(x: x, y: bottom), Point(x: x, y: channel), Point(x: side, y: channel), Point(x: side, y: y),
            Point(x: end, y: y),
          ]
        }
      }
    }
    return nil
  }

  /// Any way, in from below, from the sides or from above.
  private mutating func freeWay(to frame: Rectangle, from bottom: Double) -> [Point]? {
    let (middle, side) = (frame.center, frame.center.y + frame.height / 4)
    // Where it may end: beside the box, and at its edge.
    let doors = [
      (Point(x: middle.x, y: frame.bottom + Self.aside), Point(x: middle.x, y: frame.bottom), true),
      (Point(x: frame.x - Self.aside, y: side), Point(x: frame.x, y: side), false),
      (Point(x: frame.right + Self.aside, y: side), Point(x: frame.right, y: side), false),
      (Point(x: middle.x, y: frame.y - Self.aside), Point(x: middle.x, y: frame.y), true),
    ]
    let columns = Set(nearAisles(middle.x).prefix(Self.maxColumns) + doors.map(\.0.x)).sorted()
    let near = channels.filter { $0 < bottom - 1 }.sorted { (abs($0 - side), $0) < (abs($1 - side), $1) }
    let rowPlaces = Set(near.prefix(Self.maxRows) + doors.map(\.0.y)).sorted() + [bottom]
    let search = FreeWay(columns: columns, rows: rowPlaces, obstacles: obstacles, taken: taken)
    let ways = doors.compactMap { door, edge, isUpright in
      search.corners(to: door, isUpright: isUpright).map { $0 + [edge] }
    }
    func cost(_ way: [Point]) -> Double {
      zip(way, way.dropFirst()).reduce(Double(way.count) * 40) { $0 + $1.0.distance(to: $1.1) }
    }
    guard let best = ways.min(by: { cost($0) < cost($1) }) else { return nil }
    for (a, b) in zip(best, best.dropFirst()) {
      taken.append(
        Rectangle(
          x: min(a.x, b.x) - 1, y: min(a.y, b.y) - 1, width: abs(a.x - b.x) + 2, height: abs(a.y - b.y) + 2))
    }
    return best
  }

  private static let maxColumns = 80
  private static let maxRows = 100
  private static let maxAisles = 200
  private static let maxFloors = 12

  /// The aisles, nearest first.
  private func nearAisles(_ x: Double) -> [Double] {
    var right = aisles.firstIndex(from: x)
    var left = right - 1
    var near: [Double] = []
    while near.count < Self.maxAisles, left >= 0 || right < aisles.count {
      if right >= aisles.count || left >= 0 && x - aisles[left] <= aisles[right] - x {
        near.append(aisles[left])
        left -= 1
      } else {
        near.append(aisles[right])
        right += 1
      }
    }
    return near + (aisles.first.map { [$0] } ?? [])
  }

  /// Whether a level of the sheet can be reached straight from below.
  private func isOpen(_ x: Double, from top: Double, to bottom: Double) -> Bool {
    let corridor = Rectangle(x: x - 4, y: top, width: 8, height: max(bottom - top, 1))
    // Not along the edge of a lane.
    let isBeside = context.sheet.lanes.contains { lane in
      (abs(lane.x - x) < 4 || abs(lane.right - x) < 4) && lane.y < bottom && lane.bottom > top
    }
    return !isBeside && !obstacles.touch(corridor) && !taken.contains { $0.intersects(corridor) }
  }

  private mutating func take(_ x: Double, from top: Double, to bottom: Double) {
    taken.append(Rectangle(x: x - 1, y: top, width: 2, height: bottom - top))
  }
}

extension [Double] {
  /// The index of the first number at or above `bound` in a sorted list.
  fileprivate func firstIndex(from bound: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] >= bound { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
