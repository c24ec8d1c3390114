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

    /// - Parameter target: where the picture leads.
    func markdown(target: String?) -> String {
      guard let dark else {
        let image = "![\(MarkdownText.escaped(description))](\(link))\(attributes)"
        return target.map { "[\(image)](\($0))" } ?? image
      }
      // On a single line, it is a paragraph that ends with the line.
      let picture =
        "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"\(dark)\">"
        + "<img\(htmlAttributes) alt=\"\(MarkdownText.attribute(description))\" src=\"\(link)\"></picture>"
      return target.map { "<a href=\"\($0)\">\(picture)</a>" } ?? picture
    }

    /// As wide as the text, and no higher than a page.
    var tex: [String] {
      let words = description.split(whereSeparator: \.isNewline).joined(separator: " ")
      return [
        "% \(words)",
        "\\noindent\\includegraphics[width=\\linewidth,height=0.9\\textheight,keepaspectratio]{\(link)}\\par",
      ]
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

  /// An interactive page: a frame with it, or the link to it.
  struct Explorer {
    private let page: BlockDrawing.Page
    private let link: String
    let isFrame: Bool
    /// Where the figures lead.
    let target: String?

    init(_ page: BlockDrawing.Page, link: String, _ host: PageHost, _ place: BlockOptions.ExplorerPlace?) {
      self.page = page
      self.link = host.address(link)
      isFrame = host.showsFrame(place)
      // DocC shows a picture by itself only.
      target = isFrame || host == .catalog ? nil : self.link
    }

    /// A line of its own.
    var markdown: String {
      guard isFrame else { return "[\(MarkdownText.escaped(page.invitation))](\(link))" }
      return "<iframe src=\"\(link)\" title=\"\(MarkdownText.attribute(page.title))\" width=\"100%\""
        + " height=\"\(page.height)\" loading=\"lazy\"></iframe>"
    }
  }

  var images: [Image]
  var table: [String]
  var explorer: Explorer?

  var isEmpty: Bool { images.isEmpty && table.isEmpty && explorer == nil }

  /// The region as bytes, each line with the prefix of its container, the last one without a line break.
  func bytes(prefix: [UInt8], lineEnd: ArraySlice<UInt8>, _ notation: RegionMark.Notation) -> [UInt8] {
    let pictures = images.map { notation == .tex ? $0.tex : [$0.markdown(target: explorer?.target)] }
    var content = Array(pictures.joined(separator: [""]))
    // A frame is HTML, which only a blank line ends; a table needs a paragraph of its own.
    if let explorer { content += (content.isEmpty ? [] : [""]) + [explorer.markdown] + (explorer.isFrame ? [""] : []) }
    if !table.isEmpty { content += (content.last == "" ? [] : [""]) + table + [""] }
    let fingerprint = RegionMark.fingerprint(of: content.map { Array($0.utf8)[...] })
    let lines = [RegionMark.beginLine(fingerprint, notation)] + content + [RegionMark.endLine(notation)]
    var blankPrefix = prefix
    while let last = blankPrefix.last, last == 0x20 || last == 0x09 { blankPrefix.removeLast() }
    return Array(
      lines.map { $0.isEmpty ? blankPrefix : prefix + Array($0.utf8) }.joined(separator: Array(lineEnd)))
  }
}
