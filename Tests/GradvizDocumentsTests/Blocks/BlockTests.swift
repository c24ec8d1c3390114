import Foundation
import GradvizDocuments
import GradvizFigures
import GradvizGraph
import GradvizKit
import GradvizTestSupport
import Testing

@Suite("Blocks of a page")
struct BlockTests {
  let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  @Test(arguments: [
    ("stage=bakward", "1:15: unknown value `bakward` for `stage`; did you mean `backward`?"),
    (
      "stage=loss,,",
      "1:20: a word is missing in the list; write it without spaces, as in `stage=loss,backward`"
    ),
    ("stage=loss,loss", "1:20: `loss` is given twice"),
    (
      "stage=loss, backward",
      "1:20: a word is missing in the list; write it without spaces, as in `stage=loss,backward`"
    ),
    ("stagge=loss", "1:9: unknown option `stagge`; did you mean `stage`?"),
    ("tabel", "1:9: unknown option `tabel`; did you mean `table`?"),
    ("table=no", "1:15: `table` takes no value; write the option alone"),
    ("alt=Un neurone", "1:16: unknown option `neurone`; text with spaces is quoted, as in `alt=\"One neuron\"`"),
    ("stage: backward", "1:9: unknown option `stage:`; write `stage=backward`"),
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
    ("stage=loss hide=titel", "1:25: unknown value `titel` for `hide`; did you mean `title`?"),
    ("stage=loss hide=panel,panel", "1:31: `panel` is given twice"),
    ("hide=title stage=derivative of=a", "1:9: `hide` is for figures of stages, not for plots"),
    (
      "name=../x",
      "1:14: a name may contain only letters, digits, `-` and `_`; it becomes part of the file names"
    ),
    ("compare=adma stage=descent", "1:17: unknown value `adma` for `compare`; did you mean `adam`?"),
    ("compare=adam", "1:9: `compare` belongs to `stage=descent` and `stage=landscape`"),
    ("of=a", "1:9: `of` belongs to `stage=derivative`, `forward-mode`, `second-order` and `landscape`"),
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
      "1:9: unknown option `é`; expected one of stage, gradients, theme, caption, title, level, width, precision, lang, direction, parameters, collapse, formulas, samples, closeups, hide, scale, background, name, alt, include, of, compare, steps, animate, hidden, table, explorer, continue"
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

  @Test func `a figure without some of its parts is that of the command`() throws {
    let program = "param a = 2\nloss L = a * a\n"
    let drawn = try Scratch().draw("# It\n\n```grad stage=backward hide=title,legend theme=light\n\(program)```\n")
    #expect(drawn.messages == [])
    let svg = SVGDocument(String(decoding: try #require(drawn.figures.first).bytes, as: UTF8.self))
    var graph = try Project.graph(program: program)
    graph.presentation.title = "It"
    let bare = try FigureSet(graph, options: FigureOptions(hiddenParts: [.title, .legend])).figure(.backward)
    let texts = svg.elements.filter { $0.name == "text" }.map(\.text)
    #expect(texts == SVGDocument(try bare.svg(theme: .light)).elements.filter { $0.name == "text" }.map(\.text))
    #expect(!texts.contains("Backward pass") && texts.contains("[4]"))
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
}
