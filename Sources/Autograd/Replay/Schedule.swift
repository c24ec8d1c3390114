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
    /// Weighted sums: alternating products and the sums that take them, see ``Tape/Kind``. An entry is one of both, and
    /// a ``Chain`` the entries of one weighted sum.
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

  /// Products and sums one after another, where each sum extends the one before.
  struct Chain {
    /// The first product.
    var first: Int32
    /// What the first sum adds it to.
    var summand: Int32
    var count: Int32
  }

  struct Run {
    /// The first node of the window.
    var start: Int32
    private var first: Int32
    private var end: Int32
    private var firstChain: Int32
    private var endChain: Int32
    var group: Group
    /// Whether the loss depends on them: an infinite derivative then turns a gradient of 0 into 0 · ∞.
    var isReached: Bool

    init(_ group: Group, isReached: Bool, start: Int, entries: Range<Int>, chains: Range<Int>) {
      // All of them are less than the count of a tape, which is at most Int32.max.
      self.group = group
      self.isReached = isReached
      self.start = Int32(start)
      first = Int32(entries.lowerBound)
      end = Int32(entries.upperBound)
      firstChain = Int32(chains.lowerBound)
      endChain = Int32(chains.upperBound)
    }

    var entries: Range<Int> { Int(first)..<Int(end) }
    var chains: Range<Int> { Int(firstChain)..<Int(endChain) }
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
  private(set) var chains: [Chain] = []

  /// - Returns: nil if a schedule would not be faster.
  /// - Complexity: O(operations recorded), which pays off after some ten replays.
  init?(_ tape: Tape, loss: Int) {
    count = tape.count
    self.loss = loss
    operands = .allocate(capacity: max(count, 1))
    results = .allocate(capacity: max(count, 1))
    guard count >= Self.minCount, tape.arrays.isEmpty else { return nil }
    let reached = ReachedNodes(tape, from: loss)
    var window = ScheduleWindow()
    var length = 0
    for start in stride(from: 0, to: count, by: Self.window) {
      window.sort(tape, start..<min(start + Self.window, count), reached)
      let firstRun = runs.count
      window.forEachRun { key, offsets in
        let group = Group(rawValue: key / 2) ?? .other
        let (first, firstChain) = (length, chains.count)
        for offset in offsets {
          let index = start + Int(offset)
          if group == .productSum {
            add(weightedSum: index, count: Int(window.counts[Int(offset)]), tape, at: &length)
          } else {
            let record = tape.record(index)
            operands[length] = Operands(a: record.a, b: record.b)
            results[length] = offset
            length += 1
          }
        }
        runs.append(
          Run(
            group, isReached: key % 2 == 0, start: start, entries: first..<length,
            chains: firstChain..<chains.count))
      }
      windows.append(Span(runs: firstRun..<runs.count, lowest: window.lowest))
      if runs.count * Self.minLength > length { return nil }
    }
    // Trims excess capacity.
    runs = runs.map { $0 }
    chains = chains.map { $0 }
  }

  /// Adds the entries of a weighted sum, given by its last node.
  private func add(weightedSum last: Int, count: Int, _ tape: Tape, at length: inout Int) {
    let first = last + 1 - 2 * count
    chains.append(Chain(first: Int32(first), summand: tape.record(first + 1).a, count: Int32(count)))
    for product in stride(from: first, to: last, by: 2) {
      let record = tape.record(product)
      operands[length] = Operands(a: record.a, b: record.b)
      length += 1
    }
  }

  /// The node that an entry computes.
  @inline(__always)
  func node(_ place: Int, _ run: Run) -> Int { Int(run.start) &+ Int(results[place]) }

  deinit {
    operands.deallocate()
    results.deallocate()
  }
}
