import CGradvizCommonMark

/// Finds the regions of a page's blocks, and what is wrong with them.
///
/// A mark counts where CommonMark sees an HTML block that is nothing else, beside the block's own node: what looks
/// like one in code, in a quotation or in another list is the reader's text. A region reaches over what a run
/// wrote, and over nothing else.
struct RegionFinder {
  private let page: PageText
  /// The marks that belong to a block.
  private var used: Set<Int> = []
  private var marks: [Int: RegionMark] = [:]

  init(_ page: PageText) { self.page = page }

  /// The mark that an HTML block is, and its line.
  private func mark(_ node: OpaquePointer) -> (mark: RegionMark, line: Int)? {
    guard cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK else { return nil }
    let line = Int(cmark_node_get_start_line(node)) - 1
    guard page.lines.indices.contains(line), let mark = RegionMark(page.trimmed(line)) else { return nil }
    return (mark, line)
  }

  /// Keeps a mark; false for an HTML block that is none.
  mutating func keep(_ node: OpaquePointer) -> Bool {
    guard let found = mark(node) else { return false }
    marks[found.line] = found.mark
    return true
  }

  /// The region after a block.
  ///
  /// - Parameters:
  ///   - node: the block's own, or that of the comment around it.
  ///   - isBlock: whether another node is a block of ours, which no region holds.
  /// - Complexity: O(nodes of the region).
  mutating func region(after node: OpaquePointer, isBlock: (OpaquePointer) -> Bool) -> PageBlock.Region? {
    guard let next = cmark_node_next(node), let (mark, begin) = mark(next),
      case .begin(let fingerprint) = mark
    else { return nil }
    used.insert(begin)
    guard let end = end(after: next, isBlock: isBlock), end > begin else {
      return .init(
        lines: begin...begin,
        fault: .init(
          line: begin, message: "this region has no end",
          hint: "put `\(RegionMark.endLine)` below the lines that gradviz wrote"))
    }
    used.insert(end)
    let lines = ((begin + 1)..<end).map(page.trimmed)
    let isOurs =
      fingerprint.map { $0 == RegionMark.fingerprint(of: lines) } ?? UnmarkedRegion.isOurs(lines)
    return .init(
      lines: begin...end,
      fault: isOurs
        ? nil
        : .init(
          line: begin, message: "this region holds text that gradviz did not write",
          hint: "move what is yours out of it and delete the rest, with both marks: it is written again"))
  }

  /// The end mark beside a begin mark, before the next region and the next block.
  private func end(after begin: OpaquePointer, isBlock: (OpaquePointer) -> Bool) -> Int? {
    var next = cmark_node_next(begin)
    while let node = next {
      if let (mark, line) = mark(node) { return mark == .end ? line : nil }
      if isBlock(node) { return nil }
      next = cmark_node_next(node)
    }
    return nil
  }

  /// The marks that belong to no block, and why; one for the two of a region.
  func strayMarks() -> [PageContent.Fault] {
    var faults: [PageContent.Fault] = []
    var isOpen = false
    for (line, mark) in marks.sorted(by: { $0.key < $1.key }) {
      defer { if case .begin = mark { isOpen = !used.contains(line) } else { isOpen = false } }
      guard !used.contains(line), !(mark == .end && isOpen) else { continue }
      faults.append(Self.stray(mark, line))
    }
    return faults
  }

  private static func stray(_ mark: RegionMark, _ line: Int) -> PageContent.Fault {
    switch mark {
    case .begin:
      .init(
        line: line, message: "this region has no block before it",
        hint: "put its block back above it, or delete the lines up to `\(RegionMark.endLine)`")
    case .end:
      .init(
        line: line, message: "no region begins before this end",
        hint: "delete it, and above it what gradviz wrote")
    case .unknown:
      .init(
        line: line, message: "gradviz writes no such mark",
        hint: "its own are `\(RegionMark.beginLine("…"))` and `\(RegionMark.endLine)`")
    }
  }
}
