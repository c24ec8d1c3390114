import Autograd

/// A file of comma-separated values: a header, then rows (RFC 4180, one row a line).
struct DataTable {
  struct Row {
    /// 1-based line of the file.
    var line: Int
    var start: Int
    var end: Int
  }

  struct Problem: Error { var message: String }

  /// More columns than any lesson's data has; a row is read into memory whole.
  static let mostColumns = 100_000

  let header: [String]
  var rows: [Row]
  private let bytes: [UInt8]
  private let columns: [String: Int]

  /// - Throws: where there is no header, or where there are more rows than `Limits.entries`.
  init(_ text: String, limits: Limits = .init()) throws(Problem) {
    bytes = Array(text.utf8)
    var offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var rows: [Row] = []
    var line = 1
    while offset < bytes.count {
      var end = offset
      var isBlank = true
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D {
        if !Self.isSpace(bytes[end]) { isBlank = false }
        end += 1
      }
      if !isBlank {
        guard rows.count <= limits.entries else {
          throw Problem(
            message: "the file has more than \(limits.entries) rows; \(Limits.hint("entries"))")
        }
        rows.append(Row(line: line, start: offset, end: end))
      }
      line += 1
      offset = end + (end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? 2 : 1)
    }
    guard let first = rows.first else { throw Problem(message: "the file is empty") }
    header = try Self.fields(bytes, first)
    columns = Dictionary(header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    self.rows = Array(rows.dropFirst())
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  /// The first column of a name.
  func column(_ name: String) -> Int? { columns[name] }

  /// The columns' numbers, row by row.
  func numbers(columns: [Int]) throws(Problem) -> [Double] {
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count * columns.count)
    for row in rows {
      let fields = try Self.fields(bytes, row)
      guard fields.count == header.count else {
        let noun = fields.count == 1 ? "field" : "fields"
        throw Problem(message: "line \(row.line) has \(fields.count) \(noun), the header has \(header.count)")
      }
      for column in columns {
        guard let number = Double(fields[column]), number.isFinite else {
          throw Problem(
            message:
              "line \(row.line): \(quoted(fields[column])) in column \(quoted(header[column])) is not a number"
          )
        }
        numbers.append(number)
      }
    }
    return numbers
  }

  /// Fields without the spaces around them; quoted ones may hold commas and doubled quotes.
  private static func fields(_ bytes: [UInt8], _ row: Row) throws(Problem) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var hasJustClosed = false
    func finish() {
      let first = field.firstIndex { !isSpace($0) } ?? field.count
      let last = field.lastIndex { !isSpace($0) } ?? first - 1
      fields.append(String(decoding: field[first..<max(first, last + 1)], as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    for byte in bytes[row.start..<row.end] {
      switch byte {
      case UInt8(ascii: "\""):
        // A doubled quote closes and opens again: the quote itself is kept.
        if hasJustClosed { field.append(byte) }
        isQuoted.toggle()
        hasJustClosed = !isQuoted
        continue
      case UInt8(ascii: ",") where !isQuoted:
        finish()
        guard fields.count < mostColumns else {
          throw Problem(message: "line \(row.line) has more than \(mostColumns) fields")
        }
      default: field.append(byte)
      }
      hasJustClosed = false
    }
    if isQuoted { throw Problem(message: "line \(row.line): a quoted field is not closed") }
    finish()
    return fields
  }
}
