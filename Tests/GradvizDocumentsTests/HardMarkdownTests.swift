import Autograd
import Foundation
import GradvizDocuments
import GradvizKit
import GradvizTestSupport
import Testing

/// Pages that make it hard to find a block, and to leave everything else as it is.
struct HardPage: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var bytes: [UInt8]
  /// How many blocks are drawn.
  var blocks: Int

  init(_ name: String, _ text: String, blocks: Int) {
    testDescription = name
    bytes = Array(text.utf8)
    self.blocks = blocks
  }

  init(_ name: String, bytes: [UInt8], blocks: Int) {
    testDescription = name
    self.bytes = bytes
    self.blocks = blocks
  }

  private static let block = "```grad\nparam a = 2\nloss L = a * a\n```"
  private static let bom: [UInt8] = [0xEF, 0xBB, 0xBF]

  static let all: [HardPage] = [
    HardPage("empty", "", blocks: 0),
    HardPage("only a block, no final newline", block, blocks: 1),
    HardPage("only a block", block + "\n", blocks: 1),
    HardPage("CRLF", ("# T\n\nText.\n" + block + "\nText.\n").replacing("\n", with: "\r\n"), blocks: 1),
    HardPage("CRLF, no final newline", ("Text.\n" + block).replacing("\n", with: "\r\n"), blocks: 1),
    HardPage("CR", ("Text.\n" + block + "\nText.\n").replacing("\n", with: "\r"), blocks: 1),
    HardPage("mixed line ends", "Text.\r\n\n" + block + "\r\nText.\rText.\n" + block + "\n", blocks: 2),
    HardPage("BOM", bytes: bom + Array((block + "\n").utf8), blocks: 1),
    HardPage(
      "BOM and CRLF", bytes: bom + Array(("T\n" + block + "\n").replacing("\n", with: "\r\n").utf8), blocks: 1
    ),
    HardPage("text directly around", "Text\n" + block + "\nText\n===\n", blocks: 1),
    HardPage("tildes", "~~~~ grad stage=loss\nparam a = 2\nloss L = a * a\n~~~~~~\n", blocks: 1),
    HardPage("indented by three", "   ```grad\n   param a = 2\n  loss L = a * a\n ```\n", blocks: 1),
    HardPage("indented by four is code", "    ```grad\n    param a = 2\n    ```\n", blocks: 0),
    HardPage("trailing blanks", "```grad  \nparam a = 2 \nloss L = a * a\t\n```  \t\n", blocks: 1),
    HardPage("in a longer fence", "````md\n" + block + "\n````\n", blocks: 0),
    HardPage("in a tilde fence", "~~~\n" + block + "\n~~~\n", blocks: 0),
    HardPage("fence of four", "````grad\nparam a = 2\nloss L = a * a\n```\n````\n", blocks: 0),
    HardPage("in a comment", "<!--\n" + block + "\n-->\n", blocks: 0),
    HardPage("in a comment with text", "<!-- x\n\n" + block + "\n\n-->\n" + block + "\n", blocks: 1),
    HardPage("in a pre", "<pre>\n" + block + "\n</pre>\n", blocks: 0),
    HardPage("in a div, after a blank line", "<div>\n\n" + block + "\n\n</div>\n", blocks: 1),
    HardPage("in a div, without one", "<div>\n" + block + "\n</div>\n", blocks: 0),
    HardPage("in a quote", "> " + block.replacing("\n", with: "\n> ") + "\n> text\n", blocks: 1),
    HardPage("in a quote without blanks", ">" + block.replacing("\n", with: "\n>") + "\n", blocks: 1),
    HardPage("in quotes in quotes", "> > " + block.replacing("\n", with: "\n>> ") + "\nlazy\n", blocks: 1),
    HardPage("in a list", "- " + block.replacing("\n", with: "\n  ") + "\n- next\n", blocks: 1),
    HardPage(
      "in an ordered list", "12) text\n\n    " + block.replacing("\n", with: "\n    ") + "\n13) x\n",
      blocks: 1),
    HardPage(
      "in a list in a quote", "> 1. " + block.replacing("\n", with: "\n>    ") + "\n> 2. x\n", blocks: 1),
    HardPage(
      "in a list in a list in a quote", "- 1. > " + block.replacing("\n", with: "\n     > ") + "\n- x\n",
      blocks: 1),
    HardPage("in a list, tabs", "-\t" + block.replacing("\n", with: "\n\t") + "\n-\tx\n", blocks: 1),
    HardPage("tabs after the quote", ">\t" + block.replacing("\n", with: "\n>\t") + "\n", blocks: 1),
    HardPage("after a task", "- [ ] task\n  " + block.replacing("\n", with: "\n  ") + "\n", blocks: 1),
    HardPage("quote ends inside", "> ```grad\n> param a = 2\ntext\n", blocks: 0),
    HardPage("quote ends, a fence follows", "> ```grad\n> param a = 2\n```\ncode\n```\n", blocks: 0),
    HardPage("list ends inside", "- ```grad\n  param a = 2\n\ntext\n```\n", blocks: 0),
    HardPage("never closed", "```grad\nparam a = 2\nloss L = a * a\n", blocks: 0),
    HardPage("closed by too few", "````grad\nparam a = 2\nloss L = a\n```\n", blocks: 0),
    HardPage(
      "blank lines inside", "- ```grad\n\n  param a = 2\n\n\n  loss L = a * a\n\n  ```\n\n  text\n", blocks: 1
    ),
    HardPage(
      "other words",
      "```gradle\nx\n```\n```grad-lang\nx\n```\n``` graduate\n```\n```\ngrad\n```\n```{=grad}\n```\n```{.py .grad}\n```\n",
      blocks: 0),
    HardPage(
      "capitals",
      "```GRAD\nparam a = 2\nloss L = a * a\n```\n~~~ Grad stage=loss\nparam a = 2\nloss L = a * a\n~~~\n",
      blocks: 2),
    HardPage("with a comma", "```grad,stage=loss\nparam a = 2\nloss L = a * a\n```\n", blocks: 1),
    HardPage("Quarto's braces", "```{grad}\nparam a = 2\nloss L = a * a\n```\n", blocks: 1),
    HardPage("two in a row", block + "\n" + block + "\n", blocks: 2),
    HardPage(
      "a heading, a rule, a table around",
      "# A\n" + block + "\n---\n| a |\n| - |\n| b |\n\n" + block + "\n# B\n", blocks: 2),
    HardPage("link definitions", "[a]: b\n" + block + "\n[c]: d\n\n[a] [c]\n", blocks: 1),
    HardPage("NUL elsewhere", "a\0b\n" + block + "\n\0\n", blocks: 1),
    HardPage(
      "form feed and line separators", "a\u{0C}b\u{2028}c\u{85}d\n" + block + "\n\u{2029}\n", blocks: 1),
    HardPage(
      "marks shown as code", "```\n<!-- gradviz:begin -->\n<!-- gradviz:end -->\n```\n" + block + "\n",
      blocks: 1),
    HardPage("Pandoc's attributes", "```{.grad stage=loss}\nparam a = 2\nloss L = a * a\n```\n", blocks: 1),
    HardPage("options above", "<!-- grad stage=loss -->\n" + block + "\n", blocks: 1),
    HardPage(
      "options above, in a list",
      "- x\n\n  <!-- grad stage=loss -->\n\n  " + block.replacing("\n", with: "\n  ") + "\n", blocks: 1),
    HardPage("a front matter", "---\ntitle: x\n---\n\n" + block + "\n", blocks: 1),
    HardPage(
      "a block in a front matter", "---\ntitle: x\ntext: |\n  a\n" + block + "\n---\n" + block + "\n",
      blocks: 1),
    HardPage("a block in TOML", "+++\ntitle = \"x\"\n" + block + "\n+++\n" + block + "\n", blocks: 1),
    HardPage(
      "a front matter, CRLF and BOM",
      bytes: bom
        + Array(("---\na: |\n" + block + "\n...\n" + block + "\n").replacing("\n", with: "\r\n").utf8),
      blocks: 1),
    HardPage("a rule first", "---\n" + block + "\n\n---\n", blocks: 1),
    HardPage(
      "a block shown in an indented block",
      "text\n\n    " + block.replacing("\n", with: "\n    ") + "\n" + block + "\n",
      blocks: 1),
    HardPage(
      "shown in an indented block in a list",
      "- x\n\n      " + block.replacing("\n", with: "\n      ") + "\n", blocks: 0),
    HardPage("shown in an indented block, closed outside", "    ```grad\n    param a = 2\n```\n", blocks: 0),
    HardPage(
      "deeply nested",
      String(repeating: "> ", count: 200)
        + block.replacing("\n", with: "\n" + String(repeating: "> ", count: 200)) + "\n", blocks: 1),
  ]
}

