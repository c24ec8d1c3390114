import Autograd
import GradvizSystem

/// Decodes JSON (RFC 8259) from its bytes, value by value, without building a tree; the stack is only as deep
/// as the decoded types.
///
/// Also accepts the words `NaN`, `Infinity` and `-Infinity`, which Python writes.
package struct JSONReader {
  private enum Step {
    case member(String)
    case item(Int)
  }

  let bytes: [UInt8]
  var offset = 0
  private var path: [Step] = []

  /// - Throws: if the bytes exceed the limits, or are not one JSON value, with line and column.
  package init(_ data: Data, limits: Limits) throws(GraphFormatError) {
    try JSONSize.check(data, limits)
    bytes = Array(data)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    var whole = self
    try whole.skip()
    whole.skipSpace()
    if let more = whole.next { throw whole.fail("expected the end of the file, found \(Self.sign(more))") }
  }

  // MARK: Errors

  /// An error at the current position, or at `offset`.
  package func fail(_ message: String, at offset: Int? = nil) -> GraphFormatError {
    let end = min(offset ?? self.offset, bytes.count)
    var line = 1
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for index in start..<max(start, end) where bytes[index] == 0x0A || bytes[index] == 0x0D {
      if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
      line += 1
      start = index + 1
    }
    // Counts characters, not continuation bytes.
    let column = 1 + bytes[min(start, end)..<end].count { $0 & 0xC0 != 0x80 }
    return GraphFormatError(path: pathText, message: message, place: .init(line: line, column: column))
  }

  private var pathText: String {
    path.reduce("") { text, step in
      switch step {
      case .item(let index): "\(text)[\(index)]"
      case .member(let name): text.isEmpty ? name : "\(text).\(name)"
      }
    }
  }

  func expected(_ what: String) -> GraphFormatError {
    guard let byte = next else { return fail("expected \(what), found the end of the file") }
    return fail("expected \(what), found \(Self.sign(byte))")
  }

  private static func sign(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "{"): "an object"
    case UInt8(ascii: "["): "a list"
    case UInt8(ascii: "\""): "a string"
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): "a number"
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): "a word"
    case 0x21...0x7E: "`\(Character(Unicode.Scalar(byte)))`"
    default: "this"
    }
  }

  // MARK: Bytes

  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: sign) else { return false }
    offset += 1
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    skipSpace()
    let end = offset + word.utf8CodeUnitCount
    guard end <= bytes.count,
      word.withUTF8Buffer({ expected in expected.elementsEqual(bytes[offset..<end]) }),
      end == bytes.count || !Self.continuesWord(bytes[end])
    else { return false }
    offset = end
    return true
  }

  private static func continuesWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  // MARK: Values

  /// The offset of the next value.
  package mutating func start() -> Int {
    skipSpace()
    return offset
  }

  /// Whether a list, an object, a string or a number comes next, by its first byte.
  package mutating func begins(with sign: Unicode.Scalar) -> Bool {
    skipSpace()
    return next == UInt8(ascii: sign)
  }

  /// `null`, which is treated as an absent member.
  package mutating func takeNull() -> Bool { takeWord("null") }

  package mutating func boolean() throws(GraphFormatError) -> Bool {
    if takeWord("true") { return true }
    if takeWord("false") { return false }
    throw expected("`true` or `false`")
  }

  /// A number; one that is not finite is a word, quoted or bare.
  package mutating func number() throws(GraphFormatError) -> Double {
    if takeWord("NaN") || takeWord("\"NaN\"") { return .nan }
    if takeWord("Infinity") || takeWord("\"Infinity\"") { return .infinity }
    if takeWord("-Infinity") || takeWord("\"-Infinity\"") { return -.infinity }
    let start = offset
    try skipNumber()
    guard let number = Double(String(decoding: bytes[start..<offset], as: UTF8.self)), number.isFinite else {
      throw fail("the number is too large", at: start)
    }
    return number
  }

  package mutating func integer() throws(GraphFormatError) -> Int {
    let start = start()
    guard let number = Int(exactly: try number()) else { throw fail("expected a whole number", at: start) }
    return number
  }

  private mutating func skipNumber() throws(GraphFormatError) {
    let start = offset
    if next == UInt8(ascii: "-") { offset += 1 }
    let digits = offset
    try skipDigits()
    if bytes[digits] == UInt8(ascii: "0"), offset > digits + 1 {
      throw fail("a number cannot start with a zero", at: start)
    }
    if next == UInt8(ascii: ".") {
      offset += 1
      try skipDigits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      try skipDigits()
    }
    if let byte = next, Self.continuesWord(byte) || byte == UInt8(ascii: ".") {
      throw fail("this is not a JSON number", at: start)
    }
  }

  private mutating func skipDigits() throws(GraphFormatError) {
    guard let byte = next, Self.isDigit(byte) else { throw expected("a number") }
    while let byte = next, Self.isDigit(byte) { offset += 1 }
  }

  // MARK: Lists and objects

  /// Calls `body` before each item of a list.
  package mutating func list(_ body: (inout JSONReader, Int) throws(GraphFormatError) -> Void)
    throws(GraphFormatError)
  {
    guard take("[") else { throw expected("a list") }
    if take("]") { return }
    path.append(.item(0))
    var index = 0
    repeat {
      path[path.count - 1] = .item(index)
      try body(&self, index)
      index += 1
    } while take(",")
    path.removeLast()
    guard take("]") else { throw expected("`,` or `]`") }
  }

  /// A list of values; a single value is read as a list of one.
  package mutating func items<Item>(
    _ item: (inout JSONReader) throws(GraphFormatError) -> Item
  ) throws(GraphFormatError) -> [Item] {
    guard begins(with: "[") else { return [try item(&self)] }
    var items: [Item] = []
    try list { reader, _ throws(GraphFormatError) in items.append(try item(&reader)) }
    return items
  }

  /// Calls `body` before the value of each member whose key is in `keys`; skips others.
  ///
  /// A member that is `null` is treated as absent.
  ///
  /// - Throws: if a member occurs twice; errors of `body`.
  package mutating func object<Key: JSONKey>(
    _ keys: Key.Type, _ body: (inout JSONReader, Key) throws(GraphFormatError) -> Void
  ) throws(GraphFormatError) {
    guard take("{") else { throw expected("an object") }
    if take("}") { return }
    var seen: UInt64 = 0
    repeat {
      let start = start()
      let name = try text()
      guard take(":") else { throw expected("`:`") }
      guard let key = Key(rawValue: name) else {
        try skip()
        continue
      }
      path.append(.member(name))
      let mark: UInt64 = 1 << UInt64(keys.all.firstIndex(of: key) ?? 0)
      guard seen & mark == 0 else { throw fail("it is given twice", at: start) }
      seen |= mark
      if !takeNull() { try body(&self, key) }
      path.removeLast()
    } while take(",")
    guard take("}") else { throw expected("`,` or `}`") }
  }

  /// Calls `body` before the value of each member, whatever its key; a member that is `null` is left out.
  mutating func members(
    _ body: (inout JSONReader, String) throws(GraphFormatError) -> Void
  ) throws(GraphFormatError) {
    guard take("{") else { throw expected("an object") }
    if take("}") { return }
    repeat {
      let name = try text()
      guard take(":") else { throw expected("`:`") }
      path.append(.member(name))
      if !takeNull() { try body(&self, name) }
      path.removeLast()
    } while take(",")
    guard take("}") else { throw expected("`,` or `}`") }
  }

  /// Skips a value, however deeply it is nested.
  package mutating func skip() throws(GraphFormatError) {
    // Whether each open container is an object.
    var open: [Bool] = []
    func key(_ reader: inout JSONReader) throws(GraphFormatError) {
      guard let end = try reader.endOfText() else { throw reader.expected("a name in quotes") }
      reader.offset = end
      guard reader.take(":") else { throw reader.expected("`:`") }
    }
    while true {
      if take("{") {
        if !take("}") {
          open.append(true)
          try key(&self)
          continue
        }
      } else if take("[") {
        if !take("]") {
          open.append(false)
          continue
        }
      } else if let end = try endOfText() {
        offset = end
      } else if !takeWord("true"), !takeWord("false"), !takeWord("null"), !takeWord("NaN"),
        !takeWord("Infinity"),
        !takeWord("-Infinity")
      {
        guard let byte = next, Self.isDigit(byte) || byte == UInt8(ascii: "-") else {
          throw expected("a value")
        }
        try skipNumber()
      }
      // After a value: the end of the open container, or its next item.
      while let isObject = open.last {
        if take(",") {
          if isObject { try key(&self) }
          break
        }
        guard isObject ? take("}") : take("]") else { throw expected(isObject ? "`,` or `}`" : "`,` or `]`") }
        open.removeLast()
      }
      if open.isEmpty { return }
    }
  }
}

/// The members of an object that are decoded; at most 64.
package protocol JSONKey: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
  /// All keys, cached: `allCases` builds a new array each time.
  static var all: [Self] { get }
}
