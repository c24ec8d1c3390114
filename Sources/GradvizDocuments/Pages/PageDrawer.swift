import Autograd
import GradvizKit
import GradvizSystem

/// Draws the figures of pages: every block with the info string `grad`, and the region after it.
///
/// Reads files but does not write any. Caches drawings, so that drawing a page again costs only what has
/// changed.
public final class PageDrawer {
  /// Where figures go, and what pages may read.
  public struct Options: Sendable {
    /// The folder of all figures; nil for `figures` beside each page.
    public var figures: String?
    /// Whether pages belong to a DocC catalog: figures go to its `Resources`, light and dark.
    public var isCatalog: Bool
    /// The folder outside which pages cannot read files; nil for each page's own folder.
    public var root: String?
    /// The format of the figures of Markdown pages: svg, pdf or png.
    public var format: FigureFormat

    /// Creates options; the defaults fit a single page.
    public init(
      figures: String? = nil, isCatalog: Bool = false, root: String? = nil, format: FigureFormat = .svg
    ) {
      self.figures = figures
      self.isCatalog = isCatalog
      self.root = root
      self.format = format
    }
  }

  /// In bytes: 64 MiB.
  public static let pageLimit = 64 << 20

  private let options: Options
  private let store: DrawingStore?
  /// The cached drawings of each page.
  private var drawings: [[UInt8]: [[UInt8]: Kept]] = [:]
  /// The page that owns each figure file.
  private var owners: [[UInt8]: (key: [UInt8], path: String)] = [:]

  private struct Kept {
    var drawing: BlockDrawing
    var stamps: [FileStamp]
  }

  /// Creates a drawer, which remembers what it has drawn.
  ///
  /// - Parameters:
  ///   - options: where figures go and what pages may read.
  ///   - store: what earlier runs have drawn; nil to draw everything once.
  public init(_ options: Options = Options(), store: DrawingStore? = nil) {
    self.options = options
    self.store = store
  }

  /// Whether figures are beside their pages rather than in a given folder.
  public var isConfined: Bool { options.figures == nil }

  /// The folder of a page's figures; nil for a page outside a catalog where one is required.
  public func figuresFolder(of page: String) -> String? {
    if let figures = options.figures { return figures }
    guard options.isCatalog else { return FilePath.joined(FilePath.folder(page), "figures") }
    var folder = FilePath.folder(FilePath.absolute(page))
    while folder.count > 1, !folder.hasSuffix(".docc") { folder = FilePath.folder(folder) }
    guard folder.hasSuffix(".docc") else { return nil }
    // In the form the user wrote, if the catalog is part of the path.
    let relative = FilePath.relative(
      FilePath.joined(folder, "Resources"), to: FileManager.default.currentDirectoryPath)
    return page.hasPrefix("/") ? FilePath.joined(folder, "Resources") : relative
  }

  /// Draws a page.
  ///
  /// - Parameters:
  ///   - bytes: the page's content.
  ///   - path: the page's path in diagnostics.
  ///   - root: the folder outside which it cannot read files, unless set by the options; nil for the page's
  ///     own.
  /// - Throws: `InputError` for a file that is not a page, or a page that is too large, not UTF-8,
  ///   or outside the catalog.
  /// - Complexity: O(bytes) and the cost of the figures that have changed.
  public func draw(_ bytes: [UInt8], path: String, root: String? = nil) throws(InputError) -> DrawnPage {
    if let reason = PageFiles.reasonAgainst(path) { throw InputError("\(path): error: \(reason)") }
    return try drawMarkdown(bytes, path: path, root: root)
  }

