import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// The folder of figures beside a page, out of whose folder it must not lead.
package enum FiguresFolder {
  /// Holds the folder open, so that what is written stays in there even if a link takes its place.
  ///
  /// - Parameters:
  ///   - page: what a diagnostic begins with.
  ///   - makes: whether it is made where it is missing.
  /// - Throws: `InputError` for a link that leads out, and for what cannot be opened.
  package static func open(
    _ folder: String, page: String, makes: Bool = true
  ) throws(InputError) -> OpenFolder {
    let named = FilePath.folder(folder)
    let parent = named.isEmpty ? "." : named
    // A chapter that another preprocessor has made stands in no folder yet.
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
