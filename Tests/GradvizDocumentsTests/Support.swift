import CGradvizCommonMark
import Foundation
import GradvizDocuments
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

// MARK: What no run wrote

/// The lines outside regions, from a mark with a fingerprint to the next end mark if that fingerprint
/// matches; for regions without one, the lines that no run writes.
func linesOfTheReader(_ page: String) -> [Substring] {
  let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
  var kept: [Substring] = []
  var index = 0
  while index < lines.count {
    let bare = trimmed(lines[index])
    if bare.hasPrefix("<!-- gradviz:begin"),
      let stop = lines[(index + 1)...].firstIndex(where: { trimmed($0).contains("gradviz:") }),
      trimmed(lines[stop]) == "<!-- gradviz:end -->"
    {
      let content = lines[(index + 1)..<stop].map(trimmed)
      let isOurs =
        bare == "<!-- gradviz:begin -->"
        ? content.allSatisfy { $0.isEmpty || $0.hasPrefix("![") || $0.hasPrefix("|") }
        : bare == "<!-- gradviz:begin \(fingerprint(content.map { $0 + "\n" }.joined())) -->"
      if isOurs {
        index = stop + 1
        continue
      }
    }
    kept.append(lines[index])
    index += 1
  }
  return kept
}

private func trimmed(_ line: Substring) -> String {
  var text = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
  while text.last == " " || text.last == "\t" { text.removeLast() }
  return String(text)
}

/// FNV-1a, written a second time.
func fingerprint(_ text: String) -> String {
  let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  return String(format: "%016lx", hash)
}

func isSubsequence(_ lines: [Substring], of others: [Substring]) -> Bool {
  var rest = others[...]
  for line in lines {
    guard let place = rest.firstIndex(of: line) else { return false }
    rest = rest[(place + 1)...]
  }
  return true
}
