import Foundation

/// Reads JSON (RFC 8259) out of its bytes, value by value: no tree of them is built, and nothing goes deeper than
/// what is read nests.
///
/// More than the standard allows are the words `NaN`, `Infinity` and `-Infinity`, which Python writes.
package struct JSONReader {
  private enum Step {
    case member(String)
    case item(Int)
  }

  private let bytes: [UInt8]
  package private(set) var offset = 0
  private var path: [Step] = []

  /// - Throws: where the bytes are larger than allowed, or not one JSON value, with line and column.
  package init(_ data: Data, limits: Limits) throws(GraphFormatError) {
    try JSONSize.check(data, limits)
    bytes = Array(data)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    var whole = self
    try whole.skip()
    whole.skipSpace()
    if let more = whole.next { throw whole.fail("\(Self.sign(more)) stands behind the end of the value") }
  }

  // MARK: Errors

  /// An error about what is read now, or about what begins at `offset`.
  package func fail(_ message: String, at offset: Int? = nil) -> GraphFormatError {
    let end = min(offset ?? self.offset, bytes.count)
    var line = 1
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for index in start..<max(start, end) where bytes[index] == 0x0A || bytes[index] == 0x0D {
      if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
      line += 1
      start = index + 1
    }
    // Characters, not the bytes that go on with one.
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

  private func expected(_ what: String) -> GraphFormatError {
    guard let byte = next else { return fail("the file ends here; \(what) is expected") }
    return fail("\(what) is expected here, not \(Self.sign(byte))")
  }

  private static func sign(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "{"): "an object"
    case UInt8(ascii: "["): "a list"
    case UInt8(ascii: "\""): "a text"
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): "a number"
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): "a word"
    case 0x21...0x7E: "`\(Character(Unicode.Scalar(byte)))`"
    default: "this"
    }
  }

  // MARK: Bytes

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
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

  /// Where the value that comes next begins.
  package mutating func start() -> Int {
    skipSpace()
    return offset
  }

  /// Whether a list, an object, a text or a number comes next, by its first byte.
  package mutating func begins(with sign: Unicode.Scalar) -> Bool {
    skipSpace()
    return next == UInt8(ascii: sign)
  }

  /// `null`, which says as much as a member that is not there.
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
    guard let number = Int(exactly: try number()) else { throw fail("a whole number is expected", at: start) }
    return number
  }

  private mutating func skipNumber() throws(GraphFormatError) {
    let start = offset
    if next == UInt8(ascii: "-") { offset += 1 }
    let digits = offset
    try skipDigits()
    if bytes[digits] == UInt8(ascii: "0"), offset > digits + 1 {
      throw fail("a number has no zeros in front", at: start)
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
      throw fail("this is not a number of JSON", at: start)
    }
  }

  private mutating func skipDigits() throws(GraphFormatError) {
    guard let byte = next, Self.isDigit(byte) else { throw expected("a number") }
    while let byte = next, Self.isDigit(byte) { offset += 1 }
  }

  // MARK: Texts

  package mutating func text() throws(GraphFormatError) -> String {
    let start = start()
    guard let end = try endOfText() else { throw expected("a text") }
    let inner = bytes[(start + 1)..<(end - 1)]
    offset = end
    guard inner.contains(UInt8(ascii: "\\")) else {
      guard let text = String(validating: inner, as: UTF8.self) else {
        throw fail("this is not UTF-8 text", at: start)
      }
      return text
    }
    guard let text = String(validating: try unescaped(inner), as: UTF8.self) else {
      throw fail("this is not UTF-8 text", at: start)
    }
    return text
  }

  /// Behind the text that begins here; nil where none does.
  private mutating func endOfText() throws(GraphFormatError) -> Int? {
    skipSpace()
    guard next == UInt8(ascii: "\"") else { return nil }
    var end = offset + 1
    while end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "\""): return end + 1
      case UInt8(ascii: "\\"): end += 2
      case 0..<0x20: throw fail("a text does not hold control characters as they are", at: end)
      default: end += 1
      }
    }
    throw fail("the file ends inside a text", at: bytes.count)
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F, UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  private func unescaped(_ text: ArraySlice<UInt8>) throws(GraphFormatError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    func unit(at index: Int) -> UInt16? {
      guard index + 6 <= text.endIndex, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u"),
        text[(index + 2)..<(index + 6)].allSatisfy({ $0 < 0x80 && Character(Unicode.Scalar($0)).isHexDigit })
      else { return nil }
      return UInt16(String(decoding: text[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
    }
    while index < text.endIndex {
      guard text[index] == UInt8(ascii: "\\") else {
        result.append(text[index])
        index += 1
        continue
      }
      let kind = index + 1 < text.endIndex ? text[index + 1] : 0
      if let byte = Self.escapes[kind] {
        result.append(byte)
        index += 2
      } else if let first = unit(at: index) {
        var units = [first]
        if UTF16.isLeadSurrogate(first), let second = unit(at: index + 6) { units.append(second) }
        var decoder = UTF16()
        var iterator = units.makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
          throw fail("this is half of a character", at: index)
        }
        result.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        index += 6 * UTF16.width(scalar)
      } else {
        throw fail("a backslash is written `\\\\`", at: index)
      }
    }
    return result
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

  /// A list of values; one alone is meant as a list of one.
  package mutating func items<Item>(
    _ item: (inout JSONReader) throws(GraphFormatError) -> Item
  ) throws(GraphFormatError) -> [Item] {
    guard begins(with: "[") else { return [try item(&self)] }
    var items: [Item] = []
    try list { reader, _ throws(GraphFormatError) in items.append(try item(&reader)) }
    return items
  }

  /// Calls `body` before the value of each member of an object that `keys` has; others are passed over.
  ///
  /// A member that is `null` counts as one that is not there.
  ///
  /// - Throws: where a member is there twice; what `body` throws.
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
      guard seen & mark == 0 else { throw fail("it is there twice", at: start) }
      seen |= mark
      if !takeNull() { try body(&self, key) }
      path.removeLast()
    } while take(",")
    guard take("}") else { throw expected("`,` or `}`") }
  }

  /// Passes over a value, however deep it nests.
  package mutating func skip() throws(GraphFormatError) {
    // Whether what is open is an object.
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
      } else if !takeWord("true"), !takeWord("false"), !takeWord("null"), !takeWord("NaN"), !takeWord("Infinity"),
        !takeWord("-Infinity")
      {
        guard let byte = next, Self.isDigit(byte) || byte == UInt8(ascii: "-") else { throw expected("a value") }
        try skipNumber()
      }
      // Behind a value: the end of what is open, or its next item.
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

/// The members of an object that are read; at most 64.
package protocol JSONKey: RawRepresentable<String>, CaseIterable, Equatable, Sendable {
  /// All of them, kept: an enumeration makes its list of cases again each time.
  static var all: [Self] { get }
}
