import GradvizGraph

/// The format of a data file: how text splits into rows and fields (RFC 4180), and how numbers are written.
struct DataFormat {
  var separator: UInt8
  /// The decimal separator: a point or a comma.
  var decimal: UInt8 = UInt8(ascii: ".")

  /// The possible field separators.
  ///
  /// The comma comes last: fields separated by semicolons, tabs or bars may contain it.
  static let separators = [";", "\t", "|", ","].map { UInt8(ascii: $0) }
  /// The number of rows used to detect the separator.
  private static let sampleRows = 20

  /// Chooses the separator that splits the first rows into equally many fields, at least two; otherwise, the
  /// one that yields the most fields in the first row.
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

  /// The number of fields in each of the first rows; empty if quotes do not match.
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

  /// The number in a field, in decimal notation; nil for anything else: `0x10`, `inf`, `nan`, and numbers too
  /// large for a `Double`.
  func number(_ field: String) -> Double? { decimalNumber(field).flatMap { $0.isFinite ? $0 : nil } }

  /// The number in a field, infinite if it is too large for a `Double`.
  func decimalNumber(_ field: String) -> Double? {
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
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// Whether a field marks a missing value, as spreadsheets, R and pandas write it.
  static func isMissing(_ field: String) -> Bool {
    field.isEmpty || ["na", "n/a", "nan", "null", "none", "nil", "?", "-"].contains(field.lowercased())
  }
}

/// The state of a row reader, which consumes one byte per step.
struct RowCursor {
  enum Event { case content, nothing, endOfField, endOfRow, misplaced }
  private enum State { case start, plain, quoted, closed }

  let separator: UInt8
  private var state = State.start

  init(separator: UInt8) { self.separator = separator }

  /// Whether the cursor is inside a quoted field.
  var isQuoted: Bool { state == .quoted }
  /// Whether the current field was quoted: spaces inside the quotes are part of it.
  var wasQuoted: Bool { state == .closed }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// - Returns: the kind of the byte; `misplaced` for one between a closing quote and the next separator.
  mutating func read(_ byte: UInt8) -> Event {
    switch state {
    case .quoted:
      if byte != UInt8(ascii: "\"") { return .content }
      state = .closed
      return .nothing
    case .closed where byte == UInt8(ascii: "\""):
      // A doubled quote closes and reopens the field, and the quote itself is kept.
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
