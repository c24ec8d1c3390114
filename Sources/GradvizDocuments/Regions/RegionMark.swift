import GradvizDOT

/// The comments around the lines that gradviz writes after a block; the first one has their fingerprint.
///
///     <!-- gradviz:begin 9f86d081884c7d65 -->
///     <!-- gradviz:end -->
///
/// In LaTeX they begin with `%` and end with the line.
enum RegionMark: Equatable {
  /// How a page writes comments.
  enum Notation {
    case html, tex

    fileprivate var start: String { self == .html ? "<!-- gradviz:" : "% gradviz:" }
    fileprivate var end: String { self == .html ? " -->" : "" }
  }

  /// Without a fingerprint if an earlier version wrote it.
  case begin(fingerprint: String?)
  case end
  /// A malformed mark.
  case unknown

  static func endLine(_ notation: Notation) -> String { "\(notation.start)end\(notation.end)" }

  static func beginLine(_ fingerprint: String, _ notation: Notation) -> String {
    "\(notation.start)begin \(fingerprint)\(notation.end)"
  }

  /// Parses a line without the markers of quotations and lists; returns nil for a line that is not a mark.
  init?(_ line: ArraySlice<UInt8>, _ notation: Notation) {
    guard line.starts(with: notation.start.utf8) else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    let inner = text.hasSuffix(notation.end) ? text.dropFirst(notation.start.count).dropLast(notation.end.count) : ""
    let words = inner.split(separator: " ", omittingEmptySubsequences: false)
    let digits = Set("0123456789abcdef")
    if words == ["end"] {
      self = .end
    } else if words == ["begin"] {
      self = .begin(fingerprint: nil)
    } else if words.count == 2, words[0] == "begin", words[1].count == 16, words[1].allSatisfy(digits.contains) {
      self = .begin(fingerprint: String(words[1]))
    } else {
      self = .unknown
    }
  }

  /// The fingerprint of a region's lines without the markers of quotations and lists, so that a page's line
  /// breaks and quotation depth may change.
  static func fingerprint(of lines: some Sequence<ArraySlice<UInt8>>) -> String {
    var fingerprint = Fingerprint()
    for line in lines {
      fingerprint.combine(line)
      fingerprint.combine([0x0A])
    }
    return fingerprint.text()
  }
}

/// Recognizes what earlier versions wrote between marks without a fingerprint: figures and one table.
enum UnmarkedRegion {
  /// Whether all lines were written by these versions.
  static func isOurs(_ lines: some Sequence<ArraySlice<UInt8>>) -> Bool {
    var isInTable = false
    for line in lines {
      let text = String(decoding: line, as: UTF8.self)
      if text.isEmpty {
        isInTable = false
      } else if isInTable ? text.first != "|" || text.last != "|" : !isFigure(text) {
        guard !isInTable, isTableHead(text) else { return false }
        isInTable = true
      }
    }
    return true
  }

  private static func isTableHead(_ text: String) -> Bool {
    text.hasPrefix("| name | value |") || text.hasPrefix("| nom | valeur |")
  }

  private static func isFigure(_ text: String) -> Bool {
    if text.hasPrefix("<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\""),
      text.hasSuffix("\"></picture>"), let source = text.lastRange(of: " src=\"")
    {
      return isFigureLink(text[source.upperBound...].dropLast("\"></picture>".count))
    }
    guard text.hasPrefix("!["), text.hasSuffix(")"),
      let open = text.lastRange(of: "](")
    else { return false }
    return isFigureLink(text[open.upperBound...].dropLast())
  }

  /// Whether a link ends like the names of figures, such as `page-1-backward-2.svg`; in DocC, without an
  /// extension.
  private static func isFigureLink(_ link: Substring) -> Bool {
    guard !link.contains(where: { $0.isWhitespace || "()<>\"".contains($0) }) else { return false }
    var name = link.split(separator: "/").last ?? ""
    if name.hasSuffix(".svg") {
      name = name.dropLast(4)
    } else if link.contains("/") {
      return false
    }
    if let dash = name.lastIndex(of: "-"), name[dash...].dropFirst().allSatisfy(\.isNumber),
      name[..<dash].hasSuffix("-backward")
    {
      return true
    }
    return BlockOptions.Picture.all.contains { name.hasSuffix("-\($0.name)") }
  }
}
