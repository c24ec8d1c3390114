import Documents
import Foundation
import GradvizKit

/// Draws pages again whenever they, or what they read, change.
struct DocumentWatch {
  let paths: [String]
  let drawer: PageDrawer
  let isQuiet: Bool

  /// Between two looks, in seconds: well below what a reader notices.
  private static let interval = 0.02
  /// Folders are looked through this many times more rarely than the pages known.
  private static let searchEvery = 25

  func run() throws {
    Interruption.watch()
    var pages = try DocumentRun.pages(paths)
    var stamps: [String: [FileStamp]] = [:]
    var changed: [String: [FileStamp]] = [:]
    var round = 0
    while !Interruption.isAsked {
      if round % Self.searchEvery == 0, let found = try? DocumentRun.pages(paths) { pages = found }
      round += 1
      for page in pages where !Interruption.isAsked {
        if let known = stamps[page.path] {
          guard !known.allSatisfy(\.isCurrent) else { continue }
          // Whoever saves a file may not be done: it is drawn once nothing has changed from one look to the next.
          let seen = known.map { FileStamp($0.path) }
          guard changed[page.path] == seen else {
            changed[page.path] = seen
            continue
          }
        }
        changed[page.path] = nil
        stamps[page.path] = draw(page)
      }
      Thread.sleep(forTimeInterval: Self.interval)
    }
  }

  /// Draws a page and says what was written; what the page depends on, as it was.
  private func draw(_ page: DocumentRun.Page) -> [FileStamp] {
    let begin = Date()
    let before = FileStamp(page.path)
    do {
      let drawn = try drawer.draw(try Files.readBytes(page.path), path: page.path, root: page.root)
      let read = drawn.dependencies.sorted().map { FileStamp($0) }
      for problem in drawer.problems(of: drawn, root: page.root) { Terminal.note(problem.rendered()) }
      let outdated = drawn.outdatedFigures()
      // What was saved while this was drawn is not overwritten: the next look draws it.
      let written = try DocumentRun.write(outdated.map(\.file), of: before.isCurrent ? drawn : nil)
      let own = written.contains(page.path) ? FileStamp(page.path) : before
      if !isQuiet, !written.isEmpty {
        let time = Int((Date().timeIntervalSince(begin) * 1000).rounded())
        try Terminal.print("\(page.path): wrote \(written.joined(separator: ", ")) in \(time) ms")
      }
      return [own] + read
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
