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
  /// The lines of its region; nil where it has none yet.
  var region: ClosedRange<Int>?
  /// Whether its region has no end.
  var hasOpenRegion = false
  /// The text of the heading above.
  var heading: String?
}

/// What marks the lines that gradviz keeps after a block.
enum RegionMark {
  static let begin = "<!-- gradviz:begin -->"
  static let end = "<!-- gradviz:end -->"
  /// How a mark may begin; what follows is left to the writer.
  static let beginStart = "<!-- gradviz:begin"
}

/// What a page holds.
struct PageContent: Sendable {
  var blocks: [PageBlock] = []
  /// Where regions begin that have no block.
  var strayRegions: [Int] = []
}
