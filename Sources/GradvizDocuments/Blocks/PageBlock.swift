import GradLanguage

/// A block with the info string `grad` where it stands in a page. Lines are 0-based.
struct PageBlock: Sendable {
  /// Its number among the blocks of the page, from 1 on.
  var number: Int
  /// The line of the opening fence.
  var line: Int
  /// Where the fence begins, as an offset into the page.
  var fence: Int
  /// The word `grad` and what follows it: behind the fence, or in the comment above.
  var info: String
  /// The line that ``info`` stands in.
  var infoLine: Int
  /// How many characters of that line stand before it.
  var infoColumn: Int
  /// Whether options stand behind the fence although there is a comment with options above.
  var hasTwoInfos = false
  /// The program's lines as CommonMark has them, without what quotations and lists put before them.
  var source: [String]
  /// Where each of ``source`` stands; `file` is the page.
  var origins: [LineOrigin]
  /// The last line: the closing fence, or the end of the comment around a hidden block; nil for a block without
  /// a closing fence.
  var lastLine: Int?
  /// Whether it stands in a comment.
  var isInComment: Bool
  /// The bytes before each line that is added, in quotations and lists.
  var prefix: [UInt8] = []
  /// nil where it has none yet.
  var region: Region?
  /// What keeps it from being drawn, such as a comment that ends too early.
  var fault: PageContent.Fault?
  /// The text of the heading above.
  var heading: String?
}

extension PageBlock {
  /// The lines of a block's region with both marks.
  struct Region: Sendable {
    var lines: ClosedRange<Int>
    /// Why it cannot be replaced.
    var fault: PageContent.Fault?
  }
}

extension PageBlock {
  /// Why options cannot stand where they do, or cannot be met there.
  func fault(_ options: BlockOptions, isCatalog: Bool) -> BlockOptions.Fault? {
    if hasTwoInfos {
      return .init(
        place: 0..<4, message: "the block has options here and behind its fence",
        hint: "all stand in one place")
    }
    if isCatalog, let place = options.attributePlace {
      return .init(place: place, message: "DocC takes neither ids nor classes for a figure")
    }
    guard options.isHidden else { return nil }
    let place = options.places[.hidden] ?? 0..<4
    if infoLine != line {
      return .init(place: place, message: "the options of a hidden block stand behind its fence")
    }
    // Readers that take HTML for what browsers take it end a comment at the second one, too.
    for end in ["-->", "--!>"] where info.contains(end) || source.contains(where: { $0.contains(end) }) {
      return .init(
        place: place, message: "a block that is hidden stands in a comment, and `\(end)` would end it")
    }
    return nil
  }
}

/// What a page holds.
struct PageContent: Sendable {
  /// What is wrong with a line of a page.
  struct Fault: Sendable {
    /// 0-based.
    var line: Int
    var message: String
    var hint: String
  }

  var blocks: [PageBlock] = []
  /// Marks of regions that have no block.
  var strayMarks: [Fault] = []
}
