import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// A figure that no block uses.
public struct OrphanedFigure: Sendable {
  /// The file.
  public var path: String
  /// The page it was drawn for.
  public var page: String
  /// The reason to keep it; nil if gradviz drew it for one of the current pages and it was not edited.
  public var reasonToKeep: String?

  /// The page's content when it was drawn.
  fileprivate var content: [UInt8] = []
  /// Where it was found, and its name there: what has taken that folder's place since is another one.
  fileprivate var folder: OpenFolder
  fileprivate var name: String

  /// Removes the figure if nothing has changed: the page does not name it, and the file was not edited.
  ///
  /// - Returns: false if something has changed, for example because another process was faster.
  /// - Throws: `InputError` with the system's reason.
  public func remove() throws(InputError) -> Bool {
    guard reasonToKeep == nil, let bytes = folder.contents(of: name),
      let signature = FigureFile.signature(of: bytes, folder: FilePath.folder(path)),
      signature.state == .untouched, FilePath.isSame(signature.page, page),
      FileManager.default.contents(atPath: page).map({ $0.elementsEqual(content) }) == true
    else { return false }
    do {
      return try folder.remove(name)
    } catch {
      throw InputError("\(TerminalText.line(path)): error: the file cannot be removed (\(error))")
    }
  }

  /// The figure as a finding about its page.
  public var finding: DrawnPage.Finding { .init(page: page, line: 1, kind: .orphaned, subject: path) }
}

extension [DrawnPage] {
  /// The figures in the pages' folders that gradviz drew for a page and that no block uses, in path order.
  ///
  /// Pages with errors keep all of theirs.
  ///
  /// Only figures of the current pages can be removed: another page may show the figures of a deleted page
  /// under a different name.
  ///
  /// - Complexity: O(files in the folders + bytes of the unused figures).
  public func orphanedFigures() -> [OrphanedFigure] {
    let expected = Set(flatMap(\.figures).map { FilePath.key($0.path) })
    let pages = Dictionary(map { (FilePath.key($0.path), $0) }, uniquingKeysWith: { first, _ in first })
    var result: [OrphanedFigure] = []
    var seen: Set<[UInt8]> = []
    for page in self where seen.insert(FilePath.key(page.figuresFolder)).inserted {
      let folder = page.figuresFolder
      guard let open = FiguresFolder.ofDrawn(page) else { continue }
      for name in open.names.sorted() where FigureFile.endings.contains(FilePath.ending(name)) {
        let path = FilePath.joined(folder, name)
        guard !expected.contains(FilePath.key(path)), let bytes = open.contents(of: name),
          let signature = FigureFile.signature(of: bytes, folder: folder)
        else { continue }
        if let page = pages[FilePath.key(signature.page)] {
          guard !page.hasErrors else { continue }
          let reason: String? =
            switch signature.state {
            case .untouched: nil
            case .edited: "it was edited by hand"
            case .unknown: "an earlier version of gradviz drew it without recording whether it was edited"
            }
          result.append(
            .init(
              path: path, page: page.path, reasonToKeep: reason, content: page.bytes, folder: open, name: name))
        } else if !FileManager.default.fileExists(atPath: signature.page) {
          result.append(
            .init(
              path: path, page: signature.page, reasonToKeep: "its page was deleted or moved", folder: open,
              name: name))
        }
      }
    }
    return result.sorted { FilePath.precedes($0.path, $1.path) }
  }
}
