import Foundation
import GradvizTestSupport
import Testing

/// Site generators show the figures of a page.
extension DocumentCommandTests {
  @Test func `mdBook is answered`() throws {
    let folder = try TemporaryFolder()
    #expect(try gradviz("mdbook", "supports", "html", in: folder).status == 0)
    #expect(try gradviz("mdbook", "supports", "not-supported", in: folder).status == 1)
    let chapter: [String: Any] = [
      "name": "One", "content": block, "number": [1], "sub_items": [Any](), "path": "one.md",
      "source_path": "one.md", "parent_names": [Any](),
    ]
    let book: [Any] = [
      [
        "root": folder.url.path, "config": ["book": ["src": "text"]], "renderer": "html",
        "mdbook_version": "0.4.52",
      ],
      ["sections": [["Chapter": chapter]], "__non_exhaustive": NSNull()],
    ]
    let result = try gradviz("mdbook", input: JSONSerialization.data(withJSONObject: book), in: folder)
    #expect(result.status == 0 && result.errors == "")
    let drawn = try #require(JSONSerialization.jsonObject(with: result.output) as? [String: Any])
    let content = ((drawn["sections"] as? [[String: Any]])?.first?["Chapter"] as? [String: Any])?["content"]
    #expect((content as? String)?.contains("](figures/one-1-backward.svg)") == true)
    #expect(SVGDocument(try text(folder, "text/figures/one-1-backward.svg")).error == nil)
    let refused = try gradviz("mdbook", input: Data("nonsense".utf8), in: folder)
    #expect(
      refused.status == 1 && refused.output.isEmpty && refused.errors.hasPrefix("gradviz mdbook: error: "))
  }

  /// A page as the documentation describes it.
  private func site() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("docs"), withIntermediateDirectories: true)
    _ = try folder.write(
      """
      # One page

      <!-- grad stage=backward table -->
      ```grad
      param a = 2
      loss L = a * a
      ```

      Hidden:

      ```grad hidden stage=loss name=hidden
      param secret = 2
      loss L = secret * secret
      ```

      The end.

      """, to: "docs/index.md")
    #expect(try gradviz("document", "docs", in: folder).status == 0)
    return folder
  }

  private func expectFigures(_ html: String, _ folder: String) {
    let shown = html.replacing(/<!--(?s:.*?)-->/, with: "")
    #expect(
      shown.contains("\(folder)/index-1-backward.svg\"")
        && shown.contains("\(folder)/index-hidden-loss.svg\""))
    #expect(shown.contains("param a = 2") && !shown.contains("param secret"))
    #expect(shown.contains("<table") && shown.contains("The end.") && !shown.contains("gradviz:"))
  }

  @Test(.enabled(if: Project.tool("mkdocs") != nil, "MkDocs is not installed"))
  func `MkDocs shows the figures`() throws {
    let folder = try site()
    _ = try folder.write("site_name: Figures\nmarkdown_extensions: [tables, fenced_code]\n", to: "mkdocs.yml")
    let result = try ProcessResult(
      try #require(Project.tool("mkdocs")), ["build", "--strict"], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    expectFigures(try text(folder, "site/index.html"), "figures")
    #expect(FileManager.default.fileExists(atPath: folder.file("site/figures/index-1-backward.svg").path))
  }

  /// Whether Sphinx' Python has MyST.
  private static let hasMyST: Bool = {
    guard let tool = Project.tool("sphinx-build"),
      let script = try? String(contentsOfFile: tool, encoding: .utf8),
      let first = script.split(separator: "\n").first, first.hasPrefix("#!")
    else { return false }
    let python = first.dropFirst(2).trimmingCharacters(in: .whitespaces)
    return (try? ProcessResult(python, ["-c", "import myst_parser"]).status) == 0
  }()

  @Test(.enabled(if: hasMyST, "Sphinx with MyST is not installed"))
  func `Sphinx shows the figures`() throws {
    let folder = try site()
    _ = try folder.write(
      """
      from pygments.lexers.special import TextLexer

      extensions = ["myst_parser"]


      def setup(app):
          app.add_lexer("grad", TextLexer)

      """, to: "docs/conf.py")
    let result = try ProcessResult(
      try #require(Project.tool("sphinx-build")), ["-W", "-b", "html", "docs", "docs/_build"], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    expectFigures(try text(folder, "docs/_build/index.html"), "_images")
  }

  @Test(.enabled(if: Project.tool("pandoc") != nil, "Pandoc is not installed"))
  func `Pandoc shows the figures`() throws {
    let folder = try site()
    let result = try ProcessResult(
      try #require(Project.tool("pandoc")), ["--standalone", "docs/index.md", "-o", "docs/index.html"],
      in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    expectFigures(try text(folder, "docs/index.html"), "figures")
  }
}
