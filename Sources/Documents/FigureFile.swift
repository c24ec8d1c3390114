import Foundation

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
      parts[parts.count - 1] = URL(fileURLWithPath: last).deletingPathExtension().lastPathComponent
    }
    return String(
      parts.joined(separator: "-").map { character in
        character.isLetter || character.isNumber || character == "-" || character == "_" ? character : "-"
      })
  }

  private static let markStart = "<!-- gradviz document: "
  private static let markEnd = " -->\n"

  /// The file's last line: whose figure it is, as a path from its folder.
  static func mark(page: String, folder: String) -> String {
    // A comment has no `--`.
    let path = MarkdownText.link(FilePath.relative(page, to: folder)).replacing("--", with: "-%2D")
    return markStart + path + markEnd
  }

  /// The page that a file in a folder is a figure of; nil for a file that gradviz did not write for a page.
  static func page(ofFile path: String, folder: String) -> String? {
    guard let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType,
      type == .typeRegular, let file = FileHandle(forReadingAtPath: path)
    else { return nil }
    defer { try? file.close() }
    guard let size = try? file.seekToEnd() else { return nil }
    try? file.seek(toOffset: size > 8192 ? size - 8192 : 0)
    guard let tail = try? file.readToEnd() else { return nil }
    let text = String(decoding: tail, as: UTF8.self)
    guard text.hasSuffix(markEnd), let start = text.range(of: markStart, options: .backwards),
      let page = text[start.upperBound...].dropLast(markEnd.count).removingPercentEncoding,
      // A path that is shown on terminals.
      !page.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return nil }
    return FilePath.joined(folder, page)
  }
}

/// Paths as text.
enum FilePath {
  static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

  /// A path as seen from a folder, with `..` where it is not in there.
  static func relative(_ path: String, to folder: String) -> String {
    let target = absolute(path).split(separator: "/")
    let base = absolute(folder).split(separator: "/")
    var common = 0
    while common < target.count, common < base.count, target[common] == base[common] { common += 1 }
    let up = [Substring](repeating: "..", count: base.count - common)
    return (up + target[common...]).joined(separator: "/")
  }

  static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
      == .typeSymbolicLink
  }

  /// Whether a path, its links followed, is a folder or in it.
  static func isInside(_ path: String, _ folder: String) -> Bool {
    func resolved(_ path: String) -> String {
      URL(fileURLWithPath: path.isEmpty ? "." : path).resolvingSymlinksInPath().standardizedFileURL.path
    }
    let (inner, outer) = (resolved(path), resolved(folder))
    return inner == outer || inner.hasPrefix(outer.hasSuffix("/") ? outer : outer + "/")
  }

  static func joined(_ folder: String, _ path: String) -> String {
    folder.isEmpty || path.hasPrefix("/") ? path : folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
  }

  /// The folder of a file; empty for a file beside whoever asks.
  static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