@Suite("Hard Markdown")
struct HardMarkdownTests {
  /// The page without the regions of single figures, whatever stands before their lines.
  private func withoutRegions(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    let (begin, end) = (Array("<!-- gradviz:begin ".utf8), Array("<!-- gradviz:end -->".utf8))
    var from = 0
    while let start = result[from...].firstRange(of: begin) {
      guard let stop = result[start.upperBound...].firstRange(of: end) else { break }
      // Those that are shown as code have nothing in between.
      let content = result[start.upperBound..<stop.lowerBound]
      guard content.contains(UInt8(ascii: "!")) else {
        from = stop.upperBound
        continue
      }
      var line = start.lowerBound
      while line > 0, result[line - 1] != 0x0A, result[line - 1] != 0x0D { line -= 1 }
      line -= line > 1 && result[line - 1] == 0x0A && result[line - 2] == 0x0D ? 2 : 1
      result.removeSubrange(line..<stop.upperBound)
    }
    return result
  }

  @Test(arguments: HardPage.all)
  func `regions are put in, and every other byte stays`(page: HardPage) throws {
    let scratch = try Scratch()
    let drawn = try scratch.draw(page.bytes)
    #expect(drawn.figures.count == page.blocks, "\(drawn.messages)")
    #expect(drawn.isChanged == (page.blocks > 0))
    #expect(withoutRegions(drawn.bytes) == page.bytes)
    let marks = drawn.text.components(separatedBy: "gradviz:end").count - 1
    #expect(marks == page.blocks + (page.testDescription.contains("marks shown") ? 1 : 0))
  }

