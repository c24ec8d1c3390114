/// Sorts the operations of a window by level, and within a level by kind.
struct ScheduleWindow {
  private var levels = [UInt16](repeating: 0, count: Schedule.window)
  /// Twice the group, plus one if the loss does not depend on the node.
  private var keys = [UInt8](repeating: 0, count: Schedule.window)
  /// For the last node of a weighted sum, how many products it has.
  private(set) var counts = [UInt16](repeating: 0, count: Schedule.window)
  /// Offsets from the start of the window.
  private(set) var order: [UInt16] = []
  /// The lowest node that one of them reads, not counting leaves.
  private(set) var lowest = 0
  private var scratch: [UInt16] = []
  private var starts: [Int] = []
  private var range = 0..<0
  private var highest: UInt16 = 0
  /// The weighted sum that the next nodes may extend: its nodes, and the highest level of what it reads.
  private var sum: (nodes: Range<Int>, level: UInt16, key: UInt8)?

  mutating func sort(_ tape: Tape, _ range: Range<Int>, _ reached: ReachedNodes) {
    order.removeAll(keepingCapacity: true)
    (self.range, highest, lowest) = (range, 0, range.lowerBound)
    for index in range {
      let record = tape.record(index)
      if record.kind == .leaf {
        endSum()
        levels[index - range.lowerBound] = 0
        continue
      }
      let isReached = reached.contains(index)
      // A product waits for its sum and is scheduled with it.
      if record.kind == .product, index + 1 < range.upperBound, reached.contains(index + 1) == isReached { continue }
      if record.kind == .productSum, index > range.lowerBound, reached.contains(index - 1) == isReached {
        add(weightedSum: index, tape, isReached)
        continue
      }
      endSum()
      var level: UInt16 = 0
      tape.forEachOperand(of: index) { level = max(level, self.level(of: $0, tape)) }
      place(index..<(index + 1), level: level, key: record.group.rawValue * 2 + (isReached ? 0 : 1))
    }
    endSum()
    sort(by: keys, upTo: 255)
    sort(by: levels, upTo: Int(highest))
  }

  /// The level of an operand; 0 outside the window.
  private mutating func level(of operand: Int, _ tape: Tape) -> UInt16 {
    if operand >= range.lowerBound { return levels[operand - range.lowerBound] }
    if operand < lowest, !tape.isLeaf(operand) { lowest = operand }
    return 0
  }

  /// A product, and the sum right after it, which may extend a weighted sum.
  private mutating func add(weightedSum index: Int, _ tape: Tape, _ isReached: Bool) {
    let (product, summand) = (tape.record(index - 1), Int(tape.record(index).a))
    let (a, b) = (Int(product.a), Int(product.b))
    let key = Schedule.Group.productSum.rawValue * 2 + (isReached ? 0 : 1)
    if let sum, sum.key == key, sum.nodes.upperBound == index - 1, summand == index - 2,
      !sum.nodes.contains(a), !sum.nodes.contains(b)
    {
      let level = max(sum.level, level(of: a, tape), level(of: b, tape))
      self.sum = (sum.nodes.lowerBound..<(index + 1), level, key)
      return
    }
    endSum()
    let level = max(level(of: a, tape), level(of: b, tape), level(of: summand, tape))
    sum = ((index - 1)..<(index + 1), level, key)
  }

  /// Places the weighted sum, which is complete.
  private mutating func endSum() {
    guard let sum else { return }
    counts[sum.nodes.upperBound - 1 - range.lowerBound] = UInt16(sum.nodes.count / 2)
    place(sum.nodes, level: sum.level, key: sum.key)
    self.sum = nil
  }

  /// Places nodes as one, after all that they read.
  private mutating func place(_ nodes: Range<Int>, level: UInt16, key: UInt8) {
    for node in nodes { levels[node - range.lowerBound] = level + 1 }
    highest = max(highest, level + 1)
    let offset = nodes.upperBound - 1 - range.lowerBound
    keys[offset] = key
    order.append(UInt16(offset))
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
