import Autograd
import GradvizDocuments
import GradvizKit
import GradvizSystem

/// Redraws pages when they, or files they read, change.
struct DocumentWatch {
  let paths: [String]
  let drawer: PageDrawer
  let isQuiet: Bool

  /// Between two looks, in microseconds: well below what a reader notices.
  private static let interval: UInt32 = 20_000
  /// Folders are searched once every this many polls of the known pages.
  private static let searchEvery = 25

  func run() throws {
    Interruption.watch()
    var pages = try DocumentRun.pages(paths)
    var stamps: [String: [FileStamp]] = [:]
    var changed: [String: [FileStamp]] = [:]
    var broken: Set<String> = []
    var round = 0
    while !Interruption.isAsked {
      if round % Self.searchEvery == 0, let found = try? DocumentRun.pages(paths) { pages = found }
      round += 1
      for page in pages where !Interruption.isAsked {
        if let known = stamps[page.path] {
          guard !known.allSatisfy(\.isCurrent) else { continue }
          // An editor may still be writing: a page is drawn once it stays unchanged between two polls.
          let seen = known.map { FileStamp($0.path) }
          guard changed[page.path] == seen else {
            changed[page.path] = seen
            continue
          }
        }
        changed[page.path] = nil
        stamps[page.path] = draw(page, &broken)
      }
      usleep(Self.interval)
    }
  }

  /// Draws a page and reports what was written.
  ///
  /// Returns the state of the page's dependencies, or nil if they have changed since.
  ///
  /// - Parameter broken: the pages that had errors, each of which is reported as up to date once it has none.
  private func draw(_ page: PageFiles.Page, _ broken: inout Set<String>) -> [FileStamp]? {
    let begin = Date()
    DocumentRun.removeLeftovers(of: page, drawer)
    let before = FileStamp(page.path)
    do {
      let bytes = try Files.readBytes(page.path)
      let drawn = try drawer.draw(bytes, path: page.path, root: page.root)
      let read = drawn.dependencies.sorted().map { FileStamp($0) }
      guard let written = try DocumentRun.write(drawn, readAs: bytes) else { return nil }
      DocumentRun.note(drawer.problems(of: drawn, root: page.root))
      // A change saved after our own write is drawn as well.
      let own = FileStamp(page.path)
      if written.contains(page.path), try Files.readBytes(page.path) != drawn.bytes { return nil }
      if !isQuiet, !written.isEmpty {
        let time = Int((Date().timeIntervalSince(begin) * 1000).rounded())
        try Terminal.print("\(page.path): wrote \(written.joined(separator: ", ")) in \(time) ms")
      } else if !isQuiet, broken.contains(page.path), !drawn.hasErrors {
        try Terminal.print("\(page.path): \(DocumentRun.count(drawn.figures.count, "figure")), all up to date")
      }
      if drawn.hasErrors { broken.insert(page.path) } else { broken.remove(page.path) }
      return [written.contains(page.path) ? own : before] + read
    } catch let error as InputError {
      Terminal.note(error.description)
    } catch let failure as Failure {
      Terminal.note(failure.message)
    } catch {
      Terminal.note("\(page.path): error: \(error)")
    }
    return [before]
  }
}
