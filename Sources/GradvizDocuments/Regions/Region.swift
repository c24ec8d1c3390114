/// The lines that gradviz writes after a block.
struct Region {
  /// A figure in the region.
  struct Image {
    /// The link to the file.
    var link: String
    /// The dark version, if the page must choose.
    var dark: String?
    var description: String
    /// Copied from the block.
    var id: String?
    var classes: [String] = []

    var markdown: String {
      guard let dark else { return "![\(MarkdownText.escaped(description))](\(link))\(attributes)" }
      // On a single line, it is a paragraph that ends with the line.
      return "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"\(dark)\">"
        + "<img\(htmlAttributes) alt=\"\(MarkdownText.attribute(description))\" src=\"\(link)\"></picture>"
    }

    /// In Pandoc's notation.
    private var attributes: String {
      let words = (id.map { ["#\($0)"] } ?? []) + classes.map { ".\($0)" }
      return words.isEmpty ? "" : "{\(words.joined(separator: " "))}"
    }

    private var htmlAttributes: String {
      (id.map { " id=\"\($0)\"" } ?? "")
        + (classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"")
    }
  }

  var images: [Image]
  var table: [String]

  var isEmpty: Bool { images.isEmpty && table.isEmpty }

  /// The region as bytes, each line with the prefix of its container, the last one without a line break.
  func bytes(prefix: [UInt8], lineEnd: ArraySlice<UInt8>) -> [UInt8] {
    var content = Array(images.map { [$0.markdown] }.joined(separator: [""]))
    if !table.isEmpty {
      // A table needs a paragraph of its own.
      content += [""] + table + [""]
    }
    let fingerprint = RegionMark.fingerprint(of: content.map { Array($0.utf8)[...] })
    let lines = [RegionMark.beginLine(fingerprint)] + content + [RegionMark.endLine]
    var blankPrefix = prefix
    while let last = blankPrefix.last, last == 0x20 || last == 0x09 { blankPrefix.removeLast() }
    return Array(
      lines.map { $0.isEmpty ? blankPrefix : prefix + Array($0.utf8) }.joined(separator: Array(lineEnd)))
  }
}
