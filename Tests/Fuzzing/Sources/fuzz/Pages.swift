import Documents
import Foundation
import GradvizKit

/// A Markdown page → blocks → figures → the page with its regions, in a folder that has nothing to read.
func fuzzMarkdown(_ bytes: [UInt8]) {
  let folder = NSTemporaryDirectory() + "gradviz-fuzz-pages"
  do {
    let page = try PageDrawer().draw(bytes, path: "\(folder)/page.md")
    claim(page.problems.allSatisfy { !$0.rendered().isEmpty }, "a problem has words")
    guard !page.hasErrors else { return }
    claim(page.isChanged == (page.bytes != bytes), "a page is changed where its bytes are")
    guard page.isChanged else { return }
    let again = try PageDrawer().draw(page.bytes, path: "\(folder)/page.md")
    claim(again.bytes == page.bytes, "a page that is drawn again is the same")
  } catch {
    claim(!error.description.isEmpty, "an error has words")
  }
}
