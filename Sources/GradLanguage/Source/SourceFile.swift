/// The text of a `.grad` file.
public struct SourceFile: Sendable, Equatable {
  /// The name in diagnostics, usually the path as the user typed it.
  public let name: String
  /// The program.
  public let text: String
  /// The origin of each line in a program assembled from parts; empty for a single file.
  public let origins: [LineOrigin]

  /// Creates a file with a name for its diagnostics.
  public init(name: String, text: String, origins: [LineOrigin] = []) {
    self.name = name
    self.text = text
    self.origins = origins
  }
}

/// The location of a program's line in the file that it was taken from.
public struct LineOrigin: Sendable, Equatable {
  /// The file's name in diagnostics.
  public var file: String
  /// 1-based.
  public var line: Int
  /// The number of characters before the line's text, such as `> ` in a quotation.
  public var indent: Int

  /// Creates the origin of one line.
  public init(file: String, line: Int, indent: Int = 0) {
    self.file = file
    self.line = line
    self.indent = indent
  }
}

/// A location in the source: a range of UTF-8 offsets.
struct Span: Equatable, Sendable {
  var start: Int
  var end: Int

  func joined(with other: Span) -> Span { Span(start: min(start, other.start), end: max(end, other.end)) }
}

/// The bytes of a source and its lines.
///
/// Uses byte offsets, so that a file of many megabytes needs little more memory than its bytes; characters
/// are counted only where a diagnostic points at them.
struct SourceText: Sendable {
  let bytes: [UInt8]
  /// The offset at which each line starts.
  let lineStarts: [Int]
  /// See ``SourceFile/origins``.
  let origins: [LineOrigin]

  /// Removes a byte order mark; lines end with LF, CRLF or CR.
  init(_ text: String, origins: [LineOrigin] = []) {
    self.origins = origins
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var starts = [0]
    for (offset, byte) in bytes.enumerated() {
      let endsLine = byte == 0x0A || byte == 0x0D && !(offset + 1 < bytes.count && bytes[offset + 1] == 0x0A)
      if endsLine { starts.append(offset + 1) }
    }
    self.bytes = bytes
    lineStarts = starts
  }

  func string(_ span: Span) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }

  /// 0-based.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The origin of a line; the position after the last line belongs to it.
  func origin(ofLine line: Int) -> LineOrigin? {
    origins.isEmpty ? nil : origins[min(line, origins.count - 1)]
  }

  /// The line of an offset in a message: its number, and its file if there are several.
  func lineName(at offset: Int) -> String {
    let line = line(at: offset)
    guard let origin = origin(ofLine: line) else { return "\(line + 1)" }
    let hasOneFile = origins[0].file == origins[origins.count - 1].file
    return hasOneFile ? "\(origin.line)" : "\(origin.line) of \(origin.file)"
  }

  /// The line without its line break.
  func span(ofLine line: Int) -> Span {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return Span(start: start, end: end)
  }

  /// The text of a short span on one line, for messages; nil if it would be hard to read.
  func excerpt(_ span: Span, limit: Int = 32) -> String? {
    guard span.end - span.start <= limit * 4 else { return nil }
    let text = string(span)
    guard text.count <= limit, !text.contains(where: { $0.isNewline || $0 == "#" }) else { return nil }
    return text
  }
}
