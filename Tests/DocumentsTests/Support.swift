import CCommonMark
import Documents
import Foundation
import GradvizKit

/// A folder that goes with its owner.
final class Scratch {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("documents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult func write(_ text: String, to name: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// Draws a page and writes nothing.
  func drawOnly(_ text: String, name: String = "page.md", with drawer: PageDrawer = PageDrawer()) throws
    -> DrawnPage
  {
    try drawer.draw(Array(text.utf8), path: file(name))
  }

  /// Draws a page and writes its figures, as the command line does.
  func draw(_ text: String, name: String = "page.md", with drawer: PageDrawer = PageDrawer()) throws
    -> DrawnPage
  {
    try draw(Array(text.utf8), name: name, with: drawer)
  }

  func draw(_ bytes: [UInt8], name: String = "page.md", with drawer: PageDrawer = PageDrawer()) throws
    -> DrawnPage
  {
    let page = try drawer.draw(bytes, path: file(name))
    for figure in page.figures {
      let url = URL(fileURLWithPath: figure.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(figure.bytes).write(to: url)
    }
    return page
  }
}

extension DrawnPage {
  var text: String { String(decoding: bytes, as: UTF8.self) }
  /// The first line of each problem, without the page's path.
  var messages: [String] {
    problems.flatMap { problem in
      problem.diagnostics.diagnostics.map { diagnostic in
        "\(diagnostic.line):\(diagnostic.column): \(diagnostic.message)"
          + (diagnostic.hint.map { "; \($0)" } ?? "")
      }
    }
  }
}

/// The page as HTML, by the CommonMark reference implementation.
func html(_ bytes: [UInt8]) -> String {
  let text = bytes.withUnsafeBytes { buffer in
    cmark_markdown_to_html(buffer.bindMemory(to: CChar.self).baseAddress, buffer.count, CMARK_OPT_UNSAFE)
  }
  guard let text else { return "" }
  defer { free(text) }
  return String(cString: text)
}
