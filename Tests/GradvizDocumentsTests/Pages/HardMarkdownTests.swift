import Autograd
import Foundation
import GradvizDocuments
import GradvizKit
import GradvizTestSupport
import Testing

/// Whatever a page is, its blocks are found, and everything else stays as it is.
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
