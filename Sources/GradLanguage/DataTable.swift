import Foundation

/// A file of comma-separated values: a header, then rows (RFC 4180, one row a line).
struct DataTable {
  struct Row {
    /// 1-based line of the file.
    var line: Int
    var text: Substring
  }

  struct Problem: Error { var message: String }

  let header: [String]
  var rows: [Row]

  /// - Throws: where there is no header.
  init(_ text: String) throws(Problem) {
    var lines: [Row] = []
    let content = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    for (index, line) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      lines.append(Row(line: index + 1, text: line))
    }
    guard let first = lines.first else { throw Problem(message: "the file is empty") }
    header = try Self.fields(first)
    rows = Array(lines.dropFirst())
  }

  /// The columns' numbers, row by row.
  func numbers(columns: [Int]) throws(Problem) -> [Double] {
    var numbers: [Double] = []
    for row in rows {
      let fields = try Self.fields(row)
      guard fields.count == header.count else {
        let noun = fields.count == 1 ? "field" : "fields"
        throw Problem(message: "line \(row.line) has \(fields.count) \(noun), the header has \(header.count)")
      }
      for column in columns {
        guard let number = Double(fields[column]), number.isFinite else {
          throw Problem(
            message:
              "line \(row.line): `\(fields[column].prefix(40))` in column `\(header[column].prefix(40))` is not a number"
          )
        }
        numbers.append(number)
      }
    }
    return numbers
  }

  /// Fields without the spaces around them; quoted ones may hold commas and doubled quotes.
  private static func fields(_ row: Row) throws(Problem) -> [String] {
    guard row.text.contains("\"") else {
      return row.text.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    var fields: [String] = [""]
    var isQuoted = false
    for character in row.text {
      switch character {
      case "\"":
        isQuoted.toggle()
        // A doubled quote closes and opens again: the quote itself is kept.
        if isQuoted, let last = fields.last, !last.isEmpty { fields[fields.count - 1].append("\"") }
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    if isQuoted { throw Problem(message: "line \(row.line): a quoted field is not closed") }
    return fields.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
