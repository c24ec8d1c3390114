import GradvizDOT
import GradvizSystem

/// The file of a figure or an explorer, with the mark that identifies files written by gradviz.
public struct FigureFile: Sendable {
  /// Where the file belongs.
  public var path: String
  /// Its whole content.
  public var bytes: [UInt8]
  /// The 1-based line of its block in the page.
  public var line: Int

  /// The name of a page in its figures' file names: its path relative to the parent of the figures' folder,
  /// so that pages of several folders can share it.
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

  /// The endings of their names.
  static let endings = ["svg", "html", "pdf", "png"]

  // MARK: The mark

  /// What a mark stands between: a comment of XML, or one after the end of a PDF or PNG, whose readers stop there.
  private static let xmlMark = (start: "<!-- gradviz document: ", end: " -->\n")
  private static let plainMark = (start: "\n% gradviz document: ", end: "\n")

  /// The last line of a file: the page of the figure, as a path relative to its folder, and the fingerprint
  /// of the content above.
  ///
  /// - Parameter file: the figure's path.
  static func mark(of file: String, page: String, folder: String, fingerprint: String) -> String {
    // A comment cannot contain `--`.
    let path = MarkdownText.link(FilePath.relative(page, to: folder)).replacing("--", with: "-%2D")
    let mark = ["pdf", "png"].contains(FilePath.ending(file)) ? plainMark : xmlMark
    return "\(mark.start)\(path) \(fingerprint)\(mark.end)"
  }

  /// The contents of a file's mark.
  struct Signature {
    enum State {
      /// Unchanged since gradviz wrote it.
      case untouched
      case edited
      /// Written by an earlier version, without a fingerprint.
      case unknown
    }
    /// The page of the figure.
    var page: String
    var state: State
  }

  /// Returns nil for a file that gradviz did not write for a page.
  static func signature(ofFile path: String, folder: String) -> Signature? {
    guard FilePath.type(path) == .typeRegular, let data = FileManager.default.contents(atPath: path) else {
      return nil
    }
    return signature(of: Array(data), folder: folder)
  }

  /// nil for bytes that are not those of a page's figure in that folder.
  static func signature(of data: [UInt8], folder: String) -> Signature? {
    guard let (mark, start, end) = lastMark(in: data) else { return nil }
    let words = mark.dropFirst(start.count).dropLast(end.count).split(separator: " ")
    guard (1...2).contains(words.count), let page = MarkdownText.path(ofLink: words[0]),
      // The path is shown on terminals.
      !page.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    let owner = FilePath.joined(folder, page)
    guard words.count == 2 else { return Signature(page: owner, state: .unknown) }
    let content = data.dropLast(mark.utf8.count)
    let isUntouched = Fingerprint(of: Array(content)).text() == words[1]
    return Signature(page: owner, state: isUntouched ? .untouched : .edited)
  }

  /// The bytes above the mark; nil for a file that gradviz did not write for a page.
  static func content(ofFile path: String) -> [UInt8]? {
    guard FilePath.type(path) == .typeRegular, let data = FileManager.default.contents(atPath: path),
      let mark = lastMark(in: Array(data))
    else { return nil }
    return Array(data.dropLast(mark.text.utf8.count))
  }

  /// The mark at the end of a file, and what it stands between.
  private static func lastMark(in data: [UInt8]) -> (text: Substring, start: String, end: String)? {
    let tail = String(decoding: data.suffix(8192), as: UTF8.self)
    for mark in [xmlMark, plainMark] where tail.hasSuffix(mark.end) {
      if let start = tail.lastRange(of: mark.start) { return (tail[start.lowerBound...], mark.start, mark.end) }
    }
    return nil
  }
}
