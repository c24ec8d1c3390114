import GraphvizRenderer
import Testing

@Suite("Errors")
struct ErrorTests {
  private func message(_ dot: String) -> String {
    do {
      _ = try Graphviz.svg(dot, style: plainStyle)
      return ""
    } catch {
      return error.message
    }
  }

  @Test func `A syntax error names its line`() {
    let text = message("digraph g {\n  a -> b\n  a -> -> c\n}\n")
    #expect(text.contains("syntax error in line 3"))
  }

  @Test func `The line is counted from this text's first, whatever was drawn before`() {
    for _ in 0..<3 { _ = message("digraph g {\n\n\n a [label=x]\n}\n") }
    for _ in 0..<3 { #expect(message("digraph g {\n a -> -> b\n}\n").contains("line 2")) }
  }

  @Test func `A drawing after an error is not touched by it`() throws {
    let before = try Graphviz.svg(pinned, style: plainStyle)
    #expect(!message("digraph g { a [label=\"never closed }").isEmpty)
    #expect(!message("digraph { subgraph {").isEmpty)
    for rest in ["junk -> {", "digraph second { b }", "\"open"] { _ = message("digraph g { a }\n\(rest)") }
    #expect(try Graphviz.svg(pinned, style: plainStyle) == before)
  }

  @Test(arguments: [
    "", "   \n", "not DOT at all", "digraph g { a [label=<<B>open>] }",
    "digraph g { a [label=<<I>&nothing;</I>>] }",
    "digraph g { a [arrowhead=nosuchhead] -> b [arrowhead=nosuchhead] }",
    "digraph g { a [color=nosuchcolour style=filled] }",
    "digraph g { graph [layout=nosuchengine] a }",
  ])
  func `What Graphviz would pass over with a warning is an error`(dot: String) {
    #expect(!message(dot).isEmpty)
  }

  @Test func `Two graphs in one text are an error`() {
    #expect(message("digraph g { a } digraph h { b }").contains("more than one graph"))
  }

  @Test func `A message is one line of words`() {
    let text = message("digraph g { a [label=<<B>open>] }")
    #expect(text.hasPrefix("Graphviz cannot draw this: "))
    #expect(!text.contains("\n") && !text.contains("Error:"))
  }

  @Test func `An error of the input offers no installation`() {
    do {
      _ = try Graphviz.svg("digraph g { a [label=plugin] plugin -> -> plugin }", style: plainStyle)
      Issue.record("this is not DOT")
    } catch {
      #expect(error.cure == nil)
    }
  }

  @Test func `Text with a NUL is rejected, not silently cut`() {
    #expect(message("digraph g {\n a }\0 -> -> }").contains("NUL character on line 2"))
  }
}
