import Autograd
import GradvizGraph

/// Divides a lane that is too wide for its sheet into rows, like the lines of a paragraph.
///
/// A row ends where only one value is used later, so that a single arrow leads to the next row.
struct LaneRows {
  /// The values of each row in evaluation order, top to bottom; a single row if there is no benefit.
  private(set) var rows: [[Int]]
  /// About how wide the widest of them becomes.
  private(set) var widest: Double

  /// Up to this many rows are balanced; if there are more, each is filled.
  private static let maxBalanced = 4
  /// With more possible breaks than this, they are not compared with each other.
  private static let maxParts = 60
  /// Above this number of rows, the figure is widened instead.
  private static let maxRows = 400

  /// - Parameters:
  ///   - nodes: the values of one lane in evaluation order.
  ///   - exported: those that are used after the lanes.
  ///   - room: the maximum width of a row in points.
  ///   - isLarge: whether the figure has too many boxes to be seen at once.
  ///   - merging: by value the one in whose box it stands.
  ///   - repeatsLeaves: whether a later row may draw a leaf of an earlier one again.
  /// - Complexity: O(nodes · values in a row), besides a bounded search for balanced rows.
  init(
    graph: ComputationGraph, nodes: [Int], exported: [Int], units: [Unit], rankGap: Double, room: Double,
    repeatsLeaves: Bool = false, isLarge: Bool = false, merging: [Int: Int] = [:]
  ) {
    // A lane and the room for it; there is no type between the composer and its rows that would hold them.
    rows = [nodes]
    let empty = RowWidth(graph: graph, nodes: nodes, units: units, rankGap: rankGap, merging: merging)
    func width(_ row: [Int]) -> Double { empty.with(row).total }
    widest = width(nodes)
    guard widest > room else { return }
    // In the order of evaluation; where that holds too much together, as a sum of all values behind the last of
    // them, with each operation where its operands are last used.
    let early = Self.early(graph, nodes)
    for (order, counts) in [
      (nodes, Self.lineCounts), (early, Self.lineCounts), (nodes, Self.manyLineCounts),
      (early, Self.manyLineCounts),
    ] {
      // One line between two rows where that is enough; a value that is used far behind, as in a residual,
      // takes more.
      for lines in counts {
        let ends = Self.ends(graph, order, exported: exported, repeatsLeaves: repeatsLeaves, lines: lines)
        guard !ends.isEmpty else { continue }
        // Operations up to each possible end; the leaves go where they are used first.
        let parts = Self.parts(graph, order, bounds: [0] + ends.map { $0 + 1 } + [nodes.count])
        guard let wrapped = Self.wrapped(parts, room: room, empty: empty) else { continue }
        let wrappedWidth = wrapped.map(width).max() ?? 0
        // A large figure is scrolled anyway: a row more has to be worth it. So has a line more.
        let gain = lines > Self.maxSingleLines ? 0.5 : lines > 1 ? (isLarge ? 0.7 : 0.9) : isLarge ? 0.6 : 1
        if wrappedWidth <= gain * widest || !isLarge && wrappedWidth <= room && widest > room {
          rows = wrapped
          widest = wrappedWidth
        }
        if widest <= (isLarge ? 1.25 : 1) * room { return }
      }
    }
  }

  /// More values of other rows than these come to one operation on one line.
  static let maxSingleLines = 5

