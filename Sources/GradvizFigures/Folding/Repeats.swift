import Autograd
import GradvizGraph

/// Parts of a graph that follow one another and are alike, as the steps of a loop.
struct Repeats {
  /// How many computed groups a part has, the first of the first part, and how many parts there are.
  var period: Int
  var start: Int
  var count: Int

  /// The computed groups of all parts but the first and the last.
  var inner: Range<Int> { start + period..<start + (count - 1) * period }

  /// Of fewer parts nothing is gained.
  private static let fewestParts = 4
  /// Of more computed groups it is not asked.
  private static let maxGroups = 2_000

  /// Returns the parts that leave out most; nil where none repeat often enough.
  ///
  /// - Parameter isAlike: whether two computed groups, so many places apart, are the same in two parts.
  init?(count groups: Int, isAlike: (_ place: Int, _ period: Int) -> Bool) {
    guard groups <= Self.maxGroups else { return nil }
    var best: Repeats?
    for period in 1...max(1, groups / Self.fewestParts) {
      var length = 0
      for place in 0..<max(groups - period, 0) {
        length = isAlike(place, period) ? length + 1 : 0
        guard length > 0 else { continue }
        let found = Repeats(period: period, start: place + 1 - length, count: length / period + 1)
        if found.count >= Self.fewestParts, found.inner.count > best?.inner.count ?? 0 { best = found }
      }
    }
    guard let best else { return nil }
    self = best
  }

  private init(period: Int, start: Int, count: Int) {
    (self.period, self.start, self.count) = (period, start, count)
  }
}

extension Partition {
  /// The parts between the first and the last of those that repeat, one box; what only they use is in it, or in one box
  /// for each place in a part; nil where nothing repeats, or samples are apart from one another.
  func repeatKeys() -> [Int]? {
    guard mergesLanes || LaneDivision(source).lanes.isEmpty else { return nil }
    let nodes = source.nodes
    let computed = groups.indices.filter { !nodes[groups[$0][0]].isLeaf || groups[$0].count > 1 && !isLeaf($0) }
    var place = [Int](repeating: -1, count: count)
    for (number, group) in computed.enumerated() { place[group] = number }
    func isSame(_ a: Int, _ b: Int) -> Bool {
      groups[a].count == groups[b].count
        && zip(groups[a], groups[b]).allSatisfy {
          nodes[$0].operation == nodes[$1].operation && nodes[$0].shape == nodes[$1].shape
            && nodes[$0].role == nodes[$1].role
        }
    }
    let found = Repeats(count: computed.count) { first, period in
      let (a, b) = (computed[first], computed[first + period])
      guard operands[a].count == operands[b].count, isSame(a, b) else { return false }
      return zip(operands[a], operands[b]).allSatisfy { one, other in
        if one == other { return true }
        return place[one] < 0 ? place[other] < 0 && isSame(one, other) : place[other] == place[one] + period
      }
    }
    guard let found else { return nil }
    let inner = Set(computed[found.inner])
    guard !inner.contains(where: { groups[$0].contains(source.loss ?? -1) }) else { return nil }
    var keys = [Int](repeating: -1, count: count)
    for group in computed[found.inner] { keys[group] = 0 }
    addOperands(of: computed, found, inner, to: &keys)
    return keys
  }

  private func isLeaf(_ group: Int) -> Bool { groups[group].allSatisfy { source.nodes[$0].isLeaf } }

  /// Leaves that nothing else uses: numbers in the program go into the box, others into one for their place in a part.
  private func addOperands(of computed: [Int], _ found: Repeats, _ inner: Set<Int>, to keys: inout [Int]) {
    var isUsedElsewhere = [Bool](repeating: false, count: count)
    for group in groups.indices where !inner.contains(group) {
      for operand in operands[group] { isUsedElsewhere[operand] = true }
    }
    for (number, group) in computed.enumerated() where inner.contains(group) {
      for (position, operand) in operands[group].enumerated()
      where isLeaf(operand) && !isUsedElsewhere[operand] && keys[operand] < 0 {
        let node = source.nodes[groups[operand][0]]
        let isInside = node.role == .constant && !node.isNamed
        let place = (number - found.start) % found.period
        keys[operand] = isInside ? 0 : 1 + place * Self.maxOperands + min(position, Self.maxOperands - 1)
      }
    }
  }

  private static let maxOperands = 1_000
}
