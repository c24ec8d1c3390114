import GradvizGraph

/// The rows and columns of a data file: fields separated by commas, semicolons, tabs or bars; quoted fields
/// may contain these, line breaks and doubled quotes (RFC 4180).
struct DataTable {
  struct Row {
    /// The 1-based line on which it starts.
    var line: Int
    var start: Int
    var end: Int
  }

  /// A column to read: its numbers, or its words as class numbers.
  struct Column: Equatable {
    var index: Int
    var isClass = false
  }

  struct Problem: Error {
    var message: String
    var hint: String?
  }

  /// More columns than any teaching data set has; a row is read into memory whole.
  static let maxColumns = 100_000

  /// The fields of the first row: column names or data.
  let first: [String]
  /// Whether the first row names the columns.
  ///
  /// Unless specified, it does if it has only words, or a word above a number.
  var hasHeader: Bool
  private let all: [Row]
  private let bytes: [UInt8]
  let format: DataFormat

  /// - Throws: if there are no rows, or more than a header and `Limits.entries` of them.
  init(_ text: String, decimal: UInt8 = UInt8(ascii: "."), limits: Limits = .init()) throws(Problem) {
    bytes = Array(text.utf8)
    var offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    format = DataFormat(of: bytes, from: offset, decimal: decimal)
    var rows: [Row] = []
    var line = 1
    while offset < bytes.count {
      var row = Row(line: line, start: offset, end: offset)
      let isBlank = try Self.findEnd(&row, bytes, format.separator, &line)
      if !isBlank {
        guard rows.count <= limits.entries else {
          throw Problem(
            message: limits.message("the file has more than \(limits.entries) rows", .entries))
        }
        rows.append(row)
      }
      line += 1
      let end = row.end
      offset = end + (end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A ? 2 : 1)
    }
    guard let top = rows.first else { throw Problem(message: "the file is empty") }
    all = rows
    first = try Self.fields(bytes, top, format.separator)
    let second = rows.count > 1 ? try Self.fields(bytes, rows[1], format.separator) : []
    hasHeader = Self.isHeader(first, above: second, format)
  }

  private static func isHeader(_ first: [String], above second: [String], _ format: DataFormat) -> Bool {
    func isWord(_ field: String) -> Bool { format.number(field) == nil && !DataFormat.isMissing(field) }
    guard first.contains(where: isWord) else { return false }
    return first.allSatisfy { format.number($0) == nil }
      || zip(first, second).contains { isWord($0) && format.number($1) != nil }
  }

  /// Moves the end of a row to the end of its last line, and `line` to that line.
  ///
  /// - Returns: whether the row is blank.
  private static func findEnd(
    _ row: inout Row, _ bytes: [UInt8], _ separator: UInt8, _ line: inout Int
  ) throws(Problem) -> Bool {
    var cursor = RowCursor(separator: separator)
    var isBlank = true
    var opened = row.line
    while row.end < bytes.count {
      let byte = bytes[row.end]
      let wasQuoted = cursor.isQuoted
      let event = cursor.read(byte)
      if event == .endOfRow { break }
      if event == .misplaced {
        throw Problem(
          message: "line \(line): text follows a closing quote",
          hint: "a quote inside a quoted field is doubled: \"\"")
      }
      if !wasQuoted, cursor.isQuoted { opened = line }
      if wasQuoted, byte == 0x0A || byte == 0x0D && (row.end + 1 >= bytes.count || bytes[row.end + 1] != 0x0A) {
        line += 1
      }
      if !RowCursor.isSpace(byte) || event == .endOfField { isBlank = false }
      row.end += 1
    }
    if cursor.isQuoted { throw Problem(message: "line \(opened): a quoted field is not closed") }
    return isBlank
  }

  // MARK: Columns

  /// The rows of data.
  var rows: ArraySlice<Row> { hasHeader ? all.dropFirst() : all[...] }

  /// All columns with that name; none if the file has no header.
  func columns(_ name: String) -> [Int] { hasHeader ? first.indices.filter { first[$0] == name } : [] }

