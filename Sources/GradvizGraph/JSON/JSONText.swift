import Autograd

/// Texts of JSON and their escapes.
extension JSONReader {
  package mutating func text() throws(GraphFormatError) -> String {
    let start = start()
    guard let end = try endOfText() else { throw expected("a string") }
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

  /// The end of the string that starts here; nil if none does.
  mutating func endOfText() throws(GraphFormatError) -> Int? {
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
      guard index + 6 <= text.endIndex, text[index] == UInt8(ascii: "\\"),
        text[index + 1] == UInt8(ascii: "u"),
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
}
