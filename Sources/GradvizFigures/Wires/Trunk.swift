import GradvizDrawing

/// The wires of one net in a channel: the first begins at the net's own pin, the others where they leave it.
enum Trunk {
  /// - Parameters:
  ///   - track: where the trunk stands; nil where all run straight.
  ///   - ends: the pins on the other side, in any order; `first`: the one whose wire is to be whole, if any.
  static func wires(
    from start: Point, track: Double?, to ends: [Point], first: Int? = nil
  ) -> [(points: [Point], joins: Bool)] {
    guard let track else {
      // Those that turn off behind the channel do so there.
      return ends.indices.map { $0 == first ?? 0 ? ([start, ends[$0]], false) : ([], true) }
    }
    var wires = [(points: [Point], joins: Bool)](repeating: ([], false), count: ends.count)
    let order = ends.indices.sorted { a, b in
      func key(_ one: Int) -> (Int, Double, Int) { (one == first ? 0 : 1, abs(ends[one].y - start.y), one) }
      return key(a) < key(b)
    }
    var covered: (low: Double, high: Double)?
    for one in order {
      let end = ends[one]
      let turn = Point(x: track, y: end.y)
      guard let now = covered else {
        covered = (min(start.y, end.y), max(start.y, end.y))
        wires[one].points =
          abs(end.y - start.y) < 0.01 ? [start, end] : [start, Point(x: track, y: start.y), turn, end]
        continue
      }
      covered = (min(now.low, end.y), max(now.high, end.y))
      let leaves = min(max(end.y, now.low), now.high)
      wires[one] = (abs(leaves - end.y) < 0.01 ? [turn, end] : [Point(x: track, y: leaves), turn, end], true)
    }
    return wires
  }
}
