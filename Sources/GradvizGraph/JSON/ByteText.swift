import Autograd
import GradvizSystem

/// A growing UTF-8 text, used to write files with a million nodes.
///
/// An array of bytes checks at each append whether it is uniquely referenced and has capacity, which costs
/// more than appending the few bytes of a name.
package struct ByteText: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private var count = 0

  package init(capacity: Int) {
    self.capacity = max(capacity, 64)
    memory = .allocate(byteCount: self.capacity, alignment: 1)
  }

  deinit { memory.deallocate() }

  /// Returns the text without copying it.
  package consuming func data() -> Data {
    let data = Data(
      bytesNoCopy: memory, count: count, deallocator: .custom { memory, _ in memory.deallocate() })
    discard self
    return data
  }

  /// The text so far.
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

  /// The number of bytes.
  package var length: Int { count }

  /// Appends a copy of the bytes in `range`.
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

  /// Appends the shortest decimal that parses as the same number.
  package mutating func append(_ number: Double) {
    reserve(DecimalStream.room)
    var stream = DecimalStream(start: memory + count)
    number.write(to: &stream)
    count &+= stream.length
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

/// Writes the text of one number directly into memory.
///
/// `description` creates a string first, which is allocated on the heap for more than 15 digits: half as long
/// again.
private struct DecimalStream: TextOutputStream {
  /// More than the longest decimal of a `Double`: -2.2250738585072014e-308.
  static let room = 32

  let start: UnsafeMutableRawPointer
  var length = 0

  mutating func write(_ string: String) {
    var string = string
    string.withUTF8 { write($0) }
  }

  /// Called by the standard library instead of ``write(_:)`` when it has bytes rather than a string.
  ///
  /// Optional, for speed only.
  mutating func _writeASCII(_ bytes: UnsafeBufferPointer<UInt8>) { write(bytes) }

  @inline(__always)
  private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    precondition(length + bytes.count <= Self.room)
    (start + length).copyMemory(from: source, byteCount: bytes.count)
    length &+= bytes.count
  }
}
