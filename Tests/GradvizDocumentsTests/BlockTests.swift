import Foundation
import GradvizDocuments
import Testing

@Suite("Blocks of a page")
struct BlockTests {
  private let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  // MARK: Options

  @Test(arguments: [
    ("stage=bakward", "1:15: unknown value `bakward` for `stage`; did you mean `backward`?"),
    (
      "stage=loss,,",
      "1:20: unknown value `` for `stage`; expected forward, loss, backward, update, overview, shares, accumulation, derivative, descent, parameters, decision, fit, landscape, all, none"
    ),
    ("stage=loss,loss", "1:20: `loss` is given twice"),
    ("stagge=loss", "1:9: unknown option `stagge`; did you mean `stage`?"),
    ("tabel", "1:9: unknown option `tabel`; did you mean `table`?"),
    ("table=no", "1:15: `table` takes no value; write the option alone"),
    ("table table", "1:15: `table` is given twice"),
    ("explorer=yes", "1:18: unknown value `yes` for `explorer`; expected auto, link, frame"),
    ("stage", "1:9: `stage` needs a value; as in `stage=backward`"),
    ("caption=\"open", "1:17: the quoted text is not closed; close it with `\"`"),
    ("caption=\"a\"table", "1:20: options must be separated by a space"),
    ("theme=drak", "1:15: unknown value `drak` for `theme`; did you mean `dark`?"),
    ("precision=13", "1:19: `precision` must be a whole number from 1 to 12; it is the number of significant digits"),
    ("width=12", "1:15: `width` must be 400 to 20000 points; wider figures continue in a second row"),
    ("width=nan", "1:15: `width` must be 400 to 20000 points; wider figures continue in a second row"),
    (
      "collapse=0",
      "1:18: unknown value `0` for `collapse`; expected auto, none, samples, layers or a number of boxes"
    ),
    (
      "name=../x",
      "1:14: a name may contain only letters, digits, `-` and `_`; it becomes part of the file names"
    ),
    ("compare=adma stage=descent", "1:17: unknown value `adma` for `compare`; did you mean `adam`?"),
    ("compare=adam", "1:9: `compare` belongs to `stage=descent` and `stage=landscape`"),
    ("of=a", "1:9: `of` belongs to `stage=derivative` and `stage=landscape`"),
    ("stage=derivative", "1:9: `stage=derivative` needs `of`; as in `of=w1`"),
    ("stage=derivative of=z", "1:26: unknown parameter or input `z`; expected one of a"),
    ("stage=loss steps", "1:20: `steps` belongs to `stage=backward`"),
    (
      "stage=loss animate",
      "1:20: `animate` replays forward, backward and update, not loss; write the other figures in a block of their own"
    ),
    ("animate steps", "1:9: `animate` replays the steps, and `steps` draws each; choose one"),
    (
      "stage=loss,forward alt=x",
      "1:28: `alt` describes one figure, and the block has several; without it, each figure is described by what it shows"
    ),
    ("continue", "1:9: there is no block before this one to continue"),
    (
      "stage=fit",
      "1:9: there is no fit plot: it needs one feature per sample, and numbers as targets"
    ),
    (
      "é=1",
      "1:9: unknown option `é`; expected one of stage, gradients, theme, caption, title, level, width, precision, lang, direction, parameters, collapse, formulas, samples, closeups, scale, background, name, alt, include, of, compare, steps, animate, hidden, table, explorer, continue"
    ),
  ])
  func `an option that is wrong is pointed at`(options: String, message: String) throws {
    let drawn = try Scratch().draw("```grad \(options)\nparam a = 2\nloss L = a * a\n```\n" + block)
    #expect(drawn.messages == [message])
    #expect(drawn.figures.count == 1, "the other block is drawn")
  }