  @Test(arguments: HardPage.all)
  func `a second run changes nothing`(page: HardPage) throws {
    let scratch = try Scratch()
    let first = try scratch.draw(page.bytes)
    let second = try scratch.draw(first.bytes)
    #expect(!second.isChanged)
    #expect(second.bytes == first.bytes)
    #expect(second.findings.isEmpty && second.outdatedFigures().isEmpty)
    #expect(second.figures.map(\.path) == first.figures.map(\.path))
    #expect(zip(second.figures, first.figures).allSatisfy { $0.bytes == $1.bytes })
  }

  @Test(arguments: HardPage.all)
  func `a Markdown reader sees the figure, and all else as before`(page: HardPage) throws {
    let drawn = try Scratch().draw(page.bytes)
    var shown = html(drawn.bytes)
    let region = try Regex(
      // In a tight list without a paragraph of its own.
      " *<!-- gradviz:begin [0-9a-f]{16} -->\n(<p>)?<img src=\"figures/page-[0-9]+-[a-z]+.svg\" alt=\"[^\"]+\" />(</p>)?\n *<!-- gradviz:end -->\n"
    )
    #expect(shown.matches(of: region).count == page.blocks)
    shown = shown.replacing(region, with: "")
    #expect(shown == html(page.bytes))
  }

  @Test(arguments: HardPage.all)
  func `a region that is stale is put right, and nothing but it`(page: HardPage) throws {
    let scratch = try Scratch()
    func changed(_ bytes: [UInt8]) -> [UInt8] {
      Array(String(decoding: bytes, as: UTF8.self).replacing("param a = 2", with: "param a = 3").utf8)
    }
    let first = try scratch.draw(page.bytes)
    let again = try scratch.draw(changed(first.bytes))
    #expect(again.bytes == (try PageDrawer().draw(changed(page.bytes), path: scratch.file("page.md")).bytes))
    #expect(again.findings.count == page.blocks)
  }

  @Test(arguments: HardPage.all)
  func `a region without a fingerprint, as earlier versions wrote it, gets one`(page: HardPage) throws {
    let scratch = try Scratch()
    let first = try scratch.draw(page.bytes)
    let former = try first.text.replacing(
      Regex("<!-- gradviz:begin [0-9a-f]{16} -->"), with: "<!-- gradviz:begin -->")
    let again = try scratch.draw(former)
    #expect(again.bytes == first.bytes && again.messages == first.messages)
    #expect(again.findings.count == page.blocks)
  }

