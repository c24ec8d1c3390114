import GradvizDOT

/// What marks the lines that gradviz keeps after a block: a comment before them with the fingerprint of these lines,
/// and one behind them.
///
///     <!-- gradviz:begin 9f86d081884c7d65 -->
///     <!-- gradviz:end -->
enum RegionMark: Equatable {
  /// The fingerprint is missing where an earlier version wrote it.
  case begin(fingerprint: String?)
  case end
  /// It begins like one of ours, and is none.
  case unknown

  static let endLine = "<!-- gradviz:end -->"
  private static let start = "<!-- gradviz:"

  static func beginLine(_ fingerprint: String) -> String { "\(start)begin \(fingerprint) -->" }

  /// Reads a line without what stands before it in quotations and lists; nil for one that has nothing of a mark.
  init?(_ line: ArraySlice<UInt8>) {
    guard line.starts(with: Self.start.utf8) else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    let words = text.dropFirst(Self.start.count).split(separator: " ", omittingEmptySubsequences: false)
    let digits = Set("0123456789abcdef")
    if text == Self.endLine {
      self = .end
    } else if words == ["begin", "-->"] {
      self = .begin(fingerprint: nil)
    } else if words.count == 3, words[0] == "begin", words[2] == "-->", words[1].count == 16,
      words[1].allSatisfy(digits.contains)
    {
      self = .begin(fingerprint: String(words[1]))
    } else {
      self = .unknown
    }
  }

  /// The fingerprint of a region's own lines, without what stands before and behind them in quotations and lists: a
  /// page may change its line ends and its depth of quotation.
  static func fingerprint(of lines: some Sequence<ArraySlice<UInt8>>) -> String {
    var fingerprint = Fingerprint()
    for line in lines {
      fingerprint.combine(line)
      fingerprint.combine([0x0A])
    }
    return fingerprint.text()
  }
}

/// What earlier versions wrote between marks without a fingerprint: figures and one table, each told by its looks.
enum UnmarkedRegion {
  /// Whether lines are nothing but what these versions wrote.
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

  /// Whether a link ends as the names of our figures do, such as `page-1-backward-2.svg`; DocC has no ending.
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
    return BlockOptions.Picture.allCases.contains { name.hasSuffix("-\($0.rawValue)") }
  }
}
