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
  /// See ``Tape/Record/makeTemplates()``.
  let templates = Tape.Record.makeTemplates()

  init() {
    capacity = 32
    records = Self.resize(nil, to: capacity)
    values = Self.resize(nil, to: capacity)
    gradients = Self.resize(nil, to: 1)
    gradientCapacity = 1
  }

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
    count = 0
    gradientCount = 0
    guard !keepingCapacity else { return }
    deallocate()
    self = TapeStorage()
  }

  func deallocate() {
    free(records)
    free(values)
    free(gradients)
    templates.deallocate()
  }
}
