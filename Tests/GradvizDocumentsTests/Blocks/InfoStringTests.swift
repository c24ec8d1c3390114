import Foundation
import GradvizDocuments
import Testing

@Suite("Info strings, front matter and titles")
struct InfoStringTests {
  private let program = "\nparam a = 2\nloss L = a * a\n"

  private func names(_ page: DrawnPage) -> [String] {
    page.figures.map { String($0.path.split(separator: "/").last ?? "") }
  }

  /// Each way to write it, what is drawn, and what stands behind the figures' links.
  @Test(arguments: [
    ("grad", ["backward"], ""), ("GRAD", ["backward"], ""), ("Grad stage=loss", ["loss"], ""),
    ("grad,stage=loss", ["loss"], ""), ("grad, stage=loss", ["loss"], ""),
    ("grad,stage=loss,forward", ["loss", "forward"], ""),
    ("grad,stage=loss,forward,table,theme=light", ["loss", "forward"], ""),
    ("grad;stage=loss", ["loss"], ""), ("grad,stage=loss table", ["loss"], ""),
    ("{grad}", ["backward"], ""), ("{ grad }", ["backward"], ""), ("{grad, stage=loss}", ["loss"], ""),
    ("{grad stage=loss,forward}", ["loss", "forward"], ""), ("{GRAD stage=loss}", ["loss"], ""),
    ("grad {stage=loss}", ["loss"], ""), ("grad{stage=loss}", ["loss"], ""),
    ("{.grad}", ["backward"], ""), ("{ .grad }", ["backward"], ""), ("{.Grad stage=loss}", ["loss"], ""),
    ("{.grad .table stage=loss}", ["loss"], ""), ("{.grad table=true stage=loss}", ["loss"], ""),
    ("{.grad #fig-a .wide stage=loss}", ["loss"], "{#fig-a-loss .wide}"),
    ("{#fig-a .grad .wide .centre stage=loss,forward}", ["loss", "forward"], "{#fig-a-loss .wide .centre}"),
    ("{#fig:ä_1 .grad}", ["backward"], "{#fig:ä_1-backward}"),
    ("grad {.wide stage=loss}", ["loss"], "{.wide}"),
    ("{.grad title=\"{a} .b #c\" stage=loss}", ["loss"], ""),
  ])
  func `every usual way to write the info string is read`(info: String, pictures: [String], behind: String)
    throws
  {
    for fence in ["```", "~~~~"] {
      let drawn = try Scratch().draw("\(fence)\(info)\(program)\(fence)\n")
      #expect(drawn.messages == [])
      #expect(names(drawn) == pictures.map { "page-1-\($0).svg" })
      #expect(drawn.text.contains("](figures/page-1-\(pictures[0]).svg)\(behind)\n"), "\(drawn.text)")
    }
  }

  @Test(arguments: [
    "gradle", "grad-x", "grads", "{=grad}", "{.python .grad}", "{r grad}", "{#grad}", "{}", "{", "x grad",
    "{grad=1}",
  ])
  func `another language is left alone`(info: String) throws {
    let drawn = try Scratch().draw("```\(info)\(program)```\n")
    #expect(drawn.messages == [] && !drawn.isChanged && drawn.blockCount == 0)
  }

  @Test(arguments: ["gradviz", "{.gradviz stage=loss}", "Gradviz stage=loss"])
  func `a block with the program's name is worth a warning`(info: String) throws {
    let drawn = try Scratch().draw("```\(info)\(program)```\n")
    #expect(drawn.messages.count == 1 && !drawn.hasErrors && !drawn.isChanged)
    #expect(drawn.messages[0].hasSuffix("is not drawn; write `grad` after the fence"), "\(drawn.messages)")
  }

  @Test(arguments: [
    (
      "grad:net.grad",
      "1:8: `:` cannot start the options; write a space after `grad`, as in `grad stage=loss`"
    ),
    ("grad=1", "1:8: `=` cannot start the options; write a space after `grad`, as in `grad stage=loss`"),
    ("grad(x)", "1:8: `(` cannot start the options; write a space after `grad`, as in `grad stage=loss`"),
    ("{.grad stage=loss", "1:4: `{` is not closed; end the line with `}`"),
    ("grad {stage=loss", "1:9: `{` is not closed; end the line with `}`"),
    ("{.grad #a #b}", "1:14: the block already has an id"),
    (
      "{.grad #1}",
      "1:11: `#1` cannot be an id; it must start with a letter and may contain letters, digits, `-`, `_`, `.` and `:`"
    ),
    (
      "{.grad .a\"b}",
      "1:11: `.a\"b` cannot be a class; it must start with a letter and may contain letters, digits, `-`, `_`, `.` and `:`"
    ),
    ("{.grad width=80%}", "1:17: `width` must be 400 to 20000 points; wider figures continue in a second row"),
    ("grad .wide", "1:9: unknown option `.wide`"),
  ])
  func `what is not understood is named`(info: String, message: String) throws {
    let drawn = try Scratch().draw("```\(info)\(program)```\n")
    #expect(drawn.messages.count == 1 && drawn.messages[0].hasPrefix(message), "\(drawn.messages)")
    #expect(!drawn.isChanged)
  }

  @Test func `options where Quarto has them are named`() throws {
    let drawn = try Scratch().draw(
      "> ```{grad}\n> #| label: fig-x\n> #| a table |\n> param a = 2\n> #| fig-cap: x\n> ```\n")
    #expect(drawn.messages == ["2:3: options in `#|` are ignored; write them after the fence's `grad`"])
    #expect(!drawn.hasErrors && drawn.figures.count == 1)
  }

