import Foundation
import GradvizDocuments
import Testing

/// Hidden blocks, and the regions of blocks.
extension BlockTests {
  @Test func `a hidden block goes into a comment, its figure stays in sight`() throws {
    let scratch = try Scratch()
    for (before, inside, after) in [
      ("", "", "text\n"), ("> ", "> ", "> text\n"), ("- ", "  ", "  text\n"), ("1. > ", "   > ", "x\n"),
    ] {
      let page =
        "\(before)```grad hidden\n\(inside)param a = 2\n\(inside)\n\(inside)loss L = a * a\n\(inside)```\n\(after)"
      let first = try scratch.draw(page)
      #expect(first.messages == [])
      let shown = html(first.bytes)
      #expect(!shown.replacing(try Regex("(?s)<!--.*?-->"), with: "").contains("param"))
      #expect(shown.contains("<img"))
      let second = try scratch.draw(first.bytes)
      #expect(!second.isChanged && second.figures.count == 1 && second.messages == [])
    }
  }

  @Test func `a hidden block that has errors keeps its lines`() throws {
    let scratch = try Scratch()
    let first = try scratch.draw("text\n\n```grad hidden\nparam a = 2\nloss L = a * a\n```\n")
    let broken = first.text.replacing("a * a", with: "tnh(a)")
    let drawn = try scratch.draw(broken)
    #expect(drawn.messages == ["6:10: unknown function `tnh`; did you mean `tanh`?"])
    #expect(!drawn.isChanged)
  }

  @Test func `what a comment would end cannot be hidden`() throws {
    let drawn = try Scratch().draw("```grad hidden\nparam a = 2 # -->\nloss L = a * a\n```\n")
    #expect(drawn.messages == ["1:9: a hidden block is inside a comment, and `-->` would end it"])
    #expect(!drawn.isChanged)
    #expect(drawn.figures.isEmpty)
  }

  @Test func `a comment around a block that is to be seen takes it away`() throws {
    let drawn = try Scratch().draw(
      "<!--\n```grad caption=\"is hidden now\"\nparam a = 2\nloss L = a * a\n```\n-->\n")
    #expect(drawn.figures.isEmpty && drawn.messages == [] && !drawn.isChanged)
  }

  @Test func `a region of another container is not the block's`() throws {
    let drawn = try Scratch().draw(
      "> \(block.replacing("\n", with: "\n> "))\n<!-- gradviz:begin -->\n<!-- gradviz:end -->\n")
    #expect(drawn.messages.count == 1 && drawn.messages[0].contains("no block before this region"))
  }

  @Test func `blank lines before a region stay`() throws {
    let scratch = try Scratch()
    let first = try scratch.draw(block)
    let spaced = first.text.replacing("\n<!-- gradviz:begin", with: "\n\n\n<!-- gradviz:begin")
    #expect(try !scratch.draw(spaced).isChanged)
  }

  @Test func `a block that draws nothing loses its region`() throws {
    let scratch = try Scratch()
    let first = try scratch.draw("a\n" + block + "b\n")
    let drawn = try scratch.draw(first.text.replacing("```grad\n", with: "```grad stage=none\n"))
    #expect(drawn.text == "a\n" + block.replacing("```grad\n", with: "```grad stage=none\n") + "b\n")
    #expect([drawn].orphanedFigures().map(\.path) == first.figures.map(\.path))
  }

  @Test func `a description is not parsed as Markdown`() throws {
    let drawn = try Scratch().draw(
      "~~~grad title=\"a*b* [c](d) <e> &amp; _f_ `g` \\\\ !\"\nparam a = 2\nloss L = a * a\n~~~\n")
    #expect(html(drawn.bytes).contains("alt=\"a*b* [c](d) &lt;e&gt; &amp;amp; _f_ `g` \\ !. The backward"))
  }
}
