import Autograd
import GradLanguage
import GradvizKit
import GradvizSystem

/// The program of a block: the blocks it continues, the files it includes, and its own lines.
struct BlockProgram: Sendable {
  var lines: [String] = []
  var origins: [LineOrigin] = []
  /// The file in whose folder the program's data is: the page, or the first included file.
  var dataFile: String
  /// The name of the first included file.
  var includedName: String?
  /// The files that were read for it.
  var dependencies: [String] = []

  var text: String { lines.joined(separator: "\n") }
  var isEmpty: Bool { lines.allSatisfy { line in line.allSatisfy(\.isWhitespace) } }
  var source: SourceFile { SourceFile(name: dataFile, text: text, origins: origins) }

  /// Inserts the lines of a file before the block's own lines.
  ///
  /// - Parameters:
  ///   - path: the file's path relative to the page.
  ///   - page: the page's path.
  ///   - root: the folder outside which nothing is read.
  /// - Throws: a short reason why the file was not read.
  mutating func include(_ path: String, page: String, root: String) throws(InputError) {
    let folder = DataFolder(besideFile: page, within: root)
    let text: String
    do {
      dependencies.append(try folder.path(path))
      text = try folder.read(path)
    } catch {
      let reason = "\(error)".replacing(
        "the program's folder", with: "the folder that its page may read")
      throw InputError("`\(path)` cannot be read: \(reason)")
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

  /// A path relative to the page, in the style of the page's own path.
  private static func joined(_ page: String, _ path: String) -> String {
    let folder = page.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    return path.hasPrefix("/") || folder.isEmpty && !page.hasPrefix("/") ? path : "\(folder)/\(path)"
  }
}
