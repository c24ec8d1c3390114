import GradvizSystem

/// The memory of a tape: records and values of all nodes in order, 20 bytes per node, and 8 more for its
/// gradient after a backward pass.
///
/// This is the only raw memory for scalars. Arrays in a class would be checked for exclusive access and for
/// bounds at every operation, which costs more than the operation itself; memory behind a constant pointer is
/// not. ``Tape`` passes in only indices that it returned, checked against ``count``.
struct TapeStorage {
  private(set) var count = 0
  private var capacity = 0
  private(set) var records: UnsafeMutablePointer<Tape.Record>
  private(set) var values: UnsafeMutablePointer<Double>
  /// Gradients of the first ``gradientCount`` nodes.
  private(set) var gradients: UnsafeMutablePointer<Double>
  private(set) var gradientCount = 0
  private var gradientCapacity = 0
  /// The roles of leaves without a name that ``Tape/labels`` does not have yet: a program that records itself again in
  /// each step never asks for them.
  var newRoles = ContiguousArray<NewRole>()
  /// See ``Tape/Record/makeTemplates()``.
  let templates = Tape.Record.makeTemplates()
  /// The number of the recording, which its values carry: it counts up when the tape is emptied, and when it is gone.
  private(set) var number: UInt32 = 0
  /// The number with which the tape began.
  private var firstNumber: UInt32 = 0
  /// The tape; nil after it is gone.
  var tape: Unmanaged<Tape>?

  struct NewRole {
    var index: Int32
    var role: Role
  }

  init() {
    records = Self.resize(nil, to: Self.minCapacity)
    values = Self.resize(nil, to: Self.minCapacity)
    gradients = Self.resize(nil, to: 1)
    (capacity, gradientCapacity) = (Self.minCapacity, 1)
  }

  private static let minCapacity = 32

  /// Grows in place if the system can remap pages instead of copying them.
  private static func resize<Element>(
    _ memory: UnsafeMutablePointer<Element>?, to count: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let new = realloc(memory, count * MemoryLayout<Element>.stride) else {
      // Fails like Swift's own arrays; the limits of programs and graphs keep untrusted files from causing
      // this.
      fatalError("no memory for a tape of \(count) operations")
    }
    return new.assumingMemoryBound(to: Element.self)
  }

  @inline(__always)
  mutating func append(_ record: Tape.Record, _ value: Double) -> Int {
    if isFull { grow() }
    return appendWithoutGrowing(record, value)
  }

  /// Whether the next record needs more memory.
  @inline(__always)
  var isFull: Bool { count == capacity }

  /// - Precondition: it is not full.
  @inline(__always)
  mutating func appendWithoutGrowing(_ record: Tape.Record, _ value: Double) -> Int {
    (records + count).initialize(to: record)
    (values + count).initialize(to: value)
    count &+= 1
    return count &- 1
  }

  /// Marks the record at `index`, if it is a product, and the sum right after it, which takes it last, as
  /// parts of a weighted sum.
  @inline(__always)
  func pairProduct(_ index: Int) {
    guard records[index].kind == .arithmetic, records[index].productMask != 0 else { return }
    records[index].kind = .product
    records[index &+ 1].kind = .productSum
  }

  @inline(never)
  mutating func grow() {
    precondition(capacity < Int(Int32.max), "a tape holds at most \(Int32.max) operations")
    capacity = min(capacity * 2, Int(Int32.max))
    records = Self.resize(records, to: capacity)
    values = Self.resize(values, to: capacity)
  }

  /// The gradient of a node from the last backward pass; 0 before one.
  func gradient(_ index: Int) -> Double { index < gradientCount ? gradients[index] : 0 }

  /// Sets the gradients of all nodes to 0.
  mutating func clearGradients() {
    if gradientCapacity < count {
      free(gradients)
      gradients = Self.resize(nil, to: count)
      gradientCapacity = count
    }
    gradientCount = count
    gradients.initialize(repeating: 0, count: count)
  }

  mutating func removeAll(keepingCapacity: Bool) {
    number &+= 1
    count = 0
    gradientCount = 0
    newRoles.removeAll(keepingCapacity: keepingCapacity)
    guard !keepingCapacity else { return }
    release()
    allocate()
  }

  // MARK: The tape's life

  /// Frees what the tape has recorded, when it is gone.
  mutating func close() {
    number &+= 1
    (count, gradientCount) = (0, 0)
    newRoles = []
    tape = nil
    release()
  }

  /// Begins a tape where another one was.
  mutating func renew() {
    firstNumber = number
    allocate()
  }

  /// Whether a value with that number was recorded by the tape that is here, before it was emptied.
  func wasEmptied(since number: UInt32) -> Bool { tape != nil && number &- firstNumber < self.number &- firstNumber }

  private mutating func allocate() {
    records = Self.resize(nil, to: Self.minCapacity)
    values = Self.resize(nil, to: Self.minCapacity)
    gradients = Self.resize(nil, to: 1)
    (capacity, gradientCapacity) = (Self.minCapacity, 1)
  }

  private func release() {
    free(records)
    free(values)
    free(gradients)
  }
}
