/// The lines that gradviz keeps after a block.
struct Region {
  /// A figure as the region shows it.
  struct Image {
    /// As a link has it.
    var link: String
    /// The file for dark pages, where there is one the page has to choose.
    var dark: String?
    var description: String

    var markdown: String {
      guard let dark else { return "![\(MarkdownText.escaped(description))](\(link))" }
      // On one line it is a paragraph, and ends where the line ends.
      return "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"\(dark)\">"
        + "<img alt=\"\(MarkdownText.attribute(description))\" src=\"\(link)\"></picture>"
    }
  }

  var images: [Image]
  var table: [String]

  var isEmpty: Bool { images.isEmpty && table.isEmpty }

  /// Its lines without line ends, the marks first and last.
  private var lines: [String] {
    var content = Array(images.map { [$0.markdown] }.joined(separator: [""]))
    if !table.isEmpty {
      // A table is a paragraph of its own.
      content += [""] + table + [""]
    }
    return [RegionMark.begin] + content + [RegionMark.end]
  }

  /// The region as bytes, each line with what stands before the lines of its container, the last one without a
  /// line end.
  func bytes(prefix: [UInt8], lineEnd: ArraySlice<UInt8>) -> [UInt8] {
    var blankPrefix = prefix
    while let last = blankPrefix.last, last == 0x20 || last == 0x09 { blankPrefix.removeLast() }
    return Array(
      lines.map { $0.isEmpty ? blankPrefix : prefix + Array($0.utf8) }.joined(separator: Array(lineEnd)))
  }
}