  /// A column in a message: its name or its position.
  func name(_ column: Int) -> String { hasHeader ? quoted(first[column]) : "\(column)" }

  /// The numbers of some rows, row by row.
  ///
  /// - Parameter classes: for each column, the class number of each word; nil for a column of numbers.
  func numbers(_ columns: [Column], classes: [[String: Int]?], rows: some Collection<Row>) throws(Problem)
    -> [Double]
  {
    var numbers: [Double] = []
    numbers.reserveCapacity(rows.count * columns.count)
    for row in rows {
      let fields = try fields(row)
      for (column, classes) in zip(columns, classes) {
        let field = fields[column.index]
        if let number = classes.map({ $0[field].map(Double.init) }) ?? format.number(field) {
          numbers.append(number)
        } else {
          throw problem(field, row, column)
        }
      }
    }
    return numbers
  }

  /// The distinct words of a column, in order of appearance in the whole file.
  ///
  /// - Complexity: O(bytes)
  func words(_ column: Column) throws(Problem) -> [String] {
    var words: [String] = []
    var known = Set<String>()
    for row in rows {
      let field = try fields(row)[column.index]
      if field.isEmpty { throw problem(field, row, column) }
      if known.insert(field).inserted { words.append(field) }
    }
    return words
  }

  private func problem(_ field: String, _ row: Row, _ column: Column) -> Problem {
    let place = "line \(row.line)"
    if field.isEmpty {
      return Problem(
        message: "\(place): the cell in column \(name(column.index)) is empty",
        hint: "fill it, or use `rows: …` to skip it")
    }
    let message = "\(place): \(quoted(field)) in column \(name(column.index)) is not a number"
    if DataFormat.isMissing(field) {
      return Problem(message: message, hint: "use `rows: …` to skip missing values")
    }
    let other = UInt8(ascii: format.decimal == UInt8(ascii: ".") ? "," : ".")
    if DataFormat(separator: 0, decimal: other).number(field) != nil {
      return Problem(
        message: message,
        hint: other == UInt8(ascii: ",")
          ? "`decimal: \",\"` reads it" : "with `decimal: \",\"` it is written `1,5`")
    }
    let isWord = field.unicodeScalars.first.map { $0.properties.isAlphabetic } ?? false
    let call = quoted(hasHeader ? "class(\"\(first[column.index])\")" : "class(\(column.index))")
    return Problem(message: message, hint: isWord ? "\(call) turns the words of a column into class numbers" : nil)
  }

  // MARK: Fields

  private func fields(_ row: Row) throws(Problem) -> [String] {
    let fields = try Self.fields(bytes, row, format.separator)
    guard fields.count == first.count else {
      let noun = fields.count == 1 ? "field" : "fields"
      throw Problem(
        message:
          "line \(row.line) has \(fields.count) \(noun), but the \(hasHeader ? "header" : "first row") has \(first.count)"
      )
    }
    return fields
  }

  /// The fields of a row without surrounding spaces; spaces inside quotes are kept.
  private static func fields(_ bytes: [UInt8], _ row: Row, _ separator: UInt8) throws(Problem) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var cursor = RowCursor(separator: separator)
    func finish(wasQuoted: Bool) {
      let last = wasQuoted ? field.count - 1 : field.lastIndex { !RowCursor.isSpace($0) } ?? -1
      fields.append(String(decoding: field[..<(last + 1)], as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    for byte in bytes[row.start..<row.end] {
      let wasQuoted = cursor.wasQuoted
      switch cursor.read(byte) {
      case .content: field.append(byte)
      case .endOfField:
        finish(wasQuoted: wasQuoted)
        guard fields.count < maxColumns else {
          throw Problem(message: "line \(row.line) has more than \(maxColumns) fields")
        }
      case .nothing, .endOfRow, .misplaced: break
      }
    }
    finish(wasQuoted: cursor.wasQuoted)
    return fields
  }
}
