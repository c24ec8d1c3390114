import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// A block's program: what it continues, what it includes, and its own lines.
struct BlockProgram: Sendable {
  var lines: [String] = []
  var origins: [LineOrigin] = []
  /// The file whose folder holds the program's data: the page, or the first file that is included.
  var dataFile: String
  /// The name of the first file that is included.
  var includedName: String?
  /// Files that were read for it.
  var dependencies: [String] = []

  var text: String { lines.joined(separator: "\n") }
  var isEmpty: Bool { lines.allSatisfy { line in line.allSatisfy(\.isWhitespace) } }
  var source: SourceFile { SourceFile(name: dataFile, text: text, origins: origins) }

  /// Reads a file into the program, its lines before those that follow.
  ///
  /// - Parameters:
  ///   - path: relative to the page.
  ///   - page: the page's path.
  ///   - root: the folder out of which nothing is read.
  /// - Throws: a few words on why it was not read.
  mutating func include(_ path: String, page: String, root: String) throws(InputError) {
    let folder = DataFolder(besideFile: page, within: root)
    let text: String
    do {
      dependencies.append(try folder.path(path))
      text = try folder.read(path)
    } catch {
      let reason = "\(error)".replacing(
        "the folder of the program", with: "the folder that its page may read")
      throw InputError("`\(path)` is not read: \(reason)")
    }
    let parts = PageText(Array(text.utf8))
    let shown = Self.joined(page, path)
    for line in parts.lines.indices {
      lines.append(parts.text(line))
      origins.append(LineOrigin(file: shown, line: line + 1))
    }
    if includedName == nil {
      includedName = FilePath.stem(path)
      dataFile = shown
    }
  }

  mutating func add(_ block: PageBlock) {
    lines += block.source
    origins += block.origins
  }

  /// A path beside the page, as the page's own path is written.
  private static func joined(_ page: String, _ path: String) -> String {
    let folder = page.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    return path.hasPrefix("/") || folder.isEmpty && !page.hasPrefix("/") ? path : "\(folder)/\(path)"
  }
}
