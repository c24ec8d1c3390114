import Foundation
import GradvizTestSupport
import Testing

/// The commands of the documentation's pages, run as they stand and in their order.
@Suite("Commands of pages")
struct PageCommandTests {
  private static let catalog = Project.folder.appending(path: "Sources/GradvizKit/GradvizKit.docc/Reference")

  private static func page(_ name: String) throws -> [Substring] {
    try String(contentsOf: catalog.appending(path: "\(name).md"), encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
  }

  /// The lines of the fenced blocks whose info string begins like this.
  private static func blocks(_ name: String, _ info: String) throws -> [[Substring]] {
    var blocks: [[Substring]] = []
    var isInside = false
    for line in try page(name) {
      if line.hasPrefix("```") {
        isInside = line.hasPrefix("```\(info)")
        if isInside { blocks.append([]) }
      } else if isInside {
        blocks[blocks.count - 1].append(line)
      }
    }
    return blocks
  }

  @Test(arguments: [("Installing", 4), ("Training", 7), ("SlidesAndPapers", 10), ("Exercises", 7)])
  func `every command of a page does what it says`(_ page: String, _ count: Int) throws {
    // Its last line chooses the figure of the page.
    let lines = try #require(Self.blocks("Training", "grad").first).filter { $0 != "stage update" }
    let program = lines.joined(separator: "\n") + "\n"
    let folder = try TemporaryFolder()
    _ = try folder.write(program, to: "net.grad")
    let commands = try Self.blocks(page, "sh").joined().filter { $0.hasPrefix("gradviz ") }
    #expect(commands.count == count)
    for command in commands {
      let result = try ProcessResult(
        "/bin/sh", ["-c", "\(Project.gradviz)\(command.dropFirst("gradviz".count)) > /dev/null"], in: folder.url)
      #expect(result.status == 0, "\(command): \(result.errors)")
      // What follows -o is there afterwards.
      let words = command.split(separator: " ")
      if let place = words.firstIndex(of: "-o"), words.indices.contains(place + 1) {
        #expect(FileManager.default.fileExists(atPath: folder.file(String(words[place + 1])).path), "\(command)")
      }
    }
    if page == "SlidesAndPapers" {
      #expect(FileManager.default.fileExists(atPath: folder.file("slides/backward.pdf").path))
    }
    if page == "Training" {
      for name in ["Output/net/history.csv", "Output/net/descent.svg", "Output/net/parameters.svg", "trained.json"] {
        #expect(FileManager.default.fileExists(atPath: folder.file(name).path), "\(name)")
      }
    }
  }
}
