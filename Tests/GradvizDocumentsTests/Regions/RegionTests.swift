import Foundation
import GradvizDocuments
import Testing

@Suite("Regions of a page")
struct RegionTests {
  private let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"
  private let end = "<!-- gradviz:end -->\n"

  /// The page with one block, drawn, and the begin mark of its region.
  private func drawn(_ page: String) throws -> (scratch: Scratch, text: String, begin: String) {
    let scratch = try Scratch()
    let text = try scratch.draw(page).text
    let begin = try #require(text.firstMatch(of: /<!-- gradviz:begin [0-9a-f]{16} -->\n/))
    return (scratch, text, String(begin.output))
  }

  @Test func `a mark has the fingerprint of what stands in the region`() throws {
    let (_, text, begin) = try drawn(block)
    let region = try #require(text.split(separator: begin).last?.split(separator: end).first)
    #expect(begin == "<!-- gradviz:begin \(fingerprint(String(region))) -->\n")
  }

  // MARK: Missing, doubled, nested

  /// What becomes of the end mark of the first of two regions, each with text of the reader's around it.
  @Test(arguments: [
    ("", "5:1: this region is not closed; put `<!-- gradviz:end -->` below the lines that gradviz wrote"),
    // In code, in a quotation, in a list, in another block of HTML, in a paragraph: no mark of this region.
    ("    <!-- gradviz:end -->", "5:1: this region is not closed"),
    ("```\n<!-- gradviz:end -->\n```", "5:1: this region is not closed"),
    ("> <!-- gradviz:end -->", "5:1: this region is not closed"),
    ("- <!-- gradviz:end -->", "5:1: this region is not closed"),
    ("<div>\n<!-- gradviz:end -->\n</div>", "5:1: this region is not closed"),
    ("<!-- text\n<!-- gradviz:end -->", "5:1: this region is not closed"),
    ("text <!-- gradviz:end -->", "5:1: this region is not closed"),
    ("`<!-- gradviz:end -->`", "5:1: this region is not closed"),
    ("<!-- gradviz:end --> text", "5:1: this region is not closed"),
    ("<!-- gradviz: end -->", "5:1: this region is not closed"),
    // One of the reader's own lines before it, or what a run writes twice.
    ("reader\n<!-- gradviz:end -->", "5:1: this region holds text that gradviz did not write"),
    ("# reader\n\n<!-- gradviz:end -->", "5:1: this region holds text that gradviz did not write"),
    ("![x](figures/page-1-backward.svg)\n<!-- gradviz:end -->", "5:1: this region holds text"),
    ("<!-- gradviz:begin 0123456789abcdef -->\n<!-- gradviz:end -->", "5:1: this region is not closed"),
    ("<!-- gradviz:end -->\n\n<!-- gradviz:end -->", "9:1: this mark ends a region that never begins"),
  ])
  func `a region whose end is not where a run put it is left alone`(instead: String, message: String) throws {
    let (scratch, text, _) = try drawn(block)
    let body = text.replacing(end, with: "")
    let reader = "\nreader one\n\n\(block)\nreader two\n\n# Other\n\nreader three\n"
    // A mark of a region below is not taken for this one's.
    let below = try scratch.draw(block, name: "below.md").text
    let page = "\(body)\(instead)\n\(reader)\(below)reader four\n"
    let first = try scratch.draw(page, name: "page.md")
    #expect(first.hasErrors)
    #expect(first.messages.contains { $0.hasPrefix(message) }, "\(first.messages)")
    let lines = first.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(isSubsequence(linesOfTheReader(page), of: lines), "\(first.text)")
    let second = try scratch.draw(first.text, name: "page.md")
    #expect(second.text == first.text)
  }

  @Test func `regions without a block, without a beginning, and unknown marks`() throws {
    let page = """
      text

      <!-- gradviz:begin 0123456789abcdef -->
      x
      <!-- gradviz:end -->

      <!-- gradviz:end -->
      <!-- gradviz:begin what -->
      """
    let drawn = try Scratch().draw(page)
    #expect(
      drawn.messages == [
        "3:1: there is no block before this region; put its block back above it, or delete the lines up to `<!-- gradviz:end -->`",
        "7:1: this mark ends a region that never begins; delete it and the lines that gradviz wrote above it",
        "8:1: unknown gradviz mark; the marks are `<!-- gradviz:begin … -->` and `<!-- gradviz:end -->`",
      ])
    #expect(!drawn.isChanged)
  }

  // MARK: Pages of earlier versions

  @Test(arguments: [
    ("", true), ("\n\n", true), ("![a](figures/page-1-backward.svg)\n", true),
    ("![a \\] b](figures/x/page-name-backward-12.svg)\n\n![a](page-1~x-loss)\n", true),
    (
      "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"a-1-fit~dark.svg\"><img alt=\"x\" src=\"a-1-fit.svg\"></picture>\n",
      true
    ),
    (
      "![a](p-1-loss.svg)\n\n| name | value | gradient of L |\n| --- | ---: | ---: |\n| a | 2 | 4 |\n\n", true
    ),
    ("![mine](photo.svg)\n", false), ("![mine](photo-backward.png)\n", false), ("reader\n", false),
    ("![a](p-1-loss.svg) reader\n", false), ("| my | table |\n| - | - |\n", false),
    ("| name | value |\n| --- | ---: |\nreader\n", false), ("![a](p-1-loss.svg)\n\n- reader\n", false),
    ("<b>reader</b>\n", false),
  ])
  func `a region without a fingerprint is replaced where it holds only what a run writes`(
    content: String, isOurs: Bool
  ) throws {
    let page = "\(block)<!-- gradviz:begin -->\n\(content)\(end)reader\n"
    let scratch = try Scratch()
    let drawn = try scratch.draw(page)
    if isOurs {
      #expect(drawn.messages == [])
      #expect(drawn.text == (try scratch.draw(block + "reader\n").text))
    } else {
      #expect(drawn.messages.count == 1 && drawn.messages[0].contains("text that gradviz did not write"))
      #expect(!drawn.isChanged)
    }
  }
}
