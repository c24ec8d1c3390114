/// An order of a tape's operations that is faster to replay than that of the recording: one window of the
/// recording after another, and within each, operations of the same kind that do not depend on each other are
/// grouped.
///
/// In recording order, the processor mispredicts which operation comes next, and a sum of many terms waits
/// for each of its additions. Here, it runs through a few hundred equal and independent operations at a time.
/// Windows keep the values in the nearest cache. (Level scheduling: Saad, *Iterative Methods for Sparse
/// Linear Systems*, 2nd ed., 2003, section 11.6.)
///
/// Values are equal to the last bit. Gradients are summed in a different order than in a reverse sweep, so
/// that their last bits may differ.
final class Schedule {
  /// The operation of a run of entries.
  enum Group: UInt8 {
    case add, subtract, multiply
    /// A product and the sum that takes it, see ``Tape/Kind``: two nodes in one entry, the second of which is
    /// the result. The other term is in ``Schedule/summands``.
    case productSum
    case relu, tanh, exp
    /// Operations that are rare in networks.
    case other
  }

  /// The operands of an entry; its result is in ``Schedule/results``.
  struct Operands {
    var a: Int32
    var b: Int32
  }

  struct Run {
    /// The first node of the window.
    var start: Int32
    private var first: Int32
    private var end: Int32
    /// The offset of the entries' summands, if they have any.
    var summands: Int32
    var group: Group
    /// Whether the loss depends on them: an infinite derivative then turns a gradient of 0 into 0 · ∞.
    var isReached: Bool

    init(_ group: Group, isReached: Bool, start: Int, entries: Range<Int>, summands: Int) {
      // All of them are less than the count of a tape, which is at most Int32.max.
      self.group = group
      self.isReached = isReached
      self.start = Int32(start)
      first = Int32(entries.lowerBound)
      end = Int32(entries.upperBound)
      self.summands = Int32(summands)
    }

    var entries: Range<Int> { Int(first)..<Int(end) }
  }

  struct Span {
    var runs: Range<Int>
    /// The lowest node that one of them reads, not counting leaves.
    var lowest: Int
  }

  /// The nodes of a window: the fastest of 2¹⁰ … 2¹⁶ for ordered and unordered graphs.
  static let window = 4096
  /// With fewer nodes, a schedule would save less than a microsecond.
  static let minCount = 1024
  /// With shorter runs, switching between runs costs what the schedule saves.
  static let minLength = 8

  /// The number of nodes on the tape, and the node whose gradients are computed.
  let count: Int
  let loss: Int
  /// Operands and results of all entries, 10 bytes per operation.
  let operands: UnsafeMutablePointer<Operands>
  /// Positions in the window.
  let results: UnsafeMutablePointer<UInt16>
  private(set) var runs: [Run] = []
  /// The windows in order.
  private(set) var windows: [Span] = []
  private(set) var summands: [Int32] = []

  /// - Returns: nil if a schedule would not be faster.
  /// - Complexity: O(operations recorded), which pays off after some ten replays.
  init?(_ tape: Tape, loss: Int) {
    count = tape.count
    self.loss = loss
    operands = .allocate(capacity: max(count, 1))
    results = .allocate(capacity: max(count, 1))
    guard count >= Self.minCount, tape.arrays.isEmpty else { return nil }
    let reached = ReachedNodes(tape, from: loss)
    var window = Window()
    var length = 0
    for start in stride(from: 0, to: count, by: Self.window) {
      window.sort(tape, start..<min(start + Self.window, count), reached)
      let firstRun = runs.count
      window.forEachRun { key, offsets in
        let group = Group(rawValue: key / 2) ?? .other
        runs.append(
          Run(
            group, isReached: key % 2 == 0, start: start, entries: length..<(length + offsets.count),
            summands: summands.count))
        forEach(of: offsets, spread: group == .productSum) { offset in
          results[length] = offset
          add(start + Int(offset), group, tape, at: length)
          length += 1
        }
      }
      windows.append(Span(runs: firstRun..<runs.count, lowest: window.lowest))
      if runs.count * Self.minLength > length { return nil }
    }
    // Trims excess capacity.
    runs = runs.map { $0 }
    summands = summands.map { $0 }
  }

