import Autograd
import Foundation
import GradvizDocuments
import GradvizGraph
import GradvizKit
import Testing

/// The JSON is what mdBook 0.4.52 and 0.5.0 write, their field names and nesting, with content of our own.
@Suite("mdBook")
struct MarkdownBookTests {
  private func input(_ root: String, key: String, content: String, inner: String = "No block.") throws -> Data {
    func json(_ text: String) throws -> String {
      String(
        decoding: try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
    }
    return Data(
      """
      [{"root": \(try json(root)), "config": {"book": {"authors": ["A"], "language": "en", "src": "src", "title": "T"},
        "build": {"build-dir": "book", "create-missing": true, "extra-watch-dirs": [], "use-default-preprocessors": true},
        "output": {"html": {}}, "preprocessor": {"gradviz": {"command": "gradviz mdbook"}}},
        "renderer": "html", "mdbook_version": "0.4.52"},
       {"\(key)": [
         {"Chapter": {"name": "One \\u00e9 / two", "content": \(try json(content)), "number": [1],
           "sub_items": [{"Chapter": {"name": "Inner", "content": \(try json(inner)), "number": [1, 1],
             "sub_items": [], "path": "part/inner.md", "source_path": "part/inner.md", "parent_names": ["One"]}}],
           "path": "one.md", "source_path": "one.md", "parent_names": []}},
         "Separator", {"PartTitle": "Part"},
         {"Chapter": {"name": "Draft", "content": "", "number": null, "sub_items": [], "path": null,
           "source_path": null, "parent_names": []}}], "__non_exhaustive": null}]
      """.utf8)
  }

  private let block = "# One\n\n```grad\nparam a = 2\nloss L = a * a\n```\n"

  /// The book with the contents of its chapters taken out, and these.
  private func parts(_ book: Any) -> (skeleton: NSObject, contents: [String]) {
    var contents: [String] = []
    func walk(_ value: Any) -> Any {
      if let list = value as? [Any] { return list.map(walk) }
      guard let object = value as? [String: Any] else { return value }
      var result: [String: Any] = [:]
      for (key, inner) in object.sorted(by: { $0.key < $1.key }) {
        if key == "content", let text = inner as? String {
          contents.append(text)
        } else {
          result[key] = walk(inner)
        }
      }
      return result
    }
    let skeleton = walk(book) as? NSObject ?? NSNull()
    return (skeleton, contents)
  }

  @Test(arguments: ["sections", "items"])
  func `chapters get their figures, all else goes through`(key: String) throws {
    let scratch = try Scratch()
    let inner = block.replacing("# One", with: "> quoted")
    let input = try input(scratch.path, key: key, content: block, inner: inner)
    let result = try MarkdownBook.draw(input)
    #expect(result.problems.isEmpty)
    #expect(
      result.figures.map { $0.path.replacing(scratch.path, with: "") }.sorted()
        == ["/src/figures/one-1-backward.svg", "/src/part/figures/inner-1-backward.svg"])
    let before = try #require(JSONSerialization.jsonObject(with: input) as? [Any])
    let (own, contents) = parts(before[1])
    let (its, drawn) = parts(try JSONSerialization.jsonObject(with: result.book))
    #expect(own == its)
    #expect(contents.count == 3 && drawn.count == 3)
    let both = drawn.joined()
    #expect(
      both.contains("](figures/one-1-backward.svg)") && both.contains("](figures/inner-1-backward.svg)"))
    for (before, after) in zip(contents, drawn) where !before.isEmpty {
      #expect(after.hasPrefix(before.dropLast()))
    }
  }

  @Test func `an error names the chapter's file and line`() throws {
    let scratch = try Scratch()
    let result = try MarkdownBook.draw(
      input(scratch.path, key: "items", content: "\n```grad\nloss L = tnh(1)\n```\n"))
    #expect(result.hasErrors)
    #expect(
      result.problems.map { $0.rendered().replacing(scratch.path, with: "") }.first?.split(separator: "\n")
        .first
        == "/src/one.md:3:10: error: unknown function `tnh`; did you mean `tanh`?")
  }

  @Test(arguments: ["", "{}", "[]", "[1, 2]", "[{}, {}]", "[{\"root\": \"/\"}, {\"items\": 3}]", "\u{FFFD}"])
  func `anything else is refused`(text: String) {
    #expect(throws: (any Error).self) { try MarkdownBook.draw(Data(text.utf8)) }
  }

  @Test func `a chapter does not read outside the book's source`() throws {
    let scratch = try Scratch()
    try scratch.write("param a = 2\n", to: "secret.grad")
    let result = try MarkdownBook.draw(
      input(scratch.path, key: "items", content: "```grad include=../secret.grad\n```\n"))
    #expect(result.hasErrors && result.figures.isEmpty)
  }

  @Test func `the same book gives the same bytes`() throws {
    let scratch = try Scratch()
    let input = try input(scratch.path, key: "items", content: block)
    let first = try MarkdownBook.draw(input).book
    #expect(try (0..<5).allSatisfy { _ in try MarkdownBook.draw(input).book == first })
    let keys = String(decoding: first, as: UTF8.self).matches(
      of: /"(content|name|number|parent_names|path)":/)
    #expect(
      keys.prefix(5).map { String($0.output.1) } == ["content", "name", "number", "parent_names", "path"])
  }

  // MARK: Chapters from elsewhere

  /// Where the book's text stands, and a chapter's path in it.
  @Test(arguments: [
    ("src", "../../page.md"), ("src", "../page.md"), ("src", "a/../../page.md"), ("src", "ABSOLUTE/page.md"),
    ("src", "link/page.md"), ("..", "page.md"), ("../other", "page.md"), ("link", "page.md"),
    ("src", "e\u{301}/../../twin\u{E9}/page.md"),
  ])
  func `no figure is written outside the book`(source: String, path: String) throws {
    let scratch = try Scratch()
    let book = scratch.file("books/one")
    try scratch.write("", to: "books/one/src/a/x")
    try scratch.write("", to: "books/other/x")
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: "\(book)/src/link", withDestinationPath: scratch.file("books/other"))
    try manager.createSymbolicLink(atPath: "\(book)/link", withDestinationPath: scratch.file("books/other"))
    let path = path.replacing("ABSOLUTE", with: scratch.file("books/other"))
    func draw(_ content: String) throws -> MarkdownBook.Result {
      let chapter: [String: Any] = [
        "name": "One", "content": content, "number": [1], "sub_items": [Any](), "path": path,
        "source_path": path,
        "parent_names": [Any](),
      ]
      let input: [Any] = [
        ["root": book, "config": ["book": ["src": source]], "renderer": "html"],
        ["items": [["Chapter": chapter]]],
      ]
      return try MarkdownBook.draw(JSONSerialization.data(withJSONObject: input))
    }
    let error = #expect(throws: InputError.self) { try draw(block) }
    #expect(error?.description.contains("outside") == true)
    // A page from elsewhere that has no figures goes through.
    if source == "src" { #expect(try draw("# Read me\n").figures.isEmpty) }
  }

  @Test func `a book whose text stands in its own folder`() throws {
    let scratch = try Scratch()
    let data = try input(scratch.path, key: "items", content: block)
    let text = String(decoding: data, as: UTF8.self).replacing("\"src\": \"src\"", with: "\"src\": \".\"")
    let result = try MarkdownBook.draw(Data(text.utf8))
    #expect(result.figures.count == 1 && result.problems.isEmpty)
  }
}