  /// Draws a Markdown page with any file name.
  ///
  /// - Parameter host: what shows the page; nil to find out.
  func drawMarkdown(
    _ bytes: [UInt8], path: String, root: String?, host: PageHost? = nil
  ) throws(InputError) -> DrawnPage {
    if let reason = PageFiles.reasonAgainst(bytes) { throw InputError("\(path): error: \(reason)") }
    guard let folder = figuresFolder(of: path) else {
      throw InputError("\(path): error: the page is not in a DocC catalog (a folder whose name ends in `.docc`)")
    }
    if options.figures == nil, FilePath.isLink(folder), !FilePath.isInside(folder, FilePath.folder(folder)) {
      throw FiguresFolder.leadsOut(folder, page: path)
    }
    var ownRoot = options.root ?? root ?? FilePath.folder(path)
    if ownRoot.isEmpty { ownRoot = "." }
    let own = FilePath.key(path)
    owners = owners.filter { $0.value.key != own }
    let shown = host ?? (options.isCatalog ? .catalog : .of(path))
    let format = shown.format(options.format)
    var drawing = PageDrawing(
      page: PageText(bytes), path: path, folder: folder, root: ownRoot, host: shown, format: format)
    let before = drawings[own] ?? [:]
    var kept: [[UInt8]: Kept] = [:]
    let name =
      [path, folder, ownRoot].map(FilePath.absolute).joined(separator: "\n") + "\n\(shown) \(format.ending)"
    let stored = store?.entries(of: name) ?? []
    var entries: [DrawingStore.Entry] = []
    var result = drawing.draw(
      render: { (key, place, make) throws(BlockDrawer.Fault) in
        let text = String(decoding: key, as: UTF8.self)
        if let known = kept[key] ?? before[key], known.stamps.allSatisfy(\.isCurrent) {
          kept[key] = known
          if let entry = stored.first(where: { $0.key == text }) { entries.append(entry) }
          return known.drawing
        }
        let drawn: BlockDrawing
        if let entry = stored.first(where: { $0.key == text }), let known = entry.drawing(place, format) {
          drawn = known
          entries.append(entry)
        } else {
          drawn = try make()
          if drawn.warnings.isEmpty, let entry = DrawingStore.Entry(drawn, key: text) { entries.append(entry) }
        }
        // A warning has a location, which may change.
        if drawn.warnings.isEmpty {
          kept[key] = Kept(drawing: drawn, stamps: drawn.dependencies.sorted().map { FileStamp($0) })
        }
        return drawn
      },
      claim: { file in
        // On a case-insensitive file system, two names can be one file.
        let key = Array(FilePath.absolute(file).lowercased().utf8)
        if let other = self.owners[key] { return other.path }
        self.owners[key] = (own, path)
        return nil
      })
    drawings[own] = kept
    if let store, entries != stored { store.keep(entries, of: name) }
    result.isConfined = isConfined
    return result
  }

  /// The problems of a page, with line numbers as in the updated page.
  ///
  /// - Complexity: that of ``draw(_:path:root:)`` if the page changes, but no figure is drawn again.
  public func problems(of page: DrawnPage, root: String? = nil) -> [DrawnPage.Problem] {
    guard page.isChanged, !page.problems.isEmpty else { return page.problems }
    return (try? draw(page.bytes, path: page.path, root: root).problems) ?? page.problems
  }
}

/// Detects whether a file has changed since it was read.
package struct FileStamp: Equatable, Sendable {
  package let path: String
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int
  private let inode: UInt64

  package init(_ path: String) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      (size, seconds, nanoseconds, inode) = (-1, 0, 0, 0)
      return
    }
    size = Int(status.st_size)
    inode = UInt64(status.st_ino)
    #if canImport(Darwin)
      (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #else
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    #endif
  }

  package var isCurrent: Bool { FileStamp(path) == self }

  /// That of the running program; nil if it is not known where that is.
  static var ofProgram: FileStamp? {
    Programs.own.map { FileStamp($0) }.flatMap { $0.size < 0 ? nil : $0 }
  }

  /// All that is compared, in one text.
  var text: String { "\(path) \(size) \(seconds).\(nanoseconds) \(inode)" }
}
