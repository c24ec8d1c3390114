import Autograd
import GradvizKit
import GradvizSystem

/// Implements mdBook's preprocessor protocol: reads a book as JSON and returns it with figures in its
/// chapters.
///
/// Rewrites the `content` of chapters with ``PageDrawer`` and passes every other field through unchanged.
public struct MarkdownBook {
  /// The resulting book, the figures to write beside its chapters, and the problems found.
  public struct Result {
    /// The book as JSON, as mdBook expects it back.
    public var book: Data
    /// The files to write beside its chapters.
    public var figures: [FigureFile] = []
    /// The errors and warnings of all chapters.
    public var problems: [DrawnPage.Problem] = []

    /// Whether a block could not be drawn.
    public var hasErrors: Bool { problems.contains(where: \.isError) }
  }

  private let drawer: PageDrawer
  /// The folder of the chapters' sources.
  private let source: String
  private var result = Result(book: Data())

  /// Draws the figures of a book.
  ///
  /// - Parameters:
  ///   - input: the array of context and book that mdBook sends to preprocessors.
  ///   - drawer: the options, without a folder: figures go into `figures` beside each chapter.
  /// - Throws: `InputError` for any other input.
  public static func draw(_ input: Data, with drawer: PageDrawer = PageDrawer()) throws(InputError) -> Result {
    guard let pair = (try? JSONValue(input))?.list, pair.count == 2,
      let context = pair[0].object, let given = pair[1].object,
      let root = context["root"]?.text
    else {
      throw InputError(
        "standard input is not what mdBook writes to a preprocessor: `[context, book]` as JSON")
    }
    let settings = context["config"]?.object?["book"]?.object
    let source = FilePath.joined(root, settings?["src"]?.text ?? "src")
    guard FilePath.isInside(source, root) else {
      throw InputError("\(source): error: the book's source is outside its folder, \(root)")
    }
    var run = MarkdownBook(drawer: drawer, source: source)
    // `sections` up to mdBook 0.4, `items` since 0.5.
    let key = given["items"]?.list != nil ? "items" : "sections"
    guard let items = given[key]?.list else {
      throw InputError("the book that mdBook wrote has neither `items` nor `sections`")
    }
    var book = given
    book[key] = .list(try run.items(items))
    guard let data = try? JSONValue.object(book).data() else {
      throw InputError("the book cannot be written as JSON")
    }
    run.result.book = data
    return run.result
  }

  private init(drawer: PageDrawer, source: String) {
    self.drawer = drawer
    self.source = source
  }

  private mutating func items(_ items: [JSONValue]) throws(InputError) -> [JSONValue] {
    var drawn: [JSONValue] = []
    for item in items {
      // Separators and part titles are passed through.
      guard var entry = item.object, var chapter = entry["Chapter"]?.object else {
        drawn.append(item)
        continue
      }
      if let content = chapter["content"]?.text, let path = path(of: chapter), hasBlocks(content) {
        guard let folder = drawer.figuresFolder(of: path), FilePath.isInside(folder, source) else {
          throw InputError(
            "\(path): error: the figures of this chapter would be written outside the book's source, \(source)"
          )
        }
        let page = try drawer.drawMarkdown(Array(content.utf8), path: path, root: source, host: .site)
        if page.isChanged { chapter["content"] = .text(String(decoding: page.bytes, as: UTF8.self)) }
        result.figures += page.figures
        result.problems += page.problems
      }
      if let inner = chapter["sub_items"]?.list { chapter["sub_items"] = .list(try self.items(inner)) }
      entry["Chapter"] = .object(chapter)
      drawn.append(.object(entry))
    }
    return drawn
  }

  /// A chapter without blocks may be outside the book's source.
  private func hasBlocks(_ content: String) -> Bool {
    let page = BlockFinder.content(of: PageText(Array(content.utf8)), file: "")
    return !page.blocks.isEmpty || !page.strayMarks.isEmpty
  }

  /// The chapter's file; nil for a draft, which has none.
  private func path(of chapter: [String: JSONValue]) -> String? {
    guard let path = chapter["source_path"]?.text ?? chapter["path"]?.text else { return nil }
    return FilePath.joined(source, path)
  }
}
