import CGradvizCommonMark

/// Finds the regions of a page's blocks and their errors.
///
/// A mark counts only if CommonMark parses it as an HTML block by itself, next to the block's own node;
/// similar text in code, in a quotation or in another list is the user's. A region covers only what an
/// earlier run wrote.
struct RegionFinder {
  private let page: PageText
  /// The marks that belong to a block.
  private var used: Set<Int> = []
  private var marks: [Int: RegionMark] = [:]

  init(_ page: PageText) { self.page = page }

  /// The mark in an HTML block, and its line.
  private func mark(_ node: OpaquePointer) -> (mark: RegionMark, line: Int)? {
    guard cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK else { return nil }
    let line = Int(cmark_node_get_start_line(node)) - 1
    guard page.lines.indices.contains(line), let mark = RegionMark(page.trimmed(line), .html) else { return nil }
    return (mark, line)
  }

  /// Stores a mark; returns false for an HTML block without one.
  mutating func keep(_ node: OpaquePointer) -> Bool {
    guard let found = mark(node) else { return false }
    marks[found.line] = found.mark
    return true
  }

  /// The region after a block.
  ///
  /// - Parameters:
  ///   - node: the node of the block, or of the comment around it.
  ///   - isBlock: whether another node is a `grad` block, which ends the region.
  /// - Complexity: O(nodes of the region).
  mutating func region(after node: OpaquePointer, isBlock: (OpaquePointer) -> Bool) -> PageBlock.Region? {
    guard let next = cmark_node_next(node), let (mark, begin) = mark(next),
      case .begin(let fingerprint) = mark
    else { return nil }
    used.insert(begin)
    guard let end = end(after: next, isBlock: isBlock), end > begin else {
      return .init(lines: begin...begin, fault: Self.unclosed(begin, .html))
    }
    used.insert(end)
    let lines = ((begin + 1)..<end).map(page.trimmed)
    let isOurs =
      fingerprint.map { $0 == RegionMark.fingerprint(of: lines) } ?? UnmarkedRegion.isOurs(lines)
    return .init(lines: begin...end, fault: isOurs ? nil : Self.foreignText(begin))
  }

  static func unclosed(_ line: Int, _ notation: RegionMark.Notation) -> PageContent.Fault {
    .init(
      line: line, message: "this region is not closed",
      hint: "put `\(RegionMark.endLine(notation))` below the lines that gradviz wrote")
  }

  static func foreignText(_ line: Int) -> PageContent.Fault {
    .init(
      line: line, message: "this region holds text that gradviz did not write",
      hint: "move your text out of it and delete the rest, including both marks; gradviz writes it again")
  }

  /// The end mark of a region, before the next region and the next block.
  private func end(after begin: OpaquePointer, isBlock: (OpaquePointer) -> Bool) -> Int? {
    var next = cmark_node_next(begin)
    while let node = next {
      if let (mark, line) = mark(node) { return mark == .end ? line : nil }
      if isBlock(node) { return nil }
      next = cmark_node_next(node)
    }
    return nil
  }

  /// The marks that belong to no block, and why; one for each pair.
  func strayMarks() -> [PageContent.Fault] {
    let found = marks.sorted(by: { $0.key < $1.key }).map { ($0.key, $0.value) }
    return Self.strayMarks(found, used: used, .html)
  }

  /// - Parameters:
  ///   - found: all of a page, by line.
  ///   - used: the lines of those that belong to a block.
  static func strayMarks(
    _ found: [(line: Int, mark: RegionMark)], used: Set<Int>, _ notation: RegionMark.Notation
  ) -> [PageContent.Fault] {
    var faults: [PageContent.Fault] = []
    var isOpen = false
    for (line, mark) in found {
      defer { if case .begin = mark { isOpen = !used.contains(line) } else { isOpen = false } }
      guard !used.contains(line), !(mark == .end && isOpen) else { continue }
      faults.append(stray(mark, line, notation))
    }
    return faults
  }

  private static func stray(
    _ mark: RegionMark, _ line: Int, _ notation: RegionMark.Notation
  ) -> PageContent.Fault {
    switch mark {
    case .begin:
      .init(
        line: line, message: "there is no block before this region",
        hint: "put its block back above it, or delete the lines up to `\(RegionMark.endLine(notation))`")
    case .end:
      .init(
        line: line, message: "this mark ends a region that never begins",
        hint: "delete it and the lines that gradviz wrote above it")
    case .unknown:
      .init(
        line: line, message: "unknown gradviz mark",
        hint: "the marks are `\(RegionMark.beginLine("…", notation))` and `\(RegionMark.endLine(notation))`")
    }
  }
}
