import GradLanguage

/// A block with the info string `grad` and its position in a page.
///
/// Lines are 0-based.
struct PageBlock: Sendable {
  /// Its 1-based number among the blocks of the page.
  var number: Int
  /// The line of the opening fence.
  var line: Int
  /// The offset of the fence in the page.
  var fence: Int
  /// The word `grad` and its options, from the fence or from the comment above.
  var info: String
  /// The line of ``info``.
  var infoLine: Int
  /// The number of characters before it on that line.
  var infoColumn: Int
  /// Whether the fence has options in addition to those in the comment above.
  var hasTwoInfos = false
  /// The program's lines without the markers of quotations and lists.
  var source: [String]
  /// The position of each line of ``source``; `file` is the page.
  var origins: [LineOrigin]
  /// The last line: the closing fence, or the end of the comment around a hidden block; nil if there is no
  /// closing fence.
  var lastLine: Int?
  /// Whether the block is inside a comment.
  var isInComment: Bool
  /// The bytes before each added line, in quotations and lists.
  var prefix: [UInt8] = []
  /// nil if it has none yet.
  var region: Region?
  /// An error that prevents drawing, such as a comment that ends too early.
  var fault: PageContent.Fault?
  /// The text of the heading above.
  var heading: String?
}

extension PageBlock {
  /// The lines of a block's region, including both marks.
  struct Region: Sendable {
    var lines: ClosedRange<Int>
    /// The reason why it cannot be replaced.
    var fault: PageContent.Fault?
  }
}

extension PageBlock {
  /// The reason why options cannot be where they are, or cannot be followed there.
  func fault(_ options: BlockOptions, _ host: PageHost) -> BlockOptions.Fault? {
    if hasTwoInfos {
      return .init(
        place: 0..<4, message: "the block has options both here and after its fence",
        hint: "keep them in one place")
    }
    if host == .catalog, let place = options.attributePlace {
      return .init(place: place, message: "DocC supports neither ids nor classes for figures")
    }
    if host == .catalog, options.explorer == .frame, let place = options.places[.explorer] {
      return .init(place: place, message: "DocC has no frames", hint: "write `explorer` alone for a link")
    }
    if host == .latex, let fault = Self.faultInLaTeX(options) { return fault }
    guard options.isHidden else { return nil }
    let place = options.places[.hidden] ?? 0..<4
    if infoLine != line {
      return .init(place: place, message: "the options of a hidden block must follow its fence")
    }
    // HTML parsers in browsers also end a comment at the second one.
    for end in ["-->", "--!>"] where info.contains(end) || source.contains(where: { $0.contains(end) }) {
      return .init(
        place: place, message: "a hidden block is inside a comment, and `\(end)` would end it")
    }
    return nil
  }
}

extension PageBlock {
  /// What a LaTeX document has in another way, or not.
  private static func faultInLaTeX(_ options: BlockOptions) -> BlockOptions.Fault? {
    let answers: [(BlockOptions.Key, String)] = [
      (.hidden, "the document itself says whether it shows programs: by what it defines as the environment `grad`"),
      (.table, "a table of values is for Markdown"), (.explorer, "a PDF has no interactive pages"),
      (.animate, "a PDF does not move"), (.alt, "LaTeX shows no description of a figure"),
    ]
    for (key, message) in answers {
      if let place = options.places[key] {
        return .init(place: place, message: "`\(key.rawValue)` is not for LaTeX: \(message)")
      }
    }
    if options.theme == .both, let place = options.places[.theme] {
      return .init(place: place, message: "a PDF cannot follow its reader", hint: "write theme=light, dark or print")
    }
    return nil
  }
}

/// The `grad` content of a page.
struct PageContent: Sendable {
  /// An error on a line of a page.
  struct Fault: Sendable {
    /// 0-based.
    var line: Int
    var message: String
    var hint: String
  }

  var blocks: [PageBlock] = []
  /// Marks without a block.
  var strayMarks: [Fault] = []
  /// Fences with a word that is close to `grad`: these are worth a warning.
  var misnamedFences: [Fault] = []
}
