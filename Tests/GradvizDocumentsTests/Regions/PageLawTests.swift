import Foundation
import GradvizDocuments
import GradvizTestSupport
import Testing

@Suite("What no run writes stays")
struct PageLawTests {
  /// Pages with regions whose marks are taken out, doubled, moved, quoted and put into code, with text of the
  /// reader's put in everywhere: no run deletes a line that no run wrote, and a second one changes nothing.
  @Test func `no run deletes a line that it did not write, whatever becomes of the marks`() throws {
    let count = Seeds.count(default: 100)
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
      let info = [" table stage=none", ",stage=none,table", " table stage=none", " stage=forward", " table"][
        random.below(5)]
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