  @Test func `the caret stands below the option, in quotations, too`() throws {
    let drawn = try Scratch().draw("> - ```grad stage=loss colour=red\n>   param a = 2\n>   ```\n")
    let problem = try #require(drawn.problems.first)
    #expect(
      problem.rendered().split(separator: "\n").dropFirst().joined(separator: "\n") == """
        1 | > - ```grad stage=loss colour=red
          |                        ^~~~~~
        """)
  }

  @Test func `each option does what it says`() throws {
    let drawn = try Scratch().draw(
      """
      ```grad stage=backward gradients=both caption="A \\"b\\" caption" title="The title" lang=fr precision=2 name=it alt="See [this]"
      param a = 2.3456
      loss L = a * a
      ```
      """)
    #expect(drawn.messages == [])
    let figure = try #require(drawn.figures.first)
    let svg = String(decoding: figure.bytes, as: UTF8.self)
    #expect(figure.path.hasSuffix("/figures/page-it-backward.svg"))
    #expect(svg.contains("A &quot;b&quot; caption") && svg.contains("The title") && svg.contains("2,3<"))
    #expect(
      try svg.contains(Regex("<title id=\"the-title-[0-9a-f]{8}-backward-title\">The title\u{A0}: Rétropropagation")))
    #expect(drawn.text.contains("![See \\[this\\]](figures/page-it-backward.svg)"))
  }

  @Test func `without a stage, what the program asks for, or what it has`() throws {
    func names(_ program: String) throws -> [String] {
      try Scratch().draw("```grad\n\(program)\n```\n").figures.map {
        URL(fileURLWithPath: $0.path).deletingPathExtension().lastPathComponent
      }
    }
    #expect(try names("param a = 2") == ["page-1-forward"])
    #expect(try names("param a = 2\nloss L = a * a") == ["page-1-backward"])
    #expect(try names("param a = 2\nloss L = a * a\nstage update") == ["page-1-update"])
    #expect(
      try names("param a = 2\nloss L = a * a\nstage all")
        == ["page-1-forward", "page-1-loss", "page-1-backward", "page-1-update", "page-1-overview"])
  }

  @Test func `several figures, steps, derivative, and the plots of a training`() throws {
    let drawn = try Scratch().draw(
      """
      ```grad stage=loss,backward steps
      param a = 2
      b = a * 3
      loss L = b * b
      ```
      ```grad continue stage=derivative,descent,parameters of=a
      rate 0.001
      steps 5
      ```
      """)
    #expect(drawn.messages == [])
    #expect(
      drawn.figures.map { String($0.path.split(separator: "/").last ?? "") } == [
        "page-1-loss.svg", "page-1-backward.svg", "page-1-backward-1.svg", "page-1-backward-2.svg",
        "page-1-backward-3.svg", "page-2-derivative.svg", "page-2-descent.svg", "page-2-parameters.svg",
      ])
    #expect(Set(drawn.figures.map(\.bytes)).count == 8)
  }

  @Test func `an animated figure is the figure with an animation`() throws {
    func figures(_ options: String) throws -> [String] {
      try Scratch().draw("```grad \(options)\nparam a = 2\nloss L = a * a\n```\n").figures.map {
        String(decoding: $0.bytes, as: UTF8.self)
      }
    }
    let moving = try figures("stage=forward,backward animate theme=light")
    #expect(moving.count == 2 && moving.allSatisfy { $0.contains("<style>@media screen and (prefers-reduced-motion") })
    let still = try figures("stage=forward,backward theme=light")
    for (one, other) in zip(moving, still) {
      let bare = one.replacing(/<style>.*<\/style>\n/, with: "").replacing(/\s?moment-\d+\s?/, with: "")
        .replacing(/\sclass=""/, with: "")
      #expect(bare.split(separator: "<!-- gradviz").first == other.split(separator: "<!-- gradviz").first)
    }
    #expect(try figures("animate theme=both").count == 2)
  }

  @Test func `light and dark as two files, and as one of each`() throws {
    func draw(_ theme: String) throws -> DrawnPage {
      try Scratch().draw("```grad theme=\(theme)\nparam a = 2\nloss L = a * a\n```\n")
    }
    let both = try draw("both")
    let names = both.figures.map { $0.path.split(separator: "/").last ?? "" }
    #expect(names == ["page-1-backward.svg", "page-1-backward~dark.svg"])
    #expect(
      both.text.contains(
        "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"figures/page-1-backward~dark.svg\"><img alt=\"page. "
      ))
    let (light, dark) = (try draw("light"), try draw("dark"))
    func drawing(_ file: FigureFile?) -> Substring {
      String(decoding: file?.bytes ?? [], as: UTF8.self).split(separator: "<!--")[0]
    }
    #expect(drawing(light.figures.first) == drawing(both.figures.first))
    #expect(drawing(dark.figures.first) == drawing(both.figures.last))
    #expect(drawing(dark.figures.first) != drawing(light.figures.first))
    #expect(drawing(try draw("auto").figures.first).contains("prefers-color-scheme"))
  }

  // MARK: Programs

  @Test func `an error in a program stands where it is in the page`() throws {
    let drawn = try Scratch().draw(
      "# T\r\n\r\n> 1. ```grad\r\n>    param a = 2\r\n>    loss L = tnh(a)\r\n>    ```\r\n\r\n\(block)")
    #expect(drawn.messages == ["5:15: unknown function `tnh`; did you mean `tanh`?"])
    #expect(drawn.figures.count == 1)
    #expect(
      drawn.problems[0].rendered().split(separator: "\n").dropFirst().joined(separator: "\n") == """
        5 | loss L = tnh(a)
          |          ^~~
        """)
  }

  @Test func `tabs before a program do not move its errors`() throws {
    let drawn = try Scratch().draw("-\t```grad\n\tloss L = tnh(1)\n\t```\n")
    #expect(drawn.messages == ["2:11: unknown function `tnh`; did you mean `tanh`?"])
  }

  @Test func `a continued program has its errors in the right block, and names lines as the page does`()
    throws
  {
    let drawn = try Scratch().draw(
      """
      ```grad
      param a = 2
      ```
      Text.

      ```grad continue
      loss L = a * b
      ```
      ```grad continue
      ```
      ```grad
      param a = 2
      ```
      ```grad continue stage=none
      param a = 3
      ```
      """)
    #expect(
      drawn.messages == [
        "7:14: unknown name `b`",
        "9:9: the block that this one continues was not drawn",
        "15:7: `a` is already declared on line 12; take another name",
      ])
    #expect(drawn.figures.count == 2)
  }

  @Test func `a program that is continued is all that came before`() throws {
    let drawn = try Scratch().draw(
      "```grad stage=none\nparam a = 2\n```\n```grad continue stage=none\nb = a * 3\n```\n```grad continue table\nloss L = b * b\n```\n"
    )
    #expect(drawn.messages == [])
    #expect(drawn.text.contains("| a | 2 | 36 |\n| b | 6 | 12 |\n| L | 36 | 1 |"))
    #expect(drawn.figures.count == 1)
  }

  @Test func `the table says what the engine computes`() throws {
    let drawn = try Scratch().draw(
      "```grad table stage=none lang=fr precision=3\ninput x_1 = 2\nparam w = [0.5, 1/3]\nloss L = sum(w * x_1)\n```\n"
    )
    #expect(drawn.messages == [])
    for row in [
      "| nom | valeur | gradient de L |", "| --- | ---: | ---: |", "| w\\[0\\] | 0,5 | 2 |", "| w\\[1\\] | 0,333 | 2 |",
      "| L | 1,67 | 1 |",
    ] {
      #expect(drawn.text.contains(row + "\n"), "\(row) in \(drawn.text)")
    }
    #expect(drawn.figures.isEmpty)
    #expect(html(drawn.bytes).contains("gradviz:end"))
  }

  @Test func `a French page has French figures, unless a block says otherwise`() throws {
    let block = "param w = 1.5\nloss L = w * w\nrate 0.1\n```\n"
    for front in ["---\nlang: fr\n---\n\n", "---\ntitle: x\nlang: \"fr-CH\"\n---\n\n", "+++\nlang = \"fr\"\n+++\n\n"] {
      let drawn = try Scratch().draw(front + "```grad stage=backward\n" + block + "\n```grad lang=en\n" + block)
      #expect(drawn.messages == [])
      #expect(drawn.text.contains("La rétropropagation remonte le gradient depuis la perte\u{A0}: ∂L/∂w = 3."))
      #expect(drawn.text.contains("The backward pass carries"))
    }
    let plain = try Scratch().draw("---\ntitle: fr\n---\n\n```grad stage=backward\n" + block)
    #expect(plain.text.contains("The backward pass carries"))
  }

  @Test func `an empty block, one without a loss, a value that is not finite`() throws {
    let drawn = try Scratch().draw(
      "```grad\n\n```\n```grad stage=loss\nparam a = 1\n```\n```grad\nparam a = 0\nloss L = log(a)\n```\n```grad\n"
    )
    #expect(
      drawn.messages == [
        "1:4: the block is empty; a program declares at least one value, as in `param a = 2`",
        "4:9: there is no loss figure: the program has no `loss`",
        "9:10: `log(a)` is −∞, not a finite number",
        "9:6: ∂L/∂a is ∞",
        "11:4: the block has no closing fence",
      ])
    #expect(drawn.figures.count == 1, "a warning does not stop the drawing")
  }

  // MARK: Hidden blocks and regions

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

  /// What stands after `page.md:3:1: error:` is English, as the word is, whatever the figures are.
  @Test(arguments: [
    ("stage=loss", "param a = 2\nb = a * a", "there is no loss figure: the program has no `loss`"),
    ("explorer", "param a = 2\nb = a * a", "there is no explorer: the program has no `loss`"),
    ("stage=shares", "param a = 2\nloss b = a * a", "there is no shares figure: the program has no samples"),
    ("", "param a = 0\nloss L = log(a)", "∂L/∂a is ∞"),
  ])
  func `messages about a French block are English`(_ info: String, _ program: String, _ message: String) throws {
    let text = "---\nlang: fr\n---\n\n```grad \(info)\n\(program)\n```\n"
    let told = try Scratch().drawOnly(text).messages.joined(separator: "\n")
    #expect(told.contains(message), "\(told)")
    #expect(!told.contains(/vaut|programme|données|explorateur/), "\(told)")
  }
}
