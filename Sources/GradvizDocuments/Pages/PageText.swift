/// The bytes of a page and its lines as in CommonMark: ended by LF, CRLF or CR.
struct PageText: Sendable {
  struct Line: Sendable {
    var start: Int
    /// The end of its content, where its line break starts.
    var contentEnd: Int
    var end: Int
  }

  let bytes: [UInt8]
  let lines: [Line]
  /// The number of bytes of the byte order mark, 0 or 3.
  let markLength: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var lines: [Line] = []
    var start = markLength
    var offset = start
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte == 0x0A || byte == 0x0D else {
        offset += 1
        continue
      }
      let isPair = byte == 0x0D && offset + 1 < bytes.count && bytes[offset + 1] == 0x0A
      let end = offset + (isPair ? 2 : 1)
      lines.append(Line(start: start, contentEnd: offset, end: end))
      start = end
      offset = end
    }
    if start < bytes.count { lines.append(Line(start: start, contentEnd: bytes.count, end: bytes.count)) }
    self.lines = lines
  }

  /// The content of a line, 0-based.
  func content(_ line: Int) -> ArraySlice<UInt8> { bytes[lines[line].start..<lines[line].contentEnd] }

  func text(_ line: Int) -> String { String(decoding: content(line), as: UTF8.self) }

  /// The line's own break; for a last line without one, that of the line before, or LF for a single line.
  func lineEnd(_ line: Int) -> ArraySlice<UInt8> {
    for candidate in [line, line - 1] where lines.indices.contains(candidate) {
      let own = lines[candidate]
      if own.end > own.contentEnd { return bytes[own.contentEnd..<own.end] }
    }
    return [0x0A]
  }

  /// The number of bytes before the text of a line in quotations and lists: spaces and `>`.
  func prefixLength(_ line: Int) -> Int {
    content(line).prefix { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }.count
  }

  /// The content of a line without the markers of quotations and lists.
  func trimmed(_ line: Int) -> ArraySlice<UInt8> {
    var text = content(line).dropFirst(prefixLength(line))
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    return text
  }

  /// The page with other bytes in place of some, in the order of the page.
  func replacing(_ edits: [(range: Range<Int>, bytes: [UInt8])]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + edits.reduce(0) { $0 + $1.bytes.count })
    var next = 0
    for edit in edits {
      result += bytes[next..<edit.range.lowerBound]
      result += edit.bytes
      next = edit.range.upperBound
    }
    return result + bytes[next...]
  }
}
