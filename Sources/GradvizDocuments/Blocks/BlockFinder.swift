import CGradvizCommonMark
import GradLanguage

/// Finds the blocks of a page with a CommonMark parser, and their positions in its bytes.
///
/// The parser decides what is a fence. Only the line on which a node begins is taken from it, since its other
/// positions are wrong where a container ends a block; everything else is read from the page's bytes.
struct BlockFinder {
  private let page: PageText
  private let file: String
  private var content = PageContent()
  /// The lines on which code blocks begin.
  private var codeLines: Set<Int> = []

  /// - Complexity: O(bytes of the page).
  static func content(of page: PageText, file: String) -> PageContent {
    var finder = BlockFinder(page: page, file: file)
    finder.find()
    return finder.content
  }

  private init(page: PageText, file: String) {
    self.page = page
    self.file = file
  }

  /// The page as CommonMark should read it: lines of other formats are blank.
  private var markdown: [UInt8] {
    let count = FrontMatter.lineCount(page)
    guard count > 0 else { return Array(page.bytes[page.markLength...]) }
    return [UInt8](repeating: 0x0A, count: count) + page.bytes[page.lines[count - 1].end...]
  }

  private mutating func find() {
    let document = markdown.withUnsafeBytes { buffer in
      cmark_parse_document(buffer.bindMemory(to: CChar.self).baseAddress, buffer.count, CMARK_OPT_DEFAULT)
    }
    guard let document, let iterator = cmark_iter_new(document) else { return }
    defer {
      cmark_iter_free(iterator)
      cmark_node_free(document)
    }
    var regions = RegionFinder(page)
    var heading: String?
    var found: [(node: OpaquePointer, kind: cmark_node_type, line: Int, heading: String?)] = []
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
      let kind = cmark_node_get_type(node)
      switch kind {
      case CMARK_NODE_HEADING:
        // DocC's heading for an article's body does not describe its content.
        let line = Int(cmark_node_get_start_line(node)) - 1
        if let text = HeadingText.title(node), text != "Overview", !FrontMatter.isHeading(line, of: page) {
          heading = text
        }
      case CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK:
        let line = Int(cmark_node_get_start_line(node)) - 1
        guard page.lines.indices.contains(line) else { continue }
        if kind == CMARK_NODE_CODE_BLOCK { codeLines.insert(line) }
        if kind == CMARK_NODE_HTML_BLOCK, regions.keep(node) { continue }
        found.append((node, kind, line, heading))
      default: break
      }
    }
    var nodes: [OpaquePointer] = []
    for (node, kind, line, heading) in found {
      let literal = Self.lines(node)
      let isCode = kind == CMARK_NODE_CODE_BLOCK
      guard var block = isCode ? fencedBlock(node, line, literal) : blockInComment(line, literal) else {
        if isCode { noteName(node, line) }
        continue
      }
      if isCode { takeOptionsAbove(&block, node) }
      block.heading = heading
      block.number = content.blocks.count + 1
      content.blocks.append(block)
      nodes.append(node)
    }
    let own = Set(nodes)
    for (index, node) in nodes.enumerated() where content.blocks[index].lastLine != nil {
      content.blocks[index].region = regions.region(after: node) { own.contains($0) }
    }
    content.strayMarks = regions.strayMarks()
  }

  // MARK: Nodes

  /// The lines of a code or HTML block.
  private static func lines(_ node: OpaquePointer) -> [String] {
    guard let literal = cmark_node_get_literal(node) else { return [] }
    var lines: [String] = []
    var line: [UInt8] = []
    var next = UnsafeRawPointer(literal).assumingMemoryBound(to: UInt8.self)
    while next.pointee != 0 {
      if next.pointee == 0x0A {
        if line.last == 0x0D { line.removeLast() }
        lines.append(String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      } else {
        line.append(next.pointee)
      }
      next += 1
    }
    if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }

  /// The character, length and position of a fence in a line.
  private struct Fence {
    var byte: UInt8
    var length: Int
    /// An offset into the page.
    var start: Int
    var rest: ArraySlice<UInt8>
  }

  /// The fence on a line, after quotation marks, spaces and, for an opening fence, list markers.
  private func fence(_ line: Int, opening: Bool) -> Fence? {
    let text = page.content(line)
    var start = text.startIndex + page.prefixLength(line)
    if opening {
      // Nothing that may precede a fence has three fence characters in a row.
      guard
        let found = text.indices.first(where: { index in
          (text[index] == UInt8(ascii: "`") || text[index] == UInt8(ascii: "~")) && index + 2 < text.endIndex
            && text[index] == text[index + 1] && text[index] == text[index + 2]
        })
      else { return nil }
      start = found
    }
    guard start < text.endIndex else { return nil }
    let byte = text[start]
    guard byte == UInt8(ascii: "`") || byte == UInt8(ascii: "~") else { return nil }
    let length = text[start...].prefix { $0 == byte }.count
    guard length >= 3 else { return nil }
    return Fence(byte: byte, length: length, start: start, rest: text[(start + length)...])
  }

  private func isBlank(_ text: some Sequence<UInt8>) -> Bool { text.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

  /// The info string of a `grad` block, and the number of characters before it; nil for other blocks.
  private func info(_ fence: Fence, _ line: Int) -> (text: String, column: Int)? {
    let blanks = fence.rest.prefix { $0 == 0x20 || $0 == 0x09 }.count
    var text = fence.rest.dropFirst(blanks)
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    let info = String(decoding: text, as: UTF8.self)
    guard InfoString(info) != nil else { return nil }
    let before = page.bytes[page.lines[line].start..<text.startIndex]
    return (info, String(decoding: before, as: UTF8.self).count)
  }

  /// The position of a program's line in the page.
  private func origin(_ line: Int, _ text: String) -> LineOrigin {
    let whole = page.lines.indices.contains(line) ? page.text(line).count : text.count
    return LineOrigin(file: file, line: line + 1, indent: max(whole - text.count, 0))
  }

  private func fencedBlock(_ node: OpaquePointer, _ line: Int, _ literal: [String]) -> PageBlock? {
    // Indented code has no info string.
    guard let words = cmark_node_get_fence_info(node), words.pointee != 0,
      let opening = fence(line, opening: true), let info = info(opening, line)
    else { return nil }
    let closingLine = line + literal.count + 1
    var lastLine: Int?
    var prefix: [UInt8] = []
    // A fence after the end of a container opens a separate block.
    if page.lines.indices.contains(closingLine), !codeLines.contains(closingLine),
      let closing = fence(closingLine, opening: false), closing.byte == opening.byte,
      closing.length >= opening.length, isBlank(closing.rest)
    {
      lastLine = closingLine
      prefix = Array(page.bytes[page.lines[closingLine].start..<closing.start])
    }
    return PageBlock(
      number: 0, line: line, fence: opening.start, info: info.text, infoLine: line, infoColumn: info.column,
      source: literal,
      origins: literal.enumerated().map { origin(line + 1 + $0, $1) }, lastLine: lastLine, isInComment: false,
      prefix: prefix)
  }

  /// Notes a fence that is named after the program instead of the language.
  private mutating func noteName(_ node: OpaquePointer, _ line: Int) {
    guard let info = cmark_node_get_fence_info(node) else { return }
    let word = String(cString: info).drop { "{. ".contains($0) }.prefix { $0.isLetter }
    guard word.lowercased() == "gradviz" else { return }
    content.misnamedFences.append(
      .init(line: line, message: "a block named `\(word)` is not drawn", hint: "write `grad` after the fence"))
  }

  /// A hidden block: a comment that contains only a `grad` fence with the option `hidden`.
  private func blockInComment(_ line: Int, _ literal: [String]) -> PageBlock? {
    func blankLine(_ text: String) -> Bool { text.allSatisfy { $0 == " " || $0 == "\t" } }
    func word(_ text: String) -> String {
      String(text.drop { $0 == " " }.reversed().drop { $0.isWhitespace }.reversed())
    }
    guard let first = literal.first, word(first) == "<!--",
      let open = literal.indices.dropFirst().first(where: { !blankLine(literal[$0]) }),
      page.lines.indices.contains(line + open), let opening = fence(line + open, opening: false),
      let info = info(opening, line + open)
    else { return nil }
    // Without the comment, a line with a deeper indentation would be code.
    let indent = literal[open].prefix { $0 == " " }.count
    guard InfoString(info.text)?.asksToHide == true, indent < 4, literal[open].first != "\t" else {
      return nil
    }
    let end = literal.lastIndex { $0.contains("-->") }
    guard let last = end, open < last, word(literal[last]) == "-->", page.lines.indices.contains(line + last)
    else {
      return brokenComment(
        line, end,
        PageBlock(
          number: 0, line: line + open, fence: opening.start, info: info.text, infoLine: line + open,
          infoColumn: info.column, source: [], origins: [], lastLine: nil, isInComment: true))
    }
    var source: [String] = []
    var close = open + 1
    while close < last {
      if let closing = fence(line + close, opening: false), closing.byte == opening.byte,
        closing.length >= opening.length, isBlank(closing.rest)
      {
        break
      }
      let text = literal[close]
      source.append(String(text.dropFirst(text.prefix { $0 == " " }.prefix(indent).count)))
      close += 1
    }
    let isClosed = close < last
    return PageBlock(
      number: 0, line: line + open, fence: opening.start, info: info.text, infoLine: line + open,
      infoColumn: info.column,
      source: source, origins: source.enumerated().map { origin(line + open + 1 + $0, $1) },
      lastLine: isClosed ? line + last : nil, isInComment: true,
      prefix: Array(page.content(line + last).prefix(page.prefixLength(line + last))))
  }

  /// A hidden block whose comment does not end on its own line after the block.
  ///
  /// - Parameters:
  ///   - line: the line on which the comment begins.
  ///   - end: how many lines below it ends; nil if it does not end.
  private func brokenComment(_ line: Int, _ end: Int?, _ block: PageBlock) -> PageBlock {
    var block = block
    if let end {
      block.fault = .init(
        line: line + end, message: "`-->` ends the comment around a hidden block too early",
        hint: "remove it from the block; the comment ends on its own line below the closing fence")
    } else {
      block.fault = .init(
        line: line, message: "the comment around this hidden block is not closed",
        hint: "put `-->` below its closing fence")
    }
    return block
  }

  /// Reads options from a comment above the fence, `<!-- grad stage=loss -->`, for Markdown readers that
  /// misinterpret options after the word.
  private func takeOptionsAbove(_ block: inout PageBlock, _ node: OpaquePointer) {
    guard let above = cmark_node_previous(node), cmark_node_get_type(above) == CMARK_NODE_HTML_BLOCK else {
      return
    }
    let line = Int(cmark_node_get_start_line(above)) - 1
    let (start, end) = ("<!--", "-->")
    var text = page.trimmed(line)
    guard text.starts(with: start.utf8), text.suffix(end.utf8.count).elementsEqual(end.utf8),
      text.count >= start.utf8.count + end.utf8.count
    else { return }
    text = text.dropFirst(start.utf8.count).dropLast(end.utf8.count)
    text = text.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    let info = String(decoding: text, as: UTF8.self)
    guard InfoString(info) != nil else { return }
    block.hasTwoInfos = InfoString(block.info)?.isBare == false
    let before = page.bytes[page.lines[line].start..<text.startIndex]
    block.infoColumn = String(decoding: before, as: UTF8.self).count
    block.info = info
    block.infoLine = line
  }
}
