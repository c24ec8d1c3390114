import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// A figure that no block names.
public struct OrphanedFigure: Sendable {
  public var path: String
  /// The page it was drawn for.
  public var page: String
  /// Why it is left alone; nil for one that gradviz drew for a page which was drawn now, and that nobody changed.
  public var reasonToKeep: String?

  /// The page as it was drawn.
  fileprivate var content: [UInt8] = []
  /// Where it was found, and its name there: what has taken that folder's place since is another one.
  fileprivate var folder: OpenFolder
  fileprivate var name: String

  /// Removes the figure if all is still as it was found: the page names it nowhere, and nobody changed it.
  ///
  /// - Returns: false where something has changed, as when another process was quicker.
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

  public var finding: DrawnPage.Finding { .init(page: page, line: 1, kind: .orphaned, subject: path) }
}

extension [DrawnPage] {
  /// Figures in the pages' folders that gradviz drew for a page and that no block names, in the order of their paths.
  /// Pages with errors keep all they have.
  ///
  /// Ours to remove are those of these very pages alone: the figures of a page that is gone may be shown by it in
  /// another place, under another name.
  ///
  /// - Complexity: O(files of the folders, and the bytes of the figures that no block names).
  public func orphanedFigures() -> [OrphanedFigure] {
    let expected = Set(flatMap(\.figures).map { FilePath.key($0.path) })
    let pages = Dictionary(map { (FilePath.key($0.path), $0) }, uniquingKeysWith: { first, _ in first })
    var result: [OrphanedFigure] = []
    var seen: Set<[UInt8]> = []
    for page in self where seen.insert(FilePath.key(page.figuresFolder)).inserted {
      let folder = page.figuresFolder
      guard let open = FiguresFolder.ofDrawn(page) else { continue }
      for name in open.names.sorted() where name.hasSuffix(".svg") {
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
            case .unknown: "an earlier version of gradviz drew it, and left no sign of whether it was edited"
            }
          result.append(
            .init(
              path: path, page: page.path, reasonToKeep: reason, content: page.bytes, folder: open, name: name))
        } else if !FileManager.default.fileExists(atPath: signature.page) {
          result.append(
            .init(
              path: path, page: signature.page, reasonToKeep: "its page is gone, or was moved", folder: open,
              name: name))
        }
      }
    }
    return result.sorted { FilePath.precedes($0.path, $1.path) }
  }
}
