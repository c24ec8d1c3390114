import GradvizGraph

/// How the text of a data file is cut into rows and fields (RFC 4180), and what a number looks like in it.
struct DataFormat {
  var separator: UInt8
  /// The sign before the decimals: a point, or a comma.
  var decimal: UInt8 = UInt8(ascii: ".")

  /// What may stand between fields. A comma comes last: semicolons, tabs and bars are chosen where fields hold commas.
  static let separators = [";", "\t", "|", ","].map { UInt8(ascii: $0) }
  /// So many rows say which separator it is.
  private static let sampleRows = 20

  /// The separator that cuts the first rows into equally many fields, two or more; where no separator does, the
  /// one with the most fields in the first row.
  ///
  /// - Complexity: O(bytes of the first rows)
  init(of bytes: [UInt8], from start: Int, decimal: UInt8) {
    self.init(separator: Self.separators[0], decimal: decimal)
    let candidates = Self.separators.filter { $0 != decimal }
    let counts = candidates.map { Self.fieldCounts(bytes, from: start, separator: $0) }
    let even = counts.firstIndex {
      $0.count > 0 && $0[0] > 1 && $0.allSatisfy { [first = $0[0]] in $0 == first }
    }
    let widest = counts.indices.max { (counts[$0].first ?? 0, $0) < (counts[$1].first ?? 0, $1) }
    if let chosen = even ?? widest { separator = candidates[chosen] }
  }

  init(separator: UInt8, decimal: UInt8 = UInt8(ascii: ".")) {
    self.separator = separator
    self.decimal = decimal
  }

  /// The number of fields of each of the first rows; empty where quotes do not match.
  private static func fieldCounts(_ bytes: [UInt8], from start: Int, separator: UInt8) -> [Int] {
    var counts: [Int] = []
    var offset = start
    while offset < bytes.count, counts.count < sampleRows {
      var cursor = RowCursor(separator: separator)
      var (fields, isBlank) = (1, true)
      while offset < bytes.count {
        let event = cursor.read(bytes[offset])
        if event == .misplaced { return [] }
        if event == .endOfRow { break }
        if event == .endOfField { fields += 1 }
        if !RowCursor.isSpace(bytes[offset]) || event == .endOfField { isBlank = false }
        offset += 1
      }
      if cursor.isQuoted { return [] }
      if !isBlank { counts.append(fields) }
      offset += 1
    }
    return counts
  }

  /// The number that a field is written as, in decimal digits; nil for anything else: `0x10`, `inf`, `nan`, and
  /// what no `Double` can hold.
  func number(_ field: String) -> Double? {
    var text: [UInt8] = []
    for byte in field.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"),
        UInt8(ascii: "E"):
        text.append(byte)
      case decimal: text.append(UInt8(ascii: "."))
      default: return nil
      }
    }
    guard let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else { return nil }
    return number
  }

  /// Whether a field says that there is no value, as spreadsheets, R and pandas write it.
  static func isMissing(_ field: String) -> Bool {
    field.isEmpty || ["na", "n/a", "nan", "null", "none", "nil", "?", "-"].contains(field.lowercased())
  }
}

/// Where the reading of a row stands; one step a byte.
struct RowCursor {
  enum Event { case content, nothing, endOfField, endOfRow, misplaced }
  private enum State { case start, plain, quoted, closed }

  let separator: UInt8
  private var state = State.start

  init(separator: UInt8) { self.separator = separator }

  /// Whether a quoted field is open.
  var isQuoted: Bool { state == .quoted }
  /// Whether the field at hand was quoted: spaces inside the quotes belong to it.
  var wasQuoted: Bool { state == .closed }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// - Returns: what a byte is: `misplaced` for one between a closing quote and the next separator.
  mutating func read(_ byte: UInt8) -> Event {
    switch state {
    case .quoted:
      if byte != UInt8(ascii: "\"") { return .content }
      state = .closed
      return .nothing
    case .closed where byte == UInt8(ascii: "\""):
      // A doubled quote closes and opens again: the quote itself is kept.
      state = .quoted
      return .content
    case .start, .plain, .closed: break
    }
    if Self.endsLine(byte) { return .endOfRow }
    if byte == separator {
      state = .start
      return .endOfField
    }
    switch state {
    case .start where Self.isSpace(byte): return .nothing
    case .start where byte == UInt8(ascii: "\""):
      state = .quoted
      return .nothing
    case .closed: return Self.isSpace(byte) ? .nothing : .misplaced
    default:
      state = .plain
      return .content
    }
  }
}
