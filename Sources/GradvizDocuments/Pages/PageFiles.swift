import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// Finds the pages of a path.
public enum PageFiles {
  package static let endings: Set<String> = ["md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "qmd", "rmd", "tex"]

  /// A page, and the folder that was given to find it, if any.
  public struct Page: Sendable {
    /// The page.
    public var path: String
    /// The folder that was given; nil if the page itself was.
    public var root: String?
  }

  /// Returns the pages of several paths, each once, however many of the paths lead to it.
  ///
  /// Links are followed to the page itself, so that it has the same figures under all its names.
  ///
  /// - Throws: `InputError` for a missing path, or a folder without pages.
  public static func pages(named paths: [String]) throws(InputError) -> [Page] {
    var seen: Set<[UInt8]> = []
    var result: [Page] = []
    for path in paths {
      guard FileManager.default.fileExists(atPath: path) else {
        throw InputError("\(TerminalText.line(path)): error: no such file")
      }
      let isFolder = FilePath.isFolder(path)
      let real = FilePath.followed(path)
      let found = isFolder ? pages(in: real) : [real]
      guard !found.isEmpty else {
        throw InputError(
          "\(TerminalText.line(path)): error: the folder has no pages: neither Markdown nor LaTeX with `\\begin{grad}`")
      }
      for page in found where seen.insert(FilePath.key(page)).inserted {
        result.append(Page(path: page, root: isFolder ? real : nil))
      }
    }
    return result
  }

  /// The pages in a folder and its subfolders, in byte order of their paths: Markdown, and LaTeX with blocks; skips
  /// hidden files and links.
  public static func pages(in folder: String) -> [String] {
    var result: [String] = []
    var folders = [folder]
    while let next = folders.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: next)) ?? []
      where !name.hasPrefix(".") {
        let path = next == "." ? name : FilePath.joined(next, name)
        // The kind of the entry itself, not of a link's target: nothing outside the folder is written.
        switch FilePath.type(path) {
        case .typeDirectory?: folders.append(path)
        case .typeRegular?: if isPage(path) { result.append(path) }
        default: break
        }
      }
    }
    return result.sorted(by: FilePath.precedes)
  }

  /// Whether a file of a folder is a page: a LaTeX document of someone else, in whatever encoding, is not.
  private static func isPage(_ path: String) -> Bool {
    let ending = FilePath.ending(path).lowercased()
    guard ending == "tex" else { return endings.contains(ending) }
    return FileManager.default.contents(atPath: path).map {
      String(decoding: $0, as: UTF8.self).contains(TeXBlockFinder.begin)
    } ?? false
  }

  /// The reason why a file name is not accepted as a page.
  static func reasonAgainst(_ path: String) -> String? {
    let ending = FilePath.ending(path).lowercased()
    if endings.contains(ending) { return nil }
    if ending == "mdx" {
      return "MDX has no HTML comments, which gradviz needs for its marks; write the page as `.md`"
    }
    let known = endings.sorted().map { ".\($0)" }.joined(separator: ", ")
    return "this is neither a Markdown page nor a LaTeX document; expected a name ending in \(known)"
  }

  /// The reason why a page's content is not drawn.
  static func reasonAgainst(_ bytes: [UInt8]) -> String? {
    guard bytes.count <= PageDrawer.pageLimit else {
      return "the page has \(bytes.count) bytes, more than \(PageDrawer.pageLimit)"
    }
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8()
    var rest = bytes.makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&rest) {
      case .scalarValue("\n"): line += 1
      case .scalarValue: break
      case .emptyInput: return nil
      case .error: return "this is not UTF-8 text (line \(line))"
      }
    }
  }
}
