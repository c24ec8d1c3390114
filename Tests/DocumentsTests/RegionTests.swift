import Documents
import Foundation
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
    ("", "5:1: this region has no end; put `<!-- gradviz:end -->` below the lines that gradviz wrote"),
    // In code, in a quotation, in a list, in another block of HTML, in a paragraph: no mark of this region.
    ("    <!-- gradviz:end -->", "5:1: this region has no end"),
    ("```\n<!-- gradviz:end -->\n```", "5:1: this region has no end"),
    ("> <!-- gradviz:end -->", "5:1: this region has no end"),
    ("- <!-- gradviz:end -->", "5:1: this region has no end"),
    ("<div>\n<!-- gradviz:end -->\n</div>", "5:1: this region has no end"),
    ("<!-- text\n<!-- gradviz:end -->", "5:1: this region has no end"),
    ("text <!-- gradviz:end -->", "5:1: this region has no end"),
    ("`<!-- gradviz:end -->`", "5:1: this region has no end"),
    ("<!-- gradviz:end --> text", "5:1: this region has no end"),
    ("<!-- gradviz: end -->", "5:1: this region has no end"),
    // One of the reader's own lines before it, or what a run writes twice.
    ("reader\n<!-- gradviz:end -->", "5:1: this region holds text that gradviz did not write"),
    ("# reader\n\n<!-- gradviz:end -->", "5:1: this region holds text that gradviz did not write"),
    ("![x](figures/page-1-backward.svg)\n<!-- gradviz:end -->", "5:1: this region holds text"),
    ("<!-- gradviz:begin 0123456789abcdef -->\n<!-- gradviz:end -->", "5:1: this region has no end"),
    ("<!-- gradviz:end -->\n\n<!-- gradviz:end -->", "9:1: no region begins before this end"),
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

  @Test func `regions without a block, without a beginning, and marks of nobody`() throws {
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
        "3:1: this region has no block before it; put its block back above it, or delete the lines up to `<!-- gradviz:end -->`",
        "7:1: no region begins before this end; delete it, and above it what gradviz wrote",
        "8:1: gradviz writes no such mark; its own are `<!-- gradviz:begin … -->` and `<!-- gradviz:end -->`",
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
    ("![a](p-1-loss.svg)\n\n| name | value | gradient of L |\n| --- | ---: | ---: |\n| a | 2 | 4 |\n\n", true),
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

  // MARK: A law

  /// Pages with regions whose marks are taken out, doubled, moved, quoted and put into code, with text of the
  /// reader's put in everywhere: no run deletes a line that no run wrote, and a second one changes nothing.
  @Test func `no run deletes a line that it did not write, whatever becomes of the marks`() throws {
    let count = ProcessInfo.processInfo.environment["GRADVIZ_SEEDS"].flatMap(Int.init) ?? 100
    let scratch = try Scratch()
    let drawer = PageDrawer()
    var (errors, regions) = (0, 0)
    for seed in 1...count {
      var random = Numbers(seed: UInt64(seed))
      var page = try scratch.draw(Self.page(&random), with: drawer).text.components(separatedBy: "\n")
      for _ in 0..<(1 + random.below(4)) { Self.spoil(&page, &random) }
      let text = page.joined(separator: "\n")
      let first = try scratch.draw(text, with: drawer)
      #expect(
        isSubsequence(linesOfTheReader(text), of: first.text.split(separator: "\n", omittingEmptySubsequences: false)),
        "seed \(seed)\n\(text)\n=== becomes\n\(first.text)")
      #expect(try scratch.draw(first.text, with: drawer).text == first.text, "seed \(seed)\n\(text)")
      errors += first.hasErrors ? 1 : 0
      regions += first.text.matches(of: /gradviz:begin [0-9a-f]/).count
    }
    #expect(errors > count / 5 && regions > count, "the marks are spoilt, and blocks are drawn: \(errors), \(regions)")
  }

  private static func page(_ random: inout Numbers) -> String {
    (0..<(1 + random.below(4))).map { index -> String in
      let prefix = ["", "", "> ", "  "][random.below(4)]
      let first = prefix == "  " ? "- " : prefix
      // A table costs less than a figure, and its lines are as good.
      let info = [" table stage=none", ",stage=none,table", " table stage=none", " stage=forward", " table"][random.below(5)]
      let lines = ["```grad\(info)", "param a = \(index)", "loss L = a * a", "```"]
      return "reader \(index)\n\n\(first)\(lines[0])\n"
        + lines.dropFirst().map { prefix + $0 + "\n" }.joined() + ["\n", "reader\n\n", "# H\n"][random.below(3)]
    }.joined()
  }

  private static func spoil(_ page: inout [String], _ random: inout Numbers) {
    let marks = page.indices.filter { page[$0].contains("gradviz:") }
    let place = marks.isEmpty || random.below(3) == 0 ? random.below(page.count) : marks[random.below(marks.count)]
    let bareBegin = "<!-- gradviz:begin -->"
    switch random.below(9) {
    case 0: page.remove(at: place)
    case 1: page.insert(page[place], at: random.below(page.count))
    case 2: page.insert("reader \(random.below(1000))", at: place)
    case 3: page.insert(contentsOf: ["", "reader **\(random.below(1000))**", ""], at: place)
    case 4: page[place] = "> " + page[place]
    case 5: page[place] = "    " + page[place]
    case 6: page.insert("```", at: place)
    case 7: page.insert(contentsOf: ["<!-- gradviz:end -->", bareBegin][random.below(2)...].prefix(1), at: place)
    default: page.swapAt(place, random.below(page.count))
    }
    if page.isEmpty { page = [""] }
  }

  /// The lines outside of what stands between a mark with a fingerprint and the next end where that fingerprint is
  /// right; of regions without one, the lines that no run writes.
  private func linesOfTheReader(_ page: String) -> [Substring] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    var index = 0
    while index < lines.count {
      let bare = trimmed(lines[index])
      if bare.hasPrefix("<!-- gradviz:begin"), let stop = lines[(index + 1)...].firstIndex(where: { trimmed($0).contains("gradviz:") }),
        trimmed(lines[stop]) == "<!-- gradviz:end -->"
      {
        let content = lines[(index + 1)..<stop].map(trimmed)
        let isOurs =
          bare == "<!-- gradviz:begin -->"
          ? content.allSatisfy { $0.isEmpty || $0.hasPrefix("![") || $0.hasPrefix("|") }
          : bare == "<!-- gradviz:begin \(fingerprint(content.map { $0 + "\n" }.joined())) -->"
        if isOurs {
          index = stop + 1
          continue
        }
      }
      kept.append(lines[index])
      index += 1
    }
    return kept
  }

  private func trimmed(_ line: Substring) -> String {
    var text = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  /// FNV-1a, written a second time.
  private func fingerprint(_ text: String) -> String {
    let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    return String(format: "%016lx", hash)
  }

  private func isSubsequence(_ lines: [Substring], of others: [Substring]) -> Bool {
    var rest = others[...]
    for line in lines {
      guard let place = rest.firstIndex(of: line) else { return false }
      rest = rest[(place + 1)...]
    }
    return true
  }
}

/// The same numbers in every run.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(bound, 1)
  }
}