  @Test(arguments: HardPage.all)
  func `a region that somebody changed is left alone, and named`(page: HardPage) throws {
    let scratch = try Scratch()
    let first = try scratch.draw(page.bytes)
    let edited = first.text.replacing(".svg)", with: ".png)")
    let again = try scratch.draw(edited)
    #expect(again.text == edited && again.figures.isEmpty)
    #expect(again.messages.count { $0.contains("text that gradviz did not write") } == page.blocks)
    // The cure that the message names.
    let cured = try edited.replacing(
      Regex("(?s)(\r\n|\n|\r)[> \t]*<!-- gradviz:begin [0-9a-f]{16} -->.*?<!-- gradviz:end -->"), with: "")
    #expect(try scratch.draw(cured).bytes == first.bytes)
  }

  @Test func `pages put together at random`() throws {
    // The same pages in every run.
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(bound, 1)
    }
    let pieces: [[UInt8]] = [
      "> ", "- ", "   ", "\t", "\r", "\n", "\r\n", "```", "~~~", "```grad", "<!--", "-->",
      "<!-- grad table -->", "\0",
      "1. ", "\n\n", "grad", "hidden", "    ", "<div>", "</div>", "# ", "[a]: b", "\u{FEFF}", "`", "* * *",
      "===",
    ].map { Array($0.utf8) }
    let pages = HardPage.all.filter {
      !$0.testDescription.contains("marks") && !$0.testDescription.contains("deeply")
    }
    let scratch = try Scratch()
    let drawer = PageDrawer()
    var count = 0
    for _ in 0..<Seeds.count(default: 400) {
      var page = pages[random(pages.count)].bytes + pages[random(pages.count)].bytes
      for _ in 0..<(1 + random(5)) {
        let place = random(page.count)
        switch random(3) {
        case 0: page.insert(contentsOf: pieces[random(pieces.count)], at: place)
        case 1: page.removeSubrange(place..<min(place + 1 + random(8), page.count))
        default: if !page.isEmpty { page[place] = UInt8(random(256)) }
        }
      }
      guard String(validating: page, as: UTF8.self) != nil else {
        #expect(throws: InputError.self) { try drawer.draw(page, path: scratch.file("page.md")) }
        continue
      }
      let first = try drawer.draw(page, path: scratch.file("page.md"))
      let second = try drawer.draw(first.bytes, path: scratch.file("page.md"))
      count += first.figures.count
      // A hidden block is wrapped in a comment, which is not a region.
      let isHidden = String(decoding: page, as: UTF8.self).contains("hidden")
      #expect(second.bytes == first.bytes, "\(String(decoding: page, as: UTF8.self).debugDescription)")
      #expect(second.figures.map(\.path) == first.figures.map(\.path))
      if !isHidden, !first.text.contains("| name |") {
        #expect(
          withoutRegions(first.bytes) == page, "\(String(decoding: page, as: UTF8.self).debugDescription)")
      }
    }
    #expect(count > Seeds.count(default: 400) / 4, "the pages have blocks")
  }

  @Test func `ten thousand blocks, in linear time`() throws {
    func page(_ count: Int) -> [UInt8] {
      // Some different programs, as drawing itself is not what is measured.
      Array(
        (0..<count).map {
          "## Block \($0 % 7)\n\n> ```grad\n> param a = \($0 % 7)\n> loss L = a * a\n> ```\n\n"
        }
        .joined().utf8)
    }
    let drawer = PageDrawer()
    let scratch = try Scratch()
    _ = try drawer.draw(page(10), path: scratch.file("page.md"))
    /// In seconds of this thread, whatever else the machine does.
    func seconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    func draw(_ bytes: [UInt8]) throws -> (page: DrawnPage, seconds: Double) {
      let begin = seconds()
      let drawn = try drawer.draw(bytes, path: scratch.file("page.md"))
      return (drawn, seconds() - begin)
    }
    let thousand = try min(draw(page(1_000)).seconds, draw(page(1_000)).seconds)
    let (drawn, tenThousand) = try draw(page(10_000))
    #expect(drawn.figures.count == 10_000 && drawn.problems.isEmpty)
    #expect(try !drawer.draw(drawn.bytes, path: scratch.file("page.md")).isChanged)
    // Ten times as much: were it quadratic, it would take a hundred times as long.
    #expect(tenThousand < thousand * 30, "\(thousand), \(tenThousand)")
  }
}
