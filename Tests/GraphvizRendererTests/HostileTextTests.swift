import GradvizDOT
import GraphvizRenderer
import Testing

/// Names and titles come out of files: whatever they hold, they are text in the figure.
@Suite("Hostile text")
struct HostileTextTests {
  static let texts = [
    "\"", "\\", "\\N", "\\G\\n\\l", "a\\", "<script>alert(1)</script>", "&amp;", "&copy; &#60;", "]]>", "-->",
    "' onload='x",
    "{a|b}", "<B>", "%s%n", "\u{1}\u{7F}x", "ŷ₁ ∂ 損失 🙂", "x\u{202E}y", "$(id)", "#{x}",
  ]

  private func shown(_ text: String) -> String {
    // The writer drops what no figure may carry.
    text.filter { $0 != "\u{1}" && $0 != "\u{7F}" && $0 != "\u{202E}" }
  }

  @Test(arguments: texts)
  func `A plain label is shown as it is`(text: String) throws {
    let graph = Graph(
      name: "g", statements: [.node(text, [.label(.plain(text)), .shape(.box), .tooltip(text)])])
    let svg = try Graphviz.svg(graph.text, style: plainStyle)
    let all = try #require(Elements(svg))
    #expect(all.named("text").map(\.text) == [shown(text)])
    #expect(all.named("title").last?.text == shown(text))
    #expect(all.named("script").isEmpty)
  }

  @Test(arguments: texts)
  func `A run of a label is shown as it is`(text: String) throws {
    let graph = Graph(
      name: "g",
      statements: [
        .node("n", [.label(.runs([TextRun(text, size: 10, color: Color(0x1d232c))])), .shape(.box)])
      ])
    let all = try #require(Elements(try Graphviz.svg(graph.text, style: plainStyle)))
    #expect(all.named("text").map(\.text) == [shown(text)])
  }

  @Test(arguments: texts)
  func `Title, description and id of the file are escaped`(text: String) throws {
    let style = SVGStyle(id: "f", title: text, description: text)
    let all = try #require(Elements(try Graphviz.svg(pinned, style: style)))
    #expect(all.withID("f-title") != nil)
    #expect(all.named("script").isEmpty)
  }

  @Test func `A very long label is drawn whole`() throws {
    let long = String(repeating: "weight & bias ", count: 2_000)
    let graph = Graph(name: "g", statements: [.node("n", [.label(.plain(long)), .shape(.box)])])
    let all = try #require(Elements(try Graphviz.svg(graph.text, style: plainStyle)))
    #expect(all.named("text").first?.text == long)
  }
}