  /// The values with each operation right behind its operands where it is the last to use one of them: between two
  /// neighbors no more of them are needed later than in the order of evaluation.
  ///
  /// - Complexity: O(nodes + operands)
  private static func early(_ graph: ComputationGraph, _ nodes: [Int]) -> [Int] {
    let own = Set(nodes)
    var users: [Int: [Int]] = [:]
    // What is left to be placed: of each operation its operands, of each value its users.
    var (missing, waiting): ([Int: Int], [Int: Int]) = ([:], [:])
    for node in nodes {
      for operand in Set(graph.nodes[node].operands).sorted()
      where own.contains(operand) && !graph.nodes[operand].isLeaf {
        users[operand, default: []].append(node)
        missing[node, default: 0] += 1
        waiting[operand, default: 0] += 1
      }
    }
    var result: [Int] = []
    result.reserveCapacity(nodes.count)
    var isPlaced = Set<Int>()
    for first in nodes {
      var stack = [first]
      while let node = stack.popLast() {
        guard isPlaced.insert(node).inserted else { continue }
        result.append(node)
        guard !graph.nodes[node].isLeaf else { continue }
        for operand in Set(graph.nodes[node].operands).sorted() { waiting[operand]? -= 1 }
        for user in (users[node] ?? []).reversed() {
          missing[user]? -= 1
          guard missing[user] == 0 else { continue }
          if graph.nodes[user].operands.contains(where: { waiting[$0] == 1 }) { stack.append(user) }
        }
      }
    }
    return result
  }

  /// How many lines may go on from a row, tried in this order.
  private static let lineCounts = [1, 2, 3, 5]
  /// And where the figure is half as wide with them.
  private static let manyLineCounts = [20, 60]

  /// Arranges the parts in rows; returns nil if they stay in one.
  private static func wrapped(_ parts: [[Int]], room: Double, empty: RowWidth) -> [[Int]]? {
    func row(_ parts: ArraySlice<[Int]>) -> [Int] { parts.flatMap { $0 }.sorted() }
    // The space beside the lanes may be all there is.
    var room = max(room, 1)
    var divided = filled(parts, room: room, empty: empty)
    while divided.count > maxRows {
      room *= 1.5
      divided = filled(parts, room: room, empty: empty)
    }
    if parts.count <= maxParts, let balanced = balanced(parts, room: room, empty: empty) {
      // Balanced rows, if few are enough.
      func widest(_ division: [Range<Int>]) -> Double {
        division.map { empty.with(parts[$0].joined()).total }.max() ?? 0
      }
      if divided.count <= maxBalanced || widest(balanced) <= max(room, widest(divided)) {
        divided = balanced
      }
    }
    return divided.count > 1 ? divided.map { row(parts[$0]) } : nil
  }

  /// Fills each row with parts until it is full.
  private static func filled(_ parts: [[Int]], room: Double, empty: RowWidth) -> [Range<Int>] {
    var rows: [Range<Int>] = []
    var start = 0
    var width = empty
    for (index, part) in parts.enumerated() {
      width.add(part)
      guard index > start, width.total > room else { continue }
      rows.append(start..<index)
      start = index
      width = empty.with(part)
    }
    return rows + [start..<parts.count]
  }

  /// The fewest rows that fit, at most four, with the widest as narrow as it can be; where none fit, the narrowest.
  ///
  /// By dynamic programming, as TeX breaks paragraphs (Knuth & Plass, "Breaking paragraphs into lines", 1981).
  private static func balanced(
    _ parts: [[Int]], room: Double, empty: RowWidth
  ) -> [Range<Int>]? {
    // best[k][j]: the minimum width of the widest of k rows that contain the first j parts.
    let count = parts.count
    var best = [[Double]](
      repeating: [Double](repeating: .infinity, count: count + 1), count: maxBalanced + 1)
    var from = [[Int]](repeating: [Int](repeating: 0, count: count + 1), count: maxBalanced + 1)
    best[0][0] = 0
    let widths = (0..<count).map { first -> [Double] in
      var width = empty
      return parts[first...].map { part in
        width.add(part)
        return width.total
      }
    }
    for rowCount in 1...maxBalanced {
      for last in 1...count {
        for first in 0..<last where best[rowCount - 1][first].isFinite {
          let widest = max(best[rowCount - 1][first], widths[first][last - first - 1])
          // Of equal divisions, the one with longer first rows, as in text.
          if widest < best[rowCount][last] - 0.5
            || widest <= best[rowCount][last] + 0.5 && first > from[rowCount][last]
          {
            best[rowCount][last] = widest
            from[rowCount][last] = first
          }
        }
      }
      if best[rowCount][count] <= room { break }
    }
    let fitting = (1...maxBalanced).first { best[$0][count] <= room }
    let narrowest = (1...maxBalanced).min { best[$0][count] < best[$1][count] - 40 } ?? 1
    let chosen = fitting ?? narrowest
    guard best[chosen][count].isFinite else { return nil }
    var rows: [Range<Int>] = []
    var end = count
    for rowCount in stride(from: chosen, to: 0, by: -1) {
      rows.insert(from[rowCount][end]..<end, at: 0)
      end = from[rowCount][end]
    }
    return rows
  }

