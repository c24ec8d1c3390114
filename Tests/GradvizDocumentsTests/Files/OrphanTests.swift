import Foundation
import GradvizDocuments
import Testing

@Suite("Figures that no block names")
struct OrphanTests {
  private let block = "```grad\nparam a = 2\nloss L = a * a\n```\n"

  private func page(_ scratch: Scratch, _ text: String, _ name: String, _ drawer: PageDrawer) throws
    -> DrawnPage
  {
    let drawn = try scratch.draw(text, name: name, with: drawer)
    try scratch.write(drawn.text, to: name)
    return drawn
  }

  @Test func `orphans are figures of ours that no block names`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer()
    let two = try page(scratch, block + block, "a--b.md", drawer)
    let other = try page(scratch, block, "other.md", drawer)
    #expect([two, other].orphanedFigures().isEmpty)
    let one = try scratch.drawOnly(block, name: "a--b.md", with: drawer)
    let orphans = [one].orphanedFigures()
    #expect(orphans.map(\.path) == [two.figures[1].path] && orphans.allSatisfy { $0.reasonToKeep == nil })
    #expect(orphans.map(\.finding.description) == ["\(one.path):1: orphaned: \(two.figures[1].path)"])
    let broken = try scratch.drawOnly(block + "```grad\nparam\n```\n", name: "a--b.md", with: drawer)
    #expect([broken].orphanedFigures().isEmpty, "a page with errors keeps what it has")
    #expect(try !orphans[0].remove(), "the page was saved since, and names it")
    try scratch.write(one.text, to: "a--b.md")
    #expect(try orphans[0].remove())
    #expect(try !orphans[0].remove(), "another run was quicker")
    #expect([one].orphanedFigures().isEmpty)
    #expect(FileManager.default.fileExists(atPath: other.figures[0].path))
  }

  @Test(arguments: [nil, "named"])
  func `a folder that takes the place of the figures keeps what it has`(named: String?) throws {
    let scratch = try Scratch()
    let files = FileManager.default
    let drawer = PageDrawer(.init(figures: named.map(scratch.file)))
    let two = try page(scratch, block + block, "page.md", drawer)
    let folder = scratch.file(named ?? "figures")
    let one = try page(scratch, block, "page.md", drawer)
    let orphans = [one].orphanedFigures()
    #expect(orphans.map(\.path) == [two.figures[1].path])
    // The very same files, where a link leads to now.
    let (aside, outside) = (scratch.file("aside"), scratch.file("outside"))
    try files.copyItem(atPath: folder, toPath: outside)
    try files.moveItem(atPath: folder, toPath: aside)
    try files.createSymbolicLink(atPath: folder, withDestinationPath: outside)
    #expect(try orphans[0].remove())
    #expect(try files.contentsOfDirectory(atPath: outside).count == 2)
    #expect(try files.contentsOfDirectory(atPath: aside).count == 1)
    // A link that leads out of the page's folder is not looked through; one to a folder that was named is.
    #expect([one].orphanedFigures().count == 1)
    try files.removeItem(atPath: folder)
    try files.createSymbolicLink(atPath: folder, withDestinationPath: files.temporaryDirectory.path)
    #expect([one].orphanedFigures().isEmpty)
  }

  @Test func `the figures of a page that is gone may be shown elsewhere`() throws {
    let scratch = try Scratch()
    let drawer = PageDrawer()
    let kept = try page(scratch, block, "kept.md", drawer)
    let moved = try page(scratch, block, "moved.md", drawer)
    try FileManager.default.removeItem(atPath: moved.path)
    let orphans = [kept].orphanedFigures()
    #expect(orphans.map(\.path) == [moved.figures[0].path])
    #expect(orphans.map(\.reasonToKeep) == ["its page was deleted or moved"])
    #expect(try !orphans[0].remove())
  }

  /// A figure that somebody worked on, in ways that leave its last line as it was.
  @Test(arguments: ["#3c4552", "<title", "width=", "</svg>"])
  func `a figure that was edited by hand is neither removed nor written over`(part: String) throws {
    let scratch = try Scratch()
    let drawer = PageDrawer()
    let two = try page(scratch, block + block, "page.md", drawer)
    let file = URL(fileURLWithPath: two.figures[1].path)
    let edited = try String(contentsOf: file, encoding: .utf8).replacing(
      part, with: part + " ", maxReplacements: 1)
    try Data(edited.utf8).write(to: file)
    let one = try scratch.drawOnly(block, with: drawer)
    let orphans = [one].orphanedFigures()
    #expect(orphans.map(\.reasonToKeep) == ["it was edited by hand"])
    #expect(try !orphans[0].remove())
    let both = try scratch.drawOnly(block + block, with: drawer)
    #expect(
      both.messages.count == 1 && both.messages[0].contains("was edited by hand; move it away, or delete it"))
    #expect(both.figures.count == 1)
    try FileManager.default.removeItem(at: file)
    #expect(try scratch.drawOnly(block + block, with: drawer).figures.count == 2)
  }

  @Test func `a figure of an earlier version is written over, and not removed`() throws {
    let scratch = try Scratch()
    let two = try page(scratch, block + block, "page.md", PageDrawer())
    for figure in two.figures {
      let text = String(decoding: figure.bytes, as: UTF8.self)
      try Data(text.replacing(/page\.md [0-9a-f]{16} -->/, with: "page.md -->").utf8).write(
        to: URL(fileURLWithPath: figure.path))
    }
    #expect(try scratch.drawOnly(block + block).outdatedFigures().count == 2)
    let one = try scratch.drawOnly(block)
    #expect(one.messages == [])
    #expect([one].orphanedFigures().map { $0.reasonToKeep?.hasPrefix("an earlier version") } == [true])
  }
}
