import Foundation
import GradvizDocuments
import Testing

/// What is remembered between runs is what would be drawn, or it is not used.
@Suite("What earlier runs drew")
struct DrawingStoreTests {
  private static let page = """
    # A page

    ```grad stage=backward,update table
    param a = 2
    loss L = a * a
    rate 0.1
    ```

    ```grad stage=descent name=plot
    x = csv("data.csv")
    param w = 1
    loss L = sum((x - w)**2)
    rate 0.1
    steps 5
    ```

    ```grad explorer name=try
    param a = 2
    loss L = a * a
    ```
    """

  private func store(_ scratch: Scratch, program: String = "1") -> DrawingStore {
    DrawingStore(folder: scratch.file("cache"), program: program)
  }

  /// A first run, whose figures and page are written.
  private func drawn() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("1\n2\n", to: "data.csv")
    let page = try scratch.draw(Self.page, with: PageDrawer(store: store(scratch)))
    #expect(page.messages == [] && page.figures.count == 5, "\(page.messages)")
    try scratch.write(String(decoding: page.bytes, as: UTF8.self), to: "page.md")
    return scratch
  }

  private func again(_ scratch: Scratch, program: String = "1", store isUsed: Bool = true) throws -> DrawnPage {
    let text = try String(contentsOfFile: scratch.file("page.md"), encoding: .utf8)
    return try scratch.drawOnly(text, with: PageDrawer(store: isUsed ? store(scratch, program: program) : nil))
  }

  private func cache(_ scratch: Scratch) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.file("cache"))
    #expect(names.count == 1)
    return scratch.file("cache/" + (names.first ?? ""))
  }

  @Test func `a second run gives the same bytes`() throws {
    let scratch = try drawn()
    let (one, two) = (try again(scratch), try again(scratch, store: false))
    #expect(!one.isChanged && one.bytes == two.bytes && one.outdatedFigures().isEmpty)
    #expect(one.figures.map(\.bytes) == two.figures.map(\.bytes) && one.dependencies == two.dependencies)
  }

  @Test func `what is remembered is used, but not by another program`() throws {
    let scratch = try drawn()
    let path = try cache(scratch)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = text.replacing("The backward pass carries", with: "Another sentence carries")
    #expect(changed != text)
    try Data(changed.utf8).write(to: URL(fileURLWithPath: path))
    #expect(String(decoding: try again(scratch).bytes, as: UTF8.self).contains("Another sentence carries"))
    let other = try again(scratch, program: "2")
    #expect(!other.isChanged && !String(decoding: other.bytes, as: UTF8.self).contains("Another sentence"))
    // It has written its own.
    #expect(try !String(contentsOfFile: path, encoding: .utf8).contains("Another sentence"))
  }

  @Test func `changed data, a missing or an edited figure, and a broken file are seen`() throws {
    let scratch = try drawn()
    try scratch.write("1\n5\n", to: "data.csv")
    let stale = try again(scratch).outdatedFigures().map(\.file.path)
    #expect(stale == [scratch.file("figures/page-plot-descent.svg")])
    try scratch.write("1\n2\n", to: "data.csv")
    #expect(try again(scratch).outdatedFigures().isEmpty)
    try FileManager.default.removeItem(atPath: scratch.file("figures/page-1-update.svg"))
    #expect(try again(scratch).outdatedFigures().map(\.finding.kind) == [.missing])
    try scratch.write("{", to: "cache/" + URL(fileURLWithPath: cache(scratch)).lastPathComponent)
    #expect(try again(scratch).outdatedFigures().count == 1)
    let figure = scratch.file("figures/page-1-backward.svg")
    let edited = try String(contentsOfFile: figure, encoding: .utf8).replacing("</svg>", with: "<g/></svg>")
    try scratch.write(edited, to: "figures/page-1-backward.svg")
    #expect(try again(scratch).messages.contains { $0.contains("was edited by hand") })
  }
}
