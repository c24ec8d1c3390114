import GradvizDOT
import GradvizSystem

/// A figure's file: its name, and the mark by which gradviz knows its own.
public struct FigureFile: Sendable {
  public var path: String
  public var bytes: [UInt8]
  /// The line of its block in the page, from 1 on.
  public var line: Int

  /// The name of the files of a page: its path from the folder that holds the figures' folder, so that pages of
  /// several folders have figures of their own in one.
  static func pageName(_ page: String, figures folder: String) -> String {
    let parent = URL(fileURLWithPath: folder).standardizedFileURL.deletingLastPathComponent().path
    var parts = FilePath.relative(page, to: parent).split(separator: "/").filter { $0 != ".." }.map(
      String.init)
    if let last = parts.last {
      parts[parts.count - 1] = FilePath.stem(last)
    }
    return String(
      parts.joined(separator: "-").map { character in
        character.isLetter || character.isNumber || character == "-" || character == "_" ? character : "-"
      })
  }

  // MARK: The mark

  private static let markStart = "<!-- gradviz document: "
  private static let markEnd = " -->\n"

  /// The file's last line: whose figure it is, as a path from its folder, and the fingerprint of what stands before.
  static func mark(page: String, folder: String, fingerprint: String) -> String {
    // A comment has no `--`.
    let path = MarkdownText.link(FilePath.relative(page, to: folder)).replacing("--", with: "-%2D")
    return "\(markStart)\(path) \(fingerprint)\(markEnd)"
  }

  /// What the mark of a file says.
  struct Signature {
    enum State {
      /// As gradviz wrote it.
      case untouched
      case edited
      /// Earlier versions left no fingerprint.
      case unknown
    }
    /// The page that the file is a figure of.
    var page: String
    var state: State
  }

  /// nil for a file that gradviz did not write for a page.
  static func signature(ofFile path: String, folder: String) -> Signature? {
    guard FilePath.type(path) == .typeRegular, let data = FileManager.default.contents(atPath: path) else {
      return nil
    }
    return signature(of: Array(data), folder: folder)
  }

  /// nil for bytes that are not those of a page's figure in that folder.
  static func signature(of data: [UInt8], folder: String) -> Signature? {
    let tail = String(decoding: data.suffix(8192), as: UTF8.self)
    guard tail.hasSuffix(markEnd), let start = tail.lastRange(of: markStart) else {
      return nil
    }
    let words = tail[start.upperBound...].dropLast(markEnd.count).split(separator: " ")
    guard (1...2).contains(words.count), let page = MarkdownText.path(ofLink: words[0]),
      // A path that is shown on terminals.
      !page.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    let owner = FilePath.joined(folder, page)
    guard words.count == 2 else { return Signature(page: owner, state: .unknown) }
    let content = data.dropLast(tail[start.lowerBound...].utf8.count)
    let isUntouched = Fingerprint(of: Array(content)).text() == words[1]
    return Signature(page: owner, state: isUntouched ? .untouched : .edited)
  }
}