  /// The positions in `nodes` after which a row may end: of what came so far at most `lines` values are used
  /// later, the last of them among these, and no leaf of the lane is needed on both sides, unless it may be
  /// drawn again.
  private static func ends(
    _ graph: ComputationGraph, _ nodes: [Int], exported: [Int], repeatsLeaves: Bool, lines: Int
  ) -> [Int] {
    let position = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    var firstUse = [Int](repeating: .max, count: nodes.count)
    var lastUse = [Int](repeating: -1, count: nodes.count)
    // By value the last use at all, and in `lastUse` that on a line of its own.
    var isUsedLater = lastUse
    for (user, node) in nodes.enumerated() {
      let operands = graph.nodes[node].operands
      let collects = Set(operands.filter { !graph.nodes[$0].isLeaf }).count > maxSingleLines
      for operand in operands {
        guard let used = position[operand] else { continue }
        firstUse[used] = min(firstUse[used], user)
        isUsedLater[used] = max(isUsedLater[used], user)
        if !collects || graph.nodes[operand].isLeaf { lastUse[used] = max(lastUse[used], user) }
      }
    }
    for node in exported { if let own = position[node] { lastUse[own] = .max } }
    // The number of live values after each position: a value from its own position on, a leaf from its first
    // use.
    var changes = [Int](repeating: 0, count: nodes.count + 1)
    for own in nodes.indices where lastUse[own] >= 0 {
      let isLeaf = graph.nodes[nodes[own]].isLeaf
      if isLeaf, repeatsLeaves { continue }
      let begin = isLeaf ? firstUse[own] : own
      guard begin < nodes.count else { continue }
      // A leaf that may not be drawn again keeps its users together.
      let count = isLeaf ? 1 << 30 : 1
      changes[begin] += count
      if lastUse[own] < nodes.count { changes[lastUse[own]] -= count }
    }
    var alive = 0
    var result: [Int] = []
    for own in nodes.indices.dropLast() {
      alive += changes[own]
      if alive <= lines, !graph.nodes[nodes[own]].isLeaf, lastUse[own] < .max, isUsedLater[own] > own {
        result.append(own)
      }
    }
    return result
  }

  /// The nodes between two bounds, where a leaf belongs to the part that uses it first.
  private static func parts(_ graph: ComputationGraph, _ nodes: [Int], bounds: [Int]) -> [[Int]] {
    var parts = [[Int]](repeating: [], count: bounds.count - 1)
    var isPlaced = Set<Int>()
    let own = Set(nodes)
    for part in parts.indices {
      for node in nodes[bounds[part]..<bounds[part + 1]] where !graph.nodes[node].isLeaf {
        for operand in graph.nodes[node].operands
        where own.contains(operand) && graph.nodes[operand].isLeaf
          && isPlaced.insert(operand).inserted
        {
          parts[part].append(operand)
        }
        parts[part].append(node)
      }
    }
    parts[parts.count - 1] += nodes.filter { graph.nodes[$0].isLeaf && !isPlaced.contains($0) }
    return parts
  }
}
