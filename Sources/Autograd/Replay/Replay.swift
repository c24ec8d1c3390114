extension Tape {
  /// Recomputes every node from the current values of the leaves, without recording.
  ///
  /// The second replay of a large scalar recording finds a faster order of its operations, at 11 bytes for each; all
  /// others allocate nothing.
  ///
  /// - Complexity: O(operations recorded).
  public func replay() {
    computedBeforeChange = 0
    if let schedule = scheduleForReplay() { return schedule.replay(self) }
    let storage = storage.pointee
    let (records, values) = (storage.records, storage.values)
    var index = 0
    while index < storage.count {
      switch records[index].kind {
      case .product: index = replayWeightedSum(index, records, values)
      case .arithmetic:
        let record = records[index]
        values[index] = record.arithmetic(values[Int(record.a)], values[Int(record.b)])
      default: evaluate(index)
      }
      index &+= 1
    }
  }

  /// Computes one node from the current values of its operands.
  @inline(__always)
  func evaluate(_ index: Int) {
    let values = storage.pointee.values
    let record = storage.pointee.records[index]
    switch record.kind {
    case .arithmetic, .product, .productSum:
      values[index] = record.arithmetic(values[Int(record.a)], values[Int(record.b)])
    case .leaf, .arrayLeaf: break
    case .unary: values[index] = ElementRules.value(record.operation, values[Int(record.a)])
    case .binary:
      values[index] = ElementRules.value(record.operation, values[Int(record.a)], values[Int(record.b)])
    case .power: values[index] = ElementRules.power(values[Int(record.a)], exponents[Int(record.b)])
    case .list: values[index] = value(ofList: record)
    case .reduction, .array: evaluateArray(index)
    }
  }

  /// The schedule of the current recording; nil if it has none, or is replayed for the first time.
  private func scheduleForReplay() -> Schedule? {
    if replayed.count != count {
      replayed = (count, 0)
      schedule = nil
    }
    replayed.times += 1
    if replayed.times == 2, schedule == nil, sweepState.start >= 0 { schedule = Schedule(self, loss: sweepState.start) }
    return schedule
  }

  /// Schedules the operations for many replays and sweeps from `loss`.
  func makeSchedule(loss: Int) {
    replayed = (count, 2)
    schedule = Schedule(self, loss: loss)
  }

  /// Computes alternating products and sums as long as each sum extends the previous one, which stays in a
  /// register.
  ///
  /// - Returns: the last sum.
  @inline(__always)
  private func replayWeightedSum(
    _ first: Int, _ records: UnsafeMutablePointer<Record>, _ values: UnsafeMutablePointer<Double>
  ) -> Int {
    var index = first
    var sum = values[Int(records[index &+ 1].a)]
    while true {
      let record = records[index]
      let product = values[Int(record.a)] * values[Int(record.b)]
      values[index] = product
      sum += product
      values[index &+ 1] = sum
      let next = index &+ 2
      // A product is followed by its sum.
      guard next < count, records[next].kind == .product, Int(records[next &+ 1].a) == index &+ 1 else {
        return index &+ 1
      }
      index = next
    }
  }

  func value(ofList record: Record) -> Double {
    withOperands(ofList: record) { operands in
      ElementRules.value(record.operation, of: operands, count: operands.count)
    }
  }

  /// The numbers of an operation with many operands.
  @inline(__always)
  func withOperands<Result>(ofList record: Record, _ body: (ListedNumbers) -> Result) -> Result {
    operandLists.withUnsafeBufferPointer { lists in
      body(
        ListedNumbers(
          places: UnsafeBufferPointer(rebasing: lists[Int(record.a)..<Int(record.a + record.b)]),
          values: storage.pointee.values))
    }
  }
}

/// The values of listed nodes, in order.
struct ListedNumbers: Sequence {
  let places: UnsafeBufferPointer<Int32>
  let values: UnsafePointer<Double>

  var count: Int { places.count }

  func makeIterator() -> Iterator { Iterator(places: places.makeIterator(), values: values) }

  struct Iterator: IteratorProtocol {
    var places: UnsafeBufferPointer<Int32>.Iterator
    let values: UnsafePointer<Double>

    mutating func next() -> Double? { places.next().map { values[Int($0)] } }
  }
}
