import GradLanguage

/// Finds the blocks of a LaTeX document: `\begin{grad}[options]` to `\end{grad}`, each on a line of its own.
///
/// What stands in `verbatim` and in environments like it is text, and so is all after `\end{document}`.
struct TeXBlockFinder {
  private let page: PageText
  private let file: String
  private var content = PageContent()
  /// The marks outside blocks, and those that belong to one.
  private var marks: [(line: Int, mark: RegionMark)] = []
  private var used: Set<Int> = []
  private var heading: String?

  static let begin = "\\begin{grad}"
  static let end = "\\end{grad}"

  /// - Complexity: O(bytes of the page).
  static func content(of page: PageText, file: String) -> PageContent {
    var finder = TeXBlockFinder(page: page, file: file)
    finder.find()
    return finder.content
  }

  private init(page: PageText, file: String) {
    self.page = page
    self.file = file
  }

  private mutating func find() {
    var line = 0
    while line < page.lines.count {
      let text = trimmed(line)
      if text.hasPrefix("\\end{document}") { break }
      if text.hasPrefix(Self.begin) {
        let block = block(from: line)
        line = (block.lastLine ?? line) + 1
        content.blocks.append(block)
        continue
      }
      if let name = Self.verbatimEnvironments.first(where: { text.contains("\\begin{\($0)}") }) {
        while line < page.lines.count, !page.text(line).contains("\\end{\(name)}") { line += 1 }
      } else if let mark = mark(line) {
        marks.append((line, mark))
      } else if let words = Self.heading(text) {
        heading = words
      }
      line += 1
    }
    for place in content.blocks.indices { content.blocks[place].region = region(after: content.blocks[place]) }
    content.strayMarks = RegionFinder.strayMarks(marks, used: used, .tex)
  }

  private static let verbatimEnvironments = [
    "verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment", "filecontents", "filecontents*",
  ]

  private func indent(_ line: Int) -> Int { page.content(line).prefix { $0 == 0x20 || $0 == 0x09 }.count }

  private func trimmed(_ line: Int) -> String { page.text(line).trimmed }

  private func mark(_ line: Int) -> RegionMark? { RegionMark(page.trimmed(line), .tex) }

  /// The words of a section's or a frame's title, where they are only words.
  private static func heading(_ text: String) -> String? {
    let title = /\\(?:part|chapter|(?:sub){0,2}section|frametitle|begin\{frame\}(?:\[[^\]]*\])?)\*?\{([^{}\\$%]+)\}.*/
    return text.wholeMatch(of: title).map { String($0.1).trimmed }
  }

  // MARK: Blocks

  private func block(from line: Int) -> PageBlock {
    let indent = indent(line)
    let prefix = Array(page.content(line).prefix(indent))
    let column = String(decoding: prefix, as: UTF8.self).count + "\\begin{".count
    var block = PageBlock(
      number: content.blocks.count + 1, line: line, fence: page.lines[line].start + indent, info: "grad",
      infoLine: line,
      infoColumn: column, source: [], origins: [], lastLine: nil, isInComment: false, prefix: prefix)
    block.heading = heading
    let rest = trimmed(line).dropFirst(Self.begin.count)
    if rest.first == "[", rest.last == "]" {
      // The options begin two characters after the word, as they do after `, `.
      block.info = "grad, " + rest.dropFirst().dropLast()
    } else if !rest.isEmpty {
      block.fault = .init(
        line: line, message: "the options of a block end with `]`, on the line on which they begin",
        hint: "as in `\(Self.begin)[stage=loss]`, with the program below it")
    }
    guard let end = ((line + 1)..<page.lines.count).first(where: { trimmed($0) == Self.end }) else {
      block.fault = .init(
        line: line, message: "the block has no end", hint: "write `\(Self.end)` on a line of its own below the program")
      return block
    }
    let lines = Array((line + 1)..<end)
    let isIndented = lines.allSatisfy { page.content($0).starts(with: prefix) || trimmed($0).isEmpty }
    for own in lines {
      let cut = isIndented ? min(indent, self.indent(own)) : 0
      block.source.append(String(decoding: page.content(own).dropFirst(cut), as: UTF8.self))
      block.origins.append(LineOrigin(file: file, line: own + 1, indent: cut))
    }
    block.lastLine = end
    return block
  }

  // MARK: Regions

  private mutating func region(after block: PageBlock) -> PageBlock.Region? {
    guard let last = block.lastLine,
      let begin = ((last + 1)..<page.lines.count).first(where: { !trimmed($0).isEmpty }),
      case .begin(let fingerprint)? = mark(begin)
    else { return nil }
    used.insert(begin)
    let next = marks.first { $0.line > begin }
    let isBefore = content.blocks.allSatisfy { $0.line <= begin || $0.line > (next?.line ?? begin) }
    guard let next, next.mark == .end, isBefore else {
      return .init(lines: begin...begin, fault: RegionFinder.unclosed(begin, .tex))
    }
    used.insert(next.line)
    let lines = ((begin + 1)..<next.line).map(page.trimmed)
    let isOurs = fingerprint == RegionMark.fingerprint(of: lines)
    return .init(lines: begin...next.line, fault: isOurs ? nil : RegionFinder.foreignText(begin))
  }
}