  /// - Parameter spread: separates neighbors, which often have operands in common, such as the inputs of a
  ///   layer, since additions to the gradient of one operand must wait for each other.
  private func forEach(of offsets: ArraySlice<UInt16>, spread: Bool, _ body: (UInt16) -> Void) {
    guard spread else { return offsets.forEach(body) }
    let streams = 8
    let length = (offsets.count + streams - 1) / streams | 1
    for first in 0..<length {
      for place in stride(from: offsets.startIndex + first, to: offsets.endIndex, by: length) {
        body(offsets[place])
      }
    }
  }

  private func add(_ index: Int, _ group: Group, _ tape: Tape, at place: Int) {
    var record = tape.record(index)
    if group == .productSum {
      summands.append(record.a)
      record = tape.record(Int(record.b))
    }
    operands[place] = Operands(a: record.a, b: record.b)
  }

  /// The node that an entry computes.
  @inline(__always)
  func node(_ place: Int, _ run: Run) -> Int { Int(run.start) &+ Int(results[place]) }

  deinit {
    operands.deallocate()
    results.deallocate()
  }
}

/// Sorts the operations of a window by level, and within a level by kind.
private struct Window {
  private var levels = [UInt16](repeating: 0, count: Schedule.window)
  /// Twice the group, plus one if the loss does not depend on the node.
  private var keys = [UInt8](repeating: 0, count: Schedule.window)
  /// Offsets from the start of the window.
  private(set) var order: [UInt16] = []
  /// The lowest node that one of them reads, not counting leaves.
  private(set) var lowest = 0
  private var scratch: [UInt16] = []
  private var starts: [Int] = []

  mutating func sort(_ tape: Tape, _ range: Range<Int>, _ reached: ReachedNodes) {
    order.removeAll(keepingCapacity: true)
    var highest: UInt16 = 0
    lowest = range.lowerBound
    for index in range {
      let offset = index - range.lowerBound
      let record = tape.record(index)
      var level: UInt16 = 0
      tape.forEachOperand(of: index) { operand in
        if operand >= range.lowerBound {
          level = max(level, levels[operand - range.lowerBound])
        } else if operand < lowest, !tape.isLeaf(operand) {
          lowest = operand
        }
      }
      levels[offset] = level
      if record.kind == .leaf { continue }
      let isReached = reached.contains(index)
      // A product waits for its sum and is scheduled with it.
      if record.kind == .product, index + 1 < range.upperBound, reached.contains(index + 1) == isReached {
        continue
      }
      levels[offset] = level + 1
      highest = max(highest, level + 1)
      var group = record.group
      if record.kind == .productSum, index > range.lowerBound, reached.contains(index - 1) == isReached {
        levels[offset - 1] = level + 1
        group = .productSum
      }
      keys[offset] = group.rawValue * 2 + (isReached ? 0 : 1)
      order.append(UInt16(offset))
    }
    sort(by: keys, upTo: 255)
    sort(by: levels, upTo: Int(highest))
  }

  /// A stable counting sort.
  private mutating func sort(by key: [some FixedWidthInteger], upTo highest: Int) {
    starts.removeAll(keepingCapacity: true)
    starts.append(contentsOf: repeatElement(0, count: highest + 2))
    for offset in order { starts[Int(key[Int(offset)]) + 1] += 1 }
    for place in 1..<starts.count { starts[place] += starts[place - 1] }
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: order)
    for offset in order {
      let place = Int(key[Int(offset)])
      scratch[starts[place]] = offset
      starts[place] += 1
    }
    swap(&order, &scratch)
  }

  /// Calls `body` for the operations of each level and key, given as offsets from the start of the window.
  func forEachRun(_ body: (UInt8, ArraySlice<UInt16>) -> Void) {
    var start = 0
    while start < order.count {
      let first = Int(order[start])
      var end = start + 1
      while end < order.count, levels[Int(order[end])] == levels[first], keys[Int(order[end])] == keys[first] {
        end += 1
      }
      body(keys[first], order[start..<end])
      start = end
    }
  }
}

extension Tape.Record {
  fileprivate var group: Schedule.Group {
    switch (kind, operation) {
    case (.product, _), (.productSum, _), (.arithmetic, _):
      productMask != 0 ? .multiply : minusMask != 0 ? .subtract : .add
    case (.unary, .relu): .relu
    case (.unary, .tanh): .tanh
    case (.unary, .exp): .exp
    default: .other
    }
  }
}
