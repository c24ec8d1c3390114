import Foundation

/// UTF-8 text that grows at its end: what files of a million nodes are written into.
///
/// An array of bytes asks at each append whether it is shared and whether it has room, which costs more than the
/// few bytes of a name.
package struct ByteText: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private var count = 0

  package init(capacity: Int) {
    self.capacity = max(capacity, 64)
    memory = .allocate(byteCount: self.capacity, alignment: 1)
  }

  deinit { memory.deallocate() }

  /// The text so far.
  package var data: Data { Data(bytes: memory, count: count) }
  package var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: memory, count: count)) }

  @inline(__always)
  package mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  package mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// How many bytes there are.
  package var length: Int { count }

  /// Writes once more what stands at `range`.
  package mutating func appendAgain(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    reserve(range.count)
    (memory + count).copyMemory(from: memory + range.lowerBound, byteCount: range.count)
    count &+= range.count
  }

  @inline(__always)
  package mutating func append(_ byte: UInt8) {
    reserve(1)
    memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  @inline(__always)
  package mutating func append(_ number: Int) {
    if number < 0 { return append(number.description) }
    reserve(20)
    var length = 1
    var bound = 10
    while length < 19, number >= bound {
      length += 1
      bound = length < 19 ? bound &* 10 : bound
    }
    var rest = number
    for place in (0..<length).reversed() {
      memory.storeBytes(of: UInt8(48 + rest % 10), toByteOffset: count &+ place, as: UInt8.self)
      rest /= 10
    }
    count &+= length
  }

  @inline(__always)
  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    (memory + count).copyMemory(from: start, byteCount: bytes.count)
    count &+= bytes.count
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if count + more > capacity { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(capacity * 2, count + more)
    let new = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 1)
    new.copyMemory(from: memory, byteCount: count)
    memory.deallocate()
    memory = new
    capacity = larger
  }
}
