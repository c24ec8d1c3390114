import GradvizDrawing

/// The room between two columns: which upright line each net gets.
struct Channel {
  /// What joins pins on the left with pins on the right.
  struct Net {
    var left: [Double]
    var right: [Double]
    var low: Double { Swift.min(left.min() ?? .infinity, right.min() ?? .infinity) }
    var high: Double { Swift.max(left.max() ?? -.infinity, right.max() ?? -.infinity) }
    var isStraight: Bool { high - low < 0.01 }
  }

  /// The track of each net, −1 where it runs straight through; track 0 is the leftmost.
  private(set) var tracks: [Int]
  private(set) var count = 0

  /// Pins nearer than this must not lie side by side.
  private static let least = 6.0
  /// Upright lines of one track are at least this far apart.
  private static let apart = 10.0
  /// Of more nets than these not every pair is compared.
  private static let maxCompared = 120

  init(_ nets: [Net]) {
    tracks = [Int](repeating: -1, count: nets.count)
    let bounds = nets.map { (low: $0.low, high: $0.high) }
    let turning = nets.indices.filter { !nets[$0].isStraight }
    // Those that go down stand the farther left the lower they are, those that go up the farther right.
    var order = turning.sorted {
      let (a, b) = (nets[$0], nets[$1])
      let (aFalls, bFalls) = (Self.falls(a), Self.falls(b))
      if aFalls != bFalls { return aFalls }
      return aFalls ? (bounds[$0].low, $0) > (bounds[$1].low, $1) : (bounds[$0].low, $0) < (bounds[$1].low, $1)
    }
    if order.count <= Self.maxCompared { order = Self.improved(order, nets) }
    var taken: [[(low: Double, high: Double)]] = []
    for net in order {
      let (low, high) = (bounds[net].low - Self.apart, bounds[net].high + Self.apart)
      var track = taken.count
      while track > 0, !taken[track - 1].contains(where: { $0.low < high && low < $0.high }) { track -= 1 }
      if track == taken.count { taken.append([]) }
      taken[track].append(bounds[net])
      tracks[net] = track
    }
    count = taken.count
  }

  private static func falls(_ net: Net) -> Bool {
    let left = net.left.reduce(0, +) / Double(Swift.max(net.left.count, 1))
    let right = net.right.reduce(0, +) / Double(Swift.max(net.right.count, 1))
    return left <= right
  }

  /// Each net where it crosses least of those before it.
  private static func improved(_ order: [Int], _ nets: [Net]) -> [Int] {
    var result: [Int] = []
    for net in order {
      var cost = 0
      // At the end first, then moving forwards.
      var (best, bestCost, position) = (result.count, 0, result.count)
      while position > 0 {
        position -= 1
        let other = result[position]
        cost += Self.cost(nets[net], before: nets[other]) - Self.cost(nets[other], before: nets[net])
        if cost < bestCost { (best, bestCost) = (position, cost) }
      }
      result.insert(net, at: best)
    }
    return result
  }

  /// The crossings if `a` stands left of `b`, and wires that would lie on one another.
  private static func cost(_ a: Net, before b: Net) -> Int {
    let (aLow, aHigh, bLow, bHigh) = (a.low, a.high, b.low, b.high)
    guard aLow < bHigh + least, bLow < aHigh + least else { return 0 }
    var cost = 0
    for pin in b.left where pin > aLow && pin < aHigh { cost += 1 }
    for pin in a.right where pin > bLow && pin < bHigh { cost += 1 }
    for pin in a.right { for other in b.left where abs(pin - other) < least { cost += 20 } }
    return cost
  }
}
