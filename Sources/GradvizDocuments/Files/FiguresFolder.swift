import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// The folder of figures beside a page, which must be inside the page's folder.
package enum FiguresFolder {
  /// Opens the folder and keeps it open, so that files are written there even if a link replaces it.
  ///
  /// - Parameters:
  ///   - page: the path at the start of a diagnostic.
  ///   - makes: whether to create the folder if it is missing.
  /// - Throws: `InputError` for a link that leads outside, or a folder that cannot be opened.
  package static func open(
    _ folder: String, page: String, makes: Bool = true
  ) throws(InputError) -> OpenFolder {
    let named = FilePath.folder(folder)
    let parent = named.isEmpty ? "." : named
    // The folder of a chapter created by another preprocessor may not exist yet.
    if makes { try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true) }
    do {
      return try OpenFolder(below: parent, FilePath.relative(folder, to: parent), makes: makes)
    } catch {
      if error.isOutside { throw leadsOut(folder, page: page) }
      throw InputError("\(TerminalText.line(folder)): error: the folder cannot be opened (\(error))")
    }
  }

  /// The folder of the figures that are there already, held open; nil where there is none, or a link that leads out.
  static func ofDrawn(_ page: DrawnPage) -> OpenFolder? {
    if page.isConfined { return try? open(page.figuresFolder, page: page.path, makes: false) }
    return try? OpenFolder(at: page.figuresFolder.isEmpty ? "." : page.figuresFolder)
  }

  static func leadsOut(_ folder: String, page: String) -> InputError {
    InputError(
      "\(page): error: `\(folder)` leads out of the page's folder, which only a folder named for all pages may do")
  }
}