  @Test func `a hidden block's only figure has the id itself, in HTML as well`() throws {
    let drawn = try Scratch().draw(
      "~~~{.grad .hidden #fig-a .wide theme=both}\(program)~~~\n\n~~~{.grad hidden=true #fig-b .wide}\(program)~~~\n"
    )
    #expect(drawn.messages == [])
    #expect(drawn.text.contains("<img id=\"fig-a\" class=\"wide\" alt="))
    #expect(drawn.text.contains("](figures/page-2-backward.svg){#fig-b .wide}\n"))
    let again = try Scratch().draw(drawn.text)
    #expect(again.text == drawn.text && again.blockCount == 2)
  }

  @Test func `DocC has no place for ids and classes`() throws {
    let scratch = try Scratch()
    let drawn = try PageDrawer(.init(isCatalog: true)).draw(
      Array("```{.grad #a}\(program)```\n".utf8), path: scratch.file("A.docc/a.md"))
    #expect(drawn.messages == ["1:11: DocC supports neither ids nor classes for figures"])
  }

  // MARK: Hidden blocks

  @Test(arguments: [
    "title=\"a --> b\"", "caption=\"-->\"", "alt=-->", "title=\"--!>\"", "name=-->",
    "{.hidden title=\"-->\"}",
  ])
  func `what would end the comment around a hidden block is refused, wherever it stands`(option: String)
    throws
  {
    let info = option.hasPrefix("{") ? "grad \(option)" : "grad hidden \(option)"
    let scratch = try Scratch()
    let page = "```\(info)\(program)```\nreader\n"
    let drawn = try scratch.draw(page)
    #expect(drawn.hasErrors && !drawn.isChanged && drawn.figures.isEmpty, "\(drawn.text)")
    // A page that an earlier run hid anyway, or that was edited inside.
    let former = try scratch.draw("<!--\n```\(info)\(program)```\n-->\n\nreader\n")
    #expect(former.hasErrors && !former.isChanged, "\(former.messages)")
  }

  @Test func `a comment that ends too early, or never, is named, and the figure stays`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer()
    let first = try scratch.draw("```grad hidden\(program)```\n\nreader\n", with: drawer)
    let early = first.text.replacing("```grad hidden", with: "```grad hidden title=\"-->\"")
    #expect(
      try scratch.draw(early, with: drawer).messages.first
        == "2:1: `-->` ends the comment around a hidden block too early; remove it from the block; the comment ends on its own line below the closing fence"
    )
    let inside = first.text.replacing("a * a", with: "a * a # -->")
    #expect(
      try scratch.draw(inside, with: drawer).messages.first?.hasPrefix("4:1: `-->` ends the comment") == true)
    let open = first.text.replacing("\n-->\n", with: "\n")
    let drawn = try scratch.draw(open, with: drawer)
    #expect(drawn.hasErrors && drawn.text == open && [drawn].orphanedFigures().isEmpty)
    let never = "<!--\n```grad hidden\(program)```\n"
    #expect(
      try scratch.draw(never, with: drawer).messages
        == ["1:1: the comment around this hidden block is not closed; put `-->` below its closing fence"])
  }

  // MARK: Front matter and titles

  @Test(arguments: [
    ("---\ntitle: Metadata\n---\n", "page"), ("---\ntitle: Metadata\n...\n\n# A title\n", "A title"),
    ("+++\ntitle = \"Metadata\"\n+++\n", "page"), ("---\n# Comment\ntitle: Metadata\n---\n", "page"),
    ("---\n\ntitle: Metadata\ndate: 2026-11-26\n---\n", "page"),
    ("---  \n\"my title\": x\nMetadata\n---\n", "page"),
    ("---\nog:title: Metadata\n---\n", "page"), ("---\n{title: Metadata}\n---\n", "page"),
    ("---\n---\n", "page"), ("\u{FEFF}---\ntitle: Metadata\n---\n", "page"),
    ("# A title {#metadata .x}\n", "A title"), ("# A title { #metadata k=v }\n", "A title"),
    ("# A title {-}\n", "A title"), ("A title {: #metadata }\n===\n", "A title"), ("# A {set}\n", "A {set}"),
    ("# In {-1}\n", "In {-1}"), ("# At {.5}\n", "At {.5}"),
    ("# {#metadata}\n", "page"), ("# A title <!-- metadata -->\n", "A title"),
    ("# A title[^metadata]\n", "A title"),
    ("# A *title* `code` &amp; [link](metadata)\n", "A title code & link"),
    ("---\n# A title\n\n---\n", "A title"), ("Not: metadata\n---\n", "Not: metadata"),
    ("# A title\n\n---\ntitle: Metadata\n---\n", "A title"),
    ("\n---\nkey: x\ntitle: Metadata\n---\n", "page"),
    ("# A title #\n", "A title"), ("# Line one\\\ntext\n", "Line one\\"),
  ])
  func `titles and alt texts are words of the page, without metadata`(start: String, title: String) throws {
    let drawn = try Scratch().draw("\(start)\n```grad\(program)```\n")
    #expect(drawn.messages == [])
    let svg = String(decoding: drawn.figures.first?.bytes ?? [], as: UTF8.self)
    let shown = title.replacing("&", with: "&amp;")
    #expect(svg.contains(">\(shown): Backward pass</title>"), "\(svg.prefix(600))")
    let alt = shown.replacing("\\", with: "\\\\")
    #expect(drawn.text.contains("\n![\(alt). The backward pass"), "\(drawn.text)")
    #expect(drawn.text.hasPrefix(start))
  }
}
